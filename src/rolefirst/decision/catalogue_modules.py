"""Published modules that make a key: which source is which module, and which release makes one.

Apart from ``catalogue`` because it is about how modules are named and versioned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: A release as four numbers, so that releases compare.
Release = tuple[int, ...]
#: Of a call that names no release: the newest one, or a branch, which may be ahead of it.
NEWEST: Release = (10**9,)
BRANCH: Release = (10**9, 1)
_BRANCHES = ("", "HEAD", "main", "master")
_REGISTRY = re.compile(
    r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?([\w-]+)/([\w-]+)/([a-z0-9-]+)(//.+)?"
)
_CONDITION = re.compile(r"\s*(=|!=|>=|>|<=|<|~>)?\s*(\S+)\s*")


@dataclass(frozen=True, slots=True)
class KnownModule:
    """A published module that makes a key inside.

    ``source`` is a normalised source, in which ``*`` stands for anything. ``outputs`` says which
    part of the key an output holds, in the words of ``project.Carries``. The key exists when
    ``switch`` and all of ``requires`` are true. ``defaults`` are those of the switch, oldest first,
    each with the release it starts with; without a switch they say which releases make a key.
    """

    source: str
    outputs: Mapping[str, str]
    defaults: tuple[tuple[Release, bool], ...]
    switch: str = ""
    requires: Mapping[str, bool] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """True when it depends on the release whether there is a key."""
        return len({value for _, value in self.defaults}) > 1

    def creates(self, settings: Mapping[str, bool | None], release: Release | None) -> bool | None:
        """Whether a call makes a key; None when that depends on what is not known.

        ``settings`` are the arguments the call writes, None for one that cannot be told;
        ``release`` is what ``release_of`` says of the call.
        """
        answers = [settings.get(self.switch, self._default(release))]
        answers += [settings.get(name, value) for name, value in self.requires.items()]
        if False in answers:
            return False
        return None if None in answers else True

    def _default(self, release: Release | None) -> bool | None:
        """The default in force for a release."""
        if release is None and self.changed:
            return None
        return [value for since, value in self.defaults if since <= (release or NEWEST)][-1]


def in_registry(source: str) -> bool:
    """Whether a source names a module of a public registry, so that ``version`` may pin it."""
    return _REGISTRY.fullmatch(source.strip()) is not None


def normalise(source: str) -> str:
    """A module source as ``github.com/<owner>/<repository>[//<directory>]``.

    Protocol, user, ``.git`` and query go; a registry address becomes the repository it names. A
    local path stays what it is.
    """
    text = source.strip().partition("?")[0]
    text = re.sub(r"^git::", "", text)
    text = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text)
    text = re.sub(r"^[^@/]+@", "", text)
    text = re.sub(r"^([^/:]+):(?!\d+/)", r"\1/", text)
    text = re.sub(r"\.git(?=//|/?$)", "", text).rstrip("/")
    registry = _REGISTRY.fullmatch(text)
    if registry:
        owner, name, provider, directory = registry.groups(default="")
        return f"github.com/{owner}/terraform-{provider}-{name}{directory}"
    return text


def release_of(source: str, version: str = "") -> Release | None:
    """The release that a module call takes; None when that is not known.

    ``version`` is the call's ``version`` argument: as in ``terraform init`` the newest release it
    allows counts, and the newest of all when there is none.
    """
    if version:
        return _newest(version)
    if in_registry(source):
        return NEWEST
    found = re.search(r"[?&]ref=([^&]*)", source)
    ref = re.sub(r"^(?:refs/)?tags/", "", found[1]) if found else ""
    return BRANCH if ref in _BRANCHES else numbers(ref)


def numbers(release: str) -> Release | None:
    """A release as numbers that compare; None for a branch, a commit or anything else."""
    found = re.fullmatch(r"v?(?:(\d{1,6}(?:\.\d{1,6}){1,3})(?:[-+].*)?|(\d{1,6}))", release)
    if found is None:
        return None
    return _padded([int(part) for part in (found[1] or found[2]).split(".")])


def _newest(constraint: str) -> Release | None:
    """The newest release that a version constraint allows."""
    newest = NEWEST
    for part in constraint.split(","):
        found = _CONDITION.fullmatch(part)
        release = numbers(found[2]) if found else None
        if found is None or release is None:
            return None
        if found[1] in (None, "=", "<="):
            newest = min(newest, release)
        elif found[1] == "<":
            newest = min(newest, _below(release))
        elif found[1] == "~>" and "." in found[2]:
            kept = release[: found[2].count(".")]
            newest = min(newest, _below(_padded([*kept[:-1], kept[-1] + 1])))
    return newest


def _below(release: Release) -> Release:
    """What comes right before a release."""
    return (*release[:-1], release[-1] - 1)


def _padded(parts: list[int]) -> Release:
    return tuple(parts + [0] * (4 - len(parts)))
