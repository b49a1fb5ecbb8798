"""What is said about each exception, in one place, so that the RF9xx rules never disagree.

An entry covers a key when it is complete, in time and not contradicted by the code; what cannot be
told contradicts nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from rolefirst import limits
from rolefirst.decision.keys import Key
from rolefirst.exceptions.entries import Entry, EntryBlock, Register, Registers, registers_of
from rolefirst.exceptions.matching import keys_of
from rolefirst.findings import Finding, Suppression
from rolefirst.iam.patterns import Truth
from rolefirst.project import Block, Project
from rolefirst.rules.exception_check import Check
from rolefirst.rules.exception_claims import checks
from rolefirst.rules.exception_points import Point, incomplete, overdue, point

#: The rule that yields to an exception. What else is wrong with a key stays wrong.
YIELDS = "RF101"


@dataclass(frozen=True, slots=True)
class JudgedKey:
    """One key of an entry, with each promise beside what the code does."""

    key: Key
    checks: tuple[Check, ...]

    @property
    def contradicted(self) -> bool:
        """The code does something else than the entry says."""
        return any(check.agrees is Truth.NO for check in self.checks)


@dataclass(frozen=True, slots=True)
class Judged:
    """One entry and all that is said about it.

    ``withdrawn``: the work tree does not have it any more. ``days_left`` is negative when it is
    over, None when it has no end. ``block`` stands for it where it has no key.
    """

    entry: Entry
    incomplete: tuple[Point, ...]
    overdue: tuple[Point, ...]
    keys: tuple[JudgedKey, ...]
    days_left: int | None
    withdrawn: bool
    block: Block

    @property
    def subjects(self) -> tuple[Block, ...]:
        """The blocks to report on."""
        return tuple(judged.key.block for judged in self.keys) or (self.block,)

    def doubts(self, element: str) -> bool:
        """The element is not fit to be compared with the code."""
        return any(point.element == element for point in self.incomplete)

    def covers(self, key: JudgedKey) -> bool:
        """Whether the exception holds for one of its keys."""
        return not (self.incomplete or self.overdue or key.contradicted)


def judged(project: Project) -> tuple[Judged, ...]:
    """Every entry of the registers a project is judged by, in their order."""
    memo = ("judged exceptions", "", "")
    if memo not in project.memo:
        found = registers_of(project)
        project.memo[memo] = tuple(_judge(found, project)) if found is not None else ()
    return cast("tuple[Judged, ...]", project.memo[memo])


def about(block: Block, project: Project) -> tuple[tuple[Judged, JudgedKey | None], ...]:
    """The entries for a key, or the one that a block stands for."""
    memo = ("exceptions by block", "", "")
    if memo not in project.memo:
        found: dict[int, list[tuple[Judged, JudgedKey | None]]] = defaultdict(list)
        for item in judged(project):
            for key in item.keys:
                found[id(key.key.block)].append((item, key))
            if not item.keys:
                found[id(item.block)].append((item, None))
        project.memo[memo] = found
    by_block = cast("Mapping[int, list[tuple[Judged, JudgedKey | None]]]", project.memo[memo])
    return tuple(by_block.get(id(block), ()))


def subjects(project: Project) -> Iterable[Block]:
    """Each key that has an entry, and a block for each entry that has no key."""
    found = {id(block): block for item in judged(project) for block in item.subjects}
    return found.values()


def covering(finding: Finding, block: Block, project: Project) -> Suppression | None:
    """The exception that a finding yields to."""
    if finding.rule.id != YIELDS:
        return None
    for item, key in about(block, project):
        if key is not None and item.covers(key):
            entry = item.entry
            reason = f"{entry.id}: {entry.purpose} (approved by {entry.approved_by})"
            return Suppression("exception", reason, entry.location, str(entry.expires))
    return None


def _judge(found: Registers, project: Project) -> Iterable[Judged]:
    words = limits.of(project)
    # What lies outside of the scanned folder is for whoever scans that.
    entries = [(r, e) for r in found.found for e in r.entries if e.root is not None]
    keys = {id(entry): keys_of(entry, project) if entry.key else () for _, entry in entries}
    rivals = _rivals(entries, keys)
    for register, entry in entries:
        yield Judged(
            entry,
            (*incomplete(entry, found.today, words), *rivals.get(id(entry), ())),
            tuple(overdue(entry, found.today, words)),
            tuple(JudgedKey(key, checks(entry, key, project)) for key in keys[id(entry)]),
            _days_left(entry, found.today),
            entry.id in register.withdrawn,
            EntryBlock(entry),
        )


def _days_left(entry: Entry, today: date) -> int | None:
    return (entry.expires - today).days if entry.expires is not None else None


def _rivals(
    entries: Iterable[tuple[Register, Entry]], keys: Mapping[int, tuple[Key, ...]]
) -> dict[int, tuple[Point, ...]]:
    """The entries of one register that share an id, and those that share a key.

    Nobody can tell which of them was approved.
    """
    claims: dict[tuple[str, object], list[Entry]] = defaultdict(list)
    for register, entry in entries:
        if entry.id:
            claims["id", (register.path, entry.id)].append(entry)
        # An address twice is a mistake also where no key has it yet.
        claimed: set[object] = {id(key.block) for key in keys[id(entry)]}
        for name in claimed or {(entry.root, entry.key)} if entry.key else ():
            claims["key", name].append(entry)
    found: dict[int, list[Point]] = defaultdict(list)
    for (element, _), sharing in claims.items():
        for entry in sharing if len(sharing) > 1 else ():
            other = sharing[1] if entry is sharing[0] else sharing[0]
            text = f"the entry at {other.location} has the same {element}: keep one"
            found[id(entry)].append(point(element, text, entry))
    return {entry: tuple(dict.fromkeys(points)) for entry, points in found.items()}
