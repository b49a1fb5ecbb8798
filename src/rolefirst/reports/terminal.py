"""Text for a terminal: nothing a scanned repository says may steer the terminal or the CI log."""

from __future__ import annotations

import re
import unicodedata

_STYLES = {
    "bold": "1",
    "dim": "2",
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "error": "1;31",
    "notice": "36",
    "mark": "31",
    "good": "32",
}
_CUT = "..."
#: Log commands of CI systems: ``::name::`` at the start of a line, ``##name[`` anywhere.
_LINE_COMMAND = re.compile(r"^( *):(?=:)", re.MULTILINE)
_COMMAND = re.compile(r"##(?=\w*\[)")


def escape(text: str) -> str:
    r"""The text with every character that does not print written as ``\x1b`` or ``\u202e``.

    That covers C0 and C1 controls (line breaks and tabs too), DEL, bidirectional overrides, zero
    width characters, odd spaces and lone surrogates. What prints stays as it is, so the result is
    for reading, not for decoding.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _code(ord(char)) for char in text)


def _code(number: int) -> str:
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def inert(document: str) -> str:
    r"""The document with what a CI system would take for a command in its log defused."""
    return _COMMAND.sub(r"\\x23#", _LINE_COMMAND.sub(r"\1\\x3a", document))


def columns(text: str) -> int:
    """How many terminal columns the text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def fit(text: str, room: int) -> str:
    """Escaped text that takes ``room`` columns at most: what is too long loses its middle."""
    # Combining characters take no column, and nobody reads thousands of them either.
    if len(text) <= room and columns(text) <= room:
        return text
    room -= len(_CUT)
    head, tail = _head(text, room // 2), _head(text[::-1], room - room // 2)
    return head + _CUT + tail[::-1]


def _head(text: str, room: int) -> str:
    """As many characters as have room, each counted as one column at least."""
    for index, char in enumerate(text):
        room -= max(_columns(char), 1)
        if room < 0:
            return text[:index]
    return text


def paint(text: str, style: str, color: bool) -> str:
    """The text in a style, when colors are wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if color else text
