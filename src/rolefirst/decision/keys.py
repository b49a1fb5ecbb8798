"""Every long-lived key of an estate, however it is made."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from rolefirst.decision import catalogue
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL
from rolefirst.project import Block, Project

#: A service-specific credential that lives no longer than this is not long-lived.
LIMIT_DAYS = 90
_CREATES = re.compile(r"create-access-key|create_access_key\s*\(|New-IAMAccessKey")


class Origin(enum.Enum):
    """What makes the key."""

    RESOURCE = "resource"
    SERVICE_CREDENTIAL = "service-specific credential"
    MODULE = "module"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Key:
    """A long-lived key. ``block`` is the resource, module call or script that makes it.

    ``doubt`` says why it may not exist: a count or a switch that the code leaves open.
    """

    block: Block
    origin: Origin
    doubt: str = ""


def keys(project: Project) -> tuple[Key, ...]:
    """All keys, active or not, in a stable order."""
    identity = ("keys", "", "")
    if identity not in project.memo:
        project.memo[identity] = tuple(_find(project))
    return cast("tuple[Key, ...]", project.memo[identity])


def _find(project: Project) -> Iterator[Key]:
    for block in project.resources(ACCESS_KEY):
        yield Key(block, Origin.RESOURCE, block.doubt)
    for block in project.resources(SERVICE_CREDENTIAL):
        age = block["credential_age_days"]
        if isinstance(age.data, int) and age.known and age.data <= LIMIT_DAYS:
            continue
        yield Key(block, Origin.SERVICE_CREDENTIAL, age.why or block.doubt)
    for call in project.modules():
        yield from _made_by_module(call)
    for block in project.suspects():
        if block.kind in ("resource", "data") and makes_key(block):
            yield Key(block, Origin.SCRIPT, block.doubt)


def _made_by_module(call: Block) -> Iterator[Key]:
    source = call["source"].text
    row = catalogue.packaged().known_module(source) if source else None
    if row is None or source is None:
        return
    names = [name for name in (row.switch, *row.requires) if name and name in call.names()]
    settings = {name: _flag(call, name) for name in names}
    creates = row.creates(settings, catalogue.release_of(source, call["version"].text or ""))
    if creates is not False:
        doubt = "" if creates else f"{row.switch or 'a switch of the module'} is unknown"
        yield Key(call, Origin.MODULE, doubt or call.doubt)


def _flag(call: Block, name: str) -> bool | None:
    value = call[name]
    if isinstance(value.data, bool) and value.known:
        return value.data
    return {"true": True, "false": False}.get(value.text or "")


def makes_key(block: Block) -> bool:
    """True when a command or script in the block creates an access key."""
    code = "\n".join(
        line for line in block.source().splitlines() if not line.lstrip().startswith(("#", "//"))
    )
    return _CREATES.search(code) is not None
