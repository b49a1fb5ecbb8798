"""What a change has touched: the lines, and the findings that rest on them.

``--changed-since REF`` compares with the last commit that the work tree and REF have in common. A
finding is new when the code of that commit does not have it or when it says something else there,
and touched when its block, a call, a related place or its evidence stands on a changed line. A line
that was only moved is not changed: git shows it as removed in one place and added in another.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import not_

from rolefirst.findings import Location, ScanError, ScanResult, Suppression, Undetermined
from rolefirst.known import Exists, Said, entry, pair

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

    def touches(self, finding: Said) -> bool:
        """Whether the finding rests on a changed line."""
        return any(self._touched(location) for location in _places(finding))

    def _touched(self, location: Location) -> bool:
        changed = self.lines.get(location.path, ())
        first = bisect_left(changed, location.line)
        return first < len(changed) and changed[first] <= max(location.end_line, location.line)


def _places(finding: Said) -> Iterator[Location]:
    yield finding.location
    if isinstance(finding, Undetermined):
        return
    yield from (site.location for site in finding.call_chain)
    yield from (related.location for related in finding.related)
    if finding.decision is not None:
        yield from (consumer.location for consumer in finding.decision.consumers)
        yield from (fact.location for fact in finding.decision.evidence if fact.location)


def only_new(
    result: ScanResult, changes: Changes, before: ScanResult, ref: str, exists: Exists
) -> ScanResult:
    """The result with what is neither new nor touched nor said in another way suppressed.

    ``before`` is what the code of the common commit has; ``ref`` is how that was asked for.
    """
    earlier: tuple[Said, ...] = (*before.findings, *before.undetermined)
    said = {each.fingerprint: _content(each) for each in earlier}

    def unchanged(now: Sequence[Said], then: Sequence[Said]) -> list[bool]:
        same, _ = pair(now, map(entry, then), exists, result.suppressed)
        return [
            known is not None
            and said[known.fingerprint] == _content(each)
            and not changes.touches(each)
            for each, known in zip(now, same, strict=True)
        ]

    old = unchanged(result.findings, before.findings)
    untold = unchanged(result.undetermined, before.undetermined)
    suppression = Suppression("unchanged", f"not changed since {ref}")
    hidden = (replace(each, suppression=suppression) for each in compress(result.findings, old))
    return replace(
        result,
        findings=tuple(compress(result.findings, map(not_, old))),
        suppressed=(*result.suppressed, *hidden),
        undetermined=tuple(compress(result.undetermined, map(not_, untold))),
        notices=(*result.notices, *_left_out(sum(untold), ref)),
    )


def _left_out(untold: int, ref: str) -> Iterator[ScanError]:
    if untold:
        text = f"{untold} results that cannot be told are not changed since {ref} and left out"
        yield ScanError("", 0, text)


def _content(said: Said) -> tuple[object, ...]:
    """What is said, apart from where it stands: the rights that a message lists may have grown."""
    if isinstance(said, Undetermined):
        return (said.reason,)
    decision = said.decision
    decided = (decision.category, decision.alternative, decision.role) if decision else ()
    consumers = {(c.address, c.attribute, c.carries) for c in decision.consumers} if decision else 0
    labels = tuple(sorted(related.label for related in said.related))
    return (said.message, said.severity, said.confidence, decided, consumers, labels)


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
            old = _words(lines, before)
            new = _words(lines, after)
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


def _words(lines: Iterator[bytes], count: int) -> list[bytes]:
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
