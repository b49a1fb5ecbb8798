"""Several scans as one report."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable
from dataclasses import replace

from rolefirst.findings import Decision, Finding, Location, Remediation, ScanResult


def merge(results: Iterable[ScanResult]) -> ScanResult:
    """Several scans as one report, in the order given; what two of them say is said once."""
    listed = list(results)
    return ScanResult(
        files=sum(result.files for result in listed),
        blocks=sum(result.blocks for result in listed),
        keys=sum(result.keys for result in listed),
        findings=tuple(dict.fromkeys(f for result in listed for f in result.findings)),
        undetermined=tuple(dict.fromkeys(u for result in listed for u in result.undetermined)),
        suppressed=tuple(dict.fromkeys(s for result in listed for s in result.suppressed)),
        errors=tuple(dict.fromkeys(e for result in listed for e in result.errors)),
        notices=tuple(dict.fromkeys(n for result in listed for n in result.notices)),
    )


def below(result: ScanResult, folder: str, outside: Collection[str] = ()) -> ScanResult:
    """The same result with every path below ``folder``: two scanned trees may share names.

    ``outside`` are paths that are no part of the tree, such as variable files.
    """

    def path(name: str) -> str:
        return name if not name or name in outside else posixpath.normpath(f"{folder}/{name}")

    def place(location: Location) -> Location:
        return replace(location, path=path(location.path))

    def maybe(location: Location | None) -> Location | None:
        return location and place(location)

    def decided(decision: Decision) -> Decision:
        return replace(
            decision,
            consumers=tuple(replace(c, location=place(c.location)) for c in decision.consumers),
            evidence=tuple(replace(e, location=maybe(e.location)) for e in decision.evidence),
        )

    def remedied(remedy: Remediation) -> Remediation:
        edits = tuple(replace(edit, path=path(edit.path)) for edit in remedy.edits)
        return replace(remedy, file=path(remedy.file), edits=edits)

    def found(finding: Finding) -> Finding:
        suppression = finding.suppression
        return replace(
            finding,
            root=path(finding.root),
            location=place(finding.location),
            call_chain=tuple(replace(c, location=place(c.location)) for c in finding.call_chain),
            related=tuple(replace(r, location=place(r.location)) for r in finding.related),
            decision=finding.decision and decided(finding.decision),
            remediation=finding.remediation and remedied(finding.remediation),
            suppression=suppression and replace(suppression, location=maybe(suppression.location)),
        )

    return replace(
        result,
        findings=tuple(found(finding) for finding in result.findings),
        undetermined=tuple(
            replace(item, root=path(item.root), location=place(item.location))
            for item in result.undetermined
        ),
        suppressed=tuple(found(finding) for finding in result.suppressed),
        errors=tuple(replace(error, path=path(error.path)) for error in result.errors),
        notices=tuple(replace(notice, path=path(notice.path)) for notice in result.notices),
    )
