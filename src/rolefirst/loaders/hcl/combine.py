"""One value of several: parts of a text, branches, members. References are kept throughout.

A collection of which the members are not told apart (their number, names or order are unknown) is
an unknown value with a tuple in ``data``: its members look like these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from rolefirst.loaders.hcl.plain import MAX_TEXT, text
from rolefirst.project import ABSENT, Data, Reference, State, Value, known, unknown

#: How an unknown part is written in the text of a partly known string.
PLACEHOLDER = "${…}"
MAX_REFERENCES = 200
#: Of more values than this nobody can tell which, only what they were made of is kept.
MAX_CHOICES = 100
_NAMED = re.compile(r"\$\{[^{}…]+\}")


def references(values: Iterable[Value]) -> tuple[Reference, ...]:
    """Every reference in these values, once."""
    found = (reference for value in values for _, reference in value.deep_references())
    return tuple(dict.fromkeys(found))[:MAX_REFERENCES]


def placeholder(name: str) -> str:
    """How a value that the code names is written where its text is unknown.

    It has to fit into JSON text, where a double quote would end the string.
    """
    name = name.replace('"', "'")
    return PLACEHOLDER if set("{}\\") & set(name) else f"${{{name}}}"


def member_placeholder(data: Data, step: str | int) -> str | None:
    """The same for a member of a named value; None when ``data`` is no name."""
    if not isinstance(data, str) or not _NAMED.fullmatch(data):
        return None
    name = data[2:-1]
    return placeholder(f"{name}[{step}]" if isinstance(step, int) else f"{name}.{step}")


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


def doubtful(value: Value, reason: str) -> Value:
    """The same value, if it is there at all: its members and references are kept."""
    if value.absent:
        return value
    data: Data = None
    if isinstance(value.data, dict):
        data = {name: doubtful(member, reason) for name, member in value.data.items()}
    elif isinstance(value.data, tuple):
        data = tuple(doubtful(member, reason) for member in value.data)
    return Value(State.UNKNOWN, data, reason, value.references)


def either(reason: str, choices: Iterable[Value]) -> Value:
    """One of these, nobody can tell which. Members of the same name are one of theirs."""
    listed = list(choices)
    if len(listed) > MAX_CHOICES:
        return unknown(reason, references(listed))
    if listed and all(choice == listed[0] for choice in listed[1:]):
        return listed[0]
    there = [choice for choice in listed if not _nothing(choice)]
    if len(there) == 1:
        return doubtful(there[0], reason)
    beside = references(replace(choice, data=None) for choice in there)
    objects = [choice.data for choice in there if isinstance(choice.data, dict)]
    if objects and len(objects) == len(there):
        nothing = [ABSENT] if len(there) < len(listed) else []
        names = dict.fromkeys(name for members in objects for name in members)
        merged = {
            name: either(reason, [*(members.get(name, ABSENT) for members in objects), *nothing])
            for name in names
        }
        return Value(State.UNKNOWN, merged, reason, beside)
    lists = [choice.data for choice in there if isinstance(choice.data, tuple)]
    if lists and len(lists) == len(there):
        items = tuple(item for members in lists for item in members)
        return Value(State.UNKNOWN, items, reason, beside)
    return unknown(reason, references(there))


def _nothing(value: Value) -> bool:
    """True of null and of a value of which nothing is known at all."""
    formless = value.unknown and not isinstance(value.data, (tuple, dict))
    return value.absent or (formless and not value.references)


def any_member(collection: Value, reason: str) -> Value:
    """A member of a list or object, nobody can tell which.

    Of a whole resource whose number of instances is unknown it is the resource itself.
    """
    member = either(reason, collection.members())
    if collection.unknown and isinstance(collection.data, dict):
        member = doubtful(member, reason)  # there may be more members, unlike these
    data = member.data if isinstance(member.data, (tuple, dict)) else None
    found = tuple(dict.fromkeys((*member.references, *collection.references)))
    return Value(State.UNKNOWN, data, reason, found)


def any_list(collection: Value, reason: str) -> Value:
    """A list of unknown length, of members of a collection."""
    return many(any_member(collection, reason), reason)


def many(member: Value, reason: str) -> Value:
    """A collection of unknown number, of members that look like this one."""
    return unknown(reason) if _nothing(member) else Value(State.UNKNOWN, (member,), reason)


def rewrite(value: Value, change: Callable[[Reference], Reference]) -> Value:
    """The same value with every reference in it changed."""
    return _rewrite(value, change, {})


def _rewrite(
    value: Value, change: Callable[[Reference], Reference], done: dict[int, Value]
) -> Value:
    """``done`` has the parts that were met before: one value may be in many places of another."""
    if id(value) in done:
        return done[id(value)]
    members = value.data
    if isinstance(members, tuple):
        changed = tuple(_rewrite(member, change, done) for member in members)
        same = all(new is old for new, old in zip(changed, members, strict=True))
        members = members if same else changed
    elif isinstance(members, dict):
        renewed = {name: _rewrite(member, change, done) for name, member in members.items()}
        same = all(renewed[name] is member for name, member in members.items())
        members = members if same else renewed
    result = value
    if members is not value.data or value.references:
        result = replace(value, data=members, references=tuple(map(change, value.references)))
    done[id(value)] = result
    return result
