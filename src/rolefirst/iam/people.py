"""What shows that an IAM user stands for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from rolefirst.findings import Confidence, Location
from rolefirst.iam.grants import grants_of, naming
from rolefirst.iam.users import ACCESS_KEY, keys_of, user_of
from rolefirst.project import Block, Project

LOGIN_PROFILE = "aws_iam_user_login_profile"
MFA_DEVICE = "aws_iam_virtual_mfa_device"
_ADDRESS = re.compile(r"(?P<local>[\w.+-]+)@[\w-]+\.[\w.-]+")
#: Mailboxes that are nobody's own.
_SHARED = re.compile(
    r"(?<![a-z])(?:no-?reply|do-?not-?reply|smtp|ses|mail(?:er)?|svc|service|bot|ci|deploy|alerts?|"
    r"notifications?|support|info|admins?|root|postmaster|team|robot|system|automation)(?![a-z])"
)
_EMAIL_TAGS = frozenset({"email", "e-mail", "mail"})
_MFA = "aws:multifactorauth"
_KEYBASE = "keybase:"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a person. ``doubt`` says why what shows it may not exist."""

    text: str
    location: Location
    confidence: Confidence
    doubt: str = ""


def signs_of(user: Block, project: Project) -> tuple[Sign, ...]:
    """The signs that a declared user is a person, the strong ones first."""
    return (
        *_logins(user, project),
        *_mfa_devices(user, project),
        *_keybase(user, project),
        *_mfa_policies(user, project),
        *_addresses(user),
    )


def is_person(user: Block, project: Project) -> bool:
    """Whether a declared user is a person for certain."""
    return any(not sign.doubt for sign in signs_of(user, project))


def _logins(user: Block, project: Project) -> Iterator[Sign]:
    for block in naming(user, project, LOGIN_PROFILE, "user"):
        said = f"{block.address} lets it sign in to the console"
        yield Sign(said, block.location, Confidence.HIGH, _doubt(block, user))


def _mfa_devices(user: Block, project: Project) -> Iterator[Sign]:
    """A virtual MFA device belongs to whom it is named after: it has no argument for its user."""
    for block in naming(user, project, MFA_DEVICE, "virtual_mfa_device_name"):
        said = f"{block.address} is its MFA device"
        yield Sign(said, block.location, Confidence.HIGH, _doubt(block, user))


def _keybase(user: Block, project: Project) -> Iterator[Sign]:
    """A key for a keybase account. One that opens the keys of several users is an operator's."""
    accounts = _accounts(project)
    for block in keys_of(user, project):
        account = _account(block)
        if len(accounts.get(account, ())) == 1:
            said = f"its key is encrypted for one person ({account})"
            yield Sign(said, block.at("pgp_key"), Confidence.MEDIUM, _doubt(block, user))


def _accounts(project: Project) -> dict[str, frozenset[str]]:
    """The users for whom each keybase account opens a key or password, in the whole estate."""
    memo = ("keybase accounts", "", "")
    if memo not in project.memo:
        found: dict[str, set[str]] = {}
        for block in project.resources(ACCESS_KEY, LOGIN_PROFILE):
            if account := _account(block):
                user = user_of(block, project)
                whom = user if user is not None else block
                found.setdefault(account, set()).add(f"{whom.root} {whom.address}")
        project.memo[memo] = {name: frozenset(users) for name, users in found.items()}
    return cast("dict[str, frozenset[str]]", project.memo[memo])


def _account(block: Block) -> str:
    text = block["pgp_key"].text or ""
    return text.casefold() if text.startswith(_KEYBASE) else ""


def _mfa_policies(user: Block, project: Project) -> Iterator[Sign]:
    """A policy that asks for MFA is written for people: no program can answer."""
    for grant in grants_of(user, project):
        for statement in grant.document.statements if grant.document else ():
            tests = [c.variable.casefold() for c in statement.conditions]
            if any(test.startswith(_MFA) for test in tests):
                said = f"its policy {grant.label} asks for MFA"
                doubt = _doubt(grant.block, user)
                yield Sign(said, grant.block.location, Confidence.MEDIUM, doubt)
                return


def _addresses(user: Block) -> Iterator[Sign]:
    """A name that is an e-mail address, or the first part of the one in a tag."""
    name = user["name"].text or ""
    if (local := _local(name)) and not _SHARED.search(local):
        yield Sign("its name is an e-mail address", user.location, Confidence.MEDIUM)
        return
    tags = user["tags"].data
    for key, value in tags.items() if isinstance(tags, dict) else ():
        if key.casefold() not in _EMAIL_TAGS or value.text is None or "." not in name:
            continue
        if _local(value.text) == name.casefold() and not _SHARED.search(name.casefold()):
            said = f"the tag {key} holds the e-mail address of this name"
            yield Sign(said, user.at("tags"), Confidence.MEDIUM)


def _local(text: str) -> str:
    """What stands before the @ of an e-mail address; empty when the text is none."""
    found = _ADDRESS.fullmatch(text.strip())
    return found["local"].casefold() if found else ""


def _doubt(block: Block, user: Block) -> str:
    """Why a block may not exist, unless it exists with its user."""
    over = (reference.target for _, reference in block["for_each"].deep_references())
    return "" if block.doubt == user.doubt or user in over else block.doubt
