"""The Markdown report, made to be the comment on a pull request.

The table names every finding, the worst first; what to do is folded below it. GitHub refuses a
comment of more than 65,536 characters
(https://docs.github.com/en/rest/issues/comments), so that what has no room is left out from the
end: first the Terraform, then the explanation, at last the row, and the comment says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rolefirst.findings import Decision, Finding, Location, Remediation, ScanError, ScanResult
from rolefirst.reports import ReportContext, ci, decided
from rolefirst.reports.markdown_text import block, cell, code, prose, tag
from rolefirst.reports.text_block import blocks
from rolefirst.reports.text_lines import count, doubt
from rolefirst.reports.text_overview import summary

#: Whoever posts the comment finds the one of the last run by it.
MARK = "<!-- rolefirst -->"
#: In bytes, which are never fewer than the characters that GitHub counts.
LIMIT = 65_000
#: What the last line may need.
_RESERVE = 300
_LISTED = 20
_ROWS = 100


def render(result: ScanResult, context: ReportContext) -> str:
    """The result as one comment of limited length."""
    found = blocks(result.findings)
    text = Bounded(LIMIT - _RESERVE)
    text.add("\n".join(_head(result)) + "\n")
    text.add(listing("The scan is not complete", problems(result.errors, context), folded=False))
    rows = [_row(findings, context) for findings in found]
    text.add(_table(rows[:_ROWS]))
    left_out = max(0, len(rows) - _ROWS)
    for findings in found:
        choices = (_details(findings, context, terraform) for terraform in (True, False))
        left_out += not text.add_first(choices)
    undetermined = [
        f"{entry.rule.id} {code(entry.address)} {at(entry.location, context)}: "
        f"{prose(entry.reason)}"
        for entry in result.undetermined
    ]
    text.add(listing("Cannot be told from the code", undetermined))
    text.add(listing("Suppressed", [_suppressed(f, context) for f in decided(result)]))
    text.add(listing("Notices", problems(result.notices, context)))
    last = f"\nNot everything has room here: {count(left_out, 'finding')} without explanation; the "
    last += "full report has it.\n"
    whole = text.text + (last if left_out or text.full else "")
    return whole.rstrip("\n") + "\n"


class Bounded:
    """Text that grows piece by piece, as long as there is room."""

    def __init__(self, limit: int) -> None:
        """Begin with nothing and room for ``limit`` bytes."""
        self.text = ""
        self.room = limit
        self.full = False

    def add(self, piece: str) -> bool:
        """Add a piece whole or not at all."""
        return self.add_first([piece])

    def add_first(self, pieces: Iterable[str]) -> bool:
        """Add the first of several pieces for which there is room."""
        for piece in pieces:
            size = len(piece.encode("utf-8"))
            if size <= self.room:
                self.text += piece
                self.room -= size
                return True
        self.full = True
        return False


def _head(result: ScanResult) -> Iterator[str]:
    yield MARK
    keys = count(result.keys, "access key")
    if result.findings:
        yield f"## rolefirst: {count(len(result.findings), 'finding')}, {keys}"
    else:
        yield f"## rolefirst: no findings, {keys}"
    yield ""
    yield summary(result)
    yield ""


def _table(rows: Sequence[str]) -> str:
    if not rows:
        return ""
    head = ("| severity | what | where | rules | use instead |", "|--|--|--|--|--|")
    return "\n".join((*head, *rows, "", ""))


def _row(findings: Sequence[Finding], context: ReportContext) -> str:
    head = findings[0]
    rules = ", ".join(dict.fromkeys(finding.rule.id for finding in findings))
    decision = _decision(findings)
    instead = decision.alternative if decision else ""
    place = f"{ci.path(head.location, context)}:{head.location.line}"
    cells = (head.severity.label, cell(head.address), cell(place), rules, prose(instead))
    return f"| {' | '.join(cells)} |"


def _decision(findings: Iterable[Finding]) -> Decision | None:
    return next((finding.decision for finding in findings if finding.decision), None)


def at(location: Location, context: ReportContext) -> str:
    """``path:line``; the path alone for a whole file."""
    line = f":{location.line}" if location.line else ""
    return code(f"{ci.path(location, context)}{line}")


# --- what is folded ----------------------------------------------------------------------------


def _details(findings: Sequence[Finding], context: ReportContext, terraform: bool) -> str:
    head = findings[0]
    rules = ", ".join(dict.fromkeys(finding.rule.id for finding in findings))
    title = f"{head.severity.label} {tag(head.address)} {rules}"
    lines = [f"- {_finding(finding, context)}" for finding in findings]
    decision = _decision(findings)
    if decision is not None:
        lines += ["", *explained(decision, context)]
    if terraform:
        for written in dict.fromkeys(f.remediation for f in findings if f.remediation):
            lines += ["", _remediation(written)]
    return _folded(title, "\n".join(lines))


def _finding(finding: Finding, context: ReportContext) -> str:
    name = f"**{finding.severity.label} {finding.rule.id}** {code(finding.rule.name)}"
    place = at(finding.location, context)
    calls = "".join(f", called at {at(c.location, context)}" for c in finding.call_chain)
    return f"{name} {place}{calls}: {prose(finding.message)}{doubt(finding)}"


def explained(decision: Decision, context: ReportContext) -> Iterator[str]:
    """The lines of a decision with its reasons."""
    sure = f"{decision.alternative}, {decision.confidence.label} confidence"
    yield f"**Decision:** {prose(decision.summary or decision.alternative)} ({prose(sure)})"
    if decision.question:
        yield f"\n**Ask the owner:** {prose(decision.question)}"
    facts = [
        f"{prose(fact.text)} {at(fact.location, context) if fact.location else ''}".rstrip()
        for fact in decision.evidence[:_LISTED]
    ]
    yield from _items("Evidence", facts)
    passed = [f"{prose(p.step)}: {prose(p.reason)}" for p in decision.passed_over[:_LISTED]]
    yield from _items("Passed over", passed)
    if decision.unless:
        yield f"\nUnless {prose(decision.unless)}."


def _items(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"\n**{title}:**\n"
        yield from (f"- {item}" for item in items)


def _remediation(written: Remediation) -> str:
    parts = [f"{number}. {prose(step)}" for number, step in enumerate(written.steps, 1)]
    if written.terraform.strip():
        review = "" if written.applicability == "safe" else " (to be reviewed)"
        name = f" for {code(written.file)}" if written.file else ""
        parts += ["", f"Terraform{name}{review}:", "", block(written.terraform, "hcl")]
    return _folded("What to do", "\n".join(parts))


def _folded(title: str, body: str) -> str:
    """Markdown is read again inside of an element behind an empty line. ``title`` is HTML."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"


def listing(title: str, items: Sequence[str], folded: bool = True) -> str:
    """A titled list of limited length; nothing when it is empty."""
    if not items:
        return ""
    shown = [f"- {item}" for item in items[:_LISTED]]
    if len(items) > _LISTED:
        shown.append(f"- and {len(items) - _LISTED} more")
    text = "\n".join(shown)
    return _folded(f"{title} ({len(items)})", text) if folded else f"**{title}:**\n\n{text}\n\n"


def problems(found: Iterable[ScanError], context: ReportContext) -> list[str]:
    """Errors or notices, each with its place."""
    return [
        f"{at(Location(p.path, p.line), context)}: {prose(p.message)}"
        if p.path
        else prose(p.message)
        for p in found
    ]


def _suppressed(finding: Finding, context: ReportContext) -> str:
    suppression = finding.suppression
    why = f" ({suppression.kind}: {prose(suppression.reason)})" if suppression else ""
    return f"{finding.rule.id} {code(finding.address)} {at(finding.location, context)}{why}"
