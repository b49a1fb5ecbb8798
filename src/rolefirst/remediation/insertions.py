"""New code in a body, laid out so that ``terraform fmt`` has nothing to change.

``fmt`` aligns the equals signs of arguments on consecutive lines. So a new argument joins a group
whose signs stand far enough to the right, or is a group of its own behind a blank line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rolefirst.findings import Edit
from rolefirst.loaders.hcl.lexical import flat, insets
from rolefirst.remediation import cuts
from rolefirst.remediation.places import Body, Entry, standing, unicode

if TYPE_CHECKING:
    from rolefirst.project import Block

_IDENTIFIER = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_NO_KEY = re.compile(r'["\\\n]|[$%]\{')
#: Where a line ends behind a member.
_REST = re.compile(r"[ \t]*,?[ \t]*(?P<comment>(?:#|//)[^\n]*)?\r?\n")
_OPENING_LINE = re.compile(r"[ \t]*(?:(?:#|//)[^\n]*)?\r?\n")
_ALIGNED = re.compile(r"( *) = ")
_CLEAR = re.compile(r"[ \t]*(?:\r?\n|[}\])]|\Z)")
#: They come first in a block: nothing joins their group.
_META = ("count", "for_each", "provider", "depends_on", "source", "version")


def newline_of(data: bytes) -> str:
    """The line end of a file."""
    return "\r\n" if b"\r\n" in data else "\n"


def laid_out(text: str, data: bytes, position: int, depth: str | None = None) -> str:
    """Code as deep as the line of ``position``, with the file's line ends; heredocs as given."""
    depth = indent_at(data, position) if depth is None else depth
    text = text.strip("\n").replace("\r\n", "\n")
    fixed = [
        (start, end)
        for start, end in insets(flat(text))
        if text.startswith("<<", start) and not text.startswith("<<-", start)
    ]
    pieces = []
    at = 0
    for line in text.split("\n"):
        still = not at or not line or any(start < at < end for start, end in fixed)
        pieces.append(line if still else depth + line)
        at += len(line) + 1
    return newline_of(data).join(pieces)


def indent_at(data: bytes, position: int) -> str:
    """The blanks that begin the line of a position."""
    begin = data.rfind(b"\n", 0, position) + 1
    found = re.compile(rb"[ \t]*").match(data, begin)
    return found[0].decode() if found else ""


def changed(body: Body, entry: Entry, expression: str, stage: str) -> Edit:
    """Another expression for what is written; one of several lines is not aligned with others."""
    start = entry.value
    new = laid_out(expression.strip(), body.data, entry.start)
    lines = "\n" in new and not new.startswith("<<")
    if lines and re.fullmatch(rb" +=[ \t]*", body.data[entry.name_end : entry.value]):
        start, new = entry.name_end, f" = {new}"
    return Edit(body.path, start, entry.value_end, new, stage)


def argument(body: Body, name: str, expression: str, stage: str) -> Edit | None:
    """A new argument, or a new entry of an object."""
    if not _IDENTIFIER.fullmatch(name):
        if not body.keyed or _NO_KEY.search(name):
            return None
        name = f'"{name}"'
    expression = expression.strip()
    text = body.text(0, len(body.data))
    if "\n" not in text[body.start : body.end]:
        if body.keyed and "\n" not in expression:
            return _in_line(body, text, f"{name} = {expression}", stage)
        return _spread(body, text, name, expression, stage)
    if "\n" not in expression:
        for entry in reversed(body.entries):
            if pad := _padding(body, text, entry, name):
                return _line(body, text, entry, f"{name}{pad}= {expression}", stage)
    return _group(body, text, f"{name} = {expression}", stage)


def at_end(body: Body, block: str, stage: str) -> Edit | None:
    """A nested block behind everything else."""
    text = body.text(0, len(body.data))
    if "\n" not in text[body.start : body.end]:
        return _spread(body, text, "", block, stage)
    begin = text.rfind("\n", body.start, body.end) + 1
    if text[begin : body.end].strip():
        return None
    newline = newline_of(body.data)
    depth = _depth(body)
    gap = newline if text[body.start : begin].strip() else ""
    code = f"{gap}{depth}{laid_out(block, body.data, begin, depth)}{newline}"
    return Edit(body.path, begin, begin, code, stage)


def beside(block: Block, text: str, stage: str) -> Edit | None:
    """Another block behind one, which stays when that goes with the lines around it.

    The edit writes a line end anew: a mere insertion would be part of what the removal takes away.
    """
    found = standing(block)
    if found is None:
        return None
    path, data, span, bounds = found
    code = data.decode("latin-1")
    lines = cuts.lines_of(code, *span, *bounds)
    if lines is None or bounds[1] != len(data):
        return None
    newline, last = newline_of(data), lines[1]
    ends = len(newline) if code[:last].endswith(newline) else 0
    new = f"{newline * 2}{laid_out(text, data, span[0])}{newline}"
    return Edit(path, last - ends, last, new, stage)


def _depth(body: Body) -> str:
    """The indentation of what stands in a body."""
    for entry in body.entries:
        begin = body.data.rfind(b"\n", 0, entry.start) + 1
        if begin > body.start - 1 and not body.data[begin : entry.start].strip():
            return indent_at(body.data, entry.start)
    return indent_at(body.data, body.start - 1) + "  "


def _in_line(body: Body, text: str, code: str, stage: str) -> Edit:
    """In an object that is one line, behind its last entry."""
    if not body.entries:
        return Edit(body.path, body.start, body.end, f" {code} ", stage)
    last = body.entries[-1].end
    return Edit(body.path, last, last, f", {code}", stage)


def _spread(body: Body, text: str, name: str, code: str, stage: str) -> Edit | None:
    """A body of one line, written on several with a new argument, or a block without a name."""
    if re.search(r"#|//|/\*", _between(body, text)):
        return None
    rows = [(text[e.start : e.name_end], text[e.value : e.value_end]) for e in body.entries]
    if any(entry.nested for entry in body.entries):
        return None
    newline, outer = newline_of(body.data), indent_at(body.data, body.start - 1)
    single = [first for first, _ in rows] + ([name] if name and "\n" not in code else [])
    width = max((len(first) for first in single), default=0)
    lines = [f"{first.ljust(width)} = {second}" for first, second in rows]
    inner = laid_out(code, body.data, body.start - 1, f"{outer}  ")
    new = inner if not name else f"{name if chr(10) in code else name.ljust(width)} = {inner}"
    if lines and not name:
        lines.append("")
    written = [f"{outer}  {line}" if line else "" for line in map(unicode, lines)]
    written.append(f"{outer}  {new}")
    body_text = newline.join(("", *written, outer))
    return Edit(body.path, body.start, body.end, body_text, stage)


def _between(body: Body, text: str) -> str:
    """What stands beside the entries."""
    pieces = []
    at = body.start
    for entry in body.entries:
        pieces.append(text[at : entry.start])
        at = entry.end
    return "".join((*pieces, text[at : body.end]))


def _padding(body: Body, text: str, entry: Entry, name: str) -> str:
    """The blanks before the sign with which a name joins the group that ends with an entry."""
    aligned = _ALIGNED.fullmatch(text[entry.name_end : entry.value])
    rest = _REST.match(text, entry.end)
    begin = text.rfind("\n", 0, entry.start) + 1
    alone = begin >= body.start and not text[begin : entry.start].strip()
    in_line = "\n" not in text[entry.start : entry.end]
    plain = text[entry.start : entry.name_end].isascii()
    meta = entry.name in _META and not body.keyed
    if entry.nested or meta or not (aligned and rest and alone and in_line and plain):
        return ""
    following = text[rest.end() : text.find("\n", rest.end())]
    if rest["comment"] and re.search("#|//", following):
        return ""  # their comments are aligned with each other
    width = entry.name_end - entry.start + len(aligned[1])
    return " " * (width - len(name) + 1)


def _line(body: Body, text: str, entry: Entry, code: str, stage: str) -> Edit | None:
    """A line behind that of an entry."""
    rest = _REST.match(text, entry.end)
    if rest is None:
        return None
    new = f"{_depth(body)}{code}{newline_of(body.data)}"
    return Edit(body.path, rest.end(), rest.end(), new, stage)


def _group(body: Body, text: str, code: str, stage: str) -> Edit | None:
    """A group of its own behind the arguments, or before the nested blocks."""
    newline, depth = newline_of(body.data), _depth(body)
    code = f"{depth}{laid_out(code, body.data, body.start, depth)}{newline}"
    arguments = [entry for entry in body.entries if not entry.nested]
    rest = _REST.match(text, arguments[-1].end) if arguments else None
    if rest is None:
        opening = _OPENING_LINE.match(text, body.start)
        if arguments or opening is None:
            return None
        at, before = opening.end(), ""
    else:
        at, before = rest.end(), newline
    after = "" if _CLEAR.match(text, at) else newline
    return Edit(body.path, at, at, f"{before}{code}{after}", stage)
