"""What the fixes of all findings make of the files, worked out before anything is written.

A fix is taken whole or not at all. Of two that change the same bytes differently the one of the
earlier finding counts, and running the command again gives the other its turn.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.fix.declared import Read, blocks, declared_in
from rolefirst.fix.layout import mended
from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.scanner import Span
from rolefirst.remediation.applied import applied
from rolefirst.remediation.leftover import left_in, pattern_of

#: The order in which a change goes live without an outage.
STAGES = ("add", "switch", "remove")
_DOTTED = re.compile(r"[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*")
_WORD = re.compile(r'\s*(?:"([^"\n]+)"|([\w-]+))')


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file as it is and as it should be; None where there is no file."""

    path: str
    before: bytes | None
    after: bytes | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The changed files by path, the findings they mend and what has to be said about it."""

    files: tuple[FileChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """What is decided so far: by path the edits, and the new files with their blocks."""

    read: Read
    names: Callable[[str], Iterable[str]]
    edits: dict[str, list[tuple[Edit, Finding]]] = field(default_factory=dict)
    files: dict[str, tuple[bytes, list[Finding]]] = field(default_factory=dict)
    declared: dict[str, dict[bytes, tuple[str, bytes]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def plan(
    findings: Iterable[Finding],
    read: Read,
    names: Callable[[str], Iterable[str]],
    until: str = STAGES[-1],
) -> Plan:
    """Put the remediations of findings together, up to and with a stage.

    ``names`` lists the Terraform files of a directory.
    """
    stages = STAGES[: STAGES.index(until) + 1]
    draft = _Draft(read, names)
    gone: dict[str, list[tuple[int, int]]] = {}
    removed: set[tuple[str, str]] = set()
    for finding in findings:
        remedy = finding.remediation
        if remedy is None or (finding.decision is None and _stands_in(finding, gone, read)):
            continue
        edits = _staged(remedy.edits, stages)
        code = remedy.terraform if remedy.file else ""
        if _needs_one_of(remedy, removed):
            continue
        if (edits or _has_blocks(code)) and _take(draft, finding, remedy, edits, code):
            draft.findings.append(finding)
            for edit in filter(_takes_away, remedy.edits):
                gone.setdefault(edit.path, []).append((edit.start, edit.end))
                removed.update(_removed_blocks(edit, read))
    return Plan(tuple(_changes(draft)), tuple(draft.findings), tuple(draft.notices))


def _removed_blocks(edit: Edit, read: Read) -> Iterator[tuple[str, str]]:
    """The folder and the name of every resource that an edit takes away."""
    data = (read(edit.path) or b"")[edit.start : edit.end]
    for item in scanner.blocks(data):
        if isinstance(item, Span) and item.keyword == "resource":
            yield posixpath.dirname(edit.path), ".".join(item.labels)


def _needs_one_of(remedy: Remediation, removed: set[tuple[str, str]]) -> bool:
    """Whether what a fix writes refers to a block that an earlier one removes."""
    new = [(remedy.file, remedy.terraform)] if remedy.file else []
    for path, text in (*new, *((edit.path, edit.text) for edit in remedy.edits if edit.text)):
        folder = posixpath.dirname(path)
        for name in set(_DOTTED.findall(text)):
            data = text.encode("utf-8", "surrogateescape")
            if (folder, name) in removed and left_in(data, pattern_of(name)):
                return True
    return False


def _takes_away(edit: Edit) -> bool:
    """Whether nothing is left of what another fix would mend."""
    return edit.stage != "add" and not edit.text


def _staged(edits: Sequence[Edit], stages: Sequence[str]) -> list[Edit]:
    """The edits of these stages; what a later one takes away needs no earlier one."""
    found = [edit for edit in edits if edit.stage in stages]
    return [
        edit
        for edit in found
        if not any(
            other.path == edit.path
            and other.start <= edit.start
            and edit.end <= other.end
            and STAGES.index(other.stage) > STAGES.index(edit.stage)
            and not other.text
            for other in found
        )
    ]


def _stands_in(finding: Finding, gone: dict[str, list[tuple[int, int]]], read: Read) -> bool:
    """Whether an earlier fix removes what the finding is about."""
    spans = gone.get(finding.location.path, ())
    if not spans:
        return False
    data = read(finding.location.path) or b""
    starts = [0, *(found.end() for found in re.finditer(rb"\n", data))]
    line = min(finding.location.line, len(starts)) - 1
    return any(start <= starts[line] < end for start, end in spans)


def _has_blocks(code: str) -> bool:
    return any(isinstance(item, Span) for item in scanner.blocks(code.encode()))


def _take(
    draft: _Draft, finding: Finding, remedy: Remediation, edits: list[Edit], code: str
) -> bool:
    """Add the fix of one finding to the draft; False when an earlier one is in the way."""
    new = []
    for edit in edits:
        taken = draft.edits.get(edit.path, [])
        same = any(_same(edit, other) for other, _ in taken)
        other = next(((e, found) for e, found in taken if _conflict(edit, e)), None)
        if other is not None and not same:
            return not _takes_away(other[0]) and _left_out(draft, finding, other[1], edit.path)
        new.append(edit)
    if _has_blocks(code) and not _take_code(draft, finding, remedy, code):
        return False
    for edit in new:
        draft.edits.setdefault(edit.path, []).append((edit, finding))
    return True


def _same(one: Edit, other: Edit) -> bool:
    return (one.start, one.end, one.text) == (other.start, other.end, other.text)


def _conflict(one: Edit, other: Edit) -> bool:
    if one.start == one.end and other.start == other.end:
        # Two new arguments at one place stand one behind the other.
        return one.start == other.start and _first_word(one) == _first_word(other)
    return one.start < other.end and other.start < one.end


def _first_word(edit: Edit) -> str:
    found = _WORD.match(edit.text)
    return (found[1] or found[2]) if found else ""


def _left_out(draft: _Draft, finding: Finding, other: Finding, path: str) -> bool:
    draft.notices.append(
        f"{finding.rule.id} {finding.address} is left out: it changes the same lines of {path} as "
        f"{other.rule.id} {other.address}; run the command again when that is written"
    )
    return False


# --- new code ----------------------------------------------------------------------------------


def _take_code(draft: _Draft, finding: Finding, remedy: Remediation, code: str) -> bool:
    """Give new code a file of its own, without the blocks that are declared already."""
    folder = posixpath.dirname(remedy.file)
    declared = _declared(draft, folder)
    data = code.encode("utf-8", "surrogateescape")
    kept = data
    found = list(blocks(data))
    headers = {header for header, _, _ in found}
    wanted = {header for header in headers if header.startswith(b"resource ")} or headers
    there = wanted & declared_in(draft.read, remedy.file)
    if wanted and there == wanted:
        return True  # from an earlier stage, whatever people have changed in it since
    if there:
        lacking = ", ".join(sorted(each.decode("utf-8", "replace") for each in wanted - there))
        draft.notices.append(
            f"{finding.rule.id} {finding.address} is left out: {remedy.file} is there and lacks "
            f"{lacking}; add it, or delete the file to have it written again"
        )
        return False
    for header, text, span in reversed(found):
        if header not in declared:
            continue
        place, other = declared[header]
        if other != text:
            name = header.decode("utf-8", "replace")
            draft.notices.append(
                f"{finding.rule.id} {finding.address} is left out: its new code declares {name}, "
                f"which {place} declares already"
            )
            return False
        behind = kept[span.end :].lstrip(b"\r\n")
        kept = kept[: span.start] + behind
    if declared.keys() >= headers:
        return True
    path = _free_name(draft, remedy.file)
    draft.files[path] = (kept.rstrip() + b"\n", [finding])
    declared |= {header: (path, text) for header, text, _ in found}
    return True


def _declared(draft: _Draft, folder: str) -> dict[bytes, tuple[str, bytes]]:
    """What the files of a directory declare."""
    if folder not in draft.declared:
        found: dict[bytes, tuple[str, bytes]] = {}
        for path in draft.names(folder):
            if not path.endswith(".json"):
                for header, text, _ in blocks(draft.read(path) or b""):
                    found.setdefault(header, (path, text))
        draft.declared[folder] = found
    return draft.declared[folder]


def _free_name(draft: _Draft, wanted: str) -> str:
    """A path where nothing stands."""
    stem, extension = posixpath.splitext(wanted)
    path, copy = wanted, 2
    while path in draft.files or draft.read(path) is not None:
        path, copy = f"{stem}_{copy}{extension}", copy + 1
    return path


# --- the files ---------------------------------------------------------------------------------


def _changes(draft: _Draft) -> Iterator[FileChange]:
    for path in sorted({*draft.edits, *draft.files}):
        if path in draft.files:
            data, findings = draft.files[path]
            yield FileChange(path, None, data, tuple(findings))
            continue
        before = draft.read(path) or b""
        edits = {(edit.start, edit.end, edit.text): edit for edit, _ in draft.edits[path]}
        after = _without_gaps(before, mended(before, applied(before, edits.values())))
        if after != before:
            whose = dict.fromkeys(finding for _, finding in draft.edits[path])
            yield FileChange(path, before, after if after.strip() else None, tuple(whose))


def _without_gaps(before: bytes, after: bytes) -> bytes:
    """Without the blank lines at the end of a file that removed blocks have left there."""
    if not before.rstrip(b"\r\n \t") or before.endswith((b"\n\n", b"\n\r\n")):
        return after
    newline = b"\r\n" if after.endswith(b"\r\n") else b"\n"
    while after.endswith(newline * 2):
        after = after.removesuffix(newline)
    return after
