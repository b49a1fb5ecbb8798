"""The tokens of HCL expressions: where a blank ends and what comes next."""

from __future__ import annotations

import re

from rolefirst.loaders.hcl.parser import ExpressionError

_BLANK = re.compile(r"(?:[ \t\r]|#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_BLANK_LINES = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
TOKEN = re.compile(
    r"(?P<heredoc><<[-~]?[^\W\d][\w.-]*[ \t]*\r?\n)"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d][\w-]*)"
    r'|(?P<mark>\.\.\.|&&|\|\||==|!=|<=|>=|=>|::|[-+*/%<>!?:.,=()\[\]{}"~])'
)


class Tokens:
    """One text and a position in it. ``base`` is added to the offsets that errors name."""

    def __init__(self, text: str, base: int = 0) -> None:
        """Start at the beginning."""
        self.text = text
        self.base = base
        self.at = 0
        self.depth = 0
        #: Whether a newline is a blank here: inside ``(``, ``[`` and ``${``, not inside ``{``.
        self.lines = [False]

    def error(self) -> ExpressionError:
        """What to raise where nothing fits."""
        return ExpressionError("not valid HCL", self.base + min(self.at, len(self.text)))

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
