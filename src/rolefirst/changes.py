"""What a change has touched: the lines, and the findings that rest on them.

``--changed-since REF`` compares with the last commit that the work tree and REF have in common. A
finding is new when the code of that commit does not have it, and touched when its block, a call, a
related place or its evidence stands on a changed line. A line that was only moved is not changed:
git shows it as removed in one place and added in another.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from rolefirst.findings import Finding, Location, ScanResult, Suppression

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}
#: A line like ``}`` says nothing: neither about a change nor about where it came from.
_WORD = re.compile(rb"\w")


@dataclass(frozen=True, slots=True)
class Changes:
    """By path, the changed lines in order.

    Where lines were only taken away, it is the half between its neighbours: 3.5 stands between 3
    and 4, and touches what holds both.
    """

    lines: Mapping[str, tuple[float, ...]]

    def touches(self, finding: Finding) -> bool:
        """Whether the finding rests on a changed line."""
        return any(self._touched(location) for location in _places(finding))

    def _touched(self, location: Location) -> bool:
        changed = self.lines.get(location.path, ())
        first = bisect_left(changed, location.line)
        return first < len(changed) and changed[first] <= max(location.end_line, location.line)


def _places(finding: Finding) -> Iterator[Location]:
    yield finding.location
    yield from (site.location for site in finding.call_chain)
    yield from (related.location for related in finding.related)
    if finding.decision is not None:
        yield from (consumer.location for consumer in finding.decision.consumers)
        yield from (fact.location for fact in finding.decision.evidence if fact.location)


def only_new(result: ScanResult, changes: Changes, before: Collection[str], ref: str) -> ScanResult:
    """The result with what is neither new nor touched suppressed.

    ``before`` are the fingerprints of the findings that the code had; ``ref`` is how the commit
    was named.
    """
    unchanged = Suppression("unchanged", f"not changed since {ref}")
    old = {f for f in result.findings if f.fingerprint in before and not changes.touches(f)}
    return replace(
        result,
        findings=tuple(f for f in result.findings if f not in old),
        suppressed=(
            *result.suppressed,
            *(replace(f, suppression=unchanged) for f in result.findings if f in old),
        ),
    )


# --- reading a diff ------------------------------------------------------------------------------


def read(diff: bytes) -> Changes:
    """The changed lines of a diff without context, as ``git.diff`` gives it."""
    removed: Counter[bytes] = Counter()
    added: list[tuple[str, float, bytes]] = []
    gaps: list[tuple[str, float]] = []
    lines = iter(diff.split(b"\n"))
    path = ""
    for line in lines:
        if line.startswith(b"+++ "):
            path = _path(line[4:])
        elif hunk := _HUNK.match(line):
            before, start, after = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            old = _content(lines, before)
            new = _content(lines, after)
            removed.update(old)
            added += [(path, start + index, text) for index, text in enumerate(new)]
            if not after and any(old):
                gaps.append((path, start + 0.5))
    changed: dict[str, set[float]] = {}
    for name, number, text in added:
        if removed[text]:
            removed[text] -= 1  # moved from there
        elif text:
            changed.setdefault(name, set()).add(number)
    for name, number in gaps:
        changed.setdefault(name, set()).add(number)
    return Changes({name: tuple(sorted(numbers)) for name, numbers in changed.items()})


def _content(lines: Iterator[bytes], count: int) -> list[bytes]:
    """The next lines of a hunk, without sign, indentation and what is nothing but brackets."""
    found: list[bytes] = []
    while len(found) < count:
        line = next(lines)
        if not line.startswith(b"\\"):  # "\ No newline at end of file"
            text = line[1:].strip()
            found.append(text if _WORD.search(text) else b"")
    return found


def _path(name: bytes) -> str:
    """The path in ``+++ b/path``; git quotes names with quotes and control characters as C does."""
    text = name.rstrip(b"\t\r")
    if text.startswith(b'"'):
        text = _ESCAPE.sub(_unescaped, text[1:-1])
    return os.fsdecode(text.removeprefix(b"b/"))


def _unescaped(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8)]) if code.isdigit() else _LETTERS.get(code, code)
