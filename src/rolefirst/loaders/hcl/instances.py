"""How many instances a block has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rolefirst.project import Value, known

#: More instances of one block than this are treated as one of unknown number.
MAX_INSTANCES = 500


@dataclass(frozen=True, slots=True)
class Instances:
    """The instances of a block: ``keys`` is None for a block without count and for_each.

    ``reason`` says why their number is unknown; ``values`` are the ``each.value`` by key.
    """

    keys: tuple[str | int, ...] | None = None
    values: Mapping[str | int, Value] = field(default_factory=dict)
    reason: str = ""


def count(value: Value) -> Instances:
    """The instances that ``count`` makes."""
    text = value.text or ""
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else value.data
    if value.unknown or not isinstance(number, (int, float)):
        return Instances(reason=value.why or "count is not a number")
    if number > MAX_INSTANCES:
        return Instances(reason="count is too large to follow")
    return Instances(tuple(range(int(number))))


def for_each(value: Value, any_value: bool = False) -> Instances:
    """The keys of a ``for_each``. With ``any_value`` a list counts by position, as in dynamic."""
    if value.unknown:
        return Instances(reason=value.why)
    if isinstance(value.data, dict) and len(value.data) <= MAX_INSTANCES:
        return Instances(tuple(value.data), _by_key(value.data))
    if isinstance(value.data, tuple) and len(value.data) <= MAX_INSTANCES:
        if any_value:
            return Instances(tuple(range(len(value.data))), dict(enumerate(value.data)))
        texts = [item.text for item in value.data]
        if None in texts:
            return Instances(reason=value.why or "for_each is not a set of strings")
        return Instances(tuple(str(t) for t in texts), {str(t): known(str(t)) for t in texts})
    if isinstance(value.data, (dict, tuple)):
        return Instances(reason="for_each is too large to follow")
    return Instances(()) if value.absent else Instances(reason="for_each is not a map or set")


def _by_key(members: dict[str, Value]) -> dict[str | int, Value]:
    return dict(members.items())
