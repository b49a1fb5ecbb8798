"""What the rules about the rights of users have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from rolefirst.decision.commands import key_commands
from rolefirst.decision.keys import Key, Origin, keys
from rolefirst.findings import Related, Severity
from rolefirst.iam.breadth import Breadth, administrator, broad_rights
from rolefirst.iam.effective import permissions_of
from rolefirst.iam.escalation import Escalation, escalations
from rolefirst.iam.grants import Grant, grants_of
from rolefirst.iam.patterns import Truth, Verdict
from rolefirst.iam.principals import said_in
from rolefirst.iam.undeclared import Undeclared, undeclared
from rolefirst.iam.users import USER, same, user_argument, user_of
from rolefirst.project import Block, Project
from rolefirst.rules.base import Result, Rule

#: A message names so many things; what is to be done about them is the same.
_NAMED = 3
ADVICE = "Allow the actions it needs on the resources it needs"


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


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the rules judge: a declared user, or undeclared ones that are given the same."""

    users: tuple[Block, ...]
    rights: Rights

    @property
    def who(self) -> str:
        """The subject of a sentence."""
        user = self.users[0]
        if not isinstance(user, Undeclared):
            return "the user"
        if self.unsure:
            return f"whoever {user.shown or f'the argument {user.argument}'} names"
        if len(self.users) == 1:
            elsewhere = "" if user.of_module else ", which is not declared here,"
            return f"the user {user.called}{elsewhere}"
        names = listed(u.called for u in self.users if isinstance(u, Undeclared))
        return f"each of the users {names}, which are not declared here,"

    @property
    def unsure(self) -> str:
        """Why it cannot be told who it is; empty when it can."""
        user = self.users[0]
        return user.unsure if isinstance(user, Undeclared) else ""

    def place(self, grants: Iterable[Grant]) -> Block:
        """The user's own block; of an undeclared one the block that gives it these policies."""
        user = self.users[0]
        if not isinstance(user, Undeclared):
            return user
        giving = (grant.block for grant in grants if grant.block in user.places)
        return next(giving, user.places[0])

    def claim(
        self, rule: Rule, project: Project, text: str, grants: list[Grant], advice: str
    ) -> Result:
        """That the user is or has something; undetermined when it is not known who that is."""
        user, place = self.users[0], self.place(grants)
        said = f"{self.who} {text}{existence(user, grants)}"
        if self.unsure:
            return rule.undetermined(place, f"{said}; who that is cannot be told: {self.unsure}")
        return rule.finding(
            place,
            f"{said}. {advice}",
            # One block may give different things to several users.
            attribute=user.name if isinstance(user, Undeclared) else "",
            severity=severity_for(self.users, project, rule.severity),
            related=granting(grants),
        )

    def doubt(self, rule: Rule, question: str, doubts: Iterable[str]) -> Result:
        """That it is open whether the user is or has something."""
        reason = f"whether {self.who} {question} is open: {listed(doubts)}"
        return rule.undetermined(self.place(()), reason)


def judged(project: Project) -> tuple[Block, ...]:
    """The blocks to judge: declared users, and what gives something to undeclared ones."""
    places = dict.fromkeys(users[0].places[0] for users in _undeclared(project))
    return (*project.resources(USER), *places)


def subjects_at(block: Block, project: Project) -> tuple[Subject, ...]:
    """Whom a block declares, or is the first to name."""
    if block.type == USER:
        return (Subject((block,), rights_of(block, project)),)
    return tuple(
        Subject(users, rights_of(users[0], project))
        for users in _undeclared(project)
        if same(users[0].places[0], block)
    )


def _undeclared(project: Project) -> tuple[tuple[Undeclared, ...], ...]:
    """The undeclared users, those together that are named in the same places and given the same."""
    memo = ("undeclared users by what they are given", "", "")
    if memo not in project.memo:
        found: dict[object, list[Undeclared]] = defaultdict(list)
        for user in undeclared(project):
            found[user.places, user.unsure, grants_of(user, project)].append(user)
        project.memo[memo] = tuple(tuple(users) for users in found.values())
    return cast("tuple[tuple[Undeclared, ...], ...]", project.memo[memo])


def rights_of(user: Block, project: Project) -> Rights:
    """The judgement of a user, worked out once per scan."""
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


def severity_for(users: Iterable[Block], project: Project, severity: Severity) -> Severity:
    """One step lower while no key of them is declared: the rights are there, the key is not."""
    holders = _holders(project)
    declared = any(not holders.isdisjoint(_known_as(user)) for user in users)
    return severity if declared else Severity(max(severity - 1, Severity.LOW))


def _known_as(user: Block) -> set[tuple[str, str]]:
    """What a holder of a key may be called: by block, by name, or by the module that makes it."""
    makers = (r.target.address for r in user["name"].references if r.target.kind == "module")
    said = {user.address, said_in(user["name"]), *makers}
    return {(user.root, text) for text in said if text}


def _holders(project: Project) -> frozenset[tuple[str, str]]:
    """Who has a long-lived key, of whatever kind: the root module, and what the user is called."""
    memo = ("holders of keys", "", "")
    if memo not in project.memo:
        found = {
            (key.block.root, said.casefold() if key.origin is Origin.SCRIPT else said)
            for key in keys(project)
            for said in _held_by(key, project)
        }
        project.memo[memo] = frozenset(found)
    return cast("frozenset[tuple[str, str]]", project.memo[memo])


def _held_by(key: Key, project: Project) -> list[str]:
    if key.origin is Origin.MODULE:
        return [key.block.address]
    if key.origin is Origin.SCRIPT:
        return [command.user or "" for command in key_commands(key.block)]
    user = user_of(key.block, project)
    return [user.address if user else said_in(key.block[user_argument(key.block)])]


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
