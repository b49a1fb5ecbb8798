"""The catalogue of consumers: who uses a key, what only stores it, what hands it on.

The facts are data: ``consumers.yaml`` beside this file, described by ``consumers.schema.json``, and
the rows that a team adds in its configuration. This module answers by resource type or module
source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rolefirst.decision.catalogue_modules import KnownModule, in_registry, normalise, release_of
from rolefirst.decision.federations import Federation
from rolefirst.decision.hints import may_be_known
from rolefirst.findings import PassedOver

if TYPE_CHECKING:
    from rolefirst.project import Project


@dataclass(frozen=True, slots=True)
class Sink:
    """A place that uses a key, and the keyless way for it.

    ``types`` and ``attribute`` may be globs; ``attribute`` matches the dotted argument path.
    ``use`` names the argument that takes over, ``trust`` the principals the role has to trust.
    ``has_role``: it cannot exist without a role, so one with rights is there already;
    ``role_argument`` is the dotted argument that names it. ``source_arn`` is what ``aws:SourceArn``
    is when the service assumes the role, where AWS documents that it says so.
    ``plain`` are the arguments in which a secret lies in the open, unless one of the arguments in
    ``plain_unless`` has that value.
    """

    types: tuple[str, ...]
    attribute: str
    category: str
    alternative: str
    template: str
    use: str
    why_not: tuple[PassedOver, ...] = ()
    trust: tuple[str, ...] = ()
    has_role: bool = False
    role_argument: str = ""
    source_arn: str = ""
    oidc: Federation | None = None
    plain: tuple[str, ...] = ()
    plain_unless: Mapping[str, str] = field(default_factory=dict)


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
    argument of the store refers to. ``named`` are arguments, by resource type, by which a service
    reads the store itself, whether they hold an address or just the name. ``grants`` are resource
    types whose policy names readers.
    ``plain`` and ``plain_unless`` are those of a sink. For a published module (``modules``)
    ``secret`` names inputs and ``address`` outputs.
    """

    types: tuple[str, ...]
    modules: tuple[str, ...]
    secret: tuple[str, ...]
    address: tuple[str, ...]
    holder: str = ""
    holder_types: tuple[str, ...] = ()
    data: tuple[Reader, ...] = ()
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    grants: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    plain_unless: Mapping[str, str] = field(default_factory=dict)


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
class Catalogue:
    """All rows, the more specific ones first."""

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
            if any(fnmatchcase(address, pattern) for pattern in store.modules):
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
        return next((row for row in self.modules if fnmatchcase(address, row.source)), None)

    def may_make_key(self, source: str) -> bool:
        """Whether a call of this source may make a key, as far as the source alone can tell."""
        row = self.known_module(source)
        if row is None or row.switch or in_registry(source):
            return row is not None
        return row.creates({}, release_of(source)) is not False

    def with_rows(self, own: Rows) -> Catalogue:
        """The same catalogue with more rows, which win: a store that is named is a sink then."""
        named = {type for sink in own.sinks for type in sink.types}
        return replace(
            self,
            sinks=(*_sorted(own.sinks), *self.sinks),
            stores=tuple(
                replace(store, types=tuple(type for type in store.types if type not in named))
                for store in self.stores
            ),
            modules=(*own.modules, *self.modules),
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """What a team adds to the catalogue in its configuration."""

    sinks: tuple[Sink, ...] = ()
    modules: tuple[KnownModule, ...] = ()


def _matches(type: str, patterns: Iterable[str]) -> bool:
    """Whether a resource type is one of the patterns; most patterns are plain names."""
    return any(
        type == pattern or ("*" in pattern and fnmatchcase(type, pattern)) for pattern in patterns
    )


def _sorted(sinks: Iterable[Sink]) -> tuple[Sink, ...]:
    """The specific ones first: plain types before globs, then the longer attribute."""
    return tuple(
        sorted(
            sinks,
            key=lambda sink: (
                any("*" in name for name in sink.types),
                -len(sink.attribute.replace("*", "")),
            ),
        )
    )


@lru_cache(maxsize=1)
def packaged() -> Catalogue:
    """The catalogue as it ships, read once."""
    import yaml

    from rolefirst.decision import catalogue_rows as rows

    text = Path(__file__).with_name("consumers.yaml").read_bytes()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(text, Loader=loader)  # noqa: S506 (both loaders are safe)
    return Catalogue(
        sinks=_sorted(chain.from_iterable(rows.rows_of(document["sinks"], "sinks", rows.sinks))),
        stores=rows.rows_of(document["stores"], "stores", rows.store),
        carriers=rows.rows_of(document["carriers"], "carriers", rows.carrier),
        modules=rows.rows_of(document["modules"], "modules", rows.module),
    )


#: Where a project keeps the catalogue it is judged by.
_PLACE = ("catalogue", "", "")


def of(project: Project) -> Catalogue:
    """The catalogue a project is judged by."""
    if _PLACE not in project.memo:
        project.memo[_PLACE] = packaged()
    return cast("Catalogue", project.memo[_PLACE])


def known_module(project: Project, source: str) -> KnownModule | None:
    """The row for a module call's ``source``; reads no catalogue that cannot have one."""
    if _PLACE not in project.memo and not may_be_known(source):
        return None
    return of(project).known_module(source)


def extend(project: Project, own: Rows | None) -> None:
    """Judge a project by a team's own rows as well. Call it before the first rule runs."""
    if own is not None:
        project.memo[_PLACE] = packaged().with_rows(own)
