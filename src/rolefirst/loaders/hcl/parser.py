"""Text of one expression → ``Expression``, by python-hcl2.

python-hcl2 costs 60 ms to import, more than a second when its grammar cache is cold and some
0.2 ms for the shortest expression. So it is imported when the first expression needs it, the
three forms that make up most of real code (a plain string, a number or bool, a dotted name) are
recognised without it, and the same text is parsed once.
"""

from __future__ import annotations

import os
import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rolefirst.errors import InputError
from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Expression,
    Literal,
    Name,
    Opaque,
    Template,
    shift,
)

if TYPE_CHECKING:
    from lark import Lark

#: Longer expressions are refused: at 0.2 MB/s they would hold up the whole scan.
MAX_LENGTH = 500_000
_STRING = re.compile(r'"[^"\\$%\n]*"')
#: Longer numbers are refused: they would hold up the arithmetic.
MAX_DIGITS = 300
_NUMBER = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]{{1,20}})?")
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_DIRECTIVE = re.compile(r"(?:if|for\s+[\w-]+(?:\s*,\s*[\w-]+)?\s+in)\s+(.*)", re.DOTALL)
#: What precedes the expression in the text that is given to python-hcl2.
PREFIX = "x = "


class ExpressionError(ValueError):
    """The text is no HCL expression. ``offset`` counts characters from its start."""

    def __init__(self, message: str, offset: int = 0) -> None:
        """Keep the offset beside the message."""
        super().__init__(message)
        self.offset = offset


@lru_cache(maxsize=20_000)
def parse(text: str) -> Expression:
    """Parse one expression. Raises ExpressionError."""
    if _STRING.fullmatch(text):
        return Literal(text[1:-1])
    if text in _WORDS:
        return Literal(_WORDS[text])
    if _NUMBER.fullmatch(text):
        return Literal(float(text) if "." in text else int(text))
    if _DOTTED.fullmatch(text):
        first, *rest = text.split(".")
        node: Expression = Name(first, 0)
        for name in rest:
            node = Attribute(node, name)
        return node
    return _parse(text)


def _parse(text: str) -> Expression:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters, not read")
    grammar = _grammar()
    from lark.exceptions import LarkError, UnexpectedInput

    from rolefirst.loaders.hcl.convert import convert

    try:
        return convert(grammar.parse(f"{PREFIX}{text}\n"))
    except UnexpectedInput as error:
        offset = max((error.pos_in_stream or 0) - len(PREFIX), 0)
        raise ExpressionError("not valid HCL", min(offset, len(text))) from None
    except LarkError:
        raise ExpressionError("not valid HCL") from None
    except RecursionError:
        raise ExpressionError("nested too deeply to be read") from None


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    """python-hcl2's parser, with a grammar cache of our own where its folder is read-only."""
    try:
        import hcl2.parser
        from hcl2.postlexer import PostLexer
    except ImportError:
        raise InputError(
            "The module hcl2 is not python-hcl2 8 or newer.",
            "checkov installs another package under the same name: install rolefirst in an "
            "environment of its own, for example with pipx, and use checks/ inside checkov.",
        ) from None
    bundled = Path(hcl2.parser.PARSER_FILE)
    if bundled.is_file() or os.access(bundled.parent, os.W_OK):
        return hcl2.parser.parser()
    from lark import Lark

    cache = _private_cache()
    return Lark.open(
        "hcl2.lark",
        rel_to=hcl2.parser.__file__,
        parser="lalr",
        cache=str(cache / "hcl2.lark.cache") if cache else False,
        propagate_positions=True,
        postlex=PostLexer(),
    )


def _private_cache() -> Path | None:
    """A cache folder that only this user can write: lark's cache is a pickle."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(base) / "rolefirst"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return None
    return None if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else folder


def unescape(text: str) -> str:
    """Resolve the escapes of a quoted string; an unknown one stays as it is."""

    def replace(found: re.Match[str]) -> str:
        if code := found[1] or found[2]:
            number = int(code, 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return _ESCAPES.get(found[3], found[0])

    return _ESCAPE.sub(replace, text) if "\\" in text else text


def template(text: str, base: int = 0, flush: bool = False) -> Expression:
    """The expression that a heredoc's body or a template file stands for.

    ``base`` is added to the offsets of names; ``flush`` cuts off the blanks that all lines begin
    with. Raises ExpressionError when an interpolation in it cannot be parsed.
    """
    found = list(scanner.template_parts(text))
    indent = _indent(found) if flush else 0
    parts: list[Expression] = []
    for kind, content, offset in found:
        if kind == "text":
            if written := _dedent(content.replace("\r\n", "\n"), indent, offset == 0):
                parts.append(Literal(written))
            continue
        if kind == "unclosed":
            raise ExpressionError("a template that is never closed", base + offset)
        inside = content.strip()
        start = base + offset + len(content) - len(content.lstrip())
        if kind == "expression":
            parts.append(_inside(inside, start))
        else:
            parts.append(_directive(inside, start))
    return joined(parts)


def _indent(parts: list[tuple[str, str, int]]) -> int:
    """How many blanks every line of a template begins with; empty lines do not count."""
    margins = []
    last = len(parts) - 1
    for index, (kind, content, offset) in enumerate(parts):
        lines = content.split("\n") if kind == "text" else []
        for number, line in enumerate(lines):
            starts = number > 0 or offset == 0
            goes_on = number == len(lines) - 1 and index < last
            if starts and (goes_on or line.strip()):
                margins.append(len(line) - len(line.lstrip(" \t")))
    return min(margins, default=0)


def _dedent(text: str, indent: int, line_start: bool) -> str:
    if not indent:
        return text
    begin = "^" if line_start else "(?<=\n)"
    return re.sub(rf"{begin}[ \t]{{1,{indent}}}", "", text, flags=re.MULTILINE)


def _directive(text: str, start: int) -> Expression:
    found = _DIRECTIVE.fullmatch(text)
    inner = (_inside(found[1].strip(), start + found.start(1)),) if found else ()
    return Opaque(inner, "a template directive")


def _inside(text: str, start: int) -> Expression:
    try:
        return shift(parse(text), start)
    except ExpressionError as error:
        raise ExpressionError(str(error), start + error.offset) from None


def joined(parts: list[Expression]) -> Expression:
    """A literal when every part is one, a template otherwise."""
    if all(isinstance(part, Literal) and isinstance(part.value, str) for part in parts):
        return Literal("".join(str(part.value) for part in parts if isinstance(part, Literal)))
    return Template(tuple(parts))
