"""The nesting of HCL text: where a bracket, a string or a heredoc ends.

Works on bytes and reads no expression. Every function costs no more than the length of what it
reads: the text may be hostile. Syntax:
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator

COMMENT = rb"\#[^\n]*|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
# Unrolled, so that neither a long nor an unclosed string costs more than its length.
_PLAIN_STRING = rb'"[^"\\\n$%]*(?:(?:\\[^\n]|\$(?!\{)|%(?!\{))[^"\\\n$%]*)*"'
_HEREDOC = rb"<<[-~]?(?P<tag>[A-Za-z_][\w.-]*)[ \t]*\r?\n"

#: What can change the nesting while reading code.
CODE = re.compile(
    rb"(?P<skip>" + COMMENT + rb"|" + _PLAIN_STRING + rb'|\\.)|(?P<quote>")|'
    rb"(?P<heredoc>" + _HEREDOC + rb")|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<newline>\n)",
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(rb'\\[^\n]|\$\$\{|%%\{|(?P<template>[$%]\{)|(?P<end>"|\n)')
_CLOSER = {b"{": b"}", b"(": b")", b"[": b"]"}
#: How far from the innermost bracket the one that a stray closing bracket means is looked for.
_MAX_MISMATCH = 100


def heredoc_end(data: bytes, tag: bytes, position: int) -> int:
    """The offset behind the closing tag, or the end of the data when there is none."""
    closing = re.compile(rb"^[ \t]*" + re.escape(tag) + rb"(?=[ \t]*(?:\r?\n|\Z))", re.M)
    found = closing.search(data, position)
    return found.end() if found else len(data)


def walk(data: bytes, position: int, stop_at_newline: bool, end: int) -> tuple[int, bool]:
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
        found = CODE.search(data, position, end)
        if found is None:
            break
        position = found.end()
        if found["quote"]:
            stack.append(b'"')
        elif found["heredoc"]:
            position = min(heredoc_end(data, found["tag"], position), end)
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
    for index in range(len(stack) - 1, max(len(stack) - _MAX_MISMATCH, 0) - 1, -1):
        if stack[index] == b'"':
            return
        if stack[index] == closing:
            del stack[index:]
            return


def block_end(data: bytes, position: int, end: int) -> tuple[int, bool]:
    """The offset of the brace that closes the block whose body starts at ``position``."""
    while True:
        position, closed = walk(data, position, False, end)
        if not closed or data[position : position + 1] == b"}":
            return position, closed
        position += 1  # a stray ) or ]: not ours


def piece_end(data: bytes, found: re.Match[bytes], end: int) -> int:
    """The offset behind the bracket, string or heredoc that a match opens."""
    position = found.end()
    if found["open"]:
        close, closed = walk(data, position, False, end)
        return close + 1 if closed else end
    if found["quote"]:
        return string_end(data, position, end)[0]
    if found["heredoc"]:
        return min(heredoc_end(data, found["tag"], position), end)
    return position


def string_end(data: bytes, position: int, end: int) -> tuple[int, bool]:
    """The offset behind the string whose text starts at ``position``, and whether it is closed."""
    while found := _IN_STRING.search(data, position, end):
        position = found.end()
        if found["end"]:
            return position, found["end"] == b'"'
        if found["template"]:
            close, closed = walk(data, position, False, end)
            position = close + 1 if closed else end
    return end, False


def flat(text: str) -> bytes:
    """One byte per character, so that offsets are those of the text: only ASCII can nest."""
    return text.encode("ascii", "replace")


def insets(data: bytes) -> Iterator[tuple[int, int]]:
    """Where code is interrupted by a comment, a quoted string or a heredoc."""
    position, end = 0, len(data)
    while found := CODE.search(data, position):
        start, position = found.span()
        if found["quote"]:
            position, closed = string_end(data, position, end)
            if not closed:
                continue
        elif found["heredoc"]:
            position = heredoc_end(data, found["tag"], position)
        elif not found["skip"] or data[start : start + 1] == b"\\":
            continue
        yield start, position
