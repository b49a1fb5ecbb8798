"""The Markdown report, made to be the comment on a pull request.

The table names every finding, the worst first; what to do is folded below it. GitHub refuses a
comment of more than 65,536 characters
(https://docs.github.com/en/rest/issues/comments), so that what has no room is left out from the
end: first the remediation, then the explanation, at last the row, and the comment says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rolefirst.findings import Decision, Finding, Location, Remediation, ScanError, ScanResult
from rolefirst.reports import ReportContext, ci, decided
from rolefirst.reports.markdown_text import block, cell, code, prose, sentence, tag
from rolefirst.reports.text_block import blocks
from rolefirst.reports.text_lines import count, doubt, place, until
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
    left_out: Counter[str] = Counter()
    text.add("\n".join(_head(result)) + "\n")
    if result.errors:
        title = "The scan is not complete"
        if not text.add(listing(title, problems(result.errors, context), folded=False)):
            text.add(f"**{title}.**\n\n")
            left_out["error"] = len(result.errors)
    if found:
        text.add("| severity | what | where | rules | use instead |\n|--|--|--|--|--|\n")
        rows = sum(text.add(f"{_row(findings, context)}\n") for findings in found[:_ROWS])
        text.add("\n")
        left_out["table row"] = len(found) - rows
    for findings in found:
        if not text.add(_details(findings, context, terraform=True)):
            short = text.add(_details(findings, context, terraform=False))
            left_out["remediation" if short else "explanation"] += 1
    undetermined = [
        f"{entry.rule.id} {code(entry.address)} {at(entry.location, context)}: "
        f"{prose(entry.reason)}"
        for entry in result.undetermined
    ]
    suppressed = [_suppressed(finding, context) for finding in decided(result)]
    for title, items, noun in (
        ("Cannot be told from the code", undetermined, "undetermined result"),
        ("Suppressed", suppressed, "suppressed finding"),
        ("Notices", problems(result.notices, context), "notice"),
    ):
        if not text.add(listing(title, items)):
            left_out[noun] = len(items)
    return f"{text.text}{_missing(left_out)}".rstrip("\n") + "\n"


def _missing(left_out: Mapping[str, int]) -> str:
    """What had no room, so that nobody takes the comment for the whole."""
    parts = ", ".join(count(number, noun) for noun, number in left_out.items() if number)
    if not parts:
        return ""
    where = "the full report is in the job's log and artifacts"
    return f"\nNot everything has room here. Left out: {parts}; {where}.\n"


class Bounded:
    """Text that grows piece by piece, as long as there is room."""

    def __init__(self, limit: int) -> None:
        """Begin with nothing and room for ``limit`` bytes."""
        self.text = ""
        self.room = limit
        self.full = False

    def add(self, piece: str) -> bool:
        """Add a piece whole or not at all."""
        size = len(piece.encode("utf-8"))
        if size > self.room:
            self.full = True
            return False
        self.text += piece
        self.room -= size
        return True


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


def _row(findings: Sequence[Finding], context: ReportContext) -> str:
    head = findings[0]
    rules = ", ".join(dict.fromkeys(finding.rule.id for finding in findings))
    decision = _decision(findings)
    instead = decision.alternative if decision else ""
    here = place(head)
    where = f"{ci.path(here, context)}:{here.line}"
    cells = (head.severity.label, cell(head.address), cell(where), rules, prose(instead))
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
    calls = "".join(f", called at {at(c.location, context)}" for c in finding.call_chain)
    where = f"{at(finding.location, context)}{calls}"
    return f"{name} {where}: {prose(finding.message)}{doubt(finding)}"


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
    parts = [f"{number}. {sentence(step)}" for number, step in enumerate(written.steps, 1)]
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
    why = ""
    if suppression:
        ends = prose(f"{suppression.kind}{until(suppression)}")
        why = f" ({ends}: {prose(suppression.reason or 'no reason given')})"
    return f"{finding.rule.id} {code(finding.address)} {at(finding.location, context)}{why}"
