"""Which policies a user or a role has, whichever way they are attached and wherever in the estate.

Unlike ``policies.py``, which says how to carry the policies of a user over, this is about what
they say: each grant holds its document, and names under which the same policy is known elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from rolefirst.iam.documents import document_of, stands_for
from rolefirst.iam.modules import ATTACHED, INLINE, user_modules
from rolefirst.iam.policy_names import MANAGED, arn_in, names_in, names_of
from rolefirst.iam.principals import Key, named_by, named_in, said_in, spellings
from rolefirst.iam.statements import Document
from rolefirst.iam.users import USER, declared_user
from rolefirst.project import ABSENT, Block, Project, Value

ROLE = "aws_iam_role"
GROUP = "aws_iam_group"
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
#: What lists the inline policies a user may have, whoever writes them: user and names.
_LISTING = ("aws_iam_user_policies_exclusive", "user_name", "policy_names")
#: What puts users into groups: the arguments with users and groups.
_MEMBERSHIP = {
    "aws_iam_user_group_membership": ("user", "groups"),
    "aws_iam_group_membership": ("users", "group"),
}


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


@dataclass(frozen=True, slots=True)
class Naming:
    """An argument that names a user to give it something, and the member that does."""

    block: Block
    argument: str
    value: Value


@dataclass(slots=True)
class _Index:
    """The grants of one root module by principal, and the memberships by user.

    ``groups`` are the declared ones by all that may name them, ``users`` what names which user.
    """

    grants: dict[Key, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    memberships: dict[Key, list[tuple[Block, Value]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    groups: dict[Key, Block] = field(default_factory=dict)
    users: dict[Key, list[Naming]] = field(default_factory=lambda: defaultdict(list))


def grants_of(principal: Block, project: Project) -> tuple[Grant, ...]:
    """Every policy of a user, role or group, in a stable order; those of its groups included."""
    index = _index(principal.root, project)
    found = [grant for key in spellings(principal) for grant in index.grants.get(key, ())]
    if principal.type == ROLE:
        found += _of_role(principal, project)
    for membership, group in _memberships(principal, index):
        found += _of_group(membership, group, index)
    return tuple(dict.fromkeys(found))


def groups_of(user: Block, project: Project) -> tuple[Block, ...]:
    """The declared groups of a user."""
    index = _index(user.root, project)
    named = (key for _, group in _memberships(user, index) for key in named_by(group, GROUP))
    return tuple(dict.fromkeys(index.groups[key] for key in named if key in index.groups))


def undeclared_users(project: Project) -> Iterator[tuple[Naming, ...]]:
    """For each user that is given something and not declared in that root module: what names it."""
    types = (*_INLINE, *_ATTACHING, _LISTING[0], *_MEMBERSHIP)
    named = (*project.resources(*types), *user_modules(project))
    for root in dict.fromkeys(block.root for block in named):
        declared = {key for user in resources_in(root, project, USER) for key in spellings(user)}
        users = _index(root, project).users
        yield from (tuple(found) for key, found in users.items() if key not in declared)


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
            for key in named_by(block[argument], principal.type):
                index[key].append(block)
        project.memo[memo] = index
    index = cast("dict[Key, list[Block]]", project.memo[memo])
    return tuple(block for key in spellings(principal) for block in index.get(key, ()))


# --- who has it ------------------------------------------------------------------------------


def _index(root: str, project: Project) -> _Index:
    memo = ("grants", root, "")
    if memo not in project.memo:
        project.memo[memo] = _indexed(root, project)
    return cast("_Index", project.memo[memo])


def _indexed(root: str, project: Project) -> _Index:
    index = _Index()
    for group in resources_in(root, project, GROUP):
        for key in spellings(group):
            index.groups.setdefault(key, group)
    for type, (of, argument) in _INLINE.items():
        for block in resources_in(root, project, type):
            names = names_in(block, "policy", project)
            document, why = _document(block["policy"])
            grant = Grant(block, block.address, names, document, why=why)
            for key in _principals(block, argument, of, index, project):
                index.grants[key].append(grant)
    for type, (arns, arguments) in _ATTACHING.items():
        for block in resources_in(root, project, type):
            grants = [_managed(block, value, project) for value in _members(block[arns])]
            for of, argument in arguments.items():
                for key in _principals(block, argument, of, index, project):
                    index.grants[key].extend(grants)
    for call in (call for call in user_modules(project) if call.root == root):
        index.grants["address", call.address].extend(_of_module(call, project))
        index.users["address", call.address].append(Naming(call, "", ABSENT))
    for block in resources_in(root, project, _LISTING[0]):
        listed = list(_inline_elsewhere(block, project))
        for key in _principals(block, _LISTING[1], USER, index, project):
            index.grants[key].extend(listed)
    for type, (users, groups) in _MEMBERSHIP.items():
        for block in resources_in(root, project, type):
            joined = [(block, group) for group in _members(block[groups])]
            for key in _principals(block, users, USER, index, project):
                index.memberships[key].extend(joined)
    return index


def _of_module(call: Block, project: Project) -> Iterator[Grant]:
    """The policies that a module gives the user it declares."""
    for argument in ATTACHED:
        yield from (_managed(call, value, project) for value in _members(call[argument]))
    for argument in INLINE:
        for value in _members(call[argument]):
            document, why = _document(value)
            yield Grant(call, call.address, names_of(value), document, why=why)


def _principals(
    block: Block, argument: str, type: str, index: _Index, project: Project
) -> list[Key]:
    """The principals that an argument names; users are noted, as not all of them are declared.

    Whom the code names in no way goes by the block's own address.
    """
    found: list[Key] = []
    for _, member in block[argument].walk():
        keys = named_in(member, type)
        if not keys and member.unknown and not isinstance(member.data, (tuple, dict)):
            user = declared_user(block, argument, project) if type == USER else None
            keys = [("address", (user or block).address)]
        found += keys
        if type == USER:
            for key in keys:
                index.users[key].append(Naming(block, argument, member))
    return list(dict.fromkeys(found))


def _inline_elsewhere(block: Block, project: Project) -> Iterator[Grant]:
    """Inline policies that a list allows a user to have and that no block of the tree holds."""
    declared = resources_in(block.root, project, "aws_iam_user_policy")
    names = {said for inline in declared if (said := said_in(inline["name"]))}
    for value in _members(block[_LISTING[2]]):
        here = any(reference.target in declared for reference in value.references)
        if not here and said_in(value) not in names:
            label = f"the inline policy {value.text}" if value.text else value.why
            yield Grant(block, label, frozenset(), why="" if value.text else value.why)


def resources_in(root: str, project: Project, type: str) -> tuple[Block, ...]:
    """The resources of a type in one root module. An estate may have hundreds of those."""
    memo = ("resources by root", type, "")
    if memo not in project.memo:
        found: dict[str, list[Block]] = defaultdict(list)
        for block in project.resources(type):
            found[block.root].append(block)
        project.memo[memo] = {name: tuple(blocks) for name, blocks in found.items()}
    return cast("dict[str, tuple[Block, ...]]", project.memo[memo]).get(root, ())


def _memberships(principal: Block, index: _Index) -> list[tuple[Block, Value]]:
    """What puts a user into which group."""
    if principal.type != USER:
        return []
    return [joined for key in spellings(principal) for joined in index.memberships.get(key, ())]


def _of_group(membership: Block, group: Value, index: _Index) -> Iterator[Grant]:
    """What a group gives; of one that the code does not declare only that there is something."""
    named = named_by(group, GROUP)
    declared = [index.groups[key] for key in named if key in index.groups]
    keys = dict.fromkeys([*named, *(key for block in declared for key in spellings(block))])
    known = [grant for key in keys for grant in index.grants.get(key, ())]
    if known or declared:
        yield from known
    else:
        label = "the policies of a group that is not declared here"
        yield Grant(membership, label, frozenset())


# --- what it is ------------------------------------------------------------------------------


def _of_role(role: Block, project: Project) -> Iterator[Grant]:
    """The deprecated arguments of a role."""
    for value in _members(role["managed_policy_arns"]):
        yield _managed(role, value, project)
    for inline in _members(role["inline_policy"]):
        policy = inline.get_partial("policy")
        if not policy.absent:
            document, why = _document(policy)
            yield Grant(role, role.address, names_of(policy), document, why=why)


def _managed(block: Block, arn: Value, project: Project) -> Grant:
    """A managed policy, with its document where the code has it."""
    names = names_of(arn)
    for reference in arn.references if names else ():  # without a name it is one of several
        target = reference.target
        known_as = (target.kind, target.type, reference.attribute)
        if known_as in (("resource", MANAGED, "arn"), ("resource", MANAGED, "id")):
            own = frozenset() if target.doubt else {("policy", target.address)}
            names |= own | names_in(target, "policy", project)
            document, why = _document(target["policy"])
            return Grant(block, target.address, names, document, arn_in(arn), why)
    named = arn.text or stands_for(arn)
    return Grant(block, named or arn.why, names, arn=arn_in(arn), why="" if named else arn.why)


def policies_in(block: Block, argument: str, project: Project) -> tuple[Grant, ...]:
    """The managed policies that an argument of a module call lists, in a list or a map."""
    listed = (value for value in _members(block[argument]) if not value.absent)
    return tuple(_managed(block, value, project) for value in listed)


def _document(policy: Value) -> tuple[Document | None, str]:
    """The document, or None and why it cannot be told."""
    document = document_of(policy)
    return (document, "") if document.statements or not document.why else (None, document.why)


def _members(value: Value) -> Iterable[Value]:
    """The parts of a list or map; what is neither, or is unknown as a whole, is itself the part."""
    if isinstance(value.data, (tuple, dict)):
        return value.members()
    return () if value.absent else (value,)
