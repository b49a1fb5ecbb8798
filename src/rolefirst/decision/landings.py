"""Where the secret of a key lies in the open: places that whoever looks at them can read it from.

The catalogue says of each sink and store which of its arguments are such a place. What leaves a
store again is followed, as far as the secret itself goes on and not just the store's address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

from rolefirst.decision import catalogue, stores
from rolefirst.decision.catalogue import Sink, Store
from rolefirst.decision.flow import Exit, exits
from rolefirst.decision.keys import keys
from rolefirst.findings import Location
from rolefirst.project import Block, Carries, Project

#: What signs in as it is; an encrypted secret lies nowhere in the open.
READABLE = frozenset({Carries.SECRET, Carries.SES_PASSWORD, Carries.WHOLE})
#: Arguments that any resource may have and that everybody who lists the resource can read, and the
#: command lines of its provisioners, which are in the process list and in the log.
_ANYWHERE = (
    "tags*",
    "tag.value",
    "labels*",
    "annotations*",
    "description",
    "provisioner.local-exec.command",
    "provisioner.remote-exec.inline",
)


@dataclass(frozen=True, slots=True)
class Landing:
    """The secret of ``key`` lies open in ``argument``, a dotted path in ``block``.

    ``at`` is where the code puts it there; ``doubt`` names the argument that may close the place
    and is unknown.
    """

    block: Block
    argument: str
    at: Location
    key: Block
    doubt: str = ""


def landings(project: Project) -> dict[tuple[str, str], list[Landing]]:
    """All of them by root and address of the block, keys in their order."""
    identity = ("landings", "", "")
    if identity not in project.memo:
        found: dict[tuple[str, str], list[Landing]] = {}
        for key in keys(project):
            for landing in _of_key(key.block, project):
                found.setdefault((landing.block.root, landing.block.address), []).append(landing)
        project.memo[identity] = found
    return cast("dict[tuple[str, str], list[Landing]]", project.memo[identity])


def _of_key(key: Block, project: Project) -> Iterator[Landing]:
    pending = [item for item in exits(key, project) if item.carries in READABLE]
    passed: set[tuple[str, str, tuple[str, ...]]] = set()
    while pending:
        item = pending.pop(0)
        place = (item.block.root, item.block.address, item.attribute)
        if place in passed:
            continue
        passed.add(place)
        store = stores.row_of(item.block, project)
        if store is not None:
            pending += stores.outlets(item, store, project)
        if item.block.kind not in ("resource", "data"):
            continue
        row = store or catalogue.of(project).sink(item.block.type, item.dotted)
        doubt = _closed(item, row)
        if doubt is not None:
            yield Landing(item.block, item.dotted, _mention(item), key, doubt)


def _mention(item: Exit) -> Location:
    """The place in the block itself where the value is named."""
    trail = item.reference.trail
    if trail and trail[-1].label == item.block.address:
        return trail[-1].location
    return item.block.at(item.attribute[0])


def _closed(item: Exit, row: Sink | Store | None) -> str | None:
    """None where nobody can look; otherwise the argument on which it depends, empty for none."""
    if any(fnmatchcase(item.dotted, pattern) for pattern in _ANYWHERE):
        return ""
    if row is None or not any(fnmatchcase(item.dotted, pattern) for pattern in row.plain):
        return None
    for name, value in row.plain_unless.items():
        setting = item.block[name]
        if setting.unknown:
            return name
        if str(setting.data).casefold() == value.casefold():
            return None
    return ""
