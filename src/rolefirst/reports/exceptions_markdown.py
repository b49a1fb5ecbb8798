"""The architect's page as Markdown, for a job's summary or a comment of limited length.

What has no room is left out from the end, and the last line says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rolefirst.exceptions.compare import Change
from rolefirst.exceptions.review import Review, Reviewed, ReviewedKey, Since, approval
from rolefirst.findings import Finding, Location, Related
from rolefirst.reports import ReportContext
from rolefirst.reports.exceptions_report import (
    KEYS,
    bounded,
    days,
    headline,
    none_bare,
    notices,
    origin,
    suppressed,
)
from rolefirst.reports.markdown import LIMIT, Bounded, at, explained, listing, problems
from rolefirst.reports.markdown_text import cell, code, prose
from rolefirst.reports.picture import draw
from rolefirst.reports.text_block import blocks

#: Whoever posts it finds the one of the last run by it.
MARK = "<!-- rolefirst exceptions -->"
#: What the last line may need.
_RESERVE = 200
_ROWS = 100
_PLACES = 8


def markdown(made: Review, context: ReportContext) -> str:
    """The page as one document of limited length."""
    text = Bounded(LIMIT - _RESERVE)
    for part in _parts(made, context):
        text.add(part)
    last = "\nNot everything has room here; the HTML page has it.\n" if text.full else ""
    return f"{text.text}{last}".rstrip("\n") + "\n"


def _parts(made: Review, context: ReportContext) -> Iterator[str]:
    yield _lines(_head(made, context))
    yield listing("The scan is not complete", problems(made.errors, context), folded=False)
    yield _overview(made.exceptions[:_ROWS])
    for item in made.exceptions:
        yield _lines(_exception(item, context))
    yield "## Keys without exception\n\n"
    if not made.bare:
        yield f"{none_bare(made)}\n\n"
    for findings in blocks(made.bare):
        yield _lines(_bare(findings[0], context))
    if made.since is not None:
        yield from (_lines(part) for part in _since(made.since, context))
    dormant = [
        f"{code(bounded(item.address))} {at(item.location, context)}: {_prose(item.reason)}"
        for item in made.dormant
    ]
    yield listing("Keys that other values of variables would make", dormant)
    yield listing("Notices", problems(notices(made), context))


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n\n"


def _prose(text: str) -> str:
    return prose(bounded(text))


def _head(made: Review, context: ReportContext) -> Iterator[str]:
    yield MARK
    yield f"# rolefirst: {headline(made)}"
    yield ""
    yield f"As of {made.today}."
    yield ""
    for register in made.registers:
        yield f"- {at(Location(register.path, 0), context)}: {_prose(origin(register))}"
    if not made.registers:
        yield "- There is no register of exceptions here: `rolefirst exceptions new` starts one."
    yield ""
    yield ", ".join(f"**{number}** {name}" for name, number in made.counts())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'--|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _overview(items: Sequence[Reviewed]) -> str:
    if not items:
        return ""
    rows = (
        (
            f"**{item.status.value}**",
            _prose(item.entry.name),
            cell(bounded(item.entry.key)),
            _prose(item.entry.owner),
            f"{item.entry.expires or 'no date'}, {days(item)}",
            item.verdicts(),
        )
        for item in items
    )
    head = ("status", "exception", "key", "owner", "ends", "claims")
    return _lines(("## Exceptions", "", *_table(head, rows)))


def _exception(item: Reviewed, context: ReportContext) -> Iterator[str]:
    entry = item.entry
    yield f"### {_prose(entry.name)}: {item.status.value}"
    yield ""
    yield from (f"- {_prose(reason)}" for reason in item.reasons)
    yield f"- key {code(bounded(entry.key))}, written in {at(entry.location, context)}"
    yield f"- owner: {_prose(entry.owner) or 'nobody'}"
    approver = _prose(entry.approved_by) or "nobody"
    yield f"- approved by {approver} on {entry.approved_on or 'no date'}"
    yield f"- ends on {entry.expires or 'no date'}, {days(item)}"
    yield f"- to switch it off: {_prose(entry.deactivation) or 'not written'}"
    for key in item.keys[:KEYS]:
        yield from _key(key, context)
    if len(item.keys) > KEYS:
        yield ""
        yield f"And {len(item.keys) - KEYS} more of this exception."


def _key(made: ReviewedKey, context: ReportContext) -> Iterator[str]:
    yield ""
    if made.address:
        calls = "".join(f", called at {at(site.location, context)}" for site in made.call_chain)
        yield f"**Key** {code(bounded(made.address))} {at(made.location, context)}{calls}"
    else:
        yield "**No key**"
    yield ""
    yield from _table(
        ("element", "verdict", "claim", "evidence"),
        (
            (
                claim.element,
                f"**{claim.verdict}**",
                f"{_prose(claim.claim) or 'nothing'} {_at(claim.at, context)}",
                f"{_prose(claim.evidence)}{_places(claim.places, context)}",
            )
            for claim in made.claims
        ),
    )
    yield ""
    steps = (
        (
            f"{number}. {step.name}",
            f"**{step.verdict}**",
            _prose(step.entry) or "nothing",
            _prose(step.code),
        )
        for number, step in enumerate(made.steps, 1)
    )
    yield from _table(("step", "verdict", "the exception says", "the code says"), steps)
    if made.decision is not None:
        flow = draw(made.address, made.decision).label
        yield from ("", f"**Flow:** {_prose(flow)}")
    if made.findings:
        yield ""
        yield "What else the rules find:"
        yield ""
        yield from (f"- {_finding(finding, context)}" for finding in made.findings)


def _places(places: Iterable[Related], context: ReportContext) -> str:
    listed = tuple(places)
    more = f" and {len(listed) - _PLACES} more" if len(listed) > _PLACES else ""
    return "".join(f" {_at(place.location, context)}" for place in listed[:_PLACES]) + more


def _at(location: Location, context: ReportContext) -> str:
    """A place in a cell of a table, which a bar would end."""
    return at(location, context).replace("|", "\\|")


def _finding(finding: Finding, context: ReportContext) -> str:
    name = f"**{finding.severity.label} {finding.rule.id}** {code(finding.rule.name)}"
    where = f"{code(bounded(finding.address))} {at(finding.location, context)}"
    return f"{name} {where}: {_prose(finding.message)}"


def _bare(finding: Finding, context: ReportContext) -> Iterator[str]:
    yield f"### {code(bounded(finding.address))}"
    yield ""
    yield f"- {_finding(finding, context)}"
    if why := suppressed(finding):
        yield f"- does not count in a scan, {_prose(why)}"
    yield ""
    if finding.decision is not None:
        yield from explained(finding.decision, context)


def _since(since: Since, context: ReportContext) -> Iterator[Iterable[str]]:
    yield f"## Changed since {_prose(since.ref)}", "", f"Compared with commit {since.commit[:12]}."
    if not since.changes:
        yield ("No entry of the register has changed.",)
    yield from (_change(change, context) for change in since.changes)
    added = [
        f"{_at_root(root, address)} {at(place, context)}" for root, address, place in since.added
    ]
    removed = [_at_root(root, address) for root, address in since.removed]
    for title, keys in (("Keys added", added), ("Keys removed", removed)):
        yield (f"**{title}: {len(keys)}**", "", *(f"- {key}" for key in keys))


def _at_root(root: str, address: str) -> str:
    inside = f" in {code(bounded(root))}" if root != "." else ""
    return f"{code(bounded(address))}{inside}"


def _change(change: Change, context: ReportContext) -> Iterator[str]:
    entry = change.entry
    yield f"### {_prose(entry.name)}: {change.kind}"
    yield ""
    yield f"- key {code(bounded(entry.key))} {at(entry.location, context)}"
    yield f"- {_prose(approval(entry))}"
    yield from (f"- **note:** {note}" for note in change.notes)
    if change.edits:
        yield ""
        rows = (
            (edit.element, _prose(edit.old) or "nothing", _prose(edit.new) or "nothing")
            for edit in change.edits
        )
        yield from _table(("element", "old", "new"), rows)
