"""Where the blocks of a file are: a tolerant first pass that parses no expression.

Works on bytes, so that every offset is exact whatever the encoding. It understands only what is
needed to find the end of a block: comments, quoted strings with templates in them, heredocs and
braces. Anything else may be wrong, even a Go or Jinja template saved as ``.tf``, and the blocks
around it are still found. Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = rb"\#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)"
_PLAIN_STRING = rb'"(?:[^"\\\n$%]|\\[^\n]|\$(?!\{)|%(?!\{))*"'
_HEREDOC = rb"<<[-~]?(?P<tag>[A-Za-z_][\w.-]*)[ \t]*\r?\n"

#: What can change the nesting while reading code.
_CODE = re.compile(
    rb"(?P<skip>" + _COMMENT + rb"|" + _PLAIN_STRING + rb'|\\.)|(?P<quote>")|'
    rb"(?P<heredoc>" + _HEREDOC + rb")|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<newline>\n)",
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(rb'\\[^\n]|\$\$\{|%%\{|(?P<template>[$%]\{)|(?P<end>"|\n)')
_BLANK = re.compile(rb"(?:\s|" + _COMMENT + rb")+")
_LABEL = rb'"(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w-]*'
_HEADER = re.compile(
    rb"(?P<keyword>[A-Za-z_][\w-]*)(?P<labels>(?:[ \t]+(?:" + _LABEL + rb")|[ \t]*\"[^\"\n]*\")*)"
    rb"[ \t]*\{"
)
_LABELS = re.compile(_LABEL)
_ATTRIBUTE = re.compile(rb'(?P<name>[A-Za-z_][\w-]*|"[^"\n]*")[ \t]*=(?![=>])[ \t]*')
#: A block header at the start of a line: where a block that is never closed must have ended.
_RESTART = re.compile(
    rb"^(?:resource|data|module|output|variable|locals|provider|terraform|moved|removed|import)"
    rb'(?:[ \t]+"[^"\n]*")*[ \t]*\{',
    re.MULTILINE,
)
_CLOSER = {b"{": b"}", b"(": b")", b"[": b"]"}


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


def _heredoc_end(data: bytes, tag: bytes, position: int) -> int:
    """The offset behind the closing tag, or the end of the data when there is none."""
    closing = re.compile(rb"^[ \t]*" + re.escape(tag) + rb"(?=[ \t]*(?:\r?\n|\Z|[,)\]}]))", re.M)
    found = closing.search(data, position)
    return found.end() if found else len(data)


def _walk(data: bytes, position: int, stop_at_newline: bool, end: int) -> tuple[int, bool]:
    """Read code from ``position`` until the bracket that was open before it closes.

    With ``stop_at_newline`` also until a newline outside of every bracket. Returns the offset of
    the closing bracket or newline and whether one was found. A stack keeps the nesting, so depth
    costs memory and never recursion.
    """
    stack: list[bytes] = []
    while position < end:
        if stack and stack[-1] == b'"':
            found = _IN_STRING.search(data, position, end)
            if found is None:
                return end, False
            position = found.end()
            if found["template"]:
                stack.append(b"}")
            elif found["end"]:
                stack.pop()
                if found["end"] == b"\n":
                    position -= 1
            continue
        found = _CODE.search(data, position, end)
        if found is None:
            return end, False
        position = found.end()
        if found["quote"]:
            stack.append(b'"')
        elif found["heredoc"]:
            position = min(_heredoc_end(data, found["tag"], position), end)
        elif opening := found["open"]:
            stack.append(_CLOSER[opening])
        elif closing := found["close"]:
            if not stack:
                return found.start(), True
            _pop(stack, closing)
        elif stop_at_newline and not stack and found["newline"]:
            return found.start(), True
    return end, not stack and stop_at_newline


def _pop(stack: list[bytes], closing: bytes) -> None:
    """Close the innermost bracket of this kind within the current string; forget a stray one."""
    for index in range(len(stack) - 1, -1, -1):
        if stack[index] == b'"':
            return
        if stack[index] == closing:
            del stack[index:]
            return


def _block_end(data: bytes, position: int, end: int) -> tuple[int, bool]:
    """The offset of the brace that closes the block whose body starts at ``position``."""
    while True:
        position, closed = _walk(data, position, False, end)
        if not closed or data[position : position + 1] == b"}":
            return position, closed
        position += 1  # a stray ) or ]: not ours


def _label(raw: bytes) -> str:
    text = raw.decode("utf-8", "surrogateescape")
    return text[1:-1] if text.startswith('"') else text


def _skip_line(data: bytes, position: int, end: int) -> int:
    found = data.find(b"\n", position, end)
    return end if found < 0 else found + 1


def blocks(data: bytes) -> Iterator[Span | Stray]:
    """Every top-level block, and the places where something else stands."""
    position = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    end = len(data)
    while position < end:
        if blank := _BLANK.match(data, position, end):
            position = blank.end()
            continue
        header = _HEADER.match(data, position, end)
        if header is None:
            yield Stray(position)
            position = _after_stray(data, position, end)
            continue
        close, closed = _block_end(data, header.end(), end)
        problem = ""
        if not closed:
            problem = "this block is never closed"
            restart = _RESTART.search(data, header.end(), end)
            close = restart.start() if restart else end
        labels = tuple(_label(raw) for raw in _LABELS.findall(header["labels"]))
        stop = close + 1 if closed else close
        yield Span(
            header["keyword"].decode(),
            labels,
            position,
            header.end(),
            close,
            stop,
            problem=problem,
        )
        position = stop


def _after_stray(data: bytes, position: int, end: int) -> int:
    """Where to go on behind text that is no block: an attribute is skipped whole."""
    if attribute := _ATTRIBUTE.match(data, position, end):
        return _walk(data, attribute.end(), True, end)[0] + 1
    return _skip_line(data, position, end)


def body(data: bytes, start: int, end: int) -> Iterator[Span | Stray]:
    """The attributes and nested blocks between two offsets, without reading expressions."""
    position = start
    while position < end:
        if blank := _BLANK.match(data, position, end):
            position = blank.end()
            continue
        if attribute := _ATTRIBUTE.match(data, position, end):
            stop, _ = _walk(data, attribute.end(), True, end)
            inner_end = _without_comment(data, attribute.end(), stop)
            name = _label(attribute["name"])
            yield Span(name, (), position, attribute.end(), inner_end, inner_end, attribute=True)
            position = stop + 1
            continue
        header = _HEADER.match(data, position, end)
        if header is None:
            yield Stray(position)
            position = _skip_line(data, position, end)
            continue
        close, closed = _block_end(data, header.end(), end)
        labels = tuple(_label(raw) for raw in _LABELS.findall(header["labels"]))
        problem = "" if closed else "this block is never closed"
        stop = close + 1 if closed else close
        keyword = header["keyword"].decode()
        yield Span(keyword, labels, position, header.end(), close, stop, problem=problem)
        position = stop


def _without_comment(data: bytes, start: int, end: int) -> int:
    """The end of the expression once a comment and blanks behind it are cut off."""
    position = start
    while found := _CODE.search(data, position, end):
        position = found.end()
        if found["skip"]:
            is_comment = data[found.start() : found.start() + 1] in (b"#", b"/")
            if is_comment and not data[position:end].strip():
                return _trim(data, start, found.start())
        elif found["open"]:
            close, closed = _walk(data, position, False, end)
            position = close + 1 if closed else end
        elif found["quote"]:
            position = _string_end(data, position, end)
        elif found["heredoc"]:
            position = min(_heredoc_end(data, found["tag"], position), end)
    return _trim(data, start, end)


def _string_end(data: bytes, position: int, end: int) -> int:
    """The offset behind the quote that ends the string whose text starts at ``position``."""
    while found := _IN_STRING.search(data, position, end):
        position = found.end()
        if found["end"]:
            return position
        if found["template"]:
            close, closed = _walk(data, position, False, end)
            position = close + 1 if closed else end
    return end


def _trim(data: bytes, start: int, end: int) -> int:
    while end > start and data[end - 1 : end].isspace():
        end -= 1
    return end


def template_parts(text: str) -> Iterator[tuple[str, str, int]]:
    """Split a template into ``("text" | "expression" | "directive", content, offset)``.

    Used for heredocs and template files, which python-hcl2 hands over as one token. ``$${`` and
    ``%%{`` are the escapes for a literal ``${`` and ``%{``. Offsets count characters.
    """
    data = text.encode("utf-8", "surrogateescape")
    position = start = 0
    marker = re.compile(rb"\$\$\{|%%\{|[$%]\{")
    while found := marker.search(data, position):
        position = found.end()
        if len(found[0]) == 3:
            continue
        close, closed = _walk(data, position, False, len(data))
        if not closed:
            break
        yield from _text_part(data, start, found.start())
        kind = "expression" if found[0] == b"${" else "directive"
        inner = data[position:close].decode("utf-8", "surrogateescape")
        lead = 1 if inner.startswith("~") else 0
        offset = len(data[:position].decode("utf-8", "surrogateescape")) + lead
        yield kind, inner[lead:].removesuffix("~"), offset
        start = position = close + 1
    yield from _text_part(data, start, len(data))


def _text_part(data: bytes, start: int, end: int) -> Iterator[tuple[str, str, int]]:
    if start < end:
        raw = data[start:end].decode("utf-8", "surrogateescape")
        offset = len(data[:start].decode("utf-8", "surrogateescape"))
        yield "text", raw.replace("$${", "${").replace("%%{", "%{"), offset
