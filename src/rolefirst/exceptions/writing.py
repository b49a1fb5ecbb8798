"""A new entry as YAML, put behind what stands in a register.

What is there keeps every byte. Whether the entry has arrived is read back, so that a register in
another shape is refused instead of spoiled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rolefirst.errors import UsageError
from rolefirst.exceptions.entries import STEPS, Entry
from rolefirst.exceptions.reading import read

#: Marks what is still to be written; RF901 reports it.
TODO = "TODO"
SCHEMA = "access-key-exceptions.schema.json"
_HEADER = (
    f"# yaml-language-server: $schema={SCHEMA}\n"
    "# Keys that stay, and why. One entry per key, approved by somebody who does not own it.\n"
    "exceptions:\n"
)
#: What YAML takes for text without quotes, as people write it.
_PLAIN = re.compile(r"[A-Za-z][\w@./+()-]*(?:[,;]? [\w@./+()-]+)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
#: What to write into an element, in the order of an entry.
ASKED = {
    "purpose": "what the key is for",
    "permissions": "the actions it may use, such as s3:PutObject",
    "source": "the ranges, VPCs or endpoints it works from, such as 203.0.113.0/24",
    "rotation.days": "after how many days at most it is replaced",
    "rotation.how": "what replaces it",
    "audit": "where and how often its use is reviewed",
    "owner": "who answers for it",
    "deactivation": "how, and by what event, it is switched off",
    "approved_by": "who approves, not the owner",
    "approved_on": "the day of the approval, as 2030-12-31",
    "expires": "the last day of the exception, as 2030-12-31",
}
_LISTS = ("permissions", "source")
#: These have a form that no placeholder has: they stay empty, with a comment.
_FORMED = (*_LISTS, "rotation.days", "approved_on", "expires")
_FORM = re.compile(r"[0-9-]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is being written: values by element, lists joined by commas.

    An element without a value is left open; ``hints`` say what is known about it.
    """

    id: str
    key: str
    root: str = "."
    values: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)


def entry_text(draft: Draft) -> str:
    """The entry, indented by two, with a placeholder for everything that is not known."""
    lines = [f"  - id: {_scalar(draft.id)}", f"    key: {_scalar(draft.key)}"]
    if draft.root != ".":
        lines.append(f"    root: {_scalar(draft.root)}")
    lines.append("    alternatives_considered:")
    lines += (f"      {step}: {_value(f'alternatives_considered.{step}', draft)}" for step in STEPS)
    lines += _elements(draft)
    return "\n".join(lines) + "\n"


def appended(old: bytes | None, draft: Draft, path: str) -> bytes:
    """The register with the entry at its end. Raises UsageError where it has no place for it."""
    text = entry_text(draft)
    fresh = (_HEADER + text).encode()
    if wrong := read(fresh, path).problems:
        raise UsageError(f"the entry cannot be written: {wrong[0].message}")
    if old is None:
        return fresh
    before = read(old, path)
    if before.problems:
        first = before.problems[0]
        raise UsageError(f"{path}:{first.line}: {first.message}", "Mend the register first.")
    column = before.entries[0].location.column - 3 if before.entries else 2
    lines = [" " * column + line[2:] for line in text.splitlines()]
    end = "\r\n" if b"\r\n" in old else "\n"
    break_before = "" if old.endswith(b"\n") or not old else end
    head = old + break_before.encode()
    if not before.entries and b"exceptions:" not in old:
        head += f"exceptions:{end}".encode()
    elif before.entries:
        head += end.encode()
    new = head + (end.join(lines) + end).encode()
    return _verified(before.entries, new, path)


def _verified(before: tuple[Entry, ...], new: bytes, path: str) -> bytes:
    """The new text, when it holds the old entries and one more. Raises UsageError."""
    after = read(new, path)
    if after.problems or len(after.entries) != len(before) + 1 or after.entries[:-1] != before:
        hint = "Let the list of exceptions be the last thing in the file, one entry per dash."
        raise UsageError(f"{path}: an entry cannot be put behind what is there", hint)
    return new


def next_id(entries: tuple[Entry, ...], year: int) -> str:
    """The id behind that of the last entry that ends in a number."""
    taken = {entry.id for entry in entries}
    last = next((entry.id for entry in reversed(entries) if entry.id[-1:].isdecimal()), "")
    found = re.fullmatch(r"(.*?)(\d+)", last)
    stem, number = (found[1], found[2]) if found else (f"EXC-{year}-", "000")
    count = int(number)
    while True:
        count += 1
        name = f"{stem}{count:0{len(number)}}"
        if name not in taken:
            return name


def _elements(draft: Draft) -> Iterator[str]:
    yield f"    purpose: {_value('purpose', draft)}"
    yield f"    permissions: {_value('permissions', draft)}"
    yield f"    source: {_value('source', draft)}"
    yield "    rotation:"
    yield f"      days: {_value('rotation.days', draft)}"
    yield f"      how: {_value('rotation.how', draft)}"
    for name in ("audit", "owner", "deactivation", "approved_by", "approved_on", "expires"):
        yield f"    {name}: {_value(name, draft)}"


def _value(name: str, draft: Draft) -> str:
    value = draft.values.get(name, "")
    if not value:
        asked = draft.hints.get(name) or ASKED[name]
        return f"# {TODO}: {asked}" if name in _FORMED else _scalar(f"{TODO}: {asked}")
    if name in _LISTS:
        items = (json.dumps(_plain(item), ensure_ascii=False) for item in value.split(","))
        return f"[{', '.join(items)}]"
    return value if _FORM.fullmatch(value) and name in _FORMED else _scalar(value)


def _scalar(text: str) -> str:
    """A text as YAML reads it back."""
    text = _plain(text)
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """One line without control characters, which no register holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
