"""The baseline: what was found when an old estate adopted rolefirst, and does not fail its gate.

A finding is known by its fingerprint, in which no file name and no line stands; where a whole
folder was renamed it is known by rule and address. ``baseline.schema.json`` describes the file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from rolefirst.errors import ConfigError
from rolefirst.findings import Finding, ScanError, ScanResult, Suppression
from rolefirst.reports import mask, mask_key_ids

NAME = "rolefirst-baseline.json"
_VERSION = 1
_AGAIN = "Write it again with rolefirst baseline."


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding. ``path`` is where it stood, for whoever reads the file."""

    fingerprint: str
    rule: str
    root: str
    address: str
    attribute: str
    path: str

    @property
    def name(self) -> tuple[str, str, str]:
        """What it is called in whatever folder."""
        return self.rule, self.address, self.attribute


def entry(finding: Finding) -> Entry:
    """A finding as the file has it. Key material that stands in a name is hidden in it."""
    return Entry(
        finding.fingerprint,
        finding.rule.id,
        mask_key_ids(finding.root),
        mask(finding.address),
        mask(finding.attribute),
        mask_key_ids(finding.location.path),
    )


def write(findings: Iterable[Finding]) -> str:
    """The file, one line per finding, so that a change of it can be read."""
    entries = sorted((entry(f) for f in findings), key=lambda e: (e.path, e.name, e.fingerprint))
    lines = ",\n".join(f"    {json.dumps(asdict(each))}" for each in dict.fromkeys(entries))
    listed = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "schema_version": {_VERSION},\n  "findings": {listed}\n}}\n'


def read(data: bytes, name: str) -> tuple[Entry, ...]:
    """The entries of a file that ``write`` has made. Raises ConfigError."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise ConfigError(f"{name}:{line}: is no JSON", _AGAIN) from None
    if not isinstance(document, dict) or document.get("schema_version") != _VERSION:
        raise ConfigError(f"{name}: is no baseline of schema_version {_VERSION}", _AGAIN)
    return tuple(_entries(document.get("findings"), name))


def _entries(listed: object, name: str) -> Iterator[Entry]:
    if not isinstance(listed, list):
        raise ConfigError(f"{name}: findings is no list", _AGAIN)
    fields = set(Entry.__dataclass_fields__)
    for index, each in enumerate(listed):
        if not isinstance(each, dict) or set(each) != fields:
            members = ", ".join(Entry.__dataclass_fields__)
            raise ConfigError(f"{name}: findings[{index}] needs exactly {members}", _AGAIN)
        if not all(isinstance(value, str) for value in each.values()):
            raise ConfigError(f"{name}: findings[{index}] has a value that is no text", _AGAIN)
        yield Entry(**each)


def apply(
    result: ScanResult, entries: Iterable[Entry], name: str, exists: Callable[[str], bool]
) -> ScanResult:
    """The result with what is known suppressed, and a notice when some entries are of no use.

    ``exists`` tells whether a root module's folder is still there: what stood in a folder that is
    gone is looked for in others.
    """
    known = {each.fingerprint: each for each in entries}
    used = {finding.fingerprint for finding in (*result.findings, *result.suppressed)}
    unused = [each for each in known.values() if each.fingerprint not in used]
    moved = Counter(each.name for each in unused if not exists(each.root))
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in result.findings:
        known_name = entry(finding).name
        if finding.fingerprint in known:
            old.append(finding)
        elif moved[known_name]:
            moved[known_name] -= 1
            old.append(finding)
        else:
            new.append(finding)
    suppression = Suppression("baseline", f"known since {name} was written")
    useless = moved.total() + sum(exists(each.root) for each in unused)
    return replace(
        result,
        findings=tuple(new),
        suppressed=(*result.suppressed, *(replace(f, suppression=suppression) for f in old)),
        notices=(*result.notices, *_notice(useless, name)),
    )


def _notice(useless: int, name: str) -> Iterator[ScanError]:
    if useless:
        text = f"{useless} of its findings are gone: take them out with rolefirst baseline"
        yield ScanError(name, 0, text)
