"""The only place where rules run.

``scan`` asks every rule about every block it looks at, and turns what they say into a
``ScanResult``: severities as configured, suppressions applied, everything sorted. A rule that
crashes on a block does not stop the others, nor itself on the next block; it is an error of the
scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from rolefirst import suppressions
from rolefirst.errors import CRASHES
from rolefirst.exceptions import KIND as EXCEPTION
from rolefirst.findings import (
    Finding,
    Location,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
    Undetermined,
)

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import TypeVar

    from rolefirst.project import Block, Project
    from rolefirst.rules.base import Rule

    _T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says about rules.

    ``today`` decides whether a suppression with ``until=`` still holds; without it none with a
    date does. ``disabled`` maps a rule id to the reason: what such a rule finds is suppressed, so
    that it can still be seen. ``notices`` are those of whoever has made the project.
    """

    severities: Mapping[str, Severity] = field(default_factory=dict)
    disabled: Mapping[str, str] = field(default_factory=dict)
    inline_protected: bool = False
    today: date | None = None
    notices: tuple[ScanError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    findings: list[tuple[Finding, Block]] = field(default_factory=list)
    undetermined: list[Undetermined] = field(default_factory=list)
    errors: list[ScanError] = field(default_factory=list)
    #: Where a rule has said something: what a skip there may be for.
    said: set[tuple[Location, str]] = field(default_factory=set)
    #: One block of each folder that a rule has looked at or that calls such a folder.
    folders: dict[str, Block] = field(default_factory=dict)


def scan(
    project: Project,
    rules: Sequence[Rule],
    settings: Settings | None = None,
    progress: Callable[[str], None] | None = None,
) -> ScanResult:
    """Run the rules over a project; ``progress`` is told what is being done."""
    settings = settings or Settings()
    outcome = _Outcome()
    notices = list(settings.notices)
    for rule in rules:
        # Who disables a rule because it crashes shall not get its crashes as errors.
        counts = rule.id not in settings.disabled
        _run(rule, project, outcome if counts else replace(outcome, errors=notices), progress)
    keys = _count_keys(project, outcome)
    findings: list[Finding] = []
    suppressed: list[Finding] = []
    for finding, block in outcome.findings:
        severity = settings.severities.get(finding.rule.id, finding.severity)
        judged = replace(finding, severity=severity)
        suppression = suppressions.disabled(judged, settings)
        if suppression is None:
            suppression = _excepted(judged, block, project)
        if suppression is None:
            suppression, refused = suppressions.inline(judged, block, project, settings)
            notices += refused
        if suppression is None:
            findings.append(judged)
        else:
            suppressed.append(replace(judged, suppression=suppression))
    known = {rule.id for rule in rules}
    notices += suppressions.useless(project, outcome.folders.values(), outcome.said, known)
    return ScanResult(
        files=project.files,
        blocks=project.block_count,
        keys=keys,
        findings=_sorted(findings, _place),
        undetermined=_sorted(
            (item for item in outcome.undetermined if item.rule.id not in settings.disabled), _where
        ),
        suppressed=_sorted(suppressed, _place),
        errors=_sorted([*project.errors, *outcome.errors], _line),
        notices=_sorted(notices, _line),
    )


def _run(
    rule: Rule, project: Project, outcome: _Outcome, progress: Callable[[str], None] | None
) -> None:
    """One rule over its blocks; what it said before a crash stays."""
    subject: Block | None = None
    try:
        for subject in rule.subjects(project):
            if progress is not None:
                progress(f"{rule.id} {rule.name}: {subject.address}")
            _ask(rule, subject, project, outcome)
    except CRASHES as error:
        outcome.errors.append(_crash(rule, subject, error))


def _ask(rule: Rule, subject: Block, project: Project, outcome: _Outcome) -> None:
    # An entry of a register is no code: no folder of blocks is around it.
    if subject.kind != EXCEPTION and _folder(subject) not in outcome.folders:
        for block in (subject, *project.callers(subject)):
            outcome.folders.setdefault(_folder(block), block)
    try:
        for result in rule.check(subject, project):
            outcome.said.update(((subject.location, rule.id), (result.location, rule.id)))
            if isinstance(result, Finding):
                outcome.findings.append((result, subject))
            else:
                outcome.undetermined.append(result)
    except CRASHES as error:
        outcome.errors.append(_crash(rule, subject, error))


def _excepted(finding: Finding, block: Block, project: Project) -> Suppression | None:
    """The exception that a finding yields to; one that cannot be judged covers nothing."""
    from rolefirst.exceptions.entries import registers_of  # lazy: a clean tree has no finding

    if registers_of(project) is None:
        return None
    from rolefirst.rules.exceptions import covering  # lazy: few trees have a register

    try:
        return covering(finding, block, project)
    except CRASHES:  # the rules about exceptions have run into the same and said so
        return None


def _folder(block: Block) -> str:
    return block.location.path.rpartition("/")[0]


def _crash(rule: Rule, subject: Block | None, error: BaseException) -> ScanError:
    where = subject.location if subject is not None else Location(".", 0)
    message = f"rule {rule.id} crashed ({type(error).__name__}): please report this as a bug"
    return ScanError(where.path, where.line, message)


def _count_keys(project: Project, outcome: _Outcome) -> int:
    from rolefirst.decision.keys import keys

    try:
        return len(keys(project))
    except CRASHES as error:
        message = (
            f"the keys cannot be counted ({type(error).__name__}): please report this as a bug"
        )
        outcome.errors.append(ScanError(".", 0, message))
        return 0


# --- order -----------------------------------------------------------------------------------


def _sorted(items: Iterable[_T], key: Callable[[_T], tuple[str | int, ...]]) -> tuple[_T, ...]:
    """In order and each once; items that are equal in every key stay in the order they came."""
    return tuple(sorted(dict.fromkeys(items), key=key))


def _place(finding: Finding) -> tuple[str | int, ...]:
    where, rule = finding.location, finding.rule.id
    named = (finding.address, finding.attribute, finding.root, finding.message)
    return where.path, where.line, rule, *named, where.column


def _where(item: Undetermined) -> tuple[str | int, ...]:
    where = item.location
    named = (item.address, item.root, item.reason)
    return where.path, where.line, item.rule.id, *named, where.column


def _line(error: ScanError) -> tuple[str | int, ...]:
    return error.path, error.line, error.message


def gate(result: ScanResult, fail_on: Severity | None, strict: bool = False) -> int:
    """The exit code: 2 when the scan is not trustworthy, 1 for findings, else 0.

    Without ``fail_on`` it is a report and no gate.
    """
    if result.errors:
        return 2
    if fail_on is None:
        return 0
    if any(finding.severity >= fail_on for finding in result.findings):
        return 1
    return 1 if strict and result.undetermined else 0


def allow(result: ScanResult, unread: Iterable[ScanError], globs: Sequence[str] = ()) -> ScanResult:
    """The result with everything that could not be read, up to now.

    ``unread`` are the errors of the loader, which grow while values are evaluated. In files that
    the configuration allows not to parse they are notices; a crash of a rule never is.
    """
    found = list(unread)
    allowed = {e for e in found if any(fnmatchcase(e.path, glob) for glob in globs)}
    return replace(
        result,
        errors=_sorted((e for e in (*result.errors, *found) if e not in allowed), _line),
        notices=_sorted((*result.notices, *allowed), _line),
    )
