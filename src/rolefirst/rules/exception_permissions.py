"""Whether the actions of an exception cover what the user of the key may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.exceptions.entries import Entry
from rolefirst.findings import Related
from rolefirst.iam.effective import Boundary, Permissions, Request, permissions_of
from rolefirst.iam.grants import Grant, grants_of
from rolefirst.iam.managed import Managed, managed
from rolefirst.iam.patterns import Truth, glob
from rolefirst.iam.statements import Statement, Text
from rolefirst.iam.undeclared import Undeclared
from rolefirst.project import Block, Project
from rolefirst.rules.exception_check import Check, listed
from rolefirst.rules.sources import holder, policies

_EVERYTHING = Text("*")


@dataclass(frozen=True, slots=True)
class Granted:
    """One action, with or without wildcards, and the policy that gives it.

    ``why`` says why it may not be given, or what it may be.
    """

    action: str
    grant: Grant
    why: str = ""


def check(entry: Entry, key: Block, project: Project) -> Check | None:
    """Compare what is promised with what is attached."""
    if not entry.permissions:
        return None
    claim = listed(entry.permissions)
    user = holder(key, project)
    found, doubts = granted(user, project)
    if isinstance(user, Undeclared):
        doubts = (*doubts, user.elsewhere)
    beyond = [item for item in found if not _covered(item.action, entry.permissions)]
    if surely := [item for item in beyond if not item.why]:
        text = f"the user may also do {listed(item.action for item in surely)}"
        return Check("permissions", claim, text, Truth.NO, _places(surely))
    doubts = (*doubts, *(item.why for item in beyond))
    if doubts:
        return Check("permissions", claim, doubts[0], Truth.MAYBE, _places(beyond))
    evidence = listed(item.action for item in found) or "nothing"
    return Check("permissions", claim, evidence, Truth.YES, _places(found))


def granted(user: Block, project: Project) -> tuple[tuple[Granted, ...], tuple[str, ...]]:
    """What a user may do, and of which policies the code does not have it all."""
    rights = permissions_of(user, project)
    found: dict[Granted, None] = {}
    for held in rights.allows:
        for action in _actions(held.statement):
            found.update(dict.fromkeys(_left(action, held.grant, rights)))
    for grant in rights.full:
        found.update(dict.fromkeys(_left(_EVERYTHING, grant, rights)))
    narrow = (
        f"the actions of {grant.label} are not in the code"
        for grant in grants_of(user, project)
        if grant.document is None and managed(grant.arn) == (None, Managed.NARROW)
    )
    unread = (*rights.unread, *narrow)
    if not found and not unread and project.is_library(user.root):
        unread = ("what whoever calls this module attaches to the user",)
    return tuple(found), tuple(dict.fromkeys(unread))


def _actions(statement: Statement) -> tuple[Text, ...]:
    """What a statement gives; all but a few actions is everything."""
    if statement.not_actions:
        return (_EVERYTHING,)
    return statement.actions


def _left(action: Text, grant: Grant, rights: Permissions) -> Iterator[Granted]:
    """What boundary and denies leave of an action."""
    if action.why:
        yield Granted(action.text, grant, action.why)
        return
    for pattern in _within(action.text, rights.boundary):
        verdict = rights.leaves(Request(pattern))
        if verdict.truth is not Truth.NO:
            yield Granted(pattern, grant, verdict.why)


def _within(pattern: str, boundary: Boundary | None) -> Iterator[str]:
    """The part of an action pattern that lies within the boundary."""
    if boundary is None:
        yield pattern
        return
    for statement in boundary.statements:
        for outer in _actions(statement) if statement.allows else ():
            if outer.why or glob(outer.text, pattern):
                yield pattern
            elif glob(pattern, outer.text):
                yield outer.text
    if boundary.why:
        yield pattern


def _covered(action: str, claimed: tuple[str, ...]) -> bool:
    return any(glob(pattern, action) for pattern in claimed)


def _places(found: list[Granted] | tuple[Granted, ...]) -> tuple[Related, ...]:
    return policies(item.grant for item in found)
