"""Several changes of the arguments of one body at once, with the equals signs in one column.

``edits`` changes one argument and leaves its neighbours alone; what comes and goes together moves
the column, so the lines around it are written anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from rolefirst.findings import Edit
from rolefirst.project import Block
from rolefirst.remediation.edits import set_argument
from rolefirst.remediation.expressions import layout
from rolefirst.remediation.places import Body, Entry, place_of

_SIGN = re.compile(r"[ \t]*=[ \t]*")


def rewritten(
    block: Block,
    changes: Mapping[str, str | None],
    inside: tuple[str, ...] = (),
    stage: str = "add",
) -> list[Edit | None]:
    """Edits that set these arguments, or take out those whose expression is None.

    ``inside`` are the steps to the body that holds them. New ones join the first lines that change.
    """
    place = place_of(block, (*inside, next(iter(changes))))
    if place is None:
        return [None]
    body, _ = place
    said = {(e.name, _unicode(body.text(e.value, e.value_end))) for e in body.entries}
    changes = {name: text for name, text in changes.items() if (name, text) not in said}
    chains = _chains(body, changes)
    written = {entry.name for entry in body.entries}
    touched = [chain for chain in chains if any(entry.name in changes for entry in chain)]
    reached = {entry.name for chain in touched for entry in chain}
    if (written & {*changes}) - reached:
        return [None]  # a nested block, or not the only one on its line
    new = {name: text for name, text in changes.items() if text and name not in written}
    if not touched:
        return [set_argument(block, (*inside, name), text, stage) for name, text in new.items()]
    edits = [_rewritten(body, chain, changes, {}, stage) for chain in touched[1:]]
    return [_rewritten(body, touched[0], changes, new, stage), *edits]


def with_member(block: Block, name: str, member: str) -> Edit | None:
    """One more expression in a list that is written out, or a list with that alone."""
    if name not in block.names():
        return set_argument(block, name, f"[{member}]")
    text = block.expression(name).strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    inner = text[1:-1].rstrip().removesuffix(",")
    if "\n" in text:
        text = f"[{inner},\n{member},\n]"
    else:
        text = f"[{inner}, {member}]" if inner.strip() else f"[{member}]"
    laid = layout(text, depth=0)
    return set_argument(block, name, laid) if laid is not None else None


def _chains(body: Body, changes: Collection[str]) -> list[list[Entry]]:
    """The arguments on one line each, by groups of lines that follow each other.

    One of several lines that is to change is a group of its own.
    """
    chains: list[list[Entry]] = []
    last = -1
    for entry in body.entries:
        text = body.text(entry.start, entry.end)
        alone = not body.text(_line_start(body, entry.start), entry.start).strip()
        if entry.nested or "\n" in text or not alone:
            last = -1
            if alone and not entry.nested and entry.name in changes:
                chains.append([entry])
            continue
        line = body.data.count(b"\n", 0, entry.start)
        if last < 0 or line != last + 1:
            chains.append([])
        chains[-1].append(entry)
        last = line
    return chains


def _rewritten(
    body: Body,
    chain: list[Entry],
    changes: Mapping[str, str | None],
    new: Mapping[str, str],
    stage: str,
) -> Edit | None:
    """One edit for a group of lines."""
    start = _line_start(body, chain[0].start)
    end = _line_end(body, chain[-1].end)
    pad = body.text(start, chain[0].start)
    newline = "\r\n" if body.data[end - 2 : end] == b"\r\n" else "\n"
    rows: list[tuple[str, str]] = []
    for entry in chain:
        if not _SIGN.fullmatch(body.text(entry.name_end, entry.value)):
            return None
        value = changes.get(entry.name, body.text(entry.value, entry.value_end))
        if value is not None:
            rest = body.text(entry.value_end, _line_end(body, entry.end)).rstrip("\r\n")
            rows.append((body.text(entry.start, entry.name_end), value + rest))
    rows += new.items()
    width = max((len(_unicode(name)) for name, _ in rows), default=0)
    lines = [
        f"{pad}{name}{' ' * (width - len(_unicode(name)))} = {rest}{newline}" for name, rest in rows
    ]
    if not lines:
        end = _blank_end(body, start, end)
    return Edit(body.path, start, end, _unicode("".join(lines)), stage)


def _line_start(body: Body, position: int) -> int:
    return body.data.rfind(b"\n", 0, position) + 1


def _line_end(body: Body, position: int) -> int:
    found = body.data.find(b"\n", position)
    return len(body.data) if found < 0 else found + 1


def _blank_end(body: Body, start: int, end: int) -> int:
    """Behind the blank line below lines that go, when there is nothing or another one above."""
    below = re.match(rb"[ \t]*\r?\n", body.data[end:])
    above = re.search(rb"(?:\{|\n)[ \t]*\r?\n\Z", body.data[:start])
    return end + below.end() if below and above else end


def _unicode(text: str) -> str:
    """Text of one character per byte as its reader sees it."""
    return text.encode("latin-1", "replace").decode("utf-8", "surrogateescape")
