"""The architect's page: every exception beside what the code does, as HTML or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from rolefirst.exceptions.compare import Change
from rolefirst.exceptions.entries import Register
from rolefirst.exceptions.review import (
    CONTRADICTED,
    HOLDS,
    OPEN,
    Review,
    Reviewed,
    ReviewedKey,
    Since,
    Status,
    approval,
)
from rolefirst.findings import Finding, Location, Related, ScanError
from rolefirst.reports import ReportContext
from rolefirst.reports.html import Shown, decision, page, where
from rolefirst.reports.picture import draw
from rolefirst.reports.terminal import fit
from rolefirst.reports.text_block import blocks
from rolefirst.reports.text_lines import count, say

#: The formats of the page.
FORMATS = ("html", "markdown")
#: Keys of one exception that are shown; a module in a loop can make any number.
KEYS = 10
#: Characters that a text of the register gets: it is a claim and no essay.
_ROOM = 600
#: The style of a status, which also says its name.
STYLES = {
    Status.CONTRADICTED: "critical",
    Status.EXPIRED: "critical",
    Status.INVALID: "high",
    Status.ORPHANED: "medium",
    Status.UNKNOWN: "medium",
    Status.SOON: "high",
    Status.LATER: "medium",
    Status.VALID: "good",
    Status.WITHDRAWN: "low",
}
_VERDICTS = {HOLDS: "good", CONTRADICTED: "critical", OPEN: "medium"}
_STEPS = {"recommended": "high", "passed over": "good", "not needed": "low", OPEN: "medium"}


def render(name: str, made: Review, context: ReportContext) -> str:
    """The page in a format."""
    if name == "markdown":
        from rolefirst.reports.exceptions_markdown import markdown

        return markdown(made, context)
    return _html(made, context)


def headline(made: Review) -> str:
    """The page in one line."""
    exceptions = count(len(made.exceptions), "exception")
    return f"{exceptions}, {count(made.keys, 'key')}, {len(made.bare)} without exception"


def none_bare(made: Review) -> str:
    """What is said where no key is without an exception."""
    return "Every key here has an exception." if made.keys else "There is no key in this code."


def origin(register: Register) -> str:
    """Where a register was read from, and how much of it."""
    entries = len(register.entries)
    number = "1 exception" if entries == 1 else f"{entries} exceptions"
    return f"{number}, read from {register.origin or 'the work tree'}"


def notices(made: Review) -> list[ScanError]:
    """The notices, without those that say what the head of the page says."""
    said = {(register.path, origin(register)) for register in made.registers}
    return [notice for notice in made.notices if (notice.path, notice.message) not in said]


def days(item: Reviewed) -> str:
    """How long an exception still holds."""
    left = item.days_left
    if left is None:
        return "no end"
    if left < 0:
        return f"over for {count(-left, 'day')}"
    return f"{count(left, 'day')} left" if left else "last day"


def bounded(text: str, room: int = _ROOM) -> str:
    """Text that is harmless and has a limit. What is secret goes before anything is cut."""
    return fit(say(text), room)


def _html(made: Review, context: ReportContext) -> str:
    return page(
        "exceptions",
        headline=headline(made),
        version=context.version,
        today=str(made.today),
        registers=[
            {"path": where(Location(r.path, 0), context), "origin": bounded(origin(r))}
            for r in made.registers
        ],
        counts=made.counts(),
        errors=_problems(made.errors, context),
        exceptions=[_exception(item, context) for item in made.exceptions],
        none_bare=none_bare(made),
        bare=[_bare(findings[0], context) for findings in blocks(made.bare)],
        since=_since(made.since, context) if made.since else None,
        lists=(
            (
                "Keys that other values of variables would make",
                [
                    _entry(item.address, item.location, item.reason, context)
                    for item in made.dormant
                ],
            ),
            ("Notices", _problems(notices(made), context)),
        ),
    )


def _exception(item: Reviewed, context: ReportContext) -> Shown:
    entry = item.entry
    return {
        "name": bounded(entry.name),
        "status": item.status.value,
        "style": STYLES[item.status],
        "where": where(entry.location, context),
        "key": bounded(entry.key) or "no key",
        "root": bounded(entry.root or ""),
        "owner": bounded(entry.owner) or "nobody",
        "approved_by": bounded(entry.approved_by) or "nobody",
        "approved_on": str(entry.approved_on or "no date"),
        "expires": str(entry.expires or "no date"),
        "deactivation": bounded(entry.deactivation) or "not written",
        "days": days(item),
        "share": _share(item),
        "reasons": [bounded(reason) for reason in item.reasons],
        "verdicts": item.verdicts(),
        "keys": [_key(key, context) for key in item.keys[:KEYS]],
        "more": max(0, len(item.keys) - KEYS),
    }


def _share(item: Reviewed) -> int:
    """What is left of the time from approval to end, in percent."""
    if not item.lasts or item.days_left is None or item.lasts < 0:
        return 0
    return max(0, min(100, round(100 * item.days_left / item.lasts)))


def _key(made: ReviewedKey, context: ReportContext) -> Shown:
    address = bounded(made.address)
    return {
        "address": address,
        "where": where(made.location, context),
        "calls": [where(site.location, context) for site in made.call_chain],
        "doubt": bounded(made.doubt),
        "claims": [
            {
                "element": claim.element,
                "claim": bounded(claim.claim) or "nothing",
                "at": where(claim.at, context),
                "verdict": claim.verdict,
                "style": _VERDICTS[claim.verdict],
                "evidence": bounded(claim.evidence),
                "places": _places(claim.places, context),
            }
            for claim in made.claims
        ],
        "steps": [
            {
                "name": step.name,
                "verdict": step.verdict,
                "style": _STEPS[step.verdict],
                "code": bounded(step.code),
                "entry": bounded(step.entry) or "nothing",
            }
            for step in made.steps
        ],
        "decision": decision(made.decision, context) if made.decision else None,
        "picture": draw(address, made.decision) if made.decision else None,
        "findings": [_finding(finding, context) for finding in made.findings],
    }


def _places(places: Iterable[Related], context: ReportContext) -> list[Shown]:
    return [
        {"where": where(place.location, context), "label": bounded(place.label)} for place in places
    ]


def _finding(finding: Finding, context: ReportContext) -> Shown:
    return {
        "severity": finding.severity.label,
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "address": bounded(finding.address),
        "where": where(finding.location, context),
        "message": bounded(finding.message),
    }


def _bare(finding: Finding, context: ReportContext) -> Shown:
    decided = finding.decision
    return {
        **_finding(finding, context),
        "calls": [where(site.location, context) for site in finding.call_chain],
        "suppressed": bounded(suppressed(finding)),
        "decision": decision(decided, context) if decided else None,
        "picture": draw(bounded(finding.address), decided) if decided else None,
    }


def suppressed(finding: Finding) -> str:
    """Why the key is no finding though it has no exception."""
    suppression = finding.suppression
    return f"{suppression.kind}: {suppression.reason or 'no reason'}" if suppression else ""


def _since(since: Since, context: ReportContext) -> Shown:
    return {
        "ref": bounded(since.ref),
        "commit": since.commit[:12],
        "changes": [_change(change, context) for change in since.changes],
        "added": [
            {"address": bounded(address), "root": bounded(root), "where": where(at, context)}
            for root, address, at in since.added
        ],
        "removed": [
            {"address": bounded(address), "root": bounded(root), "where": ""}
            for root, address in since.removed
        ],
    }


def _change(change: Change, context: ReportContext) -> Shown:
    entry = change.entry
    return {
        "kind": change.kind,
        "name": bounded(entry.name),
        "key": bounded(entry.key),
        "where": where(entry.location, context),
        "approval": bounded(approval(entry)),
        "notes": change.notes,
        "edits": [
            {
                "element": edit.element,
                "old": bounded(edit.old) or "nothing",
                "new": bounded(edit.new) or "nothing",
            }
            for edit in change.edits
        ],
    }


def _problems(problems: Iterable[ScanError], context: ReportContext) -> list[Shown]:
    return [_entry("", Location(p.path, p.line), p.message, context) for p in problems]


def _entry(address: str, location: Location, message: str, context: ReportContext) -> Shown:
    return {
        "address": bounded(address),
        "where": where(location, context) if location.path else "",
        "message": bounded(message),
    }
