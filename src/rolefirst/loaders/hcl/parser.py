"""Text of one expression → ``Expression``, by python-hcl2.

python-hcl2 costs 60 ms to import, more than a second when its grammar cache is cold and some
0.2 ms for the shortest expression. So it is imported when the first expression needs it, the
forms that make up most of real code (a string, a number or bool, a dotted name) are recognised
without it, and the same text is parsed once. What it refuses gets a second reading by
``reader.py``: ``!!x``, ``core::max(a, b)``, names with letters of other scripts and some newlines
are valid, and code that is valid must not end a scan.
"""

from __future__ import annotations

import os
import re
import stat
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from rolefirst.errors import InputError
from rolefirst.loaders.hcl import reader, templates
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Expression,
    ExpressionError,
    Literal,
    Name,
)
from rolefirst.loaders.hcl.lexical import flat, insets
from rolefirst.loaders.hcl.tokens import MAX_DIGITS

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_STRING = re.compile(r'"[^"\\$%\n]*"')
_NUMBER = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]{{1,20}})?")
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@lru_cache(maxsize=20_000)
def parse(text: str, depth: int = 0) -> Expression:
    """Parse one expression, ``depth`` templates deep. Raises ExpressionError."""
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
    if len(text) > reader.MAX_LENGTH or depth > templates.MAX_DEPTH:
        return reader.parse(text, depth)  # it says why not
    try:
        return _text(text, depth) or _parse(text, depth)
    except RecursionError:
        raise ExpressionError("nested too deeply to be read") from None


def _text(text: str, depth: int) -> Expression | None:
    """A text that is one string or heredoc from its beginning to its end."""
    if text[:1] not in ('"', "<") or next(insets(flat(text)), None) != (0, len(text)):
        return None
    read = templates.quoted if text[0] == '"' else templates.heredoc
    return read(text, partial(parse, depth=depth + 1))


def _parse(text: str, depth: int = 0) -> Expression:
    grammar = _grammar()
    from lark.exceptions import LarkError

    from rolefirst.loaders.hcl.convert import convert

    try:
        tree = _tree(grammar, blanked(text))
    except LarkError:
        return reader.parse(text, depth)
    return convert(tree, text, partial(parse, depth=depth + 1))


@lru_cache(maxsize=256)
def _tree(grammar: Lark, blanked: str) -> Tree[Token]:
    """The tree of expressions that differ in nothing but what stands in their strings.

    ``convert`` puts the strings in. While it does, no other expression of this shape is read:
    those in its strings are shorter than itself.
    """
    from rolefirst.loaders.hcl.convert import PREFIX

    return grammar.parse(f"{PREFIX}{blanked}\n")


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


def blanked(text: str) -> str:
    """The expression without its comments and without what stands in its strings.

    python-hcl2 refuses some of what Terraform accepts in a string (``"${~ x ~}"``, a newline
    behind ``${``), and takes ``"$${a ${b}"`` for text alone. So it does not see that text: strings
    and heredocs are read by ``templates.py``, here and in heredocs, template files and JSON alike.
    """
    pieces = []
    position = 0
    for start, end in insets(flat(text)):
        comment = text[start] in "#/"
        filler = " " * (end - start) if comment else f'"{"_" * (end - start - 2)}"'
        pieces += [text[position:start], filler]
        position = end
    return "".join([*pieces, text[position:]])


def template(text: str) -> Expression:
    """What a template file, or a string in JSON syntax, stands for. Raises ExpressionError."""
    return templates.template(text, parse)
