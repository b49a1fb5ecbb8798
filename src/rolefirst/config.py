"""``rolefirst.toml``: what a team decides once.

```toml
[scan]
fail-on = "medium"                 # low, medium, high, critical
strict = false                     # undetermined results fail too
allow-unparsed = ["templates/*"]   # files that may fail to parse: notices instead of errors
exclude = ["sandbox/*"]            # files that are not read at all; how many is a notice
inline-skips-of-keys = false       # checkov:skip counts for RF1xx, RF2xx, RF501, RF704 too

[severity]
RF401 = "low"

[disabled]
RF402 = "owners are kept in the service catalogue"

[rotation]
max-days = 60                      # longest time between two rotations of a key; default: 90

[owner]
keys = ["Owner", "acme:contact"]   # the tags that name an owner, instead of the usual ones
placeholders = ["platform"]        # values that name nobody, besides the usual ones

[tags]
required = ["Owner", "Purpose"]    # tags that every IAM user must have

[source]
trusted-networks = ["203.0.113.0/24", "2001:db8::/32"]   # from where keys may be used

[exceptions]
max-days = 180                     # longest time from approval to the end; default: 366

[[sink]]                           # who uses a key, and what should stand there instead
types = ["acme_job"]               # resource types; * stands for anything
attribute = "environment*"         # the argument's dotted path; default: any
category = "ci"
alternative = "oidc-federation"
template = "oidc_generic"
use = "the job token of Acme CI"
why_not = { iam-role = "The job runs outside AWS." }
oidc = { issuer = "https://ci.acme.example", audience = "sts.amazonaws.com" }

[[key-module]]                     # a module that makes a key, where no scan can see it
source = "git::https://git.acme.example/modules.git//robot"
outputs = { id = "key id", secret = "secret" }
switch = "create_key"              # the variable that turns the key on
default = { "0" = true, "2.0.0" = false }   # its default, by the release it starts with
```

The last two are rows of the catalogue of consumers, in the form of its ``consumers.schema.json``;
they win over its own. ``*`` in a path stands for anything, folders too. An unknown key is an error
that names the nearest valid one. ``rolefirst.schema.json`` says the same for editors.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rolefirst.errors import ConfigError
from rolefirst.findings import ScanError, Severity
from rolefirst.limits import Limits

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from rolefirst.decision.catalogue import Rows

NAME = "rolefirst.toml"
_SCAN = ("fail-on", "strict", "allow-unparsed", "exclude", "inline-skips-of-keys")
#: Each table that tells the rules something, with its keys.
_LIMITS = {
    "rotation": ("max-days",),
    "owner": ("keys", "placeholders"),
    "tags": ("required",),
    "source": ("trusted-networks",),
    "exceptions": ("max-days",),
}
#: ``ipaddress`` also reads a lone address and a netmask, which AWS does not.
_CIDR = re.compile(r"[0-9A-Fa-f:.]+/(?:0|[1-9][0-9]{0,2})")
#: Nobody rotates less than once a year and calls it rotation.
_MAX_DAYS = 365
#: What is accepted for longer than this is no exception any more.
_MAX_EXCEPTION_DAYS = 1827
_ROWS = ("sink", "key-module")


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration in force; every default is that of a missing file.

    ``notices`` are about where it was read.
    """

    fail_on: Severity = Severity.MEDIUM
    strict: bool = False
    allow_unparsed: tuple[str, ...] = ()
    inline_protected: bool = False
    severities: Mapping[str, Severity] = field(default_factory=dict)
    disabled: Mapping[str, str] = field(default_factory=dict)
    rows: Rows | None = None
    exclude: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    notices: tuple[ScanError, ...] = ()


def severity(word: str, where: str) -> Severity:
    """A severity by its word. Raises ConfigError."""
    by_label = {item.label: item for item in Severity}
    if word not in by_label:
        raise ConfigError(f"{where}: {word!r} is no severity", nearest(word, by_label))
    return by_label[word]


def load(path: Path, known_rules: Iterable[str], data: bytes | None = None) -> Config:
    """Read a configuration file, or ``data`` in its place. Raises ConfigError."""
    try:
        content = _toml((path.read_bytes() if data is None else data).decode("utf-8"), path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8") from None
    _only(content, ("scan", "severity", "disabled", *_LIMITS, *_ROWS), f"{path}")
    scan = _table(content, "scan", path)
    _only(scan, _SCAN, f"{path}: [scan]")
    severities = _table(content, "severity", path)
    disabled = _table(content, "disabled", path)
    rules = list(known_rules)
    _only(severities, rules, f"{path}: [severity]")
    _only(disabled, rules, f"{path}: [disabled]")
    for rule, reason in disabled.items():
        if not isinstance(reason, str) or not reason.strip():
            raise ConfigError(f"{path}: [disabled] {rule} needs a reason", "Write why, as text.")
    fail_on = scan.get("fail-on", "medium")
    return Config(
        fail_on=severity(str(fail_on), f"{path}: [scan] fail-on"),
        strict=_flag(scan, "strict", path),
        allow_unparsed=_texts(scan, "allow-unparsed", path),
        inline_protected=_flag(scan, "inline-skips-of-keys", path),
        severities={
            rule: severity(str(word), f"{path}: [severity] {rule}")
            for rule, word in severities.items()
        },
        disabled=disabled,
        rows=_rows(content, path) if any(name in content for name in _ROWS) else None,
        exclude=_texts(scan, "exclude", path),
        limits=_limits(content, path),
    )


def _toml(text: str, path: Path) -> dict[str, Any]:
    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except ValueError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: not valid TOML: nested too deeply") from None
    return content


def _limits(content: Mapping[str, Any], path: Path) -> Limits:
    """What the file tells the rules."""
    tables = {name: _table(content, name, path) for name in _LIMITS}
    for name, valid in _LIMITS.items():
        _only(tables[name], valid, f"{path}: [{name}]")
    keys = _texts(tables["owner"], "keys", path)
    if "keys" in tables["owner"] and not keys:
        raise ConfigError(
            f"{path}: [owner] keys is empty", "Leave the line out for the usual ones."
        )
    return Limits(
        rotation_days=_days(tables["rotation"], Limits().rotation_days, _MAX_DAYS, path),
        owner_keys=keys,
        owner_placeholders=_texts(tables["owner"], "placeholders", path),
        required_tags=_texts(tables["tags"], "required", path),
        trusted_networks=_networks(tables["source"], path),
        exception_days=_days(
            tables["exceptions"], Limits().exception_days, _MAX_EXCEPTION_DAYS, path
        ),
    )


def _days(table: Mapping[str, Any], default: int, most: int, path: Path) -> int:
    days = table.get("max-days", default)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= most:
        raise ConfigError(f"{path}: max-days is not a whole number from 1 to {most}")
    return days


def _networks(table: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """Networks in the usual spelling: bits behind the prefix are zero, as AWS compares them."""
    import ipaddress  # lazy: 6 ms, and few files name a network

    networks: list[str] = []
    for text in _texts(table, "trusted-networks", path):
        try:
            network = ipaddress.ip_network(text, strict=False) if _CIDR.fullmatch(text) else None
        except ValueError:
            network = None
        if network is None:
            where = f"{path}: [source] trusted-networks"
            raise ConfigError(
                f"{where}: {text!r} is no network", "Write it as 203.0.113.0/24 or 2001:db8::/32."
            )
        if network.prefixlen == 0:
            raise ConfigError(f"{path}: [source] trusted-networks: {text!r} is the whole internet")
        networks.append(str(network))
    return tuple(networks)


def _rows(content: Mapping[str, Any], path: Path) -> Rows:
    """What the file adds to the catalogue of consumers."""
    from rolefirst.decision import catalogue_rows as rows  # lazy: few teams add something
    from rolefirst.decision.catalogue import Rows

    try:
        sinks = rows.rows_of(content.get("sink", []), "[[sink]]", rows.sinks)
        modules = rows.rows_of(content.get("key-module", []), "[[key-module]]", rows.module)
    except rows.RowError as error:
        hint = nearest(error.word, error.valid) if error.valid else ""
        raise ConfigError(f"{path}: {error}", hint) from None
    return Rows(tuple(sink for made in sinks for sink in made), modules)


def _table(content: Mapping[str, Any], name: str, path: Path) -> dict[str, Any]:
    table = content.get(name, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: {name} is not a table", f"Write [{name}] above its lines.")
    return table


def _only(table: Mapping[str, Any], valid: Iterable[str], where: str) -> None:
    names = list(valid)
    for name in table:
        if name not in names:
            raise ConfigError(f"{where}: unknown key {name!r}", nearest(name, names))


def nearest(word: str, valid: Iterable[str]) -> str:
    """A hint for a word that is not among the valid ones; many of those can only be rules."""
    import difflib  # lazy: only for a mistake

    names = list(valid)
    close = difflib.get_close_matches(word, names, 1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Valid are: {', '.join(names)}." if len(names) < 13 else "rolefirst rules lists them."


def _flag(table: Mapping[str, Any], name: str, path: Path) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise ConfigError(f"{path}: {name} is not true or false")
    return value


def _texts(table: Mapping[str, Any], name: str, path: Path) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{path}: {name} is not a list of strings")
    if not all(item.strip() for item in value):
        raise ConfigError(f"{path}: {name} has an empty string", "Write a word, or take it out.")
    return tuple(value)
