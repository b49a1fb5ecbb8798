"""What has happened to the entries of registers between two versions of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rolefirst.exceptions.entries import STEPS, Entry, Register


@dataclass(frozen=True, slots=True)
class Edit:
    """One element of an entry that says something else now; empty where it says nothing."""

    element: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that was added, removed or changed.

    ``entry`` is the one that is there now, of a removed one what was there. ``notes`` say what a
    reviewer must not overlook.
    """

    kind: str
    entry: Entry
    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()


def compare(before: Iterable[Register], after: Iterable[Register]) -> tuple[Change, ...]:
    """What became of each entry. One that has another id is another entry."""
    old, new = _by_name(before), _by_name(after)
    added = [Change("added", entry) for name, entry in new.items() if name not in old]
    removed = [Change("removed", entry) for name, entry in old.items() if name not in new]
    changed = [
        Change("changed", entry, _edits(old[name], entry), tuple(_notes(old[name], entry)))
        for name, entry in new.items()
        if name in old and entry != old[name]
    ]
    return (*added, *changed, *removed)


def elements(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each element of an entry by its name, as one text."""
    yield "key", entry.key
    yield "root", entry.root or ""
    for step in STEPS:
        yield f"alternatives_considered.{step}", entry.alternatives.get(step, "")
    yield "purpose", entry.purpose
    yield "permissions", ", ".join(entry.permissions)
    yield "source", ", ".join(entry.source)
    yield "rotation.days", _text(entry.days)
    yield "rotation.how", entry.how
    yield "audit", entry.audit
    yield "owner", entry.owner
    yield "deactivation", entry.deactivation
    yield "approved_by", entry.approved_by
    yield "approved_on", _text(entry.approved_on)
    yield "expires", _text(entry.expires)


def _by_name(registers: Iterable[Register]) -> dict[tuple[str, str], Entry]:
    return {(r.path, entry.name): entry for r in registers for entry in r.entries}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _edits(old: Entry, new: Entry) -> tuple[Edit, ...]:
    pairs = zip(elements(old), elements(new), strict=True)
    return tuple(Edit(name, was, now) for (name, was), (_, now) in pairs if was != now)


def _notes(old: Entry, new: Entry) -> Iterator[str]:
    if old.expires and new.expires and new.expires > old.expires:
        days = (new.expires - old.expires).days
        same = new.approved_on == old.approved_on
        approval = ", while approved_on is what it was" if same else ""
        yield f"its end was put off by {days} {'day' if days == 1 else 'days'}{approval}"
    if old.expires and not new.expires:
        yield "it has no end any more"
    if old.approved_by != new.approved_by:
        yield "somebody else approves it"
