"""Which keys an entry speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rolefirst.decision.keys import Key, dormant, keys
from rolefirst.exceptions.entries import Entry
from rolefirst.project import Project

_EVERY = re.compile(r"\\\[(?:\\\*|\"\\\*\")\\\]")
_INDEX = re.compile(r"\[[^\[\]]*\]")


def keys_of(entry: Entry, project: Project) -> tuple[Key, ...]:
    """The keys with the entry's address, by default those that only other defaults would make."""
    found = (key for key in _all(project) if key.block.root == entry.root)
    if "*" not in entry.key:
        return tuple(key for key in found if key.block.address == entry.key)
    pattern = _pattern(entry.key)
    return tuple(key for key in found if pattern.fullmatch(key.block.address))


def instance_unknown(entry: Entry, project: Project) -> str:
    """Why the instance an entry names may exist: its block does, and its instances are unknown."""
    plain = _INDEX.sub("", entry.key)
    for key in _all(project):
        if key.block.root == entry.root and key.doubt and _bare(key) == plain:
            return key.doubt
    return ""


def lookalikes(entry: Entry, project: Project) -> Iterable[Key]:
    """Keys that the entry may mean: other instances of the address, the same in another root."""
    plain = _INDEX.sub("", entry.key)
    return (key for key in _all(project) if _bare(key) == plain)


def _all(project: Project) -> tuple[Key, ...]:
    return (*keys(project), *dormant(project))


def _bare(key: Key) -> str:
    return _INDEX.sub("", key.block.address)


def _pattern(address: str) -> re.Pattern[str]:
    """``[*]`` is any instance, also of a block whose instances are not known one by one."""
    return re.compile(_EVERY.sub(r"(?:\\[[^\\[\\]]*\\])?", re.escape(address)))
