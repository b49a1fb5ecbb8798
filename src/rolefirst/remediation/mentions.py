"""Where the code says who the user is: a role has another ARN, another id and no user name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from rolefirst.decision import catalogue
from rolefirst.decision.flow import exits
from rolefirst.iam.users import same
from rolefirst.project import Block, Project, Value
from rolefirst.remediation.attachments import module_of
from rolefirst.remediation.keyfacts import Mention

_DOCUMENT = "aws_iam_policy_document"
#: Condition keys whose value changes when a role makes the request.
_KEYS = re.compile(r"aws:(?:username|userid|PrincipalArn|PrincipalType)\b", re.IGNORECASE)
_WHAT = {"arn": "ARN", "unique_id": "unique id", "name": "name", "id": "name"}
#: Arguments that hold a policy: a name in them is a part of an ARN.
_POLICY = re.compile(r"policy|policies|statement|principal", re.IGNORECASE)
_ARN = ":user/"


def mentions_of(
    user: Block, places: Iterable[tuple[Block, str]], project: Project
) -> tuple[Mention, ...]:
    """The places that mean the user and would not mean its role; ``places`` are its policies."""
    documents = {_key(block): (block, names) for block, names in _documents(places)}
    found: dict[tuple[str, str], Mention] = {}
    for block, names in documents.values():
        for what in _in_document(block, names, user):
            found[block.address, what] = Mention(block.address, what, True)
    for address, what in (*_referring(user, project), *_by_literal(user, project)):
        own = any(block.address == address for block, _ in documents.values())
        found.setdefault((address, what), Mention(address, what, own))
    return tuple(found.values())


def _documents(places: Iterable[tuple[Block, str]]) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """The blocks whose text is part of a policy, with the arguments that hold it."""
    pending: list[tuple[Block, tuple[str, ...]]] = [(block, (name,)) for block, name in places]
    seen = set()
    while pending:
        block, arguments = pending.pop(0)
        if _key(block) in seen:
            continue
        seen.add(_key(block))
        yield block, arguments
        for argument in arguments:
            for _, reference in block[argument].deep_references():
                target = reference.target
                if target.type == "aws_iam_policy" and target.kind == "resource":
                    pending.append((target, ("policy",)))
                elif target.type == _DOCUMENT:
                    pending.append((target, tuple(target.names())))


def _in_document(block: Block, arguments: tuple[str, ...], user: Block) -> Iterator[str]:
    for argument in arguments:
        value = block[argument]
        texts = " ".join((block.expression(argument), *_texts(value)))
        yield from (match[0] for match in _KEYS.finditer(texts))
        if _arn_of(user, texts):
            yield _WHAT["arn"]
        for _, reference in value.deep_references():
            if same(reference.target, user) and reference.attribute in _WHAT:
                yield _WHAT[reference.attribute]


def _texts(value: Value) -> Iterator[str]:
    for _, member in value.walk():
        if isinstance(member.data, str):
            yield member.data


def _referring(user: Block, project: Project) -> Iterator[tuple[str, str]]:
    """Blocks of AWS that take the user's ARN or id, or its name as a part of a policy.

    A store, or a block of another provider, only hands the ARN on as information.
    """
    rows = catalogue.of(project)
    for leaving in exits(user, project):
        block = leaving.block
        if block.kind == "output" or _is_of_users(block):
            continue
        what = _WHAT.get(leaving.reference.attribute, "")
        in_policy = block.type == _DOCUMENT or _POLICY.search(leaving.attribute[0])
        in_aws = block.type.startswith("aws_") and rows.store(block.type) is None
        if what and (in_policy or (what != _WHAT["name"] and (in_aws or block.kind == "module"))):
            yield block.address, what


def _is_of_users(block: Block) -> bool:
    """True for a resource that belongs to users and goes away with this one."""
    return (
        block.type.startswith(("aws_iam_user", "aws_iam_access_key", "aws_iam_service_specific"))
        or block.type in ("aws_iam_group_membership", "aws_iam_policy_attachment")
        or block.kind == "local"
    )


def _by_literal(user: Block, project: Project) -> Iterator[tuple[str, str]]:
    for block in _with_arns(user, project):
        if _arn_of(user, block.source()):
            yield block.address, _WHAT["arn"]


def _with_arns(user: Block, project: Project) -> tuple[Block, ...]:
    """The blocks of the user's module that write the ARN of some user, found once per scan."""
    memo = ("user ARNs", user.root, module_of(user))
    if memo not in project.memo:
        project.memo[memo] = tuple(
            block
            for block in project.holding(user, _ARN)
            if (block.kind == "resource" or block.type == _DOCUMENT) and not _is_of_users(block)
        )
    return cast("tuple[Block, ...]", project.memo[memo])


def _arn_of(user: Block, text: str) -> bool:
    """True when a text holds the ARN of the user, whatever its path."""
    name = user["name"].text
    if not name or _ARN not in text:
        return False
    return (
        re.search(rf":user/(?:[^\s\"'*]{{0,512}}/)?{re.escape(name)}(?![\w+=,.@-])", text)
        is not None
    )


def _key(block: Block) -> tuple[str, str]:
    return block.root, block.address
