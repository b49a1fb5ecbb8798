"""The tokens of expressions: where a blank ends and what comes next."""

from __future__ import annotations

import math
import re

from rolefirst.loaders.hcl.expressions import ExpressionError, Literal
from rolefirst.loaders.hcl.lexical import flat

#: Longer numbers are refused: they would hold up the arithmetic.
MAX_DIGITS = 300
_BLANK = re.compile(r"(?:[ \t\r]|#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_BLANK_LINES = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
TOKEN = re.compile(
    r"<<-?(?P<heredoc>[^\W\d][\w.-]*)[ \t]*\r?\n"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d][\w-]*)"
    r'|(?P<escaped>\\"(?:[^"\\]|\\[^"])*\\")'
    r'|(?P<mark>\.\.\.|&&|\|\||==|!=|<=|>=|=>|::|[-+*/%<>!?:.,=()\[\]{}"])'
)


def number(digits: str, offset: int) -> Literal:
    """The value of a number. Raises ExpressionError when it is too long or too large."""
    if len(digits) > MAX_DIGITS:
        raise ExpressionError(f"a number of more than {MAX_DIGITS} digits", offset)
    value = int(digits) if digits.lstrip("-").isdecimal() else float(digits)
    if not math.isfinite(value):
        raise ExpressionError("a number that is too large", offset)
    return Literal(value)


class Tokens:
    """One text and a position in it."""

    def __init__(self, text: str) -> None:
        """Start at the beginning."""
        self.text = text
        self.flat = flat(text)
        self.at = 0
        self.depth = 0
        #: Whether a newline is a blank here: inside ``(`` and ``[``, not inside ``{``.
        self.lines = [False]

    def error(self) -> ExpressionError:
        """What to raise where nothing fits."""
        return ExpressionError("not valid HCL", min(self.at, len(self.text)))

    def skip(self, lines: bool) -> None:
        """Go on behind blanks and comments; with ``lines`` behind newlines, too."""
        found = (_BLANK_LINES if lines else _BLANK).match(self.text, self.at)
        self.at = found.end() if found else self.at

    def peek(self, lines: bool = False) -> str:
        """The next token; a newline where it counts; empty at the end."""
        self.skip(lines or self.lines[-1])
        found = TOKEN.match(self.text, self.at)
        return found[0] if found else self.text[self.at : self.at + 1]

    def take(self, *tokens: str, lines: bool = False) -> str:
        """Consume the next token if it is one of these."""
        token = self.peek(lines)
        if token not in tokens or not token:
            return ""
        self.at += len(token)
        return token

    def expect(self, token: str, lines: bool = False) -> None:
        """Consume a token that has to come."""
        if not self.take(token, lines=lines):
            raise self.error()

    def name(self) -> str:
        """Consume an identifier."""
        self.skip(self.lines[-1])
        found = TOKEN.match(self.text, self.at)
        if found is None or not found["name"]:
            raise self.error()
        self.at = found.end()
        return found["name"]
