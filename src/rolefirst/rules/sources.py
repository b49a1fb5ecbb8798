"""What the rules about the source of a key have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rolefirst.decision.commands import key_commands
from rolefirst.decision.keys import Key, Origin, key_of, keys
from rolefirst.findings import Related
from rolefirst.iam.grants import Grant, grants_of, resources_in
from rolefirst.iam.principals import said_in
from rolefirst.iam.sources import Restriction, Standing, restriction_of
from rolefirst.iam.undeclared import Undeclared, undeclared
from rolefirst.iam.users import SERVICE_CREDENTIAL, USER, is_active, same, user_argument, user_of
from rolefirst.project import ABSENT, Block, Project, known, unknown

#: What a user may be called. A script may as well name a variable of its shell.
_NAME = re.compile(r"[\w+=,.@-]{1,64}")


def live_keys(project: Project) -> Iterable[Block]:
    """What makes the long-lived keys that AWS accepts, or may accept.

    A command that names no user makes a key of whoever runs it, about whom the code says nothing.
    """
    found = (key.block for key in keys(project) if _has_user(key))
    return (block for block in found if is_active(block) is not False)


def _has_user(key: Key) -> bool:
    return key.origin is not Origin.SCRIPT or bool(_named_in_script(key.block))


def _named_in_script(script: Block) -> str:
    return next((command.user for command in key_commands(script) if command.user), "")


def holder(maker: Block, project: Project) -> Block:
    """The user of the key that a block makes, declared or not."""
    key = key_of(maker, project)
    if key.origin is Origin.MODULE:
        return _in_module(maker, project)
    if key.origin is Origin.SCRIPT:
        return _in_script(maker, project)
    user = user_of(maker, project)
    argument = user_argument(maker)
    return user if user is not None else Undeclared((maker,), argument, maker[argument])


def _in_module(call: Block, project: Project) -> Block:
    """The user that a module declares: its name is an output."""
    for user in undeclared(project):
        if same(user.places[0], call):
            return user
        if any(same(reference.target, call) for reference in user.whose.references):
            return Undeclared((call,), user.argument, user.whose)
    return Undeclared((call,), "", ABSENT)


def _in_script(script: Block, project: Project) -> Block:
    """The user that a command names."""
    named = _named_in_script(script)
    if not _NAME.fullmatch(named):
        return Undeclared((script,), "", unknown("a script names it"))
    whose = known(named)
    for user in resources_in(script.root, project, USER):
        if said_in(user["name"]) == said_in(whose):
            return user
    return Undeclared((script,), "", whose)


def restriction_of_key(maker: Block, project: Project) -> Restriction:
    """From where a key works; unknown when nothing of what its user may do is in the tree."""
    user = holder(maker, project)
    if isinstance(user, Undeclared) and not grants_of(user, project):
        return Restriction(Standing.UNKNOWN, user.elsewhere)
    return restriction_of(user, project)


def beyond(maker: Block, found: Restriction) -> str:
    """That a key leaves its restriction behind in the sessions of roles that it may assume."""
    if found.assuming is None or found.standing is Standing.ESCAPES:
        return ""
    if maker.type == SERVICE_CREDENTIAL:  # it signs in to its service, and not to STS
        return ""
    return (
        f"; a condition on the user does not bind the sessions of roles, and {found.assuming.label}"
        " allows sts:AssumeRole: give these roles a condition of their own"
    )


def policies(grants: Iterable[Grant]) -> tuple[Related, ...]:
    """The policies a judgement rests on."""
    return tuple(dict.fromkeys(map(_related, grants)))


def _related(grant: Grant) -> Related:
    inline = grant.label == grant.block.address
    return Related(grant.block.location, f"{'policy:' if inline else 'attaches'} {grant.label}")
