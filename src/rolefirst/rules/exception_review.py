"""Everything that is to be said about the exceptions of a project, for the page that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rolefirst.decision.keys import Key
from rolefirst.decision.order import decide
from rolefirst.errors import CRASHES
from rolefirst.exceptions.entries import registers_of
from rolefirst.exceptions.matching import instance_unknown
from rolefirst.exceptions.review import LATER_DAYS, SOON_DAYS, Review, Reviewed, ReviewedKey, Status
from rolefirst.findings import Decision, Finding, Location, ScanError, ScanResult
from rolefirst.iam.patterns import Truth
from rolefirst.iam.users import is_active, user_of
from rolefirst.project import Project
from rolefirst.rules.exception_rows import claims, steps
from rolefirst.rules.exceptions import YIELDS, Judged, JudgedKey, judged


def review(project: Project | None, result: ScanResult, today: date) -> Review:
    """What there is to say about a project and its registers; without one there is nothing."""
    registers = registers_of(project) if project is not None else None
    items, found, errors = _all(project, result) if project is not None else ((), [], [])
    order = list(Status)
    claimed = {(k.key.block.root, k.key.block.address) for item in items for k in item.keys}
    keys = [f for f in (*result.findings, *result.suppressed) if f.rule.id == YIELDS]
    return Review(
        registers.today if registers else today,
        result.keys,
        registers.found if registers else (),
        tuple(sorted(found, key=lambda item: (order.index(item.status), *_urgency(item)))),
        tuple(f for f in keys if (f.root, f.address) not in claimed),
        tuple(item for item in result.undetermined if item.rule.id == YIELDS),
        (*result.errors, *errors),
        result.notices,
    )


def _all(
    project: Project, result: ScanResult
) -> tuple[tuple[Judged, ...], list[Reviewed], list[ScanError]]:
    """The exceptions as they are judged, as they are shown, and those that crash."""
    try:
        items = judged(project)
    except CRASHES:  # the rules about exceptions have run into the same and said so
        return (), [], []
    shown = [_shown(item, result, project) for item in items]
    found = [item for item in shown if isinstance(item, Reviewed)]
    return items, found, [item for item in shown if isinstance(item, ScanError)]


def _shown(item: Judged, result: ScanResult, project: Project) -> Reviewed | ScanError:
    try:
        return _reviewed(item, result, project)
    except CRASHES as error:
        name = f"exception {item.entry.name} cannot be shown ({type(error).__name__})"
        at = item.entry.location
        return ScanError(at.path, at.line, f"{name}: please report this as a bug")


def _urgency(item: Reviewed) -> tuple[int, str, Location]:
    days = item.days_left if item.days_left is not None else -1
    return days, item.entry.name, item.entry.location


def _reviewed(item: Judged, result: ScanResult, project: Project) -> Reviewed:
    entry = item.entry
    points = {point.element: point.text for point in item.incomplete}
    keys = tuple(_key(item, key, points, result, project) for key in item.keys)
    if not keys:
        told = claims(entry, (), points, "there is no such key in the code")
        keys = (ReviewedKey(told, steps(entry, None)),)
    doubt = instance_unknown(entry, project) if not item.keys and entry.key else ""
    lasts = (
        (entry.expires - entry.approved_on).days if entry.expires and entry.approved_on else None
    )
    status = _status(item, doubt)
    return Reviewed(entry, status, tuple(_reasons(item, doubt)), item.days_left, lasts, keys)


def _status(item: Judged, doubt: str) -> Status:
    days = item.days_left
    if any(_contradictions(item)):
        return Status.CONTRADICTED
    if days is not None and days < 0:
        return Status.EXPIRED
    if item.incomplete or item.overdue or days is None:
        return Status.INVALID
    if not item.keys:
        if item.withdrawn:
            return Status.WITHDRAWN
        return Status.UNKNOWN if doubt else Status.ORPHANED
    if days <= SOON_DAYS:
        return Status.SOON
    return Status.LATER if days <= LATER_DAYS else Status.VALID


def _contradictions(item: Judged) -> Iterator[str]:
    for key in item.keys:
        for check in key.checks:
            # What is not fit to be compared is incomplete; that is said instead.
            if check.agrees is Truth.NO and not item.doubts(check.element):
                yield f"{key.key.block.address}: the code contradicts its {check.element}"


def _reasons(item: Judged, doubt: str) -> Iterator[str]:
    yield from dict.fromkeys(_contradictions(item))
    yield from (point.text for point in (*item.overdue, *item.incomplete))
    if not item.keys and item.entry.key:
        place = f" {item.entry.root}" if item.entry.root != "." else ""
        yield (
            f"whether there is such a key depends on: {doubt}"
            if doubt
            else f"the root module{place} makes no key of this address"
        )
    if item.withdrawn:
        yield "the work tree does not have this entry any more"


def _key(
    item: Judged, made: JudgedKey, points: dict[str, str], result: ScanResult, project: Project
) -> ReviewedKey:
    key, block = made.key, made.key.block
    inactive = block.kind == "resource" and is_active(block) is False
    why = "the key is Inactive: nobody can use it" if inactive else ""
    decision = decide(key, project)
    return ReviewedKey(
        claims(item.entry, made.checks, points, why),
        steps(item.entry, decision),
        block.address,
        block.location,
        block.call_chain,
        key.doubt,
        decision,
        tuple(_staying(key, decision, result, project)),
    )


def _staying(
    key: Key, decision: Decision, result: ScanResult, project: Project
) -> Iterator[Finding]:
    """What is wrong with the key besides being one, with its user and with what takes it."""
    block = key.block
    user = user_of(block, project) if block.kind == "resource" else None
    concerned = {block.address, *(consumer.address for consumer in decision.consumers)}
    if user is not None:
        concerned.add(user.address)
    for finding in result.findings:
        about = finding.rule.id
        own = about == YIELDS or about.startswith("RF9")
        if finding.root == block.root and finding.address in concerned and not own:
            yield finding
