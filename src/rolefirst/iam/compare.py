"""Whether two sets of policies give the same rights.

A document is taken apart into what cannot be split further: one action on one resource under one
set of conditions. So neither the order nor the grouping of statements matters, nor whether a list
of one is written as a string. Wildcards are compared as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product

from rolefirst.iam.grants import Grant
from rolefirst.iam.statements import Document, Statement, Texts

#: Actions times resources of one statement; more cannot be written into a policy.
_MAX_ATOMS = 20_000
#: One right: effect, actions, resources, principals, conditions, and the version where it matters.
Atom = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How the rights of a role compare with those of a user.

    ``same``: the role may do all that the user may, by the same policies. Otherwise, where the two
    are alike, ``lacks`` are actions of the user that no policy of the role allows, or ``denies``
    says that the role is denied something.
    """

    same: bool = False
    lacks: tuple[str, ...] = ()
    denies: bool = False


def atoms(document: Document, effect: str) -> frozenset[Atom] | None:
    """The rights a document allows or denies; None when a part of them cannot be compared."""
    if document.why:
        return None
    found: set[Atom] = set()
    for statement in document.statements:
        if statement.effect.why:
            return None
        if statement.effect.text != effect:
            continue
        rights = _rights(statement, document.version)
        if rights is None:
            return None
        found |= rights
    return frozenset(found)


def compare(ours: Iterable[Grant], theirs: Iterable[Grant]) -> Likeness:
    """Compare the grants of a user with those of a role."""
    listed, others = list(ours), list(theirs)
    names = frozenset(name for grant in others for name in grant.names)
    allowed = _all(others, "Allow")
    left = [grant for grant in listed if not _covered(grant, names, allowed)]
    if not left:
        if not any(_gives(grant) for grant in listed):
            return Likeness()
        denied = bool(_all(others, "Deny") - _all(listed, "Deny")) or _may_deny(others, names)
        return Likeness(same=not denied, denies=denied)
    if len(left) < len(listed) or _overlap(left, allowed):
        return Likeness(lacks=_lacking(left, others))
    return Likeness()


def _covered(grant: Grant, names: frozenset[tuple[str, str]], allowed: frozenset[Atom]) -> bool:
    if grant.names & names:
        return True
    rights = atoms(grant.document, "Allow") if grant.document else None
    return rights is not None and rights <= allowed


def _gives(grant: Grant) -> bool:
    document = grant.document
    return document is None or any(statement.allows for statement in document.statements)


def _may_deny(grants: list[Grant], shared: frozenset[tuple[str, str]]) -> bool:
    """True when a denial in a document of the code cannot be compared."""
    return any(
        statement.effect.text == "Deny" and atoms(grant.document, "Deny") is None
        for grant in grants
        if grant.document is not None and not grant.names & shared
        for statement in grant.document.statements
    )


def _all(grants: Iterable[Grant], effect: str) -> frozenset[Atom]:
    """Every right of these grants that can be compared."""
    found: set[Atom] = set()
    for grant in grants:
        for statement in grant.document.statements if grant.document else ():
            if statement.effect.text == effect and not statement.effect.why and grant.document:
                found |= _rights(statement, grant.document.version) or set()
    return frozenset(found)


def _overlap(grants: list[Grant], allowed: frozenset[Atom]) -> bool:
    """True when at least half of what these grants allow is allowed."""
    rights = _all(grants, "Allow")
    return len(rights & allowed) * 2 >= max(len(rights), 1)


def _lacking(ours: list[Grant], theirs: list[Grant]) -> tuple[str, ...]:
    """The actions that none of their policies allows; nothing when one of them is not known."""
    patterns = _actions(theirs)
    wanted = _actions(ours)
    if patterns is None or wanted is None:
        return ()
    lowered = [pattern.casefold() for pattern in patterns]
    return tuple(
        action
        for action in wanted
        if not any(fnmatchcase(action.casefold(), pattern) for pattern in lowered)
    )


def _actions(grants: list[Grant]) -> tuple[str, ...] | None:
    """Every action these grants allow; None when that cannot be listed."""
    found: dict[str, None] = {}
    for grant in grants:
        if grant.document is None or grant.document.why:
            return None
        for statement in grant.document.statements:
            if not statement.allows:
                continue
            if statement.why or not statement.actions or any(a.why for a in statement.actions):
                return None
            found.update((action.text, None) for action in statement.actions)
    return tuple(found)


def _rights(statement: Statement, version: str) -> set[Atom] | None:
    """One statement taken apart; None when a part of it cannot be compared."""
    actions = _parts(statement.actions, statement.not_actions, True)
    resources = _parts(statement.resources, statement.not_resources, False)
    principals = [
        (kind, principal.type, _set(principal.identifiers))
        for kind, listed in ((True, statement.principals), (False, statement.not_principals))
        for principal in listed
    ]
    conditions = [
        (condition.test.casefold(), condition.variable.casefold(), _set(condition.values))
        for condition in statement.conditions
    ]
    sets = [part[-1] for part in (*principals, *conditions)]
    if statement.why or actions is None or resources is None or None in sets:
        return None
    if len(actions) * len(resources) > _MAX_ATOMS:
        return None
    # Without this version IAM reads a policy variable as plain text.
    variables = version if "${" in str((resources, conditions)) else ""
    rest = frozenset(principals), frozenset(conditions), variables
    return {(statement.effect.text, *pair, *rest) for pair in product(actions, resources)}


def _parts(listed: Texts, excepted: Texts, fold: bool) -> list[Atom] | None:
    """What stands on its own: each of a list, but an exception only as a whole."""
    texts, others = _set(listed, fold), _set(excepted, fold)
    if texts is None or others is None:
        return None
    found: list[Atom] = [("only", text) for text in sorted(texts)]
    return [*found, ("all but", others)] if others else found or [("all", "")]


def _set(texts: Texts, fold: bool = False) -> frozenset[str] | None:
    if not all(text.comparable for text in texts):
        return None
    return frozenset(text.text.casefold() if fold else text.text for text in texts)
