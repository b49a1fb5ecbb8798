"""What the rules about the rights of users have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from rolefirst.decision.commands import key_commands
from rolefirst.decision.keys import Origin, keys
from rolefirst.findings import Related, Severity
from rolefirst.iam.breadth import Breadth, administrator, broad_rights
from rolefirst.iam.effective import permissions_of
from rolefirst.iam.escalation import Escalation, escalations
from rolefirst.iam.grants import Grant
from rolefirst.iam.patterns import Truth, Verdict
from rolefirst.iam.users import keys_of
from rolefirst.project import Block, Project

#: A message names so many things; what is to be done about them is the same.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Rights:
    """What the three rules say about one user.

    ``raises`` and ``broad`` have the certain ones first; statements with which the user raises its
    rights are not among the broad ones. ``unread`` says which policies cannot be read.
    """

    admin: Breadth | None
    raises: tuple[Escalation, ...]
    broad: tuple[Breadth, ...]
    unread: tuple[str, ...]

    @property
    def is_admin(self) -> bool:
        """True when RF501 speaks about the user, which says all that the other rules could."""
        return self.admin is not None and is_certain(self.admin.verdict)

    @property
    def unknown_admin(self) -> list[str]:
        """What leaves open whether the user is an administrator; policies nobody can read first."""
        verdicts = [self.admin.verdict] if self.admin is not None else []
        return list(dict.fromkeys([*self.unread, *_doubts(verdicts)]))

    @property
    def unknown_raise(self) -> list[str]:
        """What leaves open whether the user raises its rights. What the rule about worse has said
        is left out: a report that says an unknown thrice is read less than one that says it once.
        """
        said = self.unknown_admin
        return [doubt for doubt in _doubts(w.verdict for w in self.raises) if doubt not in said]

    @property
    def unknown_breadth(self) -> list[str]:
        """What leaves open whether the user has a whole service, and nothing worse."""
        said = (*self.unknown_admin, *self.unknown_raise)
        return [doubt for doubt in _doubts(b.verdict for b in self.broad) if doubt not in said]


def rights_of(user: Block, project: Project) -> Rights:
    """The judgement of a declared user, worked out once per scan."""
    memo = ("rights", user.root, user.address)
    if memo not in project.memo:
        permissions = permissions_of(user, project)
        broad = broad_rights(permissions)
        raises = escalations(permissions, broad)
        reported = {held for way in raises if is_certain(way.verdict) for held in way.held}
        rest = tuple(item for item in broad if item.held not in reported)
        rights = Rights(administrator(permissions), raises, rest, permissions.unread)
        project.memo[memo] = rights
    return cast("Rights", project.memo[memo])


def is_certain(verdict: Verdict) -> bool:
    """True when there is no doubt left."""
    return verdict.truth is Truth.YES


def severity_for(user: Block, project: Project, severity: Severity) -> Severity:
    """One step lower while no key of the user is declared: the rights are there, the key is not."""
    declared = bool(keys_of(user, project)) or _has_key_by_command(user, project)
    return severity if declared else Severity(max(severity - 1, Severity.LOW))


def _has_key_by_command(user: Block, project: Project) -> bool:
    """Whether a script of the same root module makes a key and names this user."""
    name = (user["name"].text or "").casefold()
    return bool(name) and any(
        (command.user or "").casefold() == name
        for key in keys(project)
        if key.origin is Origin.SCRIPT and key.block.root == user.root
        for command in key_commands(key.block)
    )


def listed(things: Iterable[str]) -> str:
    """The first few things, and how many more there are."""
    unique = list(dict.fromkeys(things))
    more = f" and {len(unique) - _NAMED} more" if len(unique) > _NAMED else ""
    return ", ".join(unique[:_NAMED]) + more


def granting(grants: Iterable[Grant]) -> tuple[Related, ...]:
    """The blocks that hold or attach the policies."""
    blocks = dict.fromkeys((grant.block.location, grant.block.address) for grant in grants)
    return tuple(Related(location, f"granted by {address}") for location, address in blocks)


def existence(user: Block, grants: Iterable[Grant]) -> str:
    """On what it depends that the policies exist, where the code does not tell."""
    doubts = [grant.block.doubt for grant in grants if grant.block.doubt not in ("", user.doubt)]
    said = dict.fromkeys([user.doubt, *doubts])
    return "".join(f"; whether it exists depends on: {doubt}" for doubt in said if doubt)


def _doubts(verdicts: Iterable[Verdict]) -> list[str]:
    doubts = (verdict.why for verdict in verdicts if verdict.truth is Truth.MAYBE)
    return list(dict.fromkeys(doubts))
