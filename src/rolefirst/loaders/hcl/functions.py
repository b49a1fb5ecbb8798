"""Terraform's functions, as far as they can be computed from the code alone.

``PLAIN`` works on known arguments only. ``PARTIAL`` also makes sense of arguments of which only a
part is known, which is what code around IAM needs: ``merge(local.tags, var.tags)`` has a known
``Owner`` even when ``var.tags`` is unknown. A function that is missing here gives an unknown value.
Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable

from rolefirst.project import ABSENT, Data, Reference, State, Value, known, unknown

#: No string or collection grows beyond this: a hostile file must not fill the memory.
MAX_ITEMS = 10_000
MAX_TEXT = 1_000_000
#: How an unknown part is written in the text of a partly known string.
PLACEHOLDER = "${…}"


class FunctionError(ValueError):
    """The function cannot be computed for these arguments."""


def references(values: Iterable[Value]) -> tuple[Reference, ...]:
    """Every reference in these values, once."""
    found = (reference for value in values for _, reference in value.deep_references())
    return tuple(dict.fromkeys(found))[:200]


def from_plain(data: object) -> Value:
    """Plain Python data as a value."""
    if data is None:
        return ABSENT
    if isinstance(data, (list, tuple, set)):
        return known(tuple(from_plain(item) for item in data))
    if isinstance(data, dict):
        return known({str(key): from_plain(item) for key, item in data.items()})
    return known(data if isinstance(data, (str, int, float, bool)) else str(data))


def text(value: object) -> str:
    """How Terraform converts a scalar to a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (list, dict)) or value is None:
        raise FunctionError("not a string")
    return str(value)


def json_text(data: object) -> str:
    """What ``jsonencode`` writes: sorted keys, no blanks, ``<``, ``>`` and ``&`` escaped."""
    written = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


# --- functions of known arguments ------------------------------------------------------------


_VERB = re.compile(r"%(?P<pad>0?)(?P<width>\d{0,2})(?:\.(?P<digits>\d))?(?P<verb>[sdvqft%])")


def _format(pattern: str, *arguments: object) -> str:
    rest = list(arguments)

    def verb(found: re.Match[str]) -> str:
        if found["verb"] == "%":
            return "%"
        if not rest:
            raise FunctionError("too few arguments")
        value = rest.pop(0)
        if found["verb"] == "q":
            return json.dumps(text(value))
        if found["verb"] == "f":
            return f"{float(text(value)):.{found['digits'] or 6}f}"
        written = json_text(value) if isinstance(value, (list, dict)) else text(value)
        return written.rjust(int(found["width"] or 0), "0" if found["pad"] else " ")

    written = _VERB.sub(verb, pattern)
    if re.search(r"%[^%]", _VERB.sub("", pattern)):
        raise FunctionError("a verb that is not supported")
    return written


def _flatten(items: Iterable[object]) -> list[object]:
    flat: list[object] = []
    for item in items:
        flat.extend(_flatten(item) if isinstance(item, list) else [item])
    return flat


def _distinct(items: Iterable[object]) -> list[object]:
    found: list[object] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def _set(items: Iterable[object]) -> list[object]:
    return sorted(_distinct(items), key=lambda item: json_text(item))


def _range(*bounds: float) -> list[int]:
    numbers = range(*(int(bound) for bound in bounds))
    if len(numbers) > MAX_ITEMS:
        raise FunctionError("too many items")
    return list(numbers)


def _replace(string: str, old: str, new: str) -> str:
    if old.startswith("/") and old.endswith("/") and len(old) > 1:
        raise FunctionError("a regular expression")
    return string.replace(old, new)


def _one(items: list[object]) -> object:
    if len(items) > 1:
        raise FunctionError("more than one item")
    return items[0] if items else None


def _number(value: object) -> object:
    try:
        return int(text(value)) if re.fullmatch(r"-?\d+", text(value)) else float(text(value))
    except ValueError:
        raise FunctionError("not a number") from None


def _bool(value: object) -> bool:
    if text(value) not in ("true", "false"):
        raise FunctionError("not a bool")
    return text(value) == "true"


def _index(items: list[object], item: object) -> int:
    if item not in items:
        raise FunctionError("no such item")
    return items.index(item)


PLAIN: dict[str, Callable[..., object]] = {
    "abs": abs,
    "base64decode": lambda s: base64.b64decode(s, validate=True).decode(),
    "base64encode": lambda s: base64.b64encode(s.encode()).decode(),
    "chomp": lambda s: s.rstrip("\r\n"),
    "contains": lambda items, item: item in items,
    "distinct": _distinct,
    "endswith": lambda s, end: s.endswith(end),
    "flatten": _flatten,
    "format": _format,
    "index": _index,
    "indent": lambda n, s: s.replace("\n", "\n" + " " * min(int(n), 100)),
    "jsondecode": json.loads,
    "lower": lambda s: s.lower(),
    "max": max,
    "min": min,
    "one": _one,
    "range": _range,
    "replace": _replace,
    "reverse": lambda items: list(reversed(items)),
    "setintersection": lambda first, *rest: _set(
        i for i in first if all(i in other for other in rest)
    ),
    "setsubtract": lambda a, b: _set(i for i in a if i not in b),
    "setunion": lambda *sets: _set(i for items in sets for i in items),
    "slice": lambda items, start, end: items[start:end],
    "sort": lambda items: sorted(map(text, items)),
    "split": lambda separator, s: s.split(separator),
    "startswith": lambda s, start: s.startswith(start),
    "strcontains": lambda s, part: part in s,
    "strrev": lambda s: s[::-1],
    "substr": lambda s, start, length: s[start:] if length < 0 else s[start : start + length],
    "sum": sum,
    "title": lambda s: re.sub(r"\b[a-z]", lambda m: m[0].upper(), s),
    "tobool": _bool,
    "tonumber": _number,
    "tostring": text,
    "trim": lambda s, characters: s.strip(characters),
    "trimprefix": lambda s, prefix: s.removeprefix(prefix),
    "trimspace": lambda s: s.strip(),
    "trimsuffix": lambda s, suffix: s.removesuffix(suffix),
    "upper": lambda s: s.upper(),
}


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
    if None in found:
        reason = next(value.why for value, items in zip(lists, found, strict=True) if items is None)
        return unknown(reason, references(lists))
    return known(joined)


def _lookup(table: Value, key: Value, default: Value = ABSENT) -> Value:
    if isinstance(table.data, dict) and not table.unknown and key.text is not None:
        return table.data.get(key.text, default)
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
        return unknown(items.why or separator.why, references([separator, items]))
    return concatenate(
        [part for item in found for part in (separator, item)][1:] if found else [known("")]
    )


def _jsonencode(value: Value) -> Value:
    """A partly known document keeps its structure in ``data``, for policies and secrets."""
    if value.known:
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
    return known(tuple(i for i in found if i.data not in ("", None) or i.unknown)) if found else value


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


def _zipmap(names: Value, values: Value) -> Value:
    keys, items = _items(names), _items(values)
    if keys is None or items is None or any(key.text is None for key in keys):
        return unknown(names.why or values.why, references([names, values]))
    return known({str(key.text): item for key, item in zip(keys, items, strict=False)})


def concatenate(parts: list[Value]) -> Value:
    """A string made of parts. Of a partly known one ``data`` is the text with placeholders."""
    written: list[str] = []
    for part in parts:
        if part.known and not isinstance(part.data, (tuple, dict)):
            written.append("" if part.data is None else text(part.data))
        else:
            partial = part.data if part.unknown and isinstance(part.data, str) else PLACEHOLDER
            written.append(partial)
    joined = "".join(written)[:MAX_TEXT]
    found = references(parts)
    reason = next((part.why for part in parts if part.why), "")
    if reason:
        return Value(State.UNKNOWN, joined, reason, found)
    return known(joined, found)


PARTIAL: dict[str, Callable[..., Value]] = {
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "compact": _compact,
    "concat": _concat,
    "element": _element,
    "join": _join,
    "jsonencode": _jsonencode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": _unwrap,
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
    value = from_plain(result)
    return _with_references(value, references(arguments))


def _with_references(value: Value, found: tuple[Reference, ...]) -> Value:
    if not found:
        return value
    data: Data = value.data
    return Value(value.state, data, value.reason, tuple(dict.fromkeys((*value.references, *found))))
