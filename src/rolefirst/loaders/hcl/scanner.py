"""Where the blocks of a file are: a tolerant first pass that parses no expression.

Works on bytes, so that every offset is exact whatever the encoding. It understands only what is
needed to find the end of a block: comments, quoted strings with templates in them, heredocs and
braces. Anything else may be wrong, even a Go or Jinja template saved as ``.tf``, and the blocks
around it are still found. Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rolefirst.loaders.hcl.files import spelled_out
from rolefirst.loaders.hcl.lexical import CODE, COMMENT, block_end, piece_end, walk

_BLANK = re.compile(rb"\s*(?:(?:" + COMMENT + rb")\s*)*")
_GAP_COMMENT = rb"/\*(?:[^*\n]|\*(?!/))*\*/"
_GAP = rb"(?:[ \t]|" + _GAP_COMMENT + rb")"
_QUOTED = rb'"(?:[^"\\\n]|\\[^\n])*"'
_WORD = rb"[A-Za-z_][\w-]*"
_HEADER = re.compile(
    rb"(?P<keyword>%(word)s)(?P<labels>(?:%(gap)s*%(quoted)s|%(gap)s+%(word)s)*)%(gap)s*\{"
    % {b"word": _WORD, b"gap": _GAP, b"quoted": _QUOTED}
)
_LABELS = re.compile(_GAP_COMMENT + rb"|(?P<label>" + _QUOTED + rb"|" + _WORD + rb")")
#: Names may hold letters of any script.
_ATTRIBUTE = re.compile(
    rb'(?P<name>[A-Za-z_\x80-\xff][\w\x80-\xff-]*|"[^"\n]*")[ \t]*=(?![=>])[ \t]*'
)
#: A block header at the start of a line: where a block that is never closed must have ended.
_RESTART = re.compile(
    rb"^(?:resource|data|ephemeral|module|output|variable|locals|provider|terraform|check|moved|"
    rb'removed|import)(?:[ \t]+"[^"\n]*")*[ \t]*\{',
    re.MULTILINE,
)


#: A line that starts neither with a block, its end or a comment, nor with a blank.
_ODD_LINE = re.compile(rb"^(?![\s}#]|//|/\*|[a-z]+\b[^\n=]*\{|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """One block or attribute: byte offsets into its file.

    For a block ``start`` is the keyword and ``end`` is behind the closing brace; ``inner`` and
    ``inner_end`` enclose the body. For an attribute ``inner`` to ``inner_end`` is the expression.
    ``problem`` says what is wrong with it, empty when nothing is.
    """

    keyword: str
    labels: tuple[str, ...]
    start: int
    inner: int
    inner_end: int
    end: int
    attribute: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Stray:
    """Text at ``start`` that is neither block, attribute nor comment."""

    start: int


def looks_whole(data: bytes) -> bool:
    """False when a file may hold text that is no block, or a block that is never closed.

    A look from afar: what stands at the start of lines, and whether braces come in pairs. A heredoc
    may hold anything, so ``blocks`` has to say.
    """
    return (
        b"<<" not in data
        and data.count(b"{") == data.count(b"}")
        and _ODD_LINE.search(data) is None
    )


def _label(raw: bytes) -> str:
    text = spelled_out(raw).decode("utf-8", "surrogateescape")
    return text[1:-1] if text.startswith('"') else text


def _skip_line(data: bytes, position: int, end: int) -> int:
    found = data.find(b"\n", position, end)
    return end if found < 0 else found + 1


def blocks(data: bytes) -> Iterator[Span | Stray]:
    """Every top-level block, and the places where something else stands."""
    position = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    end = len(data)
    broken = False
    while (position := _blank_end(data, position, end)) < end:
        header = _HEADER.match(data, position, end)
        if header is None:
            yield Stray(position)
            position = _after_stray(data, position, end)
            continue
        # Once a block was not closed, each next one is read up to the next header and no further:
        # reading to the end of the file for every one of them would take for ever.
        limit = _restart(data, header.end(), end) if broken else end
        span = _span(data, header, limit)
        if span.problem:
            broken = True
            stop = _restart(data, span.inner, end)
            span = replace(span, inner_end=stop, end=stop)
        yield span
        position = span.end


def _blank_end(data: bytes, position: int, end: int) -> int:
    found = _BLANK.match(data, position, end)
    return found.end() if found else position


def _restart(data: bytes, position: int, end: int) -> int:
    found = _RESTART.search(data, position, end)
    return found.start() if found else end


def _span(data: bytes, header: re.Match[bytes], end: int) -> Span:
    """The block that a header opens."""
    close, closed = block_end(data, header.end(), end)
    labels = (found["label"] for found in _LABELS.finditer(header["labels"]))
    return Span(
        header["keyword"].decode(),
        tuple(_label(raw) for raw in labels if raw),
        header.start(),
        header.end(),
        close,
        close + 1 if closed else close,
        problem="" if closed else "this block is never closed",
    )


def _after_stray(data: bytes, position: int, end: int) -> int:
    """Where to go on behind text that is no block: an attribute is skipped whole."""
    if attribute := _ATTRIBUTE.match(data, position, end):
        stop, closed = walk(data, attribute.end(), True, end)
        return stop + 1 if closed else _restart(data, attribute.end(), end)
    return _skip_line(data, position, end)


def body(data: bytes, start: int, end: int) -> Iterator[Span | Stray]:
    """The attributes and nested blocks between two offsets, without reading expressions."""
    position = start
    while (position := _blank_end(data, position, end)) < end:
        if attribute := _ATTRIBUTE.match(data, position, end):
            stop, _ = walk(data, attribute.end(), True, end)
            inner_end = _without_comment(data, attribute.end(), stop)
            name = _label(attribute["name"])
            yield Span(name, (), position, attribute.end(), inner_end, inner_end, attribute=True)
            position = stop
        elif header := _HEADER.match(data, position, end):
            span = _span(data, header, end)
            yield span
            position = span.end
        else:
            yield Stray(position)
            position = _skip_line(data, position, end)


def _without_comment(data: bytes, start: int, end: int) -> int:
    """The end of the expression once the comments and blanks behind it are cut off."""
    position = start
    tail = -1  # where the comments began behind which only comments followed so far
    while found := CODE.search(data, position, end):
        if data[position : found.start()].strip():
            tail = -1
        position = found.end()
        if found["skip"] and data[found.start() : found.start() + 1] in (b"#", b"/"):
            tail = found.start() if tail < 0 else tail
        elif not found["newline"]:
            tail = -1
            position = piece_end(data, found, end)
    if data[position:end].strip():
        tail = -1
    return _trim(data, start, tail if tail >= 0 else end)


def _trim(data: bytes, start: int, end: int) -> int:
    while end > start and data[end - 1 : end].isspace():
        end -= 1
    return end
