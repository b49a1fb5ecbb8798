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
MAX_DEPTH = 200
#: How many labels follow a block type.
LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "output": 1, "variable": 1}
LABELS |= {"provider": 1, "locals": 0, "terraform": 0}


class JsonError(ValueError):
    """The file is no JSON object. ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        """Keep the line beside the message."""
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: offsets of its key and its end, in characters."""

    key: str
    start: int
    end: int
    value: object
    members: tuple[Member, ...] = ()


def read(text: str) -> tuple[Member, ...]:
    """The members of the file's object, with positions. Raises JsonError."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise JsonError(f"not valid JSON: {error.msg.lower()}", error.lineno) from None
    except (RecursionError, ValueError):
        raise JsonError("nested too deeply or with a number too long to be read", 1) from None
    if not isinstance(value, dict):
        raise JsonError("not a JSON object", 1)
    depth = 0
    for found in _TOKEN.finditer(text):
        depth += (found[0] in "{[") - (found[0] in "}]")
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, found.start()) + 1
            raise JsonError(f"nested more than {MAX_DEPTH} levels deep", line)
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
    members, _ = _members(tokens, 1, value)
    return members


def _members(
    tokens: list[tuple[str, int, int]], index: int, value: object
) -> tuple[tuple[Member, ...], int]:
    """The members of the object whose first token behind ``{`` is at ``index``."""
    found: list[Member] = []
    while tokens[index][0] != "}":
        if tokens[index][0] == ",":
            index += 1
        key = json.loads(tokens[index][0])
        start = tokens[index][1]
        member = value[key] if isinstance(value, dict) else None
        index += 2
        inner: tuple[Member, ...] = ()
        if tokens[index][0] == "{":
            inner, index = _members(tokens, index + 1, member)
        elif tokens[index][0] == "[":
            index = _close(tokens, index)
        found.append(Member(key, start, tokens[index][2], member, inner))
        index += 1
    return tuple(found), index


def _close(tokens: list[tuple[str, int, int]], index: int) -> int:
    depth = 0
    while True:
        depth += (tokens[index][0] in "{[") - (tokens[index][0] in "}]")
        if depth == 0:
            return index
        index += 1


def blocks(members: tuple[Member, ...]) -> Iterator[tuple[str, tuple[str, ...], Member, object]]:
    """Every block: keyword, labels, the member it stands in, and one body."""
    for member in members:
        yield from _labelled(member.key, (), member, LABELS.get(member.key, 0))


def _labelled(
    keyword: str, labels: tuple[str, ...], member: Member, missing: int
) -> Iterator[tuple[str, tuple[str, ...], Member, object]]:
    if missing and member.members:
        for child in member.members:
            yield from _labelled(keyword, (*labels, child.key), child, missing - 1)
        return
    for part in member.value if isinstance(member.value, list) else [member.value]:
        if missing and isinstance(part, dict):
            for key, value in part.items():
                child = Member(key, member.start, member.end, value)
                yield from _labelled(keyword, (*labels, key), child, missing - 1)
        else:
            yield keyword, labels, member, part


def expression(value: object) -> Expression:
    """A JSON value as an expression; strings are templates. Raises ExpressionError."""
    if isinstance(value, str):
        return template(value)
    if isinstance(value, list):
        return List(tuple(expression(item) for item in value))
    if isinstance(value, dict):
        items = ((Literal(str(key)), expression(item)) for key, item in value.items())
        return Object(tuple(items))
    return Literal(value)  # type: ignore[arg-type]
