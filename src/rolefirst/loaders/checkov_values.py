"""checkov's rendered arguments → expressions and values.

Used where the text of a block is not at hand (a plan, an archive). checkov wraps every argument in
a list, replaces what it could evaluate and leaves the rest as text, such as ``${var.x}`` or
``aws_iam_access_key.k.secret``. Such text is read as the expression it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rolefirst.loaders.checkov_vertices import NOISE
from rolefirst.loaders.hcl.expressions import (
    Expression,
    ExpressionError,
    List,
    Literal,
    Object,
    Opaque,
)
from rolefirst.loaders.hcl.reader import parse
from rolefirst.loaders.hcl.templates import joined, template

#: Nested blocks that ``tags = {…}`` is not: their own arguments are wrapped in lists again.
_BLOCKS = frozenset(
    {
        *("assume_role", "backend", "condition", "connection", "default_tags", "dynamic"),
        *("lifecycle", "principals", "not_principals", "provisioner", "statement"),
    }
)
#: Text that checkov replaces or leaves: a traversal with at least two names.
_MENTION = re.compile(
    r"(?<![\w.\"'/:$-])(?:data\.)?[A-Za-z_][\w-]*(?:\.[A-Za-z_*][\w-]*|\[[^\[\]\n]{0,80}\]|\.\d+)+"
)
#: Maps, although checkov wraps the values of some of them in lists, too.
_MAPS = frozenset({"tags", "tags_all"})
#: What checkov adds, and what the plugin tells it to hide in the excerpt.
_ADDED = re.compile(r"__\w+__$|RF\d{3}_secret")
_CALL = re.compile(r"[a-z][a-z0-9_]*\(.*\)", re.DOTALL)
_COMPOSED = re.compile(r"[\[{(]\s*for\s|.*\s\?\s.*\s:\s", re.DOTALL)
_ROOTS = frozenset({"var", "local", "module", "data", "each", "count", "path", "self", "terraform"})

#: Says whether ``type.name`` of a traversal is declared, so that ``example.com`` stays text.
Declared = Callable[[str], bool]


def arguments(config: Mapping[str, Any]) -> list[str]:
    """The names of the arguments in a body, without what checkov added."""
    return [name for name in config if name not in NOISE and not _ADDED.match(name)]


def argument(name: str, wrapped: Any, declared: Declared) -> Expression:
    """One argument of a body, out of its list; nested blocks stay a list of objects."""
    if isinstance(wrapped, dict):  # what stands behind the label of a provisioner or backend
        return _block(wrapped, declared)
    if not isinstance(wrapped, list):
        return expression(wrapped, declared)
    if _are_blocks(name, wrapped):
        return List(tuple(_block(body, declared) for body in wrapped))
    if len(wrapped) == 1:
        return expression(wrapped[0], declared)
    return expression(wrapped, declared)


def _are_blocks(name: str, wrapped: list[Any]) -> bool:
    bodies = [item for item in wrapped if isinstance(item, dict)]
    if not bodies or len(bodies) != len(wrapped):
        return False
    if name in _BLOCKS or name in _MAPS:
        return name in _BLOCKS
    members = [v for body in bodies for k, v in body.items() if k not in NOISE]
    return bool(members) and all(isinstance(member, list) for member in members)


def _block(body: Mapping[str, Any], declared: Declared) -> Expression:
    return Object(
        tuple((Literal(name), argument(name, body[name], declared)) for name in arguments(body))
    )


def expression(value: Any, declared: Declared) -> Expression:
    """A rendered value as an expression."""
    if isinstance(value, dict):
        members = [(str(k), v) for k, v in value.items() if k not in NOISE]
        return Object(tuple((Literal(k), expression(v, declared)) for k, v in members))
    if isinstance(value, (list, tuple, set)):
        return List(tuple(expression(item, declared) for item in value))
    if isinstance(value, str):
        return _text(value, declared)
    return Literal(value if isinstance(value, (bool, int, float)) or value is None else str(value))


def _text(text: str, declared: Declared) -> Expression:
    try:
        if "${" in text or "%{" in text:
            return template(text, parse)
        if _CALL.fullmatch(text) or (_COMPOSED.match(text) and _mentions(text, declared)):
            return parse(text)
        parts: list[Expression] = []
        position = 0
        for found in _mentions(text, declared):
            if text[position : found.start()]:
                parts.append(Literal(text[position : found.start()]))
            parts.append(parse(found[0]))
            position = found.end()
    except ExpressionError:
        return Opaque((), "text that checkov could not evaluate")
    if not parts:
        return Literal(text)
    if text[position:]:
        parts.append(Literal(text[position:]))
    return parts[0] if len(parts) == 1 else joined(parts)


def _mentions(text: str, declared: Declared) -> list[re.Match[str]]:
    """The traversals in a text that lead to something."""
    return [found for found in _MENTION.finditer(text) if _leads(found[0], declared)]


def _leads(mention: str, declared: Declared) -> bool:
    first = re.split(r"[.\[]", mention, maxsplit=1)[0]
    if first in _ROOTS and first != "data":
        return True
    steps = [step for step in re.split(r"[.\[\]]+", mention) if step]
    return declared(".".join(steps[: 3 if first == "data" else 2]))
