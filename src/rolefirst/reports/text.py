"""The text report, for a person at a terminal or in a CI log."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator

from rolefirst.findings import (
    Confidence,
    Decision,
    Finding,
    Location,
    Remediation,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
    Undetermined,
)
from rolefirst.reports import ReportContext, mask, mask_key_ids, secret_spans
from rolefirst.reports.terminal import columns, escape, inert, paint

_EXCERPT_LINES = 6
_TERRAFORM_LINES = 20
_MIN_WIDTH = 40


def render(result: ScanResult, context: ReportContext) -> str:
    """The result as text: findings first, the count of everything last."""
    lines: list[str] = []
    shown: dict[tuple[str, str], str] = {}
    for finding in result.findings:
        lines += [*_finding(finding, shown, context), ""]
    lines += _section("Undetermined", [_undetermined(e, context) for e in result.undetermined])
    lines += _section("Suppressed", [_suppressed(f, context) for f in result.suppressed])
    lines += _section("", [_problem("error", error, context) for error in result.errors])
    lines += _section("", [_problem("notice", notice, context) for notice in result.notices])
    lines.append(_summary(result))
    if result.errors:
        lines.append("The scan is not complete: see the errors above.")
    return inert("\n".join(lines)) + "\n"


def _finding(
    finding: Finding, shown: dict[tuple[str, str], str], context: ReportContext
) -> Iterator[str]:
    yield _header(finding, context)
    # Who reads the report can change the call; the block may stand in somebody else's library.
    for site in finding.call_chain:
        yield f" --> {_span(site.location)}  {_say(site.address)}"
    yield f" --> {_span(finding.location)}"
    yield from _excerpt(finding.location, context)
    yield from _wrap(_say(finding.message), "  ", "  ", context)
    for related in finding.related:
        yield from _item("- ", f"{_at(related.location)} {_say(related.label)}", context)
    if finding.decision:
        yield from _decision(finding.decision, context)
    if finding.remediation:
        yield from _remediation(finding, finding.remediation, shown, context)


def _header(finding: Finding, context: ReportContext) -> str:
    severity = paint(finding.severity.label, finding.severity.label, context.color)
    name = paint(f"{finding.rule.id} {finding.rule.name}", "bold", context.color)
    sure = finding.confidence is Confidence.HIGH
    doubt = "" if sure else f"  ({finding.confidence.label} confidence)"
    return f"{severity} {name}  {_say(finding.address)}{doubt}"


def _excerpt(location: Location, context: ReportContext) -> Iterator[str]:
    """Source lines with their numbers; the span is underlined on its first line."""
    span = max(location.end_line - location.line + 1, 1)
    count = min(span, _EXCERPT_LINES)
    source = context.excerpt(location, count)
    if not source.strip():
        return
    # Not splitlines: form feeds and the like do not end a line in an editor's count.
    rows = [row.rstrip("\r") for row in source.removesuffix("\n").split("\n")][:count]
    margin = len(str(location.line + len(rows) - 1))
    room = max(context.width, _MIN_WIDTH) - margin - 5
    start = location.column - 1
    end = location.end_column - 1 if location.end_line == location.line else len(rows[0].rstrip())
    yield f" {'':{margin}} |"
    for index, row in enumerate(rows):
        shown, mark = _row(row, (start, end) if index == 0 else (0, 0), room)
        yield f" {location.line + index:>{margin}} | {shown}".rstrip()
        if mark:
            yield f" {'':{margin}} | {paint(mark, 'mark', context.color)}"
    if span > count:
        yield f" {'':{margin}} | ... {_count(span - count, 'more line')}"
    yield f" {'':{margin}} |"


def _row(row: str, span: tuple[int, int], room: int) -> tuple[str, str]:
    """One source line, masked, escaped and cut to ``room``, and the underline of ``span``."""
    start, end = span
    low = start - 10 if room - 10 <= start < len(row) else 0
    high = min(low + room, len(row))
    secrets = [s for s in secret_spans(row, source=True) if s[0] < high and s[1] > low]
    cells = []
    for index in range(low, high):
        secret = next((s for s in secrets if s[0] <= index < s[1]), None)
        if secret:
            cells.append("****" if index == max(secret[0], low) else "")
        else:
            cells.append("    " if row[index] == "\t" else escape(row[index]))
    left, right = "... " if low else "", " ..." if high < len(row) else ""
    shown = left + "".join(cells) + right
    if not end or not low <= start < high:
        return shown, ""
    before = columns(left + "".join(cells[: start - low]))
    marked = columns("".join(cells[start - low : max(end, start + 1) - low]))
    return shown, " " * before + "^" * max(marked, 1)


def _decision(decision: Decision, context: ReportContext) -> Iterator[str]:
    use = _say(decision.summary or decision.alternative)
    word = "Not decided:" if decision.alternative == "ask-owner" else "Use instead:"
    how = f"({_say(decision.alternative)}, {decision.confidence.label} confidence)"
    # Wrapped with the plain label: color codes take no room.
    first, *rest = _wrap(f"{use} {how}", f"  {word} ", "    ", context)
    yield first.replace(word, paint(word, "good", context.color), 1)
    yield from rest
    consumers = [
        f"{_say(c.address)} {_say(c.attribute)}".rstrip()
        + f" ({_say(c.category)}, receives the {_say(c.carries)}) {_at(c.location)}"
        for c in decision.consumers
    ]
    yield from _list("Used by:", consumers, "- ", context)
    evidence = [
        f"{_at(fact.location)} {_say(fact.text)}" if fact.location else _say(fact.text)
        for fact in decision.evidence
    ]
    yield from _list("Evidence:", evidence, "", context)
    passed = [f"{_say(step.step)}: {_say(step.reason)}" for step in decision.passed_over]
    yield from _list("Passed over:", passed, "- ", context)
    if decision.question:
        yield from _wrap(_say(decision.question), "  Ask the owner: ", "    ", context)


def _remediation(
    finding: Finding,
    remediation: Remediation,
    shown: dict[tuple[str, str], str],
    context: ReportContext,
) -> Iterator[str]:
    """The Terraform, once for all findings that share it, then this finding's steps."""
    same = (remediation.template, remediation.terraform)
    if same in shown:
        yield from _wrap(f"the same as for {shown[same]} above", "  Terraform: ", "    ", context)
    elif remediation.terraform.strip():
        shown[same] = f"{finding.rule.id} {_say(finding.address)}"
        review = ", to be reviewed" if remediation.applicability != "safe" else ""
        yield f"  Terraform ({_say(remediation.template)}{review}):"
        # Masked as a whole, then cut: a secret must not escape the mask at a cut.
        rows = mask(remediation.terraform).strip("\n").split("\n")
        for row in rows[:_TERRAFORM_LINES]:
            yield f"      {escape(row.expandtabs(4))}".rstrip()
        if len(rows) > _TERRAFORM_LINES:
            more = _count(len(rows) - _TERRAFORM_LINES, "more line")
            yield f"      ... {more}, see all with --format json"
    yield from _list("Steps:", [_say(step) for step in remediation.steps], "", context)


def _undetermined(entry: Undetermined, context: ReportContext) -> Iterator[str]:
    name = paint(f"{entry.rule.id} {entry.rule.name}", "bold", context.color)
    yield f"  {name}  {_say(entry.address)}"
    yield f"   --> {_span(entry.location)}"
    yield from _wrap(_say(entry.reason), "    ", "    ", context)


def _suppressed(finding: Finding, context: ReportContext) -> Iterator[str]:
    yield f"  {_header(finding, context)}"
    yield f"   --> {_span(finding.location)}"
    if finding.suppression:
        yield from _wrap(_reason(finding.suppression), "    ", "    ", context)


def _reason(suppression: Suppression) -> str:
    where = f" at {_at(suppression.location)}" if suppression.location else ""
    until = f", until {_say(suppression.until)}" if suppression.until else ""
    return (
        f"{_say(suppression.kind)}{where}{until}: {_say(suppression.reason) or 'no reason given'}"
    )


def _problem(kind: str, error: ScanError, context: ReportContext) -> Iterator[str]:
    path = escape(mask_key_ids(error.path))
    place = f"{path}:{error.line} " if path and error.line else f"{path} " if path else ""
    yield f"{paint(f'{kind}:', kind, context.color)} {place}{_say(error.message)}"


def _summary(result: ScanResult) -> str:
    severities = Counter(finding.severity for finding in result.findings)
    others = [
        f"{len(result.undetermined)} undetermined" if result.undetermined else "",
        f"{len(result.suppressed)} suppressed" if result.suppressed else "",
        _count(len(result.errors), "error") if result.errors else "",
    ]
    scope = f"{_count(result.files, 'file')}, {_count(result.keys, 'key')}."
    parts = [part for part in others if part]
    if result.findings:
        each = ", ".join(
            f"{severities[severity]} {severity.label}"
            for severity in sorted(Severity, reverse=True)
            if severities[severity]
        )
        parts.insert(0, f"{_count(len(result.findings), 'finding')} ({each})")
        return f"Found {', '.join(parts)} in {scope}"
    if parts:
        return f"No findings. Also {', '.join(parts)} in {scope}"
    return f"No findings. Scanned {scope}"


def _section(title: str, entries: Iterable[Iterator[str]]) -> list[str]:
    lines = [line for entry in entries for line in entry]
    if not lines:
        return []
    return [*([f"{title}:"] if title else []), *lines, ""]


def _list(title: str, items: list[str], bullet: str, context: ReportContext) -> Iterator[str]:
    """A titled list; without a bullet it is numbered."""
    if items:
        yield f"  {title}"
    for number, item in enumerate(items, 1):
        yield from _item(bullet or f"{number}. ", item, context)


def _item(bullet: str, text: str, context: ReportContext) -> list[str]:
    return _wrap(text, f"    {bullet}", " " * (4 + len(bullet)), context)


def _wrap(text: str, first: str, rest: str, context: ReportContext) -> list[str]:
    """Escaped text in lines; a long word stays whole, so that paths and addresses can be copied."""
    return textwrap.wrap(
        text,
        max(context.width, _MIN_WIDTH),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _say(text: str) -> str:
    return escape(mask(text))


def _at(location: Location) -> str:
    return f"{escape(mask_key_ids(location.path))}:{location.line}"


def _span(location: Location) -> str:
    return f"{_at(location)}:{location.column}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
