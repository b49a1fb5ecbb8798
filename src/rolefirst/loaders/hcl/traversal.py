"""Selecting members of values, and keeping the trail of what they were made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rolefirst.loaders.hcl import functions
from rolefirst.loaders.hcl.plain import text
from rolefirst.project import ABSENT, Hop, Reference, Value, unknown

MAX_TRAIL = 30


def extend(value: Value, hop: Hop) -> Value:
    """The same value with one more place on the trail of every reference in it."""
    return _extend(value, hop, {})


def _extend(value: Value, hop: Hop, done: dict[int, Value]) -> Value:
    """``done`` has the parts that were met before: one value may be in many places of another."""
    if id(value) in done:
        return done[id(value)]
    members = value.data
    if isinstance(members, tuple):
        changed = tuple(_extend(member, hop, done) for member in members)
        same = all(new is old for new, old in zip(changed, members, strict=True))
        members = members if same else changed
    elif isinstance(members, dict):
        renewed = {name: _extend(member, hop, done) for name, member in members.items()}
        same = all(renewed[name] is member for name, member in members.items())
        members = members if same else renewed
    result = value
    if members is not value.data or value.references:
        result = replace(value, data=members, references=tuple(map(_longer(hop), value.references)))
    done[id(value)] = result
    return result


def _longer(hop: Hop) -> Callable[[Reference], Reference]:
    def add(reference: Reference) -> Reference:
        trail = reference.trail
        if len(trail) >= MAX_TRAIL or (trail and trail[-1] == hop):
            return reference
        return replace(reference, trail=(*trail, hop))

    return add


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
        return unknown(
            step.why or value.why or "an index that is null", functions.references([value, step])
        )
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
    found = []
    for reference in value.references:
        counted = not reference.attribute and bool(getattr(reference.target, "each_unknown", ""))
        if indexed and (counted or not isinstance(key, str)):
            found.append(reference)  # an instance, or one of a list of what instances have
            continue
        attribute = f"{reference.attribute}.{key}" if reference.attribute else str(key)
        found.append(replace(reference, attribute=attribute))
    if len(found) == 1 and not value.references[0].attribute:
        target, name = found[0].target, found[0].attribute
        if name in _written(found[0]):
            return replace(target[name], references=(found[0],))
    return replace(value, data=None, references=tuple(found))


def _written(reference: Reference) -> set[str]:
    """The arguments that stand in the code; those of a module call are not its attributes."""
    target = reference.target
    return set(target.names()) if target.kind in ("resource", "data") else set()
