"""Which policies a user or a role has, whichever way they are attached and wherever in the estate.

Unlike ``policies.py``, which says how to carry the policies of a user over, this is about what
they say: each grant holds its document, and names under which the same policy is known elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from rolefirst.iam.documents import document_of, stands_for
from rolefirst.iam.statements import UNNAMED, Document
from rolefirst.iam.users import USER, written_as
from rolefirst.project import Block, Project, Value

ROLE = "aws_iam_role"
GROUP = "aws_iam_group"
MANAGED = "aws_iam_policy"
#: What holds a policy of a principal: the argument that names it and the one with the document.
_INLINE = {
    "aws_iam_user_policy": (USER, "user"),
    "aws_iam_role_policy": (ROLE, "role"),
    "aws_iam_group_policy": (GROUP, "group"),
}
#: What attaches managed policies: the arguments with the ARNs and, by type, with the principals.
_ATTACHING = {
    "aws_iam_user_policy_attachment": ("policy_arn", {USER: "user"}),
    "aws_iam_role_policy_attachment": ("policy_arn", {ROLE: "role"}),
    "aws_iam_group_policy_attachment": ("policy_arn", {GROUP: "group"}),
    "aws_iam_policy_attachment": ("policy_arn", {USER: "users", ROLE: "roles", GROUP: "groups"}),
    "aws_iam_user_policy_attachments_exclusive": ("policy_arns", {USER: "user_name"}),
    "aws_iam_role_policy_attachments_exclusive": ("policy_arns", {ROLE: "role_name"}),
    "aws_iam_group_policy_attachments_exclusive": ("policy_arns", {GROUP: "group_name"}),
}
#: What puts users into groups: the arguments with users and groups.
_MEMBERSHIP = {
    "aws_iam_user_group_membership": ("user", "groups"),
    "aws_iam_group_membership": ("users", "group"),
}
#: Attributes that hand on the name of a principal.
_NAMES = ("name", "id", "")
#: An expression that means the same everywhere in one module instance.
_TRAVERSAL = re.compile(r'(?:local|var|data|module)(?:\.[\w-]+|\[(?:\d+|"[^"]*")\])+')
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Grant:
    """One policy of a principal. ``block`` holds or attaches it.

    Two grants that share one of their ``names`` are the same policy, even where its text cannot
    be told. ``document`` is None for a policy whose text is not in the code; then ``label`` says
    which it is.
    """

    block: Block
    label: str
    names: frozenset[Key]
    document: Document | None = None
    arn: str = ""
    why: str = ""


@dataclass(slots=True)
class _Index:
    """The grants of one root module by principal, and the groups by user."""

    grants: dict[Key, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[Key, list[Value]] = field(default_factory=lambda: defaultdict(list))


def grants_of(principal: Block, project: Project) -> tuple[Grant, ...]:
    """Every policy of a user, role or group, in a stable order; those of its groups included."""
    index = _index(principal.root, project)
    found = [grant for key in _keys(principal) for grant in index.grants.get(key, ())]
    if principal.type == ROLE:
        found += _of_role(principal, project)
    if principal.type == USER:
        for key in _keys(principal):
            for group in index.groups.get(key, ()):
                found += _of_group(group, principal, index)
    return tuple(dict.fromkeys(found))


def account_of(block: Block) -> str:
    """What tells the account of a block from others: its provider configuration."""
    provider = block.provider
    return provider.address if provider is not None else ""


def naming(principal: Block, project: Project, type: str, argument: str) -> tuple[Block, ...]:
    """The resources of a type that name the principal in an argument."""
    memo = ("naming", principal.root, f"{type}.{argument} {principal.type}")
    if memo not in project.memo:
        index: dict[Key, list[Block]] = defaultdict(list)
        for block in resources_in(principal.root, project, type):
            for key in _named(block[argument], principal.type):
                index[key].append(block)
        project.memo[memo] = index
    index = cast("dict[Key, list[Block]]", project.memo[memo])
    return tuple(block for key in _keys(principal) for block in index.get(key, ()))


# --- who has it ------------------------------------------------------------------------------


def _index(root: str, project: Project) -> _Index:
    memo = ("grants", root, "")
    if memo not in project.memo:
        project.memo[memo] = _indexed(root, project)
    return cast("_Index", project.memo[memo])


def _indexed(root: str, project: Project) -> _Index:
    index = _Index()
    for type, (of, argument) in _INLINE.items():
        for block in resources_in(root, project, type):
            names = _names(block, "policy", project)
            document, why = _document(block["policy"])
            grant = Grant(block, block.address, names, document, why=why)
            for key in _named(block[argument], of):
                index.grants[key].append(grant)
    for type, (arns, arguments) in _ATTACHING.items():
        for block in resources_in(root, project, type):
            grants = [_managed(block, value, project) for value in _members(block[arns])]
            for of, argument in arguments.items():
                for key in _named(block[argument], of):
                    index.grants[key].extend(grants)
    for type, (users, groups) in _MEMBERSHIP.items():
        for block in resources_in(root, project, type):
            for key in _named(block[users], USER):
                index.groups[key].extend(_members(block[groups]))
    return index


def resources_in(root: str, project: Project, type: str) -> tuple[Block, ...]:
    """The resources of a type in one root module. An estate may have hundreds of those."""
    memo = ("resources by root", type, "")
    if memo not in project.memo:
        found: dict[str, list[Block]] = defaultdict(list)
        for block in project.resources(type):
            found[block.root].append(block)
        project.memo[memo] = {name: tuple(blocks) for name, blocks in found.items()}
    return cast("dict[str, tuple[Block, ...]]", project.memo[memo]).get(root, ())


def _keys(principal: Block) -> tuple[Key, ...]:
    """What an argument that names the principal may hold."""
    name = principal["name"]
    said = name.text.casefold() if name.text is not None else stands_for(name)
    address: Key = ("address", principal.address)
    return (address, (principal.type, said)) if said else (address,)


def _named(value: Value, type: str) -> list[Key]:
    """The principals of a type that an argument names, by block and by name."""
    found: list[Key] = []
    for _, member in value.walk():
        blocks = [
            reference.target
            for reference in member.references
            if reference.target.type == type and reference.attribute in _NAMES
        ]
        said = member.text.casefold() if member.text is not None else stands_for(member)
        if blocks:
            found += [("address", block.address) for block in blocks]
        elif said:
            found.append((type, said))
    return list(dict.fromkeys(found))


def _of_group(group: Value, user: Block, index: _Index) -> Iterator[Grant]:
    """What a group gives; of one that the code does not declare only that there is something."""
    keys = _named(group, GROUP)
    known = [grant for key in keys for grant in index.grants.get(key, ())]
    declared = any(kind == "address" for kind, _ in keys)
    if known or declared:
        yield from known
    else:
        yield Grant(user, "the policies of a group that is not declared here", frozenset())


# --- what it is ------------------------------------------------------------------------------


def _of_role(role: Block, project: Project) -> Iterator[Grant]:
    """The deprecated arguments of a role."""
    for value in _members(role["managed_policy_arns"]):
        yield _managed(role, value, project)
    for inline in _members(role["inline_policy"]):
        policy = inline.get_partial("policy")
        if not policy.absent:
            document, why = _document(policy)
            yield Grant(role, role.address, _of_value(policy), document, why=why)


def _managed(block: Block, arn: Value, project: Project) -> Grant:
    """A managed policy, with its document where the code has it."""
    names = _of_value(arn)
    for reference in arn.references if names else ():  # without a name it is one of several
        target = reference.target
        known_as = (target.kind, target.type, reference.attribute)
        if known_as in (("resource", MANAGED, "arn"), ("resource", MANAGED, "id")):
            own = frozenset() if target.doubt else {("policy", target.address)}
            names |= own | _names(target, "policy", project)
            document, why = _document(target["policy"])
            return Grant(block, target.address, names, document, _arn(arn), why)
    named = arn.text or stands_for(arn)
    return Grant(block, named or arn.why, names, arn=_arn(arn), why="" if named else arn.why)


def _arn(arn: Value) -> str:
    """The ARN with placeholders for what is unknown; a data source may know the policy's name."""
    for reference in arn.references if stands_for(arn) else ():
        target = reference.target
        if (target.kind, target.type, reference.attribute) == ("data", MANAGED, "arn"):
            name = target["name"].text
            whole = target["arn"].text
            return whole or (f"arn:aws:iam::{UNNAMED}:policy/{name}" if name else "")
    return arn.data if isinstance(arn.data, str) else ""


def policies_in(block: Block, argument: str, project: Project) -> tuple[Grant, ...]:
    """The managed policies that an argument of a module call lists, in a list or a map."""
    listed = (value for value in _members(block[argument]) if not value.absent)
    return tuple(_managed(block, value, project) for value in listed)


def _document(policy: Value) -> tuple[Document | None, str]:
    """The document, or None and why it cannot be told."""
    document = document_of(policy)
    return (document, "") if document.statements or not document.why else (None, document.why)


def _names(block: Block, argument: str, project: Project) -> frozenset[Key]:
    """Under which names the document in an argument may be met again."""
    names = _of_value(block[argument])
    if names or block[argument].absent:
        return names
    # A part of it has no name in the code; where the whole has one, that will do.
    written = written_as(block, argument, project)
    if _TRAVERSAL.fullmatch(written):
        module = block.call_chain[-1].address if block.call_chain else ""
        names = frozenset({("expression", f"{module} {written}")})
    return names


def _of_value(value: Value) -> frozenset[Key]:
    if value.text is not None:
        return frozenset({("text", value.text)})
    named = stands_for(value)
    return frozenset({("name", named)}) if named else frozenset()


def _members(value: Value) -> Iterable[Value]:
    """The parts of a list or map; what is neither, or is unknown as a whole, is itself the part."""
    if isinstance(value.data, (tuple, dict)):
        return value.members()
    return () if value.absent else (value,)
