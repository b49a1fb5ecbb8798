"""Where the members of an object, a list or a call's arguments stand in their text.

An ``Expression`` says what code means; whoever changes code needs the place of every part, too.
The text is one character per byte (``latin-1``), so that an offset is that of the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from rolefirst.loaders.hcl.expressions import Expression, ExpressionError, Literal, Name
from rolefirst.loaders.hcl.parser import parse
from rolefirst.loaders.hcl.reader import Reader

_CLOSING = {"{": "}", "[": "]", "(": ")"}


@dataclass(frozen=True, slots=True)
class Member:
    """``key = node`` of an object, an element of a list or an argument of a call.

    It stands from ``start`` to ``end``; ``key_end`` is behind the key and ``value`` where its
    value begins. ``key`` is None where there is none and where it has to be worked out.
    """

    start: int
    key_end: int
    value: int
    end: int
    key: str | None
    node: Expression


@dataclass(frozen=True, slots=True)
class Members:
    """What stands between the brackets at ``start`` and before ``end``, both included."""

    start: int
    end: int
    items: tuple[Member, ...]


class _Placed(Reader):
    """A reader that knows where the last token ended, before the blanks behind it."""

    def __init__(self, text: str, start: int) -> None:
        super().__init__(text, parse)
        self.at = start
        self.token_end = self._behind_blanks = start

    def skip(self, lines: bool) -> None:
        if self.at != self._behind_blanks:
            self.token_end = self.at
        super().skip(lines)
        self._behind_blanks = self.at


def members(text: str, start: int = 0) -> Members:
    """The members between the brackets that open at ``start``. Raises ExpressionError.

    Neither ``[for …]`` nor ``{for …}`` has members.
    """
    closing = _CLOSING.get(text[start : start + 1], "")
    reader = _Placed(text, start)
    if not closing or not reader.take(*_CLOSING):
        raise ExpressionError("no bracket", start)
    reader.lines.append(closing != "}")
    if reader.peek(lines=True) == "for":
        raise ExpressionError("a for expression has no members", start)
    found = []
    while not reader.take(closing, lines=True):
        found.append(_member(reader, closing == "}"))
        separators = (",", "\n") if closing == "}" else (",", "...")
        if not reader.take(*separators) and reader.peek(lines=True) != closing:
            raise reader.error()
    return Members(start, reader.at, tuple(found))


def _member(reader: _Placed, keyed: bool) -> Member:
    reader.skip(True)
    start = key_end = reader.at
    key: str | None = None
    if keyed:
        word = reader.peek()
        node = reader.expression()
        reader.skip(False)
        key_end = reader.token_end
        if isinstance(node, Name) and node.name == word:
            key = word
        elif isinstance(node, Literal) and isinstance(node.value, str):
            key = node.value
        if not reader.take("=", ":"):
            raise reader.error()
        reader.skip(True)
    value = reader.at
    node = reader.expression()
    reader.skip(reader.lines[-1])
    return Member(start, key_end, value, reader.token_end, key, node)
