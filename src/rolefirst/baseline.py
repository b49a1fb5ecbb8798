"""The baseline: what was said when an old estate adopted rolefirst, and does not fail its gate.

``baseline.schema.json`` describes the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace

from rolefirst.errors import ConfigError
from rolefirst.findings import ScanError, ScanResult, Suppression
from rolefirst.known import Entry, Exists, Said, entry, pair

_VERSION = 1
_AGAIN = "Write it again with rolefirst baseline."


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is known: findings, and what could not be told."""

    findings: tuple[Entry, ...] = ()
    undetermined: tuple[Entry, ...] = ()


def write(result: ScanResult) -> str:
    """The file, one line per entry, so that a change of it can be read."""
    findings, undetermined = _lines(result.findings), _lines(result.undetermined)
    return (
        f'{{\n  "schema_version": {_VERSION},\n'
        f'  "findings": {findings},\n  "undetermined": {undetermined}\n}}\n'
    )


def _lines(said: Iterable[Said]) -> str:
    entries = sorted({entry(each) for each in said})
    lines = ",\n".join(f"    {json.dumps(asdict(each))}" for each in entries)
    return f"[\n{lines}\n  ]" if lines else "[]"


def read(data: bytes, name: str) -> Baseline:
    """What a file says that ``write`` has made. Raises ConfigError."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise ConfigError(f"{name}:{line}: is no JSON", _AGAIN) from None
    if not isinstance(document, dict) or document.get("schema_version") != _VERSION:
        raise ConfigError(f"{name}: is no baseline of schema_version {_VERSION}", _AGAIN)
    lists = (tuple(_entries(document, part.name, name)) for part in fields(Baseline))
    return Baseline(*lists)


def _entries(document: dict[str, object], part: str, name: str) -> Iterator[Entry]:
    listed = document.get(part)
    if not isinstance(listed, list):
        raise ConfigError(f"{name}: {part} is no list", _AGAIN)
    members = [field.name for field in fields(Entry)]
    for index, each in enumerate(listed):
        if not isinstance(each, dict) or set(each) != set(members):
            raise ConfigError(f"{name}: {part}[{index}] needs exactly {', '.join(members)}", _AGAIN)
        if not all(isinstance(value, str) for value in each.values()):
            raise ConfigError(f"{name}: {part}[{index}] has a value that is no text", _AGAIN)
        yield Entry(**each)


def apply(result: ScanResult, baseline: Baseline, name: str, exists: Exists) -> ScanResult:
    """The result without what is known, and a notice about what is known and gone."""
    found, mended = pair(result.findings, baseline.findings, exists, result.suppressed)
    untold, told = pair(result.undetermined, baseline.undetermined, exists)
    suppression = Suppression("baseline", f"known since {name} was written")
    findings = list(zip(result.findings, found, strict=True))
    undetermined = list(zip(result.undetermined, untold, strict=True))
    old = [replace(each, suppression=suppression) for each, same in findings if same]
    return replace(
        result,
        findings=tuple(each for each, same in findings if not same),
        suppressed=(*result.suppressed, *old),
        undetermined=tuple(each for each, same in undetermined if not same),
        notices=(*result.notices, *_notices(len(mended) + len(told), untold, name)),
    )


def _notices(gone: int, untold: Iterable[Entry | None], name: str) -> Iterator[ScanError]:
    left_out = sum(each is not None for each in untold)
    if left_out:
        yield ScanError(name, 0, f"{left_out} known results that cannot be told are left out")
    if gone:
        text = f"{gone} of its entries are gone: take them out with rolefirst baseline"
        yield ScanError(name, 0, text)
