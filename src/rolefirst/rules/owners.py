"""Who owns an IAM user: its tags together with the ``default_tags`` of its own provider.

AWS compares tag keys with case, people do not: ``Owner``, ``owner`` and ``service-owner`` all name
an owner here. A cost centre pays, it does not answer the telephone.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.findings import Location
from rolefirst.project import Block, Project, Value

_KEYS = frozenset(
    {
        "owner",
        "owners",
        "ownedby",
        "owneremail",
        "ownername",
        "ownerteam",
        "ownercontact",
        "technicalowner",
        "appowner",
        "applicationowner",
        "businessowner",
        "dataowner",
        "productowner",
        "projectowner",
        "resourceowner",
        "serviceowner",
        "systemowner",
        "teamowner",
        "businessunit",
        "contact",
        "contactemail",
        "email",
        "team",
        "teamcontact",
        "teamemail",
        "teamname",
    }
)
_PLACEHOLDERS = frozenset(
    {
        "aws",
        "automated",
        "automation",
        "bar",
        "changeit",
        "changeme",
        "default",
        "dummy",
        "empty",
        "example",
        "fillin",
        "fillme",
        "fixme",
        "foo",
        "iac",
        "managedbyterraform",
        "me",
        "missing",
        "myteam",
        "na",
        "nil",
        "noone",
        "nobody",
        "none",
        "notapplicable",
        "notset",
        "null",
        "opentofu",
        "owner",
        "placeholder",
        "pulumi",
        "replaceme",
        "someone",
        "tba",
        "tbc",
        "tbd",
        "team",
        "teamname",
        "temp",
        "terraform",
        "test",
        "tf",
        "todo",
        "unassigned",
        "undefined",
        "unknown",
        "unset",
        "xx",
        "xxx",
        "you",
        "yourname",
        "yourteam",
    }
)


class Standing(enum.Enum):
    """What can be said about the owner of a user."""

    NAMED = "named"
    MISSING = "missing"
    UNKNOWN = "unknown"
    PLACEHOLDER = "placeholder"
    DOUBTFUL = "a placeholder, unless an unknown tag says better"


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag that names an owner, and where it is written."""

    key: str
    value: Value
    location: Location


@dataclass(frozen=True, slots=True)
class Ownership:
    """The judgement on one user: the tag it rests on, or the reason why it cannot be told."""

    standing: Standing
    reason: str = ""
    tag: Tag | None = None


def owner_of(user: Block, project: Project) -> Ownership:
    """Judge one IAM user."""
    tags, reasons = _owner_tags(user, project)
    written = [tag for tag in tags if not tag.value.absent]
    known = [tag for tag in written if tag.value.known]
    for tag in known:
        if not _is_placeholder(tag.value, user):
            return Ownership(Standing.NAMED, tag=tag)
    reasons += [f"tag {tag.key}: {tag.value.why}" for tag in written if not tag.value.known]
    if known:
        standing = Standing.DOUBTFUL if reasons else Standing.PLACEHOLDER
        return Ownership(standing, "; ".join(reasons), known[0])
    if reasons:
        return Ownership(Standing.UNKNOWN, "; ".join(reasons))
    return Ownership(Standing.MISSING)


def _owner_tags(user: Block, project: Project) -> tuple[list[Tag], list[str]]:
    """The owner tags in force, and why there may be more of them."""
    found: dict[str, Tag] = {}
    reasons: list[str] = []
    own = user["tags"]
    if own.unknown:
        reasons.append(f"tags: {own.why}")
    for value, location in _default_tags(user):
        if value.unknown:
            reasons.append(f"default_tags: {value.why}")
        found.update(_tags(value, location))
    if user.provider is None and project.is_library(user.root):
        reasons.append("the default_tags of whoever calls this module are not visible here")
    found.update(_tags(own, user.at("tags")))
    return [tag for tag in found.values() if _names_owner(tag.key)], reasons


def _default_tags(user: Block) -> Iterator[tuple[Value, Location]]:
    """The ``tags`` of ``default_tags`` of the provider configuration the user is made with."""
    provider = user.provider
    if provider is None:
        return
    blocks = provider["default_tags"]
    if blocks.unknown:
        yield blocks, provider.at("default_tags")
    for block in blocks.members():
        yield block.get("tags"), provider.at("default_tags")


def _tags(value: Value, location: Location) -> dict[str, Tag]:
    if not isinstance(value.data, dict):
        return {}
    return {key: Tag(key, member, location) for key, member in value.data.items()}


def _names_owner(key: str) -> bool:
    """``Owner``, ``service-owner`` and ``acme:owner`` do; ``CostCenter`` does not."""
    last = re.split(r"[:/.]", key)[-1]
    return bool({_squeezed(key), _squeezed(last)} & _KEYS)


def _is_placeholder(value: Value, user: Block) -> bool:
    """The value stands where an owner should and names nobody."""
    if isinstance(value.data, bool) or not isinstance(value.data, str | int | float):
        return True
    text = str(value.data).strip()
    name = user["name"].text
    if name is not None and text.casefold() == name.strip().casefold():
        return True
    squeezed = _squeezed(text)
    return not squeezed or squeezed in _PLACEHOLDERS


def _squeezed(text: str) -> str:
    """Letters and digits of any script, without case, spaces and punctuation."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
