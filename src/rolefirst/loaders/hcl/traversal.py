"""Selecting members of values, and keeping the trail of what they were made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rolefirst.loaders.hcl.combine import any_member, member_placeholder, rewrite
from rolefirst.loaders.hcl.plain import text
from rolefirst.project import ABSENT, Carries, Hop, Reference, Value

MAX_TRAIL = 30


def extend(value: Value, hop: Hop) -> Value:
    """The same value with one more place on the trail of every reference in it."""
    return rewrite(value, _longer(hop))


def _longer(hop: Hop) -> Callable[[Reference], Reference]:
    def add(reference: Reference) -> Reference:
        trail = reference.trail
        if len(trail) >= MAX_TRAIL or (trail and _same_place(trail[-1], hop)):
            return reference
        return replace(reference, trail=(*trail, hop))

    return add


def _same_place(one: Hop, other: Hop) -> bool:
    """Two names in one line of one block are one place."""
    return (one.label, one.location.path, one.location.line) == (
        other.label,
        other.location.path,
        other.location.line,
    )


def select_all(value: Value, path: list[str | Value]) -> Value:
    """The member at a path."""
    for step in path:
        value = select(value, step)
    return value


def select(value: Value, step: str | Value) -> Value:
    """One member: ``.step`` for a string, ``[step]`` for a value.

    Of an unknown whole object it is unknown, and refers to the member.
    """
    if isinstance(step, str):
        return _select_unknown(value, step, False) if value.unknown else _select_known(value, step)
    if not step.known:
        return any_member(value, step.why or value.why or "an index that is null")
    if value.unknown:
        return _select_unknown(value, step.data, True)
    return _select_known(value, step.data)


def _select_known(value: Value, key: object) -> Value:
    if isinstance(value.data, dict):
        return value.data.get(_key(key), ABSENT)
    if not isinstance(value.data, tuple):
        return ABSENT
    items = value.data
    if isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) < 10:
        key = int(key)
    if isinstance(key, int) and not isinstance(key, bool):
        return items[key] if 0 <= key < len(items) else ABSENT
    if isinstance(key, str) and items:  # Terraform 0.11: x.secret of a counted resource
        return select(items[0], key)
    return ABSENT


def _key(key: object) -> str:
    return text(key) if isinstance(key, (str, int, float)) else ""


def _select_unknown(value: Value, key: object, indexed: bool) -> Value:
    if isinstance(value.data, dict) and (name := _key(key)) in value.data:
        return value.data[name]
    named = isinstance(key, str) and not indexed and not key.isdecimal()
    if isinstance(value.data, tuple):
        member = any_member(value, value.reason)
        return select(member, str(key)) if named else member
    found = []
    for reference in value.references:
        counted = not reference.attribute and bool(getattr(reference.target, "each_unknown", ""))
        if indexed and (counted or not isinstance(key, str)):
            found.append(reference)  # an instance, or one of a list of what instances have
            continue
        if reference.carries not in (Carries.WHOLE, Carries.OTHER):
            found.append(reference)  # it has no members: the object around it was not told apart
            continue
        attribute = f"{reference.attribute}.{key}" if reference.attribute else str(key)
        found.append(replace(reference, attribute=attribute))
    if len(found) == 1 and not value.references[0].attribute:
        target, name = found[0].target, found[0].attribute
        if name in _written(found[0]):
            return replace(target[name], references=(found[0],))
    step = key if isinstance(key, int) else str(key)
    return replace(value, data=member_placeholder(value.data, step), references=tuple(found))


def _written(reference: Reference) -> set[str]:
    """The arguments that stand in the code; those of a module call are not its attributes."""
    target = reference.target
    return set(target.names()) if target.kind in ("resource", "data") else set()
