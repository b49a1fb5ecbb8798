"""The text report, for a person at a terminal or in a CI log.

Findings of one address (a key, a user, a provider …) are one block; blocks stand by severity, the
worst first, then by path and line. What cannot be told, what is silenced and what went wrong
follows; at the end stand the decisions, the count of each rule and the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.findings import Finding, ScanError, ScanResult, Suppression, Undetermined
from rolefirst.reports import Detail, ReportContext, decided, mask_key_ids
from rolefirst.reports.terminal import escape, inert, paint
from rolefirst.reports.text_lines import at, count, doubt, rule, say, span, until, wrap
from rolefirst.reports.text_overview import decisions, rules, summary


def render(result: ScanResult, context: ReportContext) -> str:
    """The result as text: findings first, the count of everything last."""
    found: list[list[Finding]] = []
    lines: list[str] = []
    if result.findings:
        from rolefirst.reports import text_block  # lazy: most scans find nothing

        found = text_block.blocks(result.findings)
        if context.detail is not Detail.SUMMARY:
            lines += text_block.every(found, context)
    if context.detail is not Detail.SUMMARY:
        lines += _section("Undetermined", [_undetermined(e, context) for e in result.undetermined])
        every = context.detail is Detail.FULL
        shown = result.suppressed if every else decided(result)
        lines += _section("Suppressed", [_suppressed(f, context) for f in shown])
        lines += _section("", [_old(result, len(result.suppressed) - len(shown))])
    lines += _section("", [_problem("error", error, context) for error in result.errors])
    lines += _section("", [_problem("notice", notice, context) for notice in result.notices])
    # One block is its own overview.
    if len(found) > 1 or context.detail is Detail.SUMMARY:
        lines += _section("", [decisions(found, context)])
        lines += _section("", [rules(result, context)])
    lines.append(summary(result))
    if result.errors:
        lines.append("The scan is not complete: see the errors above.")
    return inert("\n".join(lines)) + "\n"


def _old(result: ScanResult, number: int) -> Iterator[str]:
    if number:
        old = [f.suppression for f in result.suppressed if f.suppression and f.suppression.old]
        reasons = dict.fromkeys(say(suppression.reason) for suppression in old)
        findings = count(number, "finding")
        yield f"{findings} from before ({'; '.join(reasons)}): see them with --verbose"


def _undetermined(entry: Undetermined, context: ReportContext) -> Iterator[str]:
    name = paint(f"{entry.rule.id} {entry.rule.name}", "bold", context.color)
    yield f"  {name}  {say(entry.address)}"
    yield f"   --> {span(entry.location)}"
    yield from wrap(say(entry.reason), "    ", "    ", context)


def _suppressed(finding: Finding, context: ReportContext) -> Iterator[str]:
    yield f"  {rule(finding, context.color)}  {say(finding.address)}{doubt(finding)}"
    yield f"   --> {span(finding.location)}"
    if finding.suppression:
        yield from wrap(_reason(finding.suppression), "    ", "    ", context)


def _reason(suppression: Suppression) -> str:
    where = f" at {at(suppression.location)}" if suppression.location else ""
    reason = say(suppression.reason) or "no reason given"
    return f"{say(suppression.kind)}{where}{until(suppression)}: {reason}"


def _problem(kind: str, error: ScanError, context: ReportContext) -> Iterator[str]:
    path = escape(mask_key_ids(error.path))
    place = f"{path}:{error.line} " if path and error.line else f"{path} " if path else ""
    yield f"{paint(f'{kind}:', kind, context.color)} {place}{say(error.message)}"


def _section(title: str, entries: Iterable[Iterator[str]]) -> list[str]:
    lines = [line for entry in entries for line in entry]
    if not lines:
        return []
    return [*([f"{title}:"] if title else []), *lines, ""]
