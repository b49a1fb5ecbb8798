"""Terraform's functions, as far as they can be computed from the code alone.

``PLAIN`` works on known arguments only. ``PARTIAL`` also makes sense of arguments of which only a
part is known, which is what code around IAM needs: ``merge(local.tags, var.tags)`` has a known
``Owner`` even when ``var.tags`` is unknown. A function that is missing here gives an unknown value.
Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rolefirst.loaders.hcl.collection_functions import COLLECTIONS, items_of
from rolefirst.loaders.hcl.combine import (
    any_member,
    concatenate,
    doubtful,
    either,
    from_plain,
    references,
    rewrite,
)
from rolefirst.loaders.hcl.plain import MAX_TEXT, PLAIN, json_text
from rolefirst.project import ABSENT, Data, Hop, Reference, State, Value, known, unknown

_UNKNOWN_PART = re.compile(r"\$\{[^{}]*\}")
#: The label of a place where Terraform stops hiding a value.
EXPOSED = "nonsensitive()"
#: What these return tells something about a value and does not hold it.
_ABOUT = (
    *("alltrue", "anytrue", "can", "contains", "endswith", "index", "issensitive", "length"),
    *("startswith", "strcontains", "uuidv5", "bcrypt", "md5", "sha1", "sha256", "sha512"),
    *("base64sha256", "base64sha512"),
)


def _merge(*objects: Value) -> Value:
    """Known members stay known, unless an unknown object to their right may replace them."""
    members: dict[str, Value] = {}
    missing = [value for value in objects if value.unknown]
    for value in objects:
        if isinstance(value.data, dict):
            members.update(value.data)
        elif value.unknown:
            reason = f"{value.reason} may replace it"
            members = {name: doubtful(member, reason) for name, member in members.items()}
    if not missing:
        return known(members)
    beside = references(replace(value, data=None) for value in missing)
    return Value(State.UNKNOWN, members, missing[0].reason, beside)


def _lookup(table: Value, key: Value, default: Value = ABSENT) -> Value:
    members = table.data if isinstance(table.data, dict) else None
    if members is not None and key.text is not None and (key.text in members or not table.unknown):
        return members.get(key.text, default)
    reason = table.why or key.why or "lookup of an unknown key"
    return either(reason, [any_member(table, reason), default])


def _try(*alternatives: Value) -> Value:
    """The first that is not an error; what the code lacks reads as absent here."""
    there = [value for value in alternatives if not value.absent]
    if not there or not _may_fail(there[0]):
        return there[0] if there else ABSENT
    return either(there[0].why, there)


def _may_fail(value: Value) -> bool:
    """An attribute of a block that the code surely makes is there, whatever its value."""
    if not value.unknown or isinstance(value.data, (tuple, dict)):
        return False
    return not value.references or any(ref.target.doubt for ref in value.references)


def _coalesce(*alternatives: Value) -> Value:
    return _first(alternatives, "")


def _coalescelist(*alternatives: Value) -> Value:
    return _first(alternatives, ())


def _first(alternatives: tuple[Value, ...], empty: Data) -> Value:
    """The first that is not empty; one that may be empty does not hide the next."""
    there = [value for value in alternatives if not value.absent and value.data != empty]
    if not there:
        return ABSENT
    return either(there[0].why, there) if _may_be_empty(there[0]) else there[0]


def _may_be_empty(value: Value) -> bool:
    if not value.unknown or isinstance(value.data, (tuple, dict)):
        return False
    return not isinstance(value.data, str) or not _UNKNOWN_PART.sub("", value.data)


def _join(separator: Value, items: Value) -> Value:
    found = items_of(items)
    if found is None or separator.text is None:
        return unknown(
            items.why or separator.why or "join() of no list", references([separator, items])
        )
    return concatenate(
        [part for item in found for part in (separator, item)][1:] if found else [known("")]
    )


def _jsonencode(value: Value) -> Value:
    """A partly known document keeps its structure in ``data``, for policies and secrets."""
    if value.known or value.absent:
        return known(json_text(value.plain()), references([value]))
    data = None if isinstance(value.data, str) else value.data  # a text is not its own encoding
    return Value(State.UNKNOWN, data, value.why, value.references)


def _encode(value: Value) -> Value:
    """Text that is not computed, of which the structure is kept."""
    return Value(State.UNKNOWN, value.data, "its text is not computed here", value.references)


def _jsondecode(written: Value) -> Value:
    return _plain("jsondecode", (written,)) if written.known else _decode(written)


def _decode(written: Value) -> Value:
    """What was encoded before: its structure, as far as that is known."""
    data = written.data if isinstance(written.data, (tuple, dict)) else None
    return Value(State.UNKNOWN, data, written.why or "not read here", references([written]))


def _nonsensitive(value: Value) -> Value:
    """The same value; its trail says that Terraform hides it no longer."""
    return rewrite(value, _exposed)


def _exposed(reference: Reference) -> Reference:
    if not reference.trail:
        return reference
    *before, last = reference.trail
    return replace(reference, trail=(*before, Hop(last.location, EXPOSED), last))


PARTIAL: dict[str, Callable[..., Value]] = {
    **COLLECTIONS,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "join": _join,
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": _nonsensitive,
    "sensitive": lambda value: value,
    "try": _try,
    "yamldecode": _decode,
    "yamlencode": _encode,
}


def call(name: str, arguments: list[Value]) -> Value:
    """Apply a function. What cannot be computed is unknown, with all its references kept."""
    try:
        partial = PARTIAL.get(name)
        value = partial(*arguments) if partial else _plain(name, arguments)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, ArithmeticError):
        value = unknown(f"{name}() cannot be computed here", references(arguments))
    return replace(value, references=()) if name in _ABOUT else value


def _plain(name: str, arguments: Sequence[Value]) -> Value:
    """A function of known arguments."""
    plain = PLAIN.get(name)
    blocked = next((argument.why for argument in arguments if not argument.known), "")
    if plain is None or blocked:
        reason = blocked or f"{name}() is not computed here"
        return unknown(reason, references(arguments))
    result = plain(*(argument.plain() for argument in arguments))
    if isinstance(result, str) and len(result) > MAX_TEXT:
        return unknown("a string that is too long", references(arguments))
    return _with_references(from_plain(result), references(arguments))


def _with_references(value: Value, found: tuple[Reference, ...]) -> Value:
    if not found:
        return value
    data: Data = value.data
    return Value(value.state, data, value.reason, tuple(dict.fromkeys((*value.references, *found))))
