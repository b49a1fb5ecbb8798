"""Terraform's functions of lists and objects of which only a part is known."""

from __future__ import annotations

from collections.abc import Callable

from rolefirst.loaders.hcl.combine import any_list, any_member, references
from rolefirst.loaders.hcl.plain import MAX_ITEMS, json_text
from rolefirst.project import ABSENT, State, Value, known, unknown


def items_of(value: Value) -> tuple[Value, ...] | None:
    """The members of a list of which at least the number is known; None of any other value."""
    if value.absent:
        return ()
    if isinstance(value.data, tuple) and not value.unknown:
        return value.data
    return None


def _concat(*lists: Value) -> Value:
    found = [items_of(value) for value in lists]
    joined = tuple(item for items in found for item in items or ())
    if len(joined) > MAX_ITEMS:
        return unknown("a list that is too long", references(lists))
    missing = [value for value, items in zip(lists, found, strict=True) if items is None]
    if not missing:
        return known(joined)
    reason = missing[0].why or "concat() of no list"
    items = (*joined, *(any_member(value, reason) for value in missing))
    return Value(State.UNKNOWN, items, reason)


def _element(items: Value, index: Value) -> Value:
    found = items_of(items)
    if found and isinstance(index.data, int):
        return found[index.data % len(found)]
    if found is not None and not found:
        return ABSENT
    return any_member(items, items.why or index.why or "element of an unknown list")


def _to_list(value: Value) -> Value:
    if isinstance(value.data, dict) and not value.unknown:
        return known(tuple(value.data.values()))
    return value


def _to_set(value: Value) -> Value:
    if not value.known or not isinstance(value.data, tuple):
        return value
    return known(tuple({json_text(v.plain()): v for v in value.data}.values()))


def _reverse(value: Value) -> Value:
    found = items_of(value)
    return value if found is None else known(found[::-1])


def _slice(value: Value, start: Value, end: Value) -> Value:
    found = items_of(value)
    if found is None or not isinstance(start.data, int) or not isinstance(end.data, int):
        reason = value.why or start.why or end.why or "slice() of no list"
        return any_list(value, reason)
    if not 0 <= start.data <= end.data <= len(found):
        return unknown("slice() out of range", references([value]))
    return known(found[start.data : end.data])


def _compact(value: Value) -> Value:
    found = items_of(value)
    return (
        known(tuple(i for i in found if i.data not in ("", None) or i.unknown)) if found else value
    )


def _values(value: Value) -> Value:
    if isinstance(value.data, dict) and not value.unknown:
        return known(tuple(value.data[name] for name in sorted(value.data)))
    reason = value.why or "values of an unknown object"
    return any_list(value, reason)


def _keys(value: Value) -> Value:
    if isinstance(value.data, dict) and not value.unknown:
        return known(tuple(known(name) for name in sorted(value.data)))
    return unknown(value.why or "keys of an unknown object", references([value]))


def _length(value: Value) -> Value:
    if value.unknown or isinstance(value.data, (int, float)):
        return unknown(value.why or "length of a number", references([value]))
    return known(len(value.data) if isinstance(value.data, (str, tuple, dict)) else 0)


def _one(items: Value) -> Value:
    found = items_of(items)
    if found is None or len(found) > 1:
        return any_member(items, items.why or "one() of several items")
    return found[0] if found else ABSENT


def _flatten(items: Value) -> Value:
    found = items_of(items)
    if found is None:
        member = any_member(items, items.why or "flatten() of no list")
        return _flatten(member) if isinstance(member.data, tuple) else any_list(items, member.why)
    flat: list[Value] = []
    reason = ""
    for item in found:
        if isinstance(item.data, tuple):
            inner = _flatten(item)
            reason = reason or inner.reason
            flat.extend(inner.members())
        else:
            flat.append(item)
    return Value(State.UNKNOWN if reason else State.KNOWN, tuple(flat), reason)


def _zipmap(names: Value, values: Value) -> Value:
    keys, items = items_of(names), items_of(values)
    reason = names.why or values.why or "zipmap() of no names"
    if keys is None or any(key.text is None for key in keys):
        return any_list(values, reason)
    if items is None:
        return known({str(key.text): any_member(values, reason) for key in keys})
    return known({str(key.text): item for key, item in zip(keys, items, strict=False)})


COLLECTIONS: dict[str, Callable[..., Value]] = {
    "compact": _compact,
    "concat": _concat,
    "element": _element,
    "flatten": _flatten,
    "keys": _keys,
    "length": _length,
    "list": lambda *items: known(items),  # Terraform 0.11
    "one": _one,
    "reverse": _reverse,
    "slice": _slice,
    "tolist": _to_list,
    "tomap": lambda value: value,
    "toset": _to_set,
    "values": _values,
    "zipmap": _zipmap,
}
