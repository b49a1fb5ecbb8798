"""Reads the rows of a catalogue document into the dataclasses of ``catalogue``.

Apart from ``catalogue`` because it is needed only when a catalogue is loaded, which most scans
never do. A row comes from the package or from the user's configuration: types are checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from rolefirst.decision.catalogue import (
    Carrier,
    Federation,
    KnownModule,
    Reader,
    Sink,
    Store,
)
from rolefirst.errors import ConfigError
from rolefirst.findings import PassedOver

_T = TypeVar("_T")
Words = str | Sequence[str]


def rows_of(
    documents: Iterable[Mapping[str, Any]], name: str, make: Callable[[Mapping[str, Any]], list[_T]]
) -> tuple[_T, ...]:
    """The rows of one list in all documents; a row of the wrong form is a ConfigError."""
    return tuple(
        made
        for document in documents
        for number, row in enumerate(document.get(name) or (), start=1)
        for made in _made(f"row {number} of {name!r}", row, make)
    )


def _made(where: str, row: Any, make: Callable[[Mapping[str, Any]], list[_T]]) -> list[_T]:
    """What one row becomes."""
    try:
        return make(row)
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        raise ConfigError(
            f"Catalogue: {where} is wrong ({type(error).__name__}: {error})",
            "consumers.schema.json says what a row has to look like.",
        ) from error


def _text(row: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A string of a row; required when there is no default."""
    value = row[name] if default is None else row.get(name, default)
    if not isinstance(value, str):
        raise TypeError(f"{name!r} is not a string")
    return value


def _flag(row: Mapping[str, Any], name: str, default: bool) -> bool:
    """True or false of a row."""
    value = row.get(name, default)
    if not isinstance(value, bool):
        raise TypeError(f"{name!r} is not true or false")
    return value


def _words(row: Mapping[str, Any], name: str, default: Words | None = None) -> tuple[str, ...]:
    """A list of strings, required when there is no default; one string is a list of one."""
    value = row[name] if default is None else row.get(name, default)
    words = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"{name!r} is not a list of strings")
    return words


def sinks(row: Mapping[str, Any]) -> list[Sink]:
    """One sink per argument, plain types and globs apart so that each sorts where it belongs."""
    types = _words(row, "types")
    plain = tuple(name for name in types if "*" not in name)
    globs = tuple(name for name in types if "*" in name)
    oidc = row.get("oidc")
    federation = oidc and Federation(
        issuer=_text(oidc, "issuer"),
        audience=_text(oidc, "audience", ""),
        subject=_text(oidc, "subject", ""),
        builtin=_flag(oidc, "builtin", False),
    )
    return [
        Sink(
            types=names,
            attribute=attribute,
            category=_text(row, "category"),
            alternative=_text(row, "alternative"),
            template=_text(row, "template"),
            use=_text(row, "use"),
            why_not=tuple(PassedOver(*item) for item in row.get("why_not", {}).items()),
            trust=_words(row, "trust", ()),
            oidc=federation,
        )
        for names in (plain, globs)
        if names
        for attribute in _words(row, "attribute", "*")
    ]


def store(row: Mapping[str, Any]) -> list[Store]:
    """A store as it was written."""
    holder = row.get("holder", {})
    return [
        Store(
            types=_words(row, "types", ()),
            modules=tuple(_regex(pattern) for pattern in _words(row, "modules", ())),
            secret=_words(row, "secret"),
            address=_words(row, "address"),
            holder=_text(holder, "argument", ""),
            holder_types=_words(holder, "types", ()),
            data=tuple(
                Reader(_text(item, "type"), _text(item, "argument"), _words(item, "gives"))
                for item in row.get("data", ())
            ),
            grants=_words(row, "grants", ()),
            plain=_flag(row, "plain", False),
        )
    ]


def carrier(row: Mapping[str, Any]) -> list[Carrier]:
    """A carrier as it was written."""
    hands = {name: _words(row["hands"], name) for name in row["hands"]}
    return [Carrier(_words(row, "kinds"), _words(row, "types"), hands)]


def module(row: Mapping[str, Any]) -> list[KnownModule]:
    """A known module as it was written."""
    stored = row.get("stored")
    return [
        KnownModule(
            source=_regex(_text(row, "source")),
            outputs={name: _text(row["outputs"], name) for name in row["outputs"]},
            switch=_text(row, "switch", "") or None,
            default=_flag(row, "default", True),
            requires={name: _flag(row["requires"], name, True) for name in row.get("requires", ())},
            versions=_text(row, "versions", ""),
            until=_text(row, "until", ""),
            later=_flag(row, "later", True),
            stored=(_text(stored, "switch"), _flag(stored, "default", True)) if stored else None,
        )
    ]


def _regex(pattern: str) -> str:
    """A regular expression, refused here when it is wrong."""
    re.compile(pattern)
    return pattern
