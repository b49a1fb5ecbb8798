"""Which resources name a user, and what becomes of them when the user goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from rolefirst.iam.users import SERVICE_CREDENTIAL, USER
from rolefirst.loaders.hcl.blocks import HclBlock

if TYPE_CHECKING:
    from rolefirst.loaders.hcl.loader import HclProject
    from rolefirst.project import Value

#: What gives a user rights and is nothing without it, with the argument that names the user.
COMPANIONS = {
    "aws_iam_user_policy": "user",
    "aws_iam_user_policy_attachment": "user",
    "aws_iam_user_group_membership": "user",
    "aws_iam_user_policy_attachments_exclusive": "user_name",
    "aws_iam_user_policies_exclusive": "user_name",
}
#: A list of members of a group.
MEMBERS = "aws_iam_group_membership"
#: Other ways to sign in, and lists of several users: a user that is in one stays.
_OTHERS = {
    SERVICE_CREDENTIAL: "user_name",
    "aws_iam_user_login_profile": "user",
    "aws_iam_user_ssh_key": "username",
    "aws_iam_signing_certificate": "user_name",
    "aws_iam_policy_attachment": "users",
    MEMBERS: "users",
}
_ARGUMENTS = {**COMPANIONS, **_OTHERS}


def naming(user: HclBlock, project: HclProject) -> Iterator[tuple[HclBlock, str]]:
    """The resources of the same root module that name a user, each with the argument."""
    memo = ("resources that name users", user.root, "")
    if memo not in project.memo:
        found: dict[str, dict[HclBlock, str]] = {}
        for type_, argument in _ARGUMENTS.items():
            for block in project.resources(type_):
                if isinstance(block, HclBlock) and block.root == user.root:
                    for name in _named(block[argument]):
                        found.setdefault(name, {})[block] = argument
        project.memo[memo] = found
    index = cast("dict[str, dict[HclBlock, str]]", project.memo[memo])
    yield from {**index.get(user.address, {}), **index.get(user["name"].text or "", {})}.items()


def _named(value: Value) -> Iterator[str]:
    """The addresses and names of users in an argument."""
    for _, member in value.walk():
        if member.text is not None:
            yield member.text
    for _, reference in value.deep_references():
        if reference.target.type == USER:
            yield reference.target.address
