"""Which IAM user a key belongs to, and whether the key can be used.

A key names its user by reference, by the same literal name or by the same expression; all three
mean the same user. What cannot be tied to a user that the code declares gives ``None``, never a
guess.
"""

from __future__ import annotations

import re
from typing import cast

from rolefirst.project import Block, Project, Value

#: The two resources that are long-lived credentials of an IAM user.
ACCESS_KEY = "aws_iam_access_key"
SERVICE_CREDENTIAL = "aws_iam_service_specific_credential"
USER = "aws_iam_user"

#: Attributes of an IAM user that hand on its name.
_NAMES = ("name", "id", "")
Identity = tuple[str, ...]
_PER_INSTANCE = re.compile(r"\b(?:each|count)\.")
_INSTANCE = re.compile(r"\[[^\]]*\]$")
_TRAILING_COMMENT = re.compile(r"\s(?:#|//).*$")


def same(one: Block, other: Block) -> bool:
    """True when both are the same block of the same root module."""
    return (one.root, one.address) == (other.root, other.address)


def source_order(block: Block) -> tuple[str, int, int, int, str]:
    """Sort key: the order in which a reader meets the blocks, instances by their index."""
    where = block.location
    return where.path, where.line, where.column, len(block.address), block.address


def user_argument(key: Block) -> str:
    """The name of the argument that says whose credential it is."""
    return "user_name" if key.type == SERVICE_CREDENTIAL else "user"


def user_of(key: Block, project: Project) -> Block | None:
    """The ``aws_iam_user`` the key belongs to; None when the code does not declare or tell it."""
    return declared_user(key, user_argument(key), project)


def declared_user(block: Block, argument: str, project: Project) -> Block | None:
    """The ``aws_iam_user`` that an argument names; None when it is not declared, or not told."""
    referred = _referred_users(block[argument])
    if referred:
        return referred[0] if len(referred) == 1 else None
    for user in project.find(block, "resource", USER):
        if _same_name(block, argument, user, project):
            return user
    return None


def keys_of(user: Block, project: Project) -> tuple[Block, ...]:
    """The access keys of a declared user, in source order."""
    return _grouped(project).get(_identity_of_user(user), ())


def keys_beside(key: Block, project: Project) -> tuple[Block, ...]:
    """Every access key of the user of ``key``, itself included, in source order.

    Works for users that are declared elsewhere too, as long as both keys name them alike.
    """
    return _grouped(project).get(_identity(key, project), (key,))


def is_active(key: Block) -> bool | None:
    """Whether AWS accepts the key: ``Active`` is the default; None when the code cannot tell."""
    status = key["status"]
    if status.absent:
        return True
    if status.text is None:
        return None
    return status.text.strip().casefold() != "inactive"


def _grouped(project: Project) -> dict[Identity, tuple[Block, ...]]:
    """Every access key by its user, worked out once per scan."""
    memo = ("keys by user", "", "")
    if memo not in project.memo:
        groups: dict[Identity, list[Block]] = {}
        for key in sorted(project.resources(ACCESS_KEY), key=source_order):
            groups.setdefault(_identity(key, project), []).append(key)
        project.memo[memo] = {identity: tuple(keys) for identity, keys in groups.items()}
    return cast("dict[Identity, tuple[Block, ...]]", project.memo[memo])


def _identity(key: Block, project: Project) -> Identity:
    """What two keys of one user have in common; alone when nothing ties the key to a user."""
    user = user_of(key, project)
    if user is not None:
        return _identity_of_user(user)
    value = key[user_argument(key)]
    if value.text is not None:
        return "name", key.root, _account(key), value.text.casefold()
    expression = written_as(key, user_argument(key), project) if value.unknown else ""
    if expression:
        instance = _instance(key) if _PER_INSTANCE.search(expression) else ""
        return "expression", key.root, *_module_of(key), expression, instance
    return "key", key.root, key.address


def _identity_of_user(user: Block) -> Identity:
    """The name within the account where it is known: AWS knows a user by nothing else."""
    name = user["name"].text
    if name is None:
        return "user", user.root, user.address
    return "name", user.root, _account(user), name.casefold()


def _referred_users(value: Value) -> list[Block]:
    """The users whose name the value is; a longer text that merely contains a name is not one."""
    found: dict[tuple[str, str], Block] = {}
    for _, reference in value.deep_references():
        target = reference.target
        if target.kind != "resource" or target.type != USER or reference.attribute not in _NAMES:
            continue
        name = target["name"].text
        if name is None or value.text is None or name.casefold() == value.text.casefold():
            found[target.root, target.address] = target
    return list(found.values())


def _same_name(block: Block, argument: str, user: Block, project: Project) -> bool:
    """Equal names, or the same expression where neither can be told."""
    mine, theirs = block[argument], user["name"]
    if mine.text is not None and theirs.text is not None:
        return mine.text.casefold() == theirs.text.casefold()
    if not (mine.unknown and theirs.unknown):
        return False
    return _same_expression(block, argument, user, "name", project)


def _same_expression(one: Block, here: str, other: Block, there: str, project: Project) -> bool:
    """The same text right of the equals sign means the same value within one module instance."""
    left = written_as(one, here, project)
    if not left or left != written_as(other, there, project):
        return False
    if _PER_INSTANCE.search(left):
        return _instance(one) == _instance(other)
    return True


def written_as(block: Block, name: str, project: Project) -> str:
    """The source of a one-line argument, spaces normalised; empty when there is none."""
    line = project.line_text(block.at(name)).strip("\r\n")
    match = re.match(rf"\s*{re.escape(name)}\s*=\s*(.+)$", line)
    return " ".join(_TRAILING_COMMENT.sub("", match.group(1)).split()) if match else ""


def _instance(block: Block) -> str:
    match = _INSTANCE.search(block.address)
    return match.group() if match else ""


def _module_of(block: Block) -> tuple[str, ...]:
    return tuple(site.address for site in block.call_chain)


def _account(block: Block) -> str:
    provider = block.provider
    return provider.address if provider is not None else ""
