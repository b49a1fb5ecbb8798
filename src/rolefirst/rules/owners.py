"""Who owns an IAM user: its tags together with the ``default_tags`` of its own provider.

``Owner``, ``owner`` and ``service-owner`` all name an owner here: people do not agree on case and
punctuation, and IAM itself takes ``Owner`` and ``owner`` on a user for one key. A team can
configure the keys (instead of the usual ones) and more values that name nobody.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rolefirst import limits
from rolefirst.findings import Location
from rolefirst.project import ABSENT, Block, Project, Value

#: How the key of a tag that names an owner ends, written without case, spaces and punctuation:
#: GithubTeam, service-owner, acme:contact. A cost centre is none: it pays, it does not answer the
#: telephone. Who created or manages something (terraform, mostly) is none either.
_ENDINGS = (
    "businessunit",
    "contact",
    "custodian",
    "email",
    "maintainer",
    "maintainers",
    "ownedby",
    "owner",
    "ownername",
    "owners",
    "slackchannel",
    "squad",
    "steward",
    "team",
    "teamname",
)
#: Values that stand where an owner should and name nobody, written the same way.
PLACEHOLDERS = frozenset(
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
    """One tag, and where it is written."""

    key: str
    value: Value
    location: Location


@dataclass(frozen=True, slots=True)
class Ownership:
    """The judgement on one user: the tag it rests on, or the reason why it cannot be told."""

    standing: Standing
    reason: str = ""
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Required:
    """What is known of the required tags of one user: those that are not there, and the doubts.

    ``doubts`` names each required tag that an unknown value may hold, with the reason.
    """

    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def owner_of(user: Block, project: Project) -> Ownership:
    """Judge one IAM user."""
    words = limits.of(project)
    keys = {squeezed(key) for key in words.owner_keys}
    placeholders = PLACEHOLDERS | {squeezed(word) for word in words.owner_placeholders}
    tags, reasons = tags_in_force(user, project)
    written = [tag for tag in tags if not tag.value.absent and _names_owner(tag.key, keys)]
    known = [tag for tag in written if tag.value.known]
    for tag in known:
        if not _is_placeholder(tag.value, user, placeholders):
            return Ownership(Standing.NAMED, tag=tag)
    reasons += [f"tag {tag.key}: {tag.value.why}" for tag in written if not tag.value.known]
    if known:
        standing = Standing.DOUBTFUL if reasons else Standing.PLACEHOLDER
        return Ownership(standing, "; ".join(reasons), known[0])
    if reasons:
        return Ownership(Standing.UNKNOWN, "; ".join(reasons))
    return Ownership(Standing.MISSING)


def owner_tags_of(user: Block, project: Project) -> list[Tag]:
    """The tags that say who owns a user, whatever they say; those of the user itself last."""
    keys = {squeezed(key) for key in limits.of(project).owner_keys}
    tags, _ = tags_in_force(user, project)
    found = [tag for tag in tags if not tag.value.absent and _names_owner(tag.key, keys)]
    return sorted(found, key=lambda tag: tag.location == user.at("tags"))


def required_of(user: Block, project: Project) -> Required:
    """Which of the tags that the configuration requires the user lacks."""
    wanted = limits.of(project).required_tags
    if not wanted:
        return Required()
    tags, reasons = tags_in_force(user, project)
    there = {tag.key.casefold(): tag.value for tag in tags}
    missing: list[str] = []
    doubts: list[str] = []
    for key in wanted:
        value = there.get(key.casefold(), ABSENT)
        if value.unknown:
            doubts.append(f"tag {key}: {value.why}")
        elif value.absent and reasons:
            doubts.append(f"tag {key}: {'; '.join(reasons)}")
        elif value.absent or value.text == "":
            missing.append(key)
    return Required(tuple(missing), tuple(doubts))


def tags_in_force(user: Block, project: Project) -> tuple[list[Tag], list[str]]:
    """All tags that the code states, and why there may be more of them."""
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
    return list(found.values()), reasons


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


def _names_owner(key: str, keys: Collection[str]) -> bool:
    """``Owner``, ``service-owner`` and ``acme:owner`` do; ``CostCenter`` does not.

    ``keys`` are those that a team has configured.
    """
    if not keys:
        return squeezed(key).endswith(_ENDINGS)
    last = re.split(r"[:/.]", key)[-1]
    return squeezed(key) in keys or squeezed(last) in keys


def _is_placeholder(value: Value, user: Block, placeholders: Collection[str]) -> bool:
    """The value stands where an owner should and names nobody."""
    if isinstance(value.data, bool) or not isinstance(value.data, str | int | float):
        return True
    text = str(value.data).strip()
    name = user["name"].text
    if name is not None and text.casefold() == name.strip().casefold():
        return True
    words = squeezed(text)
    return not words or words in placeholders


def squeezed(text: str) -> str:
    """Letters and digits of any script, without case, spaces and punctuation."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
