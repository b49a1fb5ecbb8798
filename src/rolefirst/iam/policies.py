"""The policies of an IAM user, as far as the code states them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rolefirst.iam.users import USER, same
from rolefirst.project import Block, Project, Value

_AWS_MANAGED = re.compile(r"arn:aws[\w-]*:iam::aws:policy/")
#: What attaches a managed policy, and the argument that names the user.
_ATTACHMENTS = (("aws_iam_user_policy_attachment", "user"), ("aws_iam_policy_attachment", "users"))
_PATH = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a user.

    ``kind`` says what ``value`` is: ``managed`` (an ARN), ``managed-expression`` (a Terraform
    expression of one), ``document`` (JSON text) or ``document-expression``; an expression that
    code beside the user cannot write is empty. ``actions`` are those it allows, as written;
    ``complete`` is false when a part of it cannot be told.
    """

    block: Block
    kind: str
    value: str
    label: str
    actions: tuple[str, ...] = ()
    complete: bool = False


def policies_of(user: Block, project: Project) -> tuple[Policy, ...]:
    """Inline and attached policies in the user's own module. Groups are not followed."""
    found: list[Policy] = []
    for block in project.find(user, "resource", "aws_iam_user_policy"):
        if _concerns(block["user"], user):
            actions, complete = allowed(block["policy"])
            expression = _expression(block, "policy", block)
            document = block["policy"].text
            kind = "document" if document and block["policy"].known else "document-expression"
            value = document if kind == "document" and document else expression
            found.append(Policy(block, kind, value, block.name, actions, complete))
    for type, argument in _ATTACHMENTS:
        attachments = project.find(user, "resource", type)
        found += [_attached(block) for block in attachments if _concerns(block[argument], user)]
    return tuple(found)


def _concerns(value: Value, user: Block) -> bool:
    """True when a ``user`` or ``users`` argument names this user."""
    for _, reference in value.deep_references():
        if reference.target.type == USER and same(reference.target, user):
            return True
    name = user["name"].text
    return name is not None and any(member.text == name for _, member in value.walk())


def _attached(block: Block) -> Policy:
    value = block["policy_arn"]
    if value.text is not None and value.known and _AWS_MANAGED.match(value.text):
        return Policy(block, "managed", value.text, _label(value.text))
    for _, reference in value.deep_references():
        target = reference.target
        if target.type == "aws_iam_policy" and target.kind == "resource":
            actions, complete = allowed(target["policy"])
            expression = _expression(target, "arn", block)
            return Policy(block, "managed-expression", expression, target.name, actions, complete)
        if target.type == "aws_iam_policy":
            expression = _expression(target, "arn", block)
            return Policy(block, "managed-expression", expression, target.name)
    if value.text is not None and value.known:
        return Policy(block, "managed", value.text, _label(value.text))
    return Policy(block, "managed-expression", _expression(block, "policy_arn", block), block.name)


def _expression(target: Block, attribute: str, beside: Block) -> str:
    """How code beside ``beside`` names an attribute of ``target``; empty when it cannot.

    A block of another module is out of reach there, and so is an instance without a known key.
    """
    if target.doubt or target.call_chain != beside.call_chain:
        return ""
    prefix = f"{target.call_chain[-1].address}." if target.call_chain else ""
    return f"{target.address.removeprefix(prefix)}.{attribute}"


def _label(arn: str) -> str:
    return _PATH.sub("_", arn.rsplit("/", 1)[-1]).strip("_").lower() or "policy"


def allowed(policy: Value) -> tuple[tuple[str, ...], bool]:
    """The actions a policy document allows, and whether that is all of it."""
    if policy.known and policy.text is not None:
        return _of_text(policy.text)
    if policy.unknown and isinstance(policy.data, dict):
        return _of_statements(policy.get_partial("Statement"))
    if policy.unknown and isinstance(policy.data, str):
        return _of_text(policy.data)
    for _, reference in policy.deep_references():
        if reference.target.type == "aws_iam_policy_document":
            return _of_document(reference.target)
    return (), False


def _of_text(text: str) -> tuple[tuple[str, ...], bool]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return (), False
    stated = document.get("Statement", []) if isinstance(document, dict) else None
    actions: list[str] = []
    complete = True
    for statement in stated if isinstance(stated, list) else [stated]:
        effect = statement.get("Effect") if isinstance(statement, dict) else None
        if effect != "Allow" or not isinstance(statement, dict):
            complete = complete and effect == "Deny"
            continue
        listed = statement.get("Action", ["*"])
        listed = listed if isinstance(listed, list) else [listed]
        known = [item for item in listed if isinstance(item, str) and "${" not in item]
        complete = complete and len(known) == len(listed)
        actions += known
    return tuple(dict.fromkeys(actions)), complete


def _of_statements(statements: Value) -> tuple[tuple[str, ...], bool]:
    if statements.unknown:
        return (), False
    listed: Iterable[Value] = (
        statements.data if isinstance(statements.data, tuple) else (statements,)
    )
    return _allow(listed, "Effect", "Action")


def _of_document(document: Block) -> tuple[tuple[str, ...], bool]:
    """``data.aws_iam_policy_document``; merged documents make it incomplete."""
    statements = document["statement"].data
    listed = statements if isinstance(statements, tuple) else ()
    actions, complete = _allow(listed, "effect", "actions")
    merged = ("source_policy_documents", "override_policy_documents", "source_json")
    return actions, complete and not any(name in merged for name in document.names())


def _allow(statements: Iterable[Value], effect: str, action: str) -> tuple[tuple[str, ...], bool]:
    actions: list[str] = []
    complete = True
    for statement in statements:
        if statement.get(effect).text not in (None, "Allow"):
            continue
        stated = statement.get(action)
        if stated.absent and not statement.unknown:
            actions.append("*")
        elif not stated.known:
            complete = False
        actions.extend(_texts(stated))
    return tuple(dict.fromkeys(actions)), complete


def _texts(value: Value) -> Iterator[str]:
    for _, member in value.walk():
        if member.text is not None:
            yield member.text
