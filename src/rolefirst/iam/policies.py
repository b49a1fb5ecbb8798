"""The policies of an IAM user, as far as the code states them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rolefirst.iam.documents import document_of
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
    document = document_of(policy)
    actions: list[str] = []
    complete = not document.why and not policy.absent
    for statement in document.statements:
        if not statement.allows:
            continue
        complete = complete and not (statement.why or statement.effect.why)
        complete = complete and not any(action.why for action in statement.actions)
        actions += [action.text for action in statement.actions if not action.why]
        if not statement.actions:
            actions.append("*")
    return tuple(dict.fromkeys(actions)), complete
