"""Terraform's functions, as far as they can be computed from the code alone.

``PLAIN`` works on known arguments only. ``PARTIAL`` also makes sense of arguments of which only a
part is known, which is what code around IAM needs: ``merge(local.tags, var.tags)`` has a known
``Owner`` even when ``var.tags`` is unknown. A function that is missing here gives an unknown value.
Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rolefirst.loaders.hcl.plain import MAX_ITEMS, MAX_TEXT, PLAIN, json_text, text
from rolefirst.project import ABSENT, Data, Reference, State, Value, known, unknown

#: How an unknown part is written in the text of a partly known string.
PLACEHOLDER = "${…}"


def references(values: Iterable[Value]) -> tuple[Reference, ...]:
    """Every reference in these values, once."""
    found = (reference for value in values for _, reference in value.deep_references())
    return tuple(dict.fromkeys(found))[:200]


def size(value: Value, limit: int) -> int:
    """How many parts a value has; a long text counts as several. Ends at ``limit``."""
    count = 0
    pending = [value]
    while pending and count < limit:
        data = pending.pop().data
        if isinstance(data, tuple):
            count += len(data)
            pending.extend(data)
        elif isinstance(data, dict):
            count += len(data)
            pending.extend(data.values())
        elif isinstance(data, str):
            count += len(data) // 100
    return count


def from_plain(data: object) -> Value:
    """Plain Python data as a value."""
    if data is None:
        return ABSENT
    if isinstance(data, (list, tuple, set)):
        return known(tuple(from_plain(item) for item in data))
    if isinstance(data, dict):
        return known({str(key): from_plain(item) for key, item in data.items()})
    return known(data if isinstance(data, (str, int, float, bool)) else str(data))


# --- functions of partly known arguments -----------------------------------------------------


def _merge(*objects: Value) -> Value:
    """Known members stay known, unless an unknown object to their right may replace them."""
    members: dict[str, Value] = {}
    missing = [value for value in objects if value.unknown]
    for value in objects:
        if isinstance(value.data, dict):
            members.update(value.data)
        elif value.unknown:
            members = {
                name: unknown(f"{value.reason} may replace it", member.references)
                for name, member in members.items()
            }
    if not missing:
        return known(members)
    return Value(State.UNKNOWN, members, missing[0].reason, references(missing))


def _items(value: Value) -> tuple[Value, ...] | None:
    if value.absent:
        return ()
    if isinstance(value.data, tuple) and not value.unknown:
        return value.data
    return None


def _concat(*lists: Value) -> Value:
    found = [_items(value) for value in lists]
    joined = tuple(item for items in found for item in items or ())
    if len(joined) > MAX_ITEMS:
        return unknown("a list that is too long", references(lists))
    if None in found:
        reason = next(value.why for value, items in zip(lists, found, strict=True) if items is None)
        return unknown(reason or "concat() of no list", references(lists))
    return known(joined)


def _lookup(table: Value, key: Value, default: Value = ABSENT) -> Value:
    members = table.data if isinstance(table.data, dict) and key.text is not None else None
    if members is not None and (key.text in members or not table.unknown):
        return members.get(str(key.text), default)
    return unknown(table.why or key.why or "lookup of an unknown key", references([table, default]))


def _try(*alternatives: Value) -> Value:
    """The first that is not an error; what the code lacks reads as absent here."""
    return next((value for value in alternatives if not value.absent), ABSENT)


def _coalesce(*alternatives: Value) -> Value:
    for value in alternatives:
        if value.unknown or (not value.absent and value.data != ""):
            return value
    return ABSENT


def _element(items: Value, index: Value) -> Value:
    found = _items(items)
    if found and isinstance(index.data, int):
        return found[index.data % len(found)]
    if found is not None and not found:
        return ABSENT
    return unknown(items.why or index.why or "element of an unknown list", references([items]))


def _join(separator: Value, items: Value) -> Value:
    found = _items(items)
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
    return Value(State.UNKNOWN, value.data, value.why, value.references)


def _unwrap(value: Value) -> Value:
    return value


def _to_list(value: Value) -> Value:
    return known(tuple(value.data.values())) if isinstance(value.data, dict) else value


def _to_set(value: Value) -> Value:
    if not value.known or not isinstance(value.data, tuple):
        return value
    return known(tuple({json_text(v.plain()): v for v in value.data}.values()))


def _compact(value: Value) -> Value:
    found = _items(value)
    return (
        known(tuple(i for i in found if i.data not in ("", None) or i.unknown)) if found else value
    )


def _values(value: Value) -> Value:
    if isinstance(value.data, dict) and not value.unknown:
        return known(tuple(value.data[name] for name in sorted(value.data)))
    return unknown(value.why or "values of an unknown object", references([value]))


def _keys(value: Value) -> Value:
    if isinstance(value.data, dict) and not value.unknown:
        return known(tuple(known(name) for name in sorted(value.data)))
    return unknown(value.why or "keys of an unknown object", references([value]))


def _length(value: Value) -> Value:
    if value.unknown or isinstance(value.data, (int, float)):
        return unknown(value.why or "length of a number", references([value]))
    return known(len(value.data) if isinstance(value.data, (str, tuple, dict)) else 0)


def _one(items: Value) -> Value:
    found = _items(items)
    if found is None or len(found) > 1:
        return unknown(items.why or "one() of several items", references([items]))
    return found[0] if found else ABSENT


def _flatten(items: Value) -> Value:
    found = _items(items)
    if found is None:
        return unknown(items.why or "flatten() of no list", references([items]))
    flat: list[Value] = []
    for item in found:
        inner = _items(_flatten(item)) if isinstance(item.data, tuple) else None
        flat.extend((item,) if inner is None else inner)
    return known(tuple(flat))


def _zipmap(names: Value, values: Value) -> Value:
    keys, items = _items(names), _items(values)
    if keys is None or items is None or any(key.text is None for key in keys):
        return unknown(
            names.why or values.why or "zipmap() of no names", references([names, values])
        )
    return known({str(key.text): item for key, item in zip(keys, items, strict=False)})


def concatenate(parts: list[Value]) -> Value:
    """A string made of parts. Of a partly known one ``data`` is the text with placeholders."""
    written: list[str] = []
    length = 0
    for part in parts:
        if part.state is not State.UNKNOWN and not isinstance(part.data, (tuple, dict)):
            written.append("" if part.data is None else text(part.data))
        else:
            partial = part.data if part.unknown and isinstance(part.data, str) else PLACEHOLDER
            written.append(partial)
        length += len(written[-1])
        if length > MAX_TEXT:
            return unknown("a string that is too long", references(parts))
    joined = "".join(written)
    found = references(parts)
    reason = next((part.why for part in parts if part.why), "")
    if not reason and any(isinstance(part.data, (tuple, dict)) for part in parts):
        reason = "a list or an object is no part of a string"
    if reason:
        return Value(State.UNKNOWN, joined, reason, found)
    return known(joined, found)


PARTIAL: dict[str, Callable[..., Value]] = {
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "compact": _compact,
    "concat": _concat,
    "element": _element,
    "flatten": _flatten,
    "join": _join,
    "jsonencode": _jsonencode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": _unwrap,
    "one": _one,
    "sensitive": _unwrap,
    "tolist": _to_list,
    "tomap": _unwrap,
    "toset": _to_set,
    "try": _try,
    "values": _values,
    "zipmap": _zipmap,
}


def call(name: str, arguments: list[Value]) -> Value:
    """Apply a function. What cannot be computed is unknown, with all its references kept."""
    try:
        if partial := PARTIAL.get(name):
            return partial(*arguments)
        plain = PLAIN.get(name)
        blocked = next((argument.why for argument in arguments if not argument.known), "")
        if plain is None or blocked:
            reason = blocked or f"{name}() is not computed here"
            return unknown(reason, references(arguments))
        result = plain(*(argument.plain() for argument in arguments))
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, ArithmeticError):
        return unknown(f"{name}() cannot be computed here", references(arguments))
    if isinstance(result, str) and len(result) > MAX_TEXT:
        return unknown("a string that is too long", references(arguments))
    value = from_plain(result)
    return _with_references(value, references(arguments))


def _with_references(value: Value, found: tuple[Reference, ...]) -> Value:
    if not found:
        return value
    data: Data = value.data
    return Value(value.state, data, value.reason, tuple(dict.fromkeys((*value.references, *found))))
