"""What gives an IAM user its rights, as the code states it beside the user.

Unlike ``iam.grants``, which asks what is allowed, this asks how it is written, so that the same can
be written for a role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rolefirst.iam.documents import document_of
from rolefirst.iam.grants import GROUP, grants_of
from rolefirst.iam.sources_request import ADDRESSES, ENDPOINT
from rolefirst.iam.statements import Document
from rolefirst.iam.users import same
from rolefirst.project import Block, Project, Value
from rolefirst.remediation.filters import joined
from rolefirst.remediation.keyfacts import Group, PolicySource, Written

_NETWORK_KEYS = ADDRESSES | ENDPOINT


@dataclass(slots=True)
class Attachments:
    """Where the rights of a user come from. ``unread`` is what cannot be repeated beside it."""

    policies: list[PolicySource] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    exclusive: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    #: The blocks of the policies, with the argument that holds a document or an ARN.
    places: list[tuple[Block, str]] = field(default_factory=list)


def attachments_of(user: Block, project: Project) -> Attachments:
    """The policies, groups and exclusive lists of a user."""
    found = Attachments()
    _policies(found, user, project, "user", "")
    _exclusive(found, user, project)
    for group, name, membership in _groups(user, project):
        before = len(found.policies)
        beside = group is not None and group.call_chain == user.call_chain
        if group is not None and beside:
            _policies(found, group, project, "group", group.name)
        empty = len(found.policies) == before
        found.groups.append(Group(name, membership, beside, empty))
    elsewhere = (grant.block for grant in grants_of(user, project))
    addresses = (b.address for b in elsewhere if b.call_chain != user.call_chain)
    found.unread += dict.fromkeys(addresses)
    return found


def written(block: Block, argument: str) -> Written:
    """An argument of a block: its value, its text and a name for it."""
    value = block[argument]
    text = value.text if value.known else None
    return Written(text or "", block.expression(argument), reference_to(block, argument))


def names(value: Value, block: Block) -> bool:
    """True when an argument, or a member of it, is the name of this user or group."""
    for _, reference in value.deep_references():
        if reference.target.type == block.type and same(reference.target, block):
            return True
    name = block["name"].text
    return name is not None and any(member.text == name for _, member in value.walk())


def _policies(found: Attachments, owner: Block, project: Project, kind: str, prefix: str) -> None:
    """The policies of a user or a group; their labels start with ``prefix``."""

    def add(block: Block, argument: str, policy: PolicySource) -> None:
        found.places.append((block, argument))
        network = _network(_document(block, argument))
        found.policies.append(replace(policy, address=block.address, network=network))

    def label(text: str) -> str:
        return joined("_", prefix, text) if prefix else text

    for block in project.find(owner, "resource", f"aws_iam_{kind}_policy"):
        if names(block[kind], owner):
            source = PolicySource(False, written(block, "policy"), label(block.name))
            add(block, "policy", source)
    for block in project.find(owner, "resource", f"aws_iam_{kind}_policy_attachment"):
        if names(block[kind], owner):
            source = PolicySource(True, _arn(block), label(_name(block, block["policy_arn"])))
            add(block, "policy_arn", source)
    for block in project.find(owner, "resource", "aws_iam_policy_attachment"):
        if names(block[f"{kind}s"], owner):
            source = PolicySource(
                True,
                _arn(block),
                label(_name(block, block["policy_arn"])),
                block.address,
                written(block, "roles"),
                written(block, "users"),
            )
            add(block, "policy_arn", source)
    for block in project.find(owner, "resource", f"aws_iam_{kind}_policy_attachments_exclusive"):
        if names(block[f"{kind}_name"], owner):
            _listed(found, block)


def _document(block: Block, argument: str) -> Document:
    """What a policy says: the argument itself, or the policy that it is the ARN of."""
    if argument == "policy":
        return document_of(block[argument])
    targets = (reference.target for _, reference in block[argument].deep_references())
    policy = next((target for target in targets if target.type == "aws_iam_policy"), None)
    return document_of(policy["policy"]) if policy is not None else Document()


def _network(document: Document) -> str:
    """Whether a document denies what comes from another network: ``only`` that, or ``too``."""
    denials = [
        any(c.variable.casefold() in _NETWORK_KEYS for c in statement.conditions)
        and statement.effect.text == "Deny"
        for statement in document.statements
    ]
    if not any(denials):
        return ""
    return "only" if all(denials) and not document.why else "too"


def _listed(found: Attachments, block: Block) -> None:
    """The ARNs of an exclusive list that no other block attaches."""
    listed = block["policy_arns"]
    if not isinstance(listed.data, tuple) or listed.unknown:
        found.unread.append(f"{block.address}.policy_arns")
        return
    known = {key for place, name in found.places for key in _identities(place[name])}
    for member in listed.data:
        if known.isdisjoint(_identities(member)):
            text = member.text if member.known else None
            source = Written(text or "", "", _target(member, block))
            found.policies.append(PolicySource(True, source, _name(block, member)))
    found.places.append((block, "policy_arns"))


def _exclusive(found: Attachments, user: Block, project: Project) -> None:
    for kind, type in (
        ("managed", "aws_iam_user_policy_attachments_exclusive"),
        ("inline", "aws_iam_user_policies_exclusive"),
    ):
        blocks = project.find(user, "resource", type)
        if any(names(block["user_name"], user) for block in blocks):
            found.exclusive.append(kind)


def _groups(user: Block, project: Project) -> Iterator[tuple[Block | None, str, str]]:
    """The groups of a user, each with its name and the block that puts the user into it."""
    for type, who, argument in (
        ("aws_iam_user_group_membership", "user", "groups"),
        ("aws_iam_group_membership", "users", "group"),
    ):
        for block in project.find(user, "resource", type):
            if names(block[who], user):
                for group, name in _members(block, argument, project):
                    yield group, name, block.address


def _members(block: Block, argument: str, project: Project) -> Iterator[tuple[Block | None, str]]:
    """The groups that an argument names: declared ones, then names without a block."""
    declared = {
        reference.target.address: reference.target
        for _, reference in block[argument].deep_references()
        if reference.target.type == GROUP and reference.target.kind == "resource"
    }
    for group in project.find(block, "resource", GROUP):
        if names(block[argument], group):
            declared[group.address] = group
    for group in declared.values():
        yield group, group["name"].text or group.address
    known = {group["name"].text for group in declared.values()}
    texts = [m.text for _, m in block[argument].walk() if m.text and m.text not in known]
    for text in dict.fromkeys(texts):
        yield None, text
    if not declared and not texts:
        yield None, f"{block.address}.{argument}"


def _arn(block: Block) -> Written:
    source = written(block, "policy_arn")
    policy = _target(block["policy_arn"], block)
    return Written(source.value, source.expression, policy or source.reference)


def _target(value: Value, beside: Block) -> str:
    """How code beside a block names the policy that a value is the ARN of."""
    for _, reference in value.deep_references():
        if reference.target.type == "aws_iam_policy":
            return reference_to(reference.target, "arn", beside)
    return ""


def _identities(value: Value) -> set[str]:
    """What tells whether two arguments mean the same policy."""
    found = {r.target.address for _, r in value.deep_references()}
    return found | ({value.text} if value.text else set())


def _name(block: Block, value: Value) -> str:
    """A short name for a managed policy."""
    if value.text is not None and value.known:
        return value.text.rpartition("/")[2] or block.name
    for _, reference in value.deep_references():
        if reference.target.type == "aws_iam_policy":
            return reference.target.name
    return block.name


def reference_to(target: Block, attribute: str, beside: Block | None = None) -> str:
    """How code beside a block names an attribute of another; empty when it cannot.

    A block of another module is out of reach there, and so is an instance without a known key.
    """
    if target.doubt or target.call_chain != (beside or target).call_chain:
        return ""
    return f"{target.address.removeprefix(module_of(target))}.{attribute}"


def module_of(block: Block) -> str:
    """The module instance of a block as a prefix of addresses: ``module.ci.`` or nothing."""
    return f"{block.call_chain[-1].address}." if block.call_chain else ""
