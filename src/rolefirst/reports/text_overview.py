"""The end of the text report: the decisions, the rules with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rolefirst.findings import Finding, ScanResult, Severity
from rolefirst.reports import Detail, ReportContext
from rolefirst.reports.text_lines import count, say, table, where

_DECISIONS = 30


def decisions(blocks: Sequence[Sequence[Finding]], context: ReportContext) -> Iterator[str]:
    """What should stand in place of each key (or person's user), as a table of limited length."""
    decided = [next((f for f in block if f.decision), None) for block in blocks]
    rows = [
        (say(f.address), where(f), say(f.decision.alternative), f.decision.confidence.label)
        for f in decided
        if f and f.decision
    ]
    shown = rows if context.detail is Detail.FULL else rows[:_DECISIONS]
    yield from table(("address", "where", "use instead", "confidence"), shown, (0, 1), context)
    if len(shown) < len(rows):
        yield f"  ... and {len(rows) - len(shown)} more, see all with --verbose"


def rules(result: ScanResult, context: ReportContext) -> Iterator[str]:
    """How many findings each rule has, the worst first."""
    found = Counter((-f.severity, f.rule.id, f.rule.name) for f in result.findings)
    rows = [
        (Severity(-severity).label, id, name, str(number))
        for (severity, id, name), number in sorted(found.items())
    ]
    yield from table(("severity", "rule", "name", "findings"), rows, (), context)


def summary(result: ScanResult) -> str:
    """The last line: everything counted."""
    severities = Counter(finding.severity for finding in result.findings)
    others = [
        f"{len(result.undetermined)} undetermined" if result.undetermined else "",
        f"{len(result.suppressed)} suppressed" if result.suppressed else "",
        count(len(result.errors), "error") if result.errors else "",
    ]
    scope = f"{count(result.files, 'file')}, {count(result.keys, 'key')}."
    parts = [part for part in others if part]
    if result.findings:
        each = ", ".join(
            f"{severities[severity]} {severity.label}"
            for severity in sorted(Severity, reverse=True)
            if severities[severity]
        )
        parts.insert(0, f"{count(len(result.findings), 'finding')} ({each})")
        return f"Found {', '.join(parts)} in {scope}"
    if parts:
        return f"No findings. Also {', '.join(parts)} in {scope}"
    return f"No findings. Scanned {scope}"
