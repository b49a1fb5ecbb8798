"""The columns that ``terraform fmt`` aligns, mended where an edit has moved them.

``fmt`` aligns the equals signs of consecutive lines that hold a whole argument, then the comments
behind consecutive lines. Blanks are all that changes here, and only in a file that was aligned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from rolefirst.loaders.hcl.lexical import flat, insets

_ASSIGNMENT = re.compile(r"(?<![=!<>])=(?![=>])")
#: Nobody reads columns further to the right: one long line must not blow up all its neighbours.
_MAX_COLUMN = 300
#: A comment, blotted out, that ends its line.
_COMMENT = re.compile(r"\0+\s*\Z")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: what is before the equals sign, the rest and the comment behind it."""

    lead: str
    assigned: str = ""
    comment: str = ""
    end: str = ""

    def columns(self) -> int:
        """How far it reaches without its comment."""
        return len(self.lead) + (len(self.assigned) + 1 if self.assigned else 0)


def mended(before: bytes, after: bytes) -> bytes:
    """``after`` with its columns aligned, if those of ``before`` were."""
    if _aligned(before) != before:
        return after
    return _aligned(after)


def _aligned(data: bytes) -> bytes:
    text = data.decode("utf-8", "surrogateescape")
    lines = list(_lines(text))
    for chain in _chains(lines, lambda line: bool(line.assigned)):
        width = max(len(lines[i].lead.rstrip(" ")) for i in chain)
        for i in chain if width <= _MAX_COLUMN else ():
            lines[i] = replace(lines[i], lead=lines[i].lead.rstrip(" ").ljust(width))
    for chain in _chains(lines, lambda line: bool(line.comment)):
        width = max(lines[i].columns() for i in chain)
        for i in chain if width <= _MAX_COLUMN else ():
            gap = " " * (width - lines[i].columns() + 1)
            lines[i] = replace(lines[i], comment=gap + lines[i].comment.lstrip(" "))
    written = (
        f"{line.lead}{f' {line.assigned}' if line.assigned else ''}{line.comment}{line.end}"
        for line in lines
    )
    return "".join(written).encode("utf-8", "surrogateescape")


def _chains(lines: list[_Line], belongs: Callable[[_Line], bool]) -> Iterator[list[int]]:
    """Runs of lines that are aligned with each other, as their numbers."""
    for wanted, run in groupby(range(len(lines)), lambda i: belongs(lines[i])):
        if wanted:
            yield list(run)


def _lines(text: str) -> Iterator[_Line]:
    """The lines as ``fmt`` counts them: a heredoc is part of the line that opens it."""
    masked, held = _masked(text)
    at = 0
    line, below = _Line(""), [""]
    for raw in re.findall(r"[^\n]*\n|[^\n]+", text):
        start, at = at, at + len(raw)
        if start in held:
            below.append(raw)
            continue
        yield replace(line, end=line.end + "".join(below))
        line, below = _line(raw, masked[start:at]), []
    yield replace(line, end=line.end + "".join(below))


def _line(raw: str, code: str) -> _Line:
    found = _COMMENT.search(code)
    body = raw[: found.start()] if found else raw
    text = body.rstrip()
    if not text:
        return _Line("", end=raw)
    tail = len(raw.rstrip("\r\n"))
    comment, end = (raw[len(text) : tail], raw[tail:]) if found else ("", raw[len(text) :])
    sign = _ASSIGNMENT.search(code, 0, len(text))
    lead = text[: sign.start()] if sign else ""
    if sign is None or not lead.strip():
        return _Line(text, "", comment, end)
    if not _closed(code[sign.start() : len(text)]):
        return _Line(f"{lead.rstrip(' ')} {text[sign.start() :]}", "", comment, end)
    return _Line(lead.removesuffix(" "), text[sign.start() :], comment, end)


def _closed(code: str) -> bool:
    """Whether every bracket that opens here closes here."""
    return all(code.count(a) == code.count(b) for a, b in ("{}", "[]", "()"))


def _masked(text: str) -> tuple[str, frozenset[int]]:
    """The text with strings and comments blotted out, and the lines that a heredoc goes on to."""
    pieces = []
    held: set[int] = set()
    at = 0
    for start, end in insets(flat(text)):
        pieces += [text[at:start], ("\0" if text[start] in "#/" else '"') * (end - start)]
        if text.startswith("<<", start):
            held.update(start + found.end() for found in re.finditer("\n", text[start:end]))
        at = end
    return "".join((*pieces, text[at:])), frozenset(held)
