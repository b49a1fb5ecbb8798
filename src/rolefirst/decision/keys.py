"""Every long-lived key of an estate, however it is made."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from rolefirst import limits
from rolefirst.decision import catalogue
from rolefirst.decision.catalogue_modules import NEWEST, release_of
from rolefirst.decision.commands import key_commands
from rolefirst.findings import Location
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL
from rolefirst.project import Block, Project


class Origin(enum.Enum):
    """What makes the key."""

    RESOURCE = "resource"
    SERVICE_CREDENTIAL = "service-specific credential"
    MODULE = "module"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Key:
    """A long-lived key. ``block`` is the resource, module call or script that makes it.

    ``doubt`` says why it may not exist: a count or a switch that the code leaves open. ``dormant``
    is true for what makes no key only because of the defaults of a root module's variables.
    """

    block: Block
    origin: Origin
    doubt: str = ""
    dormant: bool = False


def keys(project: Project) -> tuple[Key, ...]:
    """All keys, active or not, in a stable order."""
    identity = ("keys", "", "")
    if identity not in project.memo:
        project.memo[identity] = tuple(_find(project, project))
    return cast("tuple[Key, ...]", project.memo[identity])


def dormant(project: Project) -> tuple[Key, ...]:
    """What makes no key only because of the defaults of a root module's variables.

    A block of which some instance makes a key is not among them. ``doubt`` names the variable.
    """
    identity = ("dormant keys", "", "")
    if identity not in project.memo:
        project.memo[identity] = tuple(_dormant(project))
    return cast("tuple[Key, ...]", project.memo[identity])


def key_of(block: Block, project: Project) -> Key:
    """The key that a block makes, also a dormant one. Raises KeyError when it makes none."""
    identity = ("key by block", "", "")
    if identity not in project.memo:
        found = (*keys(project), *dormant(project))
        project.memo[identity] = {id(key.block): key for key in found}
    return cast("dict[int, Key]", project.memo[identity])[id(block)]


def is_long_lived(block: Block, project: Project) -> bool | None:
    """Whether what a resource makes outlives the rotation limit; None when that cannot be told.

    An access key does. A service-specific credential may end on its own before that.
    """
    age = block["credential_age_days"]
    if block.type != SERVICE_CREDENTIAL or age.absent:
        return True
    if not isinstance(age.data, int) or not age.known:
        return None
    return age.data > limits.of(project).rotation_days


def _dormant(project: Project) -> Iterator[Key]:
    met = {_place(key.block) for key in keys(project)}
    for reading in project.without_defaults():
        found = [key for key in _find(reading, project) if _place(key.block) not in met]
        met.update(_place(key.block) for key in found)
        yield from (replace(key, dormant=True) for key in found)


def _place(block: Block) -> tuple[str, Location, tuple[Location, ...]]:
    """What all instances of a block have in common."""
    return block.root, block.location, tuple(site.location for site in block.call_chain)


def _find(reading: Project, project: Project) -> Iterator[Key]:
    """The keys in one reading of a project, which may be the project itself."""
    for block in reading.resources(ACCESS_KEY):
        yield Key(block, Origin.RESOURCE, block.doubt)
    for block in reading.resources(SERVICE_CREDENTIAL):
        if is_long_lived(block, project) is False:
            continue
        doubt = block["credential_age_days"].why or block.doubt
        yield Key(block, Origin.SERVICE_CREDENTIAL, doubt)
    for call in reading.modules():
        yield from _made_by_module(call, project)
    for block in reading.suspects():
        if key_commands(block):
            yield Key(block, Origin.SCRIPT, block.doubt)


def _made_by_module(call: Block, project: Project) -> Iterator[Key]:
    source = call["source"].text
    row = catalogue.known_module(project, source) if source else None
    if row is None or source is None:
        return
    names = [name for name in (row.switch, *row.requires) if name and name in call.names()]
    settings = {name: _flag(call, name) for name in names}
    release = release_of(source, call["version"].text or "")
    creates = row.creates(settings, release)
    if creates is not False:
        unset = (name for name, value in settings.items() if value is None)
        doubts = (call[name].why or f"{name} is unknown" for name in unset)
        doubt = "" if creates else next(doubts, "its release, which is not known")
        if creates and row.changed and release is not None and release >= NEWEST:
            doubt = "its release: the call names none, so the newest is assumed"
        yield Key(call, Origin.MODULE, doubt or call.doubt)


def _flag(call: Block, name: str) -> bool | None:
    value = call[name]
    if isinstance(value.data, bool) and value.known:
        return value.data
    return {"true": True, "false": False}.get(value.text or "")
