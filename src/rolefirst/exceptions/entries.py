"""What stands in a register, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from rolefirst.exceptions import KIND
from rolefirst.findings import Location, ScanError
from rolefirst.project import ABSENT, Block, Project, Value

#: The steps of the decision order that come before a key: an entry says why each cannot serve.
STEPS = ("iam_role", "identity_center", "temporary_credentials")


@dataclass(frozen=True, slots=True)
class Entry:
    """One exception. What is not written is empty or None; two that say the same are equal.

    ``name`` is the id, or the entry's place in the list where it has none. ``root`` is the
    directory of the key's root module, relative to the scanned folder; None when it lies outside
    of that. ``lines`` says where each element is written.
    """

    name: str
    id: str = ""
    key: str = ""
    root: str | None = "."
    purpose: str = ""
    alternatives: Mapping[str, str] = field(default_factory=dict)
    permissions: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    days: int | None = None
    how: str = ""
    audit: str = ""
    owner: str = ""
    deactivation: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    expires: date | None = None
    location: Location = field(default=Location("", 1), compare=False)
    lines: Mapping[str, Location] = field(default_factory=dict, compare=False)

    def at(self, element: str) -> Location:
        """Where an element is written, or what it belongs to when it is not."""
        table = self.lines.get(element.partition(".")[0], self.location)
        return self.lines.get(element, table)


@dataclass(frozen=True, slots=True)
class Register:
    """One file. ``problems`` are what could not be read; such an entry is not among the entries.

    ``origin`` names the git ref it was read from, empty for the work tree. ``withdrawn`` are ids
    that the work tree does not have any more.
    """

    path: str
    entries: tuple[Entry, ...] = ()
    problems: tuple[ScanError, ...] = ()
    origin: str = ""
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of one scan, and the day on which they are judged."""

    found: tuple[Register, ...]
    today: date


#: Where a project keeps the registers it is judged by.
_PLACE = ("exceptions", "", "")


def registers_of(project: Project) -> Registers | None:
    """The registers a project is judged by; None when there are none."""
    found = project.memo.get(_PLACE)
    return found if isinstance(found, Registers) else None


def judge_by(project: Project, registers: Iterable[Register], today: date) -> None:
    """Judge a project by registers. Call it before the first rule runs."""
    found = Registers(tuple(registers), today)
    project.memo[_PLACE] = found
    project.errors += (problem for register in found.found for problem in register.problems)


class EntryBlock(Block):
    """An entry as a block, for what has to be said about an exception that has no key."""

    __slots__ = ("entry",)

    def __init__(self, entry: Entry) -> None:
        """Name the block after the entry."""
        address = f"{KIND}.{entry.id}" if entry.id else f"{KIND}{entry.name}"
        super().__init__(KIND, "", entry.name, address, entry.root or ".", entry.location)
        self.entry = entry

    def read(self, name: str) -> Value:
        """An entry has no arguments that rules could read."""
        return ABSENT

    def names(self) -> Iterable[str]:
        """None."""
        return ()

    def at(self, name: str) -> Location:
        """Where an element of the entry is written."""
        return self.entry.at(name)

    def source(self) -> str:
        """Not code: no comment in it silences anything."""
        return ""

    @property
    def provider(self) -> Block | None:
        """None."""
        return None

    @property
    def comment(self) -> str:
        """Empty."""
        return ""
