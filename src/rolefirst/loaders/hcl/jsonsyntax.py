"""Terraform's JSON syntax (``.tf.json``) as the same spans and expressions as the native one.

JSON carries no positions, so a small scanner finds where every object member stands.
Source: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.loaders.hcl.expressions import Expression, List, Literal, Object
from rolefirst.loaders.hcl.parser import template

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+')
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
MAX_DEPTH = 200
#: Objects are searched for members down to here: keyword, labels, arguments and nested blocks.
_MEMBER_DEPTH = 12
#: How many labels follow a block type.
LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "output": 1, "variable": 1}
LABELS |= {"provider": 1, "locals": 0, "terraform": 0}


class JsonError(ValueError):
    """The text is no JSON object, or not one of Terraform. ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        """Keep the line beside the message."""
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: offsets of its key and its end, in characters.

    ``members`` are those of an object; ``items`` are the objects of a list, as members of the
    same key.
    """

    key: str
    start: int
    end: int
    value: object
    members: tuple[Member, ...] = ()
    items: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """One block: what it is, where it stands and its arguments."""

    keyword: str
    labels: tuple[str, ...]
    start: int
    end: int
    value: object
    members: tuple[Member, ...]


class _Pairs(dict[str, object]):
    """An object that remembers a key that is written twice, as Terraform does."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def read(text: str) -> tuple[Member, ...]:
    """The members of the file's object, with positions. Raises JsonError."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += (found[0] in "{[") - (found[0] in "}]")
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, found.start()) + 1
            raise JsonError(f"nested more than {MAX_DEPTH} levels deep", line)
    try:
        value = json.loads(text, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        raise JsonError(f"not valid JSON: {error.msg.lower()}", error.lineno) from None
    except (RecursionError, ValueError):
        raise JsonError("nested too deeply or with a number too long to be read", 1) from None
    if not isinstance(value, _Pairs):
        raise JsonError("not a JSON object", 1)
    tokens = _TOKEN.finditer(text)
    next(tokens)
    members, _ = _members(tokens, value, 0)
    return members


Tokens = Iterator[re.Match[str]]


def _members(tokens: Tokens, value: _Pairs, depth: int) -> tuple[tuple[Member, ...], int]:
    """The members of the object whose ``{`` was read, and the offset behind its ``}``."""
    found: list[Member] = []
    for key, content in value.pairs:
        name = next(tokens)
        if name[0] == ",":
            name = next(tokens)
        next(tokens)  # the colon
        found.append(_value(tokens, next(tokens), key, name.start(), content, depth))
    return tuple(found), next(tokens).end()


def _value(
    tokens: Tokens, first: re.Match[str], key: str, start: int, content: object, depth: int
) -> Member:
    """One value, whose first token was read."""
    members: tuple[Member, ...] = ()
    items: list[Member] = []
    end = first.end()
    if isinstance(content, _Pairs) and depth < _MEMBER_DEPTH:
        members, end = _members(tokens, content, depth + 1)
    elif isinstance(content, list) and depth < _MEMBER_DEPTH:
        for part in content:
            token = next(tokens)
            if token[0] == ",":
                token = next(tokens)
            items.append(_value(tokens, token, key, token.start(), part, depth + 1))
        end = next(tokens).end()
    elif first[0] in "{[":
        end = _close(tokens)
    return Member(key, start, end, content, members, tuple(items))


def _close(tokens: Tokens) -> int:
    depth = 1
    for token in tokens:
        depth += (token[0] in "{[") - (token[0] in "}]")
        if depth == 0:
            return token.end()
    raise ValueError("brackets of valid JSON are balanced")


def blocks(members: tuple[Member, ...]) -> Iterator[Body]:
    """Every block. What should be a block and is none has too few labels or no object."""
    for member in members:
        if member.key != "//":
            yield from _labelled(member.key, (), member, LABELS.get(member.key, 0))


def _labelled(
    keyword: str, labels: tuple[str, ...], member: Member, missing: int
) -> Iterator[Body]:
    for part in member.items if isinstance(member.value, list) else (member,):
        if missing and isinstance(part.value, dict):
            for child in part.members:
                if child.key != "//":
                    yield from _labelled(keyword, (*labels, child.key), child, missing - 1)
        else:
            yield Body(keyword, labels, part.start, part.end, part.value, part.members)


def expression(value: object) -> Expression:
    """A JSON value as an expression; strings are templates. Raises ExpressionError."""
    if isinstance(value, str):
        return template(value)
    if isinstance(value, list):
        return List(tuple(expression(item) for item in value))
    if isinstance(value, dict):
        items = ((template(str(key)), expression(item)) for key, item in value.items())
        return Object(tuple(items))
    return Literal(value)  # type: ignore[arg-type]
