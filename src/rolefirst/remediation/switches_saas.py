"""How a service outside of the account is told to take the role: its key arguments make room.

The rows are those of ``swaps``. A switch is whole or none: where one of its edits would be a guess,
the steps say what to change by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rolefirst.findings import Edit
from rolefirst.remediation import insertions
from rolefirst.remediation.edits import remove_argument, set_argument
from rolefirst.remediation.names import names_for
from rolefirst.remediation.places import Body, Entry, place_of, unicode
from rolefirst.remediation.swaps import SWAPS, Swap
from rolefirst.remediation.vendors import own_address

if TYPE_CHECKING:
    from rolefirst.project import Block
    from rolefirst.remediation.keyfacts import KeyFacts

_STAGE = "switch"
#: What stands before an argument in a group of its own.
_GAP = re.compile(r"(?:\A[ \t]*|\n[ \t]*\r?)\n[ \t]*\Z")
_NEXT_LINE = re.compile(r"[ \t]*\r?\n[ \t]*")


def is_switched_here(type: str) -> bool:
    """True when a row says how resources of a type take a role."""
    return any(fnmatchcase(type, pattern) for pattern in SWAPS)


def vendor_edits(
    consumer: Block, uses: Sequence[str], role: str, facts: KeyFacts
) -> list[Edit | None]:
    """The edits that let a consumer take the role; None is one that would be a guess.

    ``uses`` are the dotted arguments that have something of the key: a switch that leaves one of
    them is none. ``role`` is the label of the role: the new one, or one that was there already and
    for which nothing else has been made.
    """
    federated = "enterprise" in facts.stated
    built = facts.sink is not None and names_for(facts.sink.template, facts).label == role
    for pattern, rows in SWAPS.items():
        for swap in rows if fnmatchcase(consumer.type, pattern) else ():
            fits = swap.federated in (None, federated) and (built or not swap.needs_more)
            if fits and uses and all(map(swap.takes, uses)):
                words = {"{role}": f"aws_iam_role.{role}", "{label}": role}
                words["{own}"] = own_address(facts, role)
                return _joined(list(_edits(consumer, swap, words)))
    return [None]


def _edits(consumer: Block, swap: Swap, words: Mapping[str, str]) -> Iterator[Edit | None]:
    under = tuple(swap.under.split(".")) if swap.under else ()

    def filled(text: str) -> str:
        for word, value in words.items():
            text = text.replace(word, value)
        return text

    changes: dict[str, tuple[str, str] | None] = dict.fromkeys(swap.gone)
    for old, (name, expression) in swap.instead.items():
        if name:
            changes[old] = name, filled(expression)
        else:
            yield _in_place(consumer, (*under, old), filled(expression))
    yield from _changed(consumer, under, changes)
    for where, expression in swap.sets.items():
        yield set_argument(consumer, where, filled(expression), _STAGE)


def _in_place(consumer: Block, path: tuple[str, ...], code: str) -> Edit | None:
    """Code in place of a nested block."""
    place = place_of(consumer, path)
    entries = place[0].named(place[1]) if place else []
    if place is None or len(entries) != 1 or not entries[0].nested:
        return None
    body, entry = place[0], entries[0]
    depth = insertions.indent_at(body.data, entry.start)
    start, text = entry.start, insertions.laid_out(code, body.data, entry.start)
    if not code.endswith("}") and not _GAP.search(body.text(body.start, start)):
        start -= len(depth)
        text = f"{insertions.newline_of(body.data)}{depth}{text}"
    return Edit(body.path, start, entry.end, text, _STAGE)


def _changed(
    consumer: Block, under: tuple[str, ...], changes: Mapping[str, tuple[str, str] | None]
) -> Iterator[Edit | None]:
    """Other arguments in place of some, and none for others; their groups are laid out anew."""
    if not changes:
        return
    place = place_of(consumer, (*under, ""))
    body = place[0] if place else None
    if body is None or any(len(body.named(name)) != 1 for name in changes):
        yield None
        return
    left = set(changes)
    for group in _groups(body):
        names = [entry.name for entry in group]
        if left.isdisjoint(names):
            continue
        left -= set(names)
        rows = [changes.get(entry.name, _written(body, entry)) for entry in group]
        if any(rows):
            yield _group(body, group, [row for row in rows if row is not None])
        else:
            for name in names:
                yield remove_argument(consumer, (*under, name), _STAGE)
    if left:
        yield None


def _groups(body: Body) -> Iterator[list[Entry]]:
    """The arguments on consecutive lines, whose equals signs stand in one column."""
    group: list[Entry] = []
    for entry in body.entries:
        between = body.text(group[-1].end, entry.start) if group else ""
        if group and not _NEXT_LINE.fullmatch(between):
            yield group
            group = []
        if not entry.nested and "\n" not in body.text(entry.start, entry.end):
            group.append(entry)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _group(body: Body, group: list[Entry], rows: list[tuple[str, str]]) -> Edit:
    width = max(len(name) for name, _ in rows)
    code = "\n".join(f"{name:<{width}} = {value}" for name, value in rows)
    text = insertions.laid_out(code, body.data, group[0].start)
    return Edit(body.path, group[0].start, group[-1].end, text, _STAGE)


def _written(body: Body, entry: Entry) -> tuple[str, str]:
    """An argument's name and expression as they stand there."""
    name, value = (entry.start, entry.name_end), (entry.value, entry.value_end)
    return unicode(body.text(*name)), unicode(body.text(*value))


def _joined(edits: list[Edit | None]) -> list[Edit | None]:
    """The same edits; what is inserted at one place is one of them."""
    made: list[Edit | None] = []
    for edit in edits:
        last = made[-1] if made else None
        if edit and last and (last.start, last.end) == (edit.start, edit.end) == (last.end,) * 2:
            made[-1] = replace(last, text=last.text + edit.text)
        else:
            made.append(edit)
    return made
