"""Reads rows, from the packaged document or a team's configuration, into the catalogue's classes.

Apart from ``catalogue`` because it is needed only when a catalogue is loaded, which most scans
never do. Every key and every word of a row is checked: a row of the wrong form is a ``RowError``.
``consumers.schema.json`` says the same for editors; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from rolefirst.decision.catalogue import Carrier, Reader, Sink, Store
from rolefirst.decision.catalogue_modules import (
    BRANCH,
    KnownModule,
    Release,
    normalise,
    numbers,
)
from rolefirst.decision.federations import federation
from rolefirst.findings import PassedOver

_T = TypeVar("_T")

CATEGORIES = (
    "aws-workload",
    "kubernetes",
    "human",
    "ci",
    "saas",
    "external-workload",
    "ses-smtp",
    "vault-root",
    "secret-store-only",
    "unknown",
    "test-fixture",
)
#: Each alternative with the remediation templates that write it.
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "iam-role": ("instance_profile", "ecs_task_role", "lambda_role", "service_role", "vault_role"),
    "pod-identity-or-irsa": ("eks_pod_identity", "irsa"),
    "identity-center": ("identity_center",),
    "oidc-federation": (
        "oidc_github",
        "oidc_gitlab",
        "oidc_generic",
        "google_workload",
        "azure_workload",
    ),
    "cross-account-role": ("cross_account_role",),
    "roles-anywhere": ("roles_anywhere", "iot_role_alias"),
    "exception": ("exception",),
    "delete-unused": ("delete_unused",),
    "ask-owner": ("ask_owner", "store_only"),
}
#: The steps of the decision order that another one may have to be preferred to, with a reason.
STEPS = ("iam-role", "identity-center", "oidc-federation", "cross-account-role", "roles-anywhere")
_TYPE = re.compile(r"[a-z][a-z0-9_]*\*?")
#: The release before all others.
_FIRST: Release = (0, 0, 0, 0)
#: What an output of a module may hold, in the words of ``project.Carries``.
OUTPUTS = ("key id", "secret", "SES password", "encrypted secret", "whole object")


class RowError(Exception):
    """A row of the wrong form: ``str`` of it says where and what, ``valid`` what could stand there.

    ``word`` is what stands there instead.
    """

    def __init__(self, message: str, word: str = "", valid: Iterable[str] = ()) -> None:
        """Keep the words, so that whoever reports the error can suggest one."""
        super().__init__(message)
        self.word = word
        self.valid = tuple(valid)


class Row:
    """Reads the keys of one row; ``done`` refuses a key that nobody has read."""

    def __init__(self, content: object, where: str) -> None:
        """Take a row; ``where`` names it in errors."""
        if not isinstance(content, Mapping):
            raise RowError(f"{where} is not a table")
        self._content: Mapping[Any, Any] = content
        self._read: dict[str, None] = {}
        self.where = where

    def __contains__(self, name: str) -> bool:
        """Whether the row has a key."""
        return name in self._content

    def _get(self, name: str, default: object) -> Any:
        self._read[name] = None
        if name in self._content:
            return self._content[name]
        if default is None:
            raise RowError(f"{self.where}: {name!r} is missing")
        return default

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required when there is no default."""
        value = self._get(name, default)
        if not isinstance(value, str) or not (value.strip() or value == default):
            raise RowError(f"{self.where}: {name!r} is not a text")
        return value

    def pattern(self, name: str) -> str:
        """A regular expression; empty when it is not written."""
        value = self.text(name, "")
        try:
            re.compile(value)
        except re.error as error:
            raise RowError(f"{self.where}: {name!r} is no regular expression ({error})") from error
        return value

    def one_of(self, name: str, valid: Sequence[str]) -> str:
        """One of some words."""
        value = self.text(name)
        if value not in valid:
            raise RowError(f"{self.where}: {name!r} cannot be {value!r}", value, valid)
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise RowError(f"{self.where}: {name!r} is not true or false")
        return value

    def words(self, name: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of strings; one string is a list of one."""
        value = self._get(name, default)
        words = (value,) if isinstance(value, str) else value
        if not isinstance(words, (list, tuple)) or not all(
            isinstance(word, str) and word for word in words
        ):
            raise RowError(f"{self.where}: {name!r} is not a list of texts")
        if not words and default is None:
            raise RowError(f"{self.where}: {name!r} is empty")
        return tuple(words)

    def table(self, name: str) -> Row:
        """A table inside; empty when it is not written."""
        return Row(self._get(name, {}), f"{self.where}: {name!r}")

    def rows(self, name: str, make: Callable[[Row], _T]) -> tuple[_T, ...]:
        """What a list of tables inside becomes; nothing when it is not written."""
        return rows_of(self._get(name, ()), f"{self.where}: {name!r}", make)

    def names(self) -> tuple[str, ...]:
        """All keys, for a table whose keys are names of something else."""
        if not all(isinstance(name, str) for name in self._content):
            raise RowError(f"{self.where}: a key is not a text")
        return tuple(self._content)

    def is_table(self, name: str) -> bool:
        """Whether the value of a key is a table."""
        return isinstance(self._content.get(name), Mapping)

    def is_flag(self, name: str) -> bool:
        """Whether the value of a key is true or false."""
        return isinstance(self._content.get(name), bool)

    def done(self, valid: Iterable[str] = ()) -> None:
        """Refuse a key that is none of ``valid``, by default those that have been read."""
        known = tuple(valid) or tuple(self._read)
        for name in self._content:
            if name not in known:
                raise RowError(f"{self.where}: unknown key {name!r}", str(name), known)


def rows_of(content: object, where: str, make: Callable[[Row], _T]) -> tuple[_T, ...]:
    """What the rows of a list become; an error names a row by its number."""
    if not isinstance(content, (list, tuple)):
        raise RowError(f"{where} is not a list of tables")
    made = []
    for number, item in enumerate(content, start=1):
        row = Row(item, f"{where} {number}")
        made.append(make(row))
        row.done()
    return tuple(made)


def sinks(row: Row) -> tuple[Sink, ...]:
    """One sink per argument, plain types and globs apart so that each sorts where it belongs."""
    types = row.words("types")
    for name in types:
        if not _TYPE.fullmatch(name):
            raise RowError(f"{row.where}: {name!r} is no resource type")
    plain = tuple(name for name in types if "*" not in name)
    globs = tuple(name for name in types if "*" in name)
    attributes = row.words("attribute", ("*",))
    category = row.one_of("category", CATEGORIES)
    alternative = row.one_of("alternative", tuple(TEMPLATES))
    made = Sink(
        types=(),
        attribute="",
        category=category,
        alternative=alternative,
        template=row.one_of("template", TEMPLATES[alternative]),
        use=row.text("use"),
        why_not=_why_not(row.table("why_not")),
        trust=row.words("trust", ()),
        has_role=row.flag("has_role", False),
        role_argument=row.text("role_argument", ""),
        source_arn=row.text("source_arn", ""),
        oidc=federation(row.table("oidc")) if "oidc" in row else None,
        plain=row.words("plain", ()),
        plain_unless=_settings(row.table("plain_unless")),
    )
    return tuple(
        replace(made, types=names, attribute=attribute)
        for names in (plain, globs)
        if names
        for attribute in attributes
    )


def _why_not(row: Row) -> tuple[PassedOver, ...]:
    reasons = tuple(PassedOver(step, row.text(step)) for step in STEPS if step in row)
    row.done(STEPS)
    return reasons


def _settings(row: Row) -> Mapping[str, str]:
    """Arguments and what they are set to, as the words that Terraform takes for it."""
    flags = (name for name in row.names() if row.is_flag(name))
    words = {name: str(row.flag(name)).lower() for name in flags}
    return {name: words.get(name) or row.text(name) for name in row.names()}


def store(row: Row) -> Store:
    """A store as it was written."""
    holder = row.table("holder")
    named = row.table("named")
    row.text("example", "")  # for the tests
    made = Store(
        types=row.words("types", ()),
        modules=row.words("modules", ()),
        secret=row.words("secret"),
        address=row.words("address"),
        holder=holder.text("argument", ""),
        holder_types=holder.words("types", ()),
        data=row.rows("data", _reader),
        named={name: named.words(name) for name in named.names()},
        grants=row.words("grants", ()),
        plain=row.words("plain", ()),
        plain_unless=_settings(row.table("plain_unless")),
    )
    holder.done()
    return made


def _reader(row: Row) -> Reader:
    return Reader(row.text("type"), row.text("argument"), row.words("gives"))


def carrier(row: Row) -> Carrier:
    """A carrier as it was written."""
    hands = row.table("hands")
    return Carrier(
        row.words("kinds"), row.words("types"), {name: hands.words(name) for name in hands.names()}
    )


def module(row: Row) -> KnownModule:
    """A module as it was written; its source in the one spelling that calls are compared in."""
    outputs = row.table("outputs")
    requires = row.table("requires")
    return KnownModule(
        source=normalise(row.text("source")),
        outputs={name: outputs.one_of(name, OUTPUTS) for name in outputs.names()},
        defaults=_defaults(row),
        switch=row.text("switch", ""),
        requires={name: requires.flag(name) for name in requires.names()},
    )


def _defaults(row: Row) -> tuple[tuple[Release, bool], ...]:
    """The default of a switch: one for all releases, or one from each of some releases on."""
    if not row.is_table("default"):
        return ((_FIRST, row.flag("default")),)
    table = row.table("default")
    made = []
    for name in table.names():
        since = BRANCH if name == "unreleased" else numbers(name)
        if since is None:
            raise RowError(f"{table.where}: {name!r} is not a release")
        made.append((since, table.flag(name)))
    if _FIRST not in dict(made):
        raise RowError(f"{table.where}: '0' is missing, which stands for the oldest releases")
    return tuple(sorted(made))
