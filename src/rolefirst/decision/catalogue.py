"""The catalogue of consumers: who uses a key, what only stores it, what hands it on.

The facts are data: ``consumers.yaml`` beside this file, described by ``consumers.schema.json``.
This module reads them and answers by resource type or module source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from rolefirst.findings import PassedOver

_BRANCHES = ("", "HEAD", "main", "master")


@dataclass(frozen=True, slots=True)
class Federation:
    """What an identity provider and a trust policy need; ``<words>`` are left to the owner.

    ``builtin`` says that AWS knows the issuer by itself: no provider resource.
    """

    issuer: str
    audience: str = ""
    subject: str = ""
    builtin: bool = False


@dataclass(frozen=True, slots=True)
class Sink:
    """A place that uses a key, and the keyless way for it.

    ``types`` and ``attribute`` may be globs; ``attribute`` matches the dotted argument path.
    ``use`` names the argument that takes over, ``trust`` the principals the role has to trust.
    """

    types: tuple[str, ...]
    attribute: str
    category: str
    alternative: str
    template: str
    use: str
    why_not: tuple[PassedOver, ...] = ()
    trust: tuple[str, ...] = ()
    oidc: Federation | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A data source that reads a store: ``argument`` names the place, ``gives`` hold the value."""

    type: str
    argument: str
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """A place that only keeps a key.

    The value stands in ``secret``. Readers name the place by one of ``address``: attributes of the
    store itself or, when ``holder`` is set, of the resource (of ``holder_types``) that this
    argument of the store refers to. ``grants`` are resource types whose policy names readers.
    ``plain`` says that whoever may read the place sees the secret. For a published module
    (``modules``) ``secret`` names inputs and ``address`` outputs.
    """

    types: tuple[str, ...]
    modules: tuple[str, ...]
    secret: tuple[str, ...]
    address: tuple[str, ...]
    holder: str = ""
    holder_types: tuple[str, ...] = ()
    data: tuple[Reader, ...] = ()
    grants: tuple[str, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Carrier:
    """A block that only reshapes a value: ``hands`` says where an argument comes out again."""

    kinds: tuple[str, ...]
    types: tuple[str, ...]
    hands: Mapping[str, tuple[str, ...]]

    def gives(self, attribute: str) -> tuple[str, ...]:
        """The attributes that hold what was put in ``attribute``, a dotted argument path."""
        return self.hands.get(attribute.partition(".")[0], ())


@dataclass(frozen=True, slots=True)
class KnownModule:
    """A published module that makes a key inside.

    ``outputs`` says which part of the key an output holds, in the words of ``project.Carries``.
    The key exists when ``switch`` and all of ``requires`` are true; ``default`` is the switch's
    default up to the release ``until``, ``later`` after it. ``stored`` is the variable, with its
    default, that makes the module put the key into SSM parameters by itself.
    """

    source: str
    outputs: Mapping[str, str]
    switch: str | None
    default: bool
    requires: Mapping[str, bool]
    versions: str = ""
    until: str = ""
    later: bool = True
    stored: tuple[str, bool] | None = None

    def creates(self, settings: Mapping[str, bool | None], release: str | None) -> bool | None:
        """Whether a call makes a key; None when that depends on what is not known.

        ``settings`` are the arguments the call writes, None for one that cannot be told;
        ``release`` is what ``release_of`` says of the call.
        """
        default = self._default(release)
        answers = [settings.get(self.switch, default) if self.switch else default]
        answers += [settings.get(name, value) for name, value in self.requires.items()]
        if False in answers:
            return False
        return None if None in answers else True

    def _default(self, release: str | None) -> bool | None:
        """The default in force for a release; None when the release decides and is not known."""
        if not self.until:
            return self.default
        if release == "":
            return self.later
        found, last = _numbers(release or ""), _numbers(self.until)
        if found is None or last is None:
            return None
        return self.default if found <= last else self.later


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rows, the more specific ones first. Made by ``load``."""

    sinks: tuple[Sink, ...]
    stores: tuple[Store, ...]
    carriers: tuple[Carrier, ...]
    modules: tuple[KnownModule, ...]

    def sink(self, type: str, attribute: str) -> Sink | None:
        """The row for a secret that lands in ``attribute`` of a resource of ``type``."""
        for sink in self.sinks:
            if _matches(type, sink.types) and fnmatchcase(attribute, sink.attribute):
                return sink
        return None

    def store(self, type: str) -> Store | None:
        """The row for a resource type that only keeps a secret."""
        return next((store for store in self.stores if type in store.types), None)

    def store_module(self, source: str) -> Store | None:
        """The row for a published module that only keeps a secret."""
        address = normalise(source)
        for store in self.stores:
            if any(re.fullmatch(pattern, address) for pattern in store.modules):
                return store
        return None

    def carrier(self, kind: str, type: str) -> Carrier | None:
        """The row for a block (``kind`` is ``data`` or ``resource``) that hands a value on."""
        for carrier in self.carriers:
            if kind in carrier.kinds and type in carrier.types:
                return carrier
        return None

    def known_module(self, source: str) -> KnownModule | None:
        """The row for a module call's ``source``, however it is spelled."""
        address = normalise(source)
        return next((row for row in self.modules if re.fullmatch(row.source, address)), None)


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
    text = re.sub(r"^registry\.(?:terraform\.io|opentofu\.org)/", "", text)
    registry = re.fullmatch(r"([\w-]+)/([\w-]+)/([a-z0-9-]+)(//.+)?", text)
    if registry:
        owner, name, provider, directory = registry.groups(default="")
        return f"github.com/{owner}/terraform-{provider}-{name}{directory}"
    return text


def release_of(source: str, version: str = "") -> str | None:
    """The release a module call asks for: empty for the newest code, None when it is not known.

    ``version`` is the call's ``version`` argument. A registry address without one takes the
    newest release, which nothing here can know; a git address takes the newest code.
    """
    if version:
        return version
    if "?" in source:
        found = re.search(r"[?&]ref=([^&]*)", source)
        ref = found.group(1) if found else ""
        return "" if ref in _BRANCHES else ref.removeprefix("refs/tags/")
    bare = re.sub(r"^registry\.(?:terraform\.io|opentofu\.org)/", "", source.strip())
    return None if re.fullmatch(r"[\w-]+/[\w-]+/[a-z0-9-]+(//.+)?", bare) else ""


def load(extra: Sequence[Mapping[str, Any]] = ()) -> Catalogue:
    """Read the packaged catalogue; ``extra`` documents of the same form win over equal rows."""
    import yaml

    from rolefirst.decision import catalogue_rows as rows

    text = Path(__file__).with_name("consumers.yaml").read_bytes()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = (*extra, yaml.load(text, Loader=loader))  # noqa: S506 (both loaders are safe)
    return Catalogue(
        tuple(sorted(rows.rows_of(documents, "sinks", rows.sinks), key=_generality)),
        rows.rows_of(documents, "stores", rows.store),
        rows.rows_of(documents, "carriers", rows.carrier),
        rows.rows_of(documents, "modules", rows.module),
    )


def _numbers(release: str) -> tuple[int, ...] | None:
    """An exact release as comparable numbers; None for a constraint, a branch or a commit."""
    found = re.fullmatch(r"(?:=\s*)?v?(\d{1,6}(?:\.\d{1,6}){0,3})", release.strip())
    if not found:
        return None
    numbers = [int(part) for part in found.group(1).split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))


def _matches(type: str, patterns: Iterable[str]) -> bool:
    """Whether a resource type is one of the patterns; most patterns are plain names."""
    return any(
        type == pattern or ("*" in pattern and fnmatchcase(type, pattern)) for pattern in patterns
    )


def _generality(sink: Sink) -> tuple[bool, int]:
    """Sort key: plain types before globs, then the attribute with more letters first."""
    return any("*" in name for name in sink.types), -len(sink.attribute.replace("*", ""))


@lru_cache(maxsize=1)
def packaged() -> Catalogue:
    """The catalogue as it ships, read once."""
    return load()


@lru_cache(maxsize=10_000)
def may_make_key(source: str) -> bool:
    """Whether a call of this module source may make a key, by its release alone."""
    row = packaged().known_module(source)
    if row is None:
        return False
    release = release_of(source)
    return row.switch is not None or row.creates({}, release) is not False
