"""Terraform's functions of known arguments, on plain Python data.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable

#: No string or collection grows beyond this: a hostile file must not fill the memory.
MAX_ITEMS = 10_000
MAX_TEXT = 1_000_000


class FunctionError(ValueError):
    """The function cannot be computed for these arguments."""


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


def _by_text(items: Iterable[object]) -> dict[str, object]:
    return {json_text(item): item for item in items}


def _distinct(items: Iterable[object]) -> list[object]:
    found: dict[str, object] = {}
    for item in items:
        found.setdefault(json_text(item), item)
    return list(found.values())


def _set(items: Iterable[object]) -> list[object]:
    return [item for _, item in sorted(_by_text(items).items())]


def _intersection(first: list[object], *others: list[object]) -> list[object]:
    wanted = [_by_text(other) for other in others]
    kept = _by_text(first).items()
    return _set(item for name, item in kept if all(name in other for other in wanted))


def _subtract(first: list[object], second: list[object]) -> list[object]:
    unwanted = _by_text(second)
    return _set(item for name, item in _by_text(first).items() if name not in unwanted)


def _range(*bounds: float) -> list[int]:
    numbers = range(*(int(bound) for bound in bounds))
    if len(numbers) > MAX_ITEMS:
        raise FunctionError("too many items")
    return list(numbers)


def _replace(string: str, old: str, new: str) -> str:
    if old.startswith("/") and old.endswith("/") and len(old) > 1:
        raise FunctionError("a regular expression")
    if len(string) + string.count(old) * len(new) > MAX_TEXT:
        raise FunctionError("the result is too long")
    return string.replace(old, new)


def _indent(width: int, string: str) -> str:
    return _replace(string, "\n", "\n" + " " * min(int(width), 100))


def _no_constant(_: str) -> object:
    raise FunctionError("not JSON")


def _jsondecode(string: str) -> object:
    return json.loads(string, parse_constant=_no_constant)


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


def _slice(items: list[object], start: int, end: int) -> list[object]:
    if not 0 <= start <= end <= len(items):
        raise FunctionError("out of range")
    return items[start:end]


def _substr(string: str, start: int, length: int) -> str:
    start = max(start + len(string), 0) if start < 0 else start
    return string[start:] if length < 0 else string[start : start + length]


#: By name; what is not here is not computed.
PLAIN: dict[str, Callable[..., object]] = {
    "abs": abs,
    "base64decode": lambda s: base64.b64decode(s, validate=True).decode(),
    "base64encode": lambda s: base64.b64encode(s.encode()).decode(),
    "chomp": lambda s: s.rstrip("\r\n"),
    "contains": lambda items, item: item in items,
    "distinct": _distinct,
    "endswith": lambda s, end: s.endswith(end),
    "format": _format,
    "index": _index,
    "indent": _indent,
    "jsondecode": _jsondecode,
    "lower": lambda s: s.lower(),
    "max": max,
    "min": min,
    "range": _range,
    "replace": _replace,
    "reverse": lambda items: list(reversed(items)),
    "setintersection": _intersection,
    "setsubtract": _subtract,
    "setunion": lambda *sets: _set(i for items in sets for i in items),
    "slice": _slice,
    "sort": lambda items: sorted(map(text, items)),
    "split": lambda separator, s: s.split(separator),
    "startswith": lambda s, start: s.startswith(start),
    "strcontains": lambda s, part: part in s,
    "strrev": lambda s: s[::-1],
    "substr": _substr,
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
