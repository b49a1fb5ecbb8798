"""The only place where rules run.

``scan`` asks every rule about every block it looks at, and turns what they say into a
``ScanResult``: severities as configured, suppressions applied, everything sorted. A rule that
crashes does not stop the others; it is an error of the scan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rolefirst.findings import (
    Finding,
    Location,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
    Undetermined,
)

if TYPE_CHECKING:
    from rolefirst.project import Block, Project
    from rolefirst.rules.base import Rule

#: Inline skips of these do not count unless the configuration says so (a pull request must not
#: approve its own key).
PROTECTED = re.compile(r"RF1\d\d|RF2\d\d|RF501|RF704|RF9\d\d")
_SKIP = re.compile(
    r"(?:#|//|/\*)[^\n]*?checkov:skip=[ ]*(?P<ids>[\w-]+(?:,[\w-]+)*)(?::(?P<reason>[^\n]*))?"
)
_UNTIL = re.compile(r"until=(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says about rules.

    ``today`` decides whether a suppression with ``until=`` still holds; without it none with a
    date does. ``disabled`` maps a rule id to the reason.
    """

    severities: Mapping[str, Severity] = field(default_factory=dict)
    disabled: Mapping[str, str] = field(default_factory=dict)
    inline_protected: bool = False
    today: date | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    findings: list[tuple[Finding, Block]] = field(default_factory=list)
    undetermined: list[Undetermined] = field(default_factory=list)
    errors: list[ScanError] = field(default_factory=list)


def scan(
    project: Project, rules: Sequence[Rule], settings: Settings | None = None
) -> ScanResult:
    """Run the rules over a project."""
    settings = settings or Settings()
    outcome = _Outcome()
    for rule in rules:
        if rule.id not in settings.disabled:
            _run(rule, project, outcome)
    findings: list[Finding] = []
    suppressed: list[Finding] = []
    notices: list[ScanError] = []
    for finding, block in outcome.findings:
        severity = settings.severities.get(finding.rule.id, finding.severity)
        judged = replace(finding, severity=severity)
        suppression = _inline(judged, block, settings, notices)
        if suppression is None:
            findings.append(judged)
        else:
            suppressed.append(replace(judged, suppression=suppression))
    return ScanResult(
        files=project.files,
        blocks=project.block_count,
        keys=_count_keys(project),
        findings=tuple(sorted(set(findings), key=_place)),
        undetermined=tuple(sorted(set(outcome.undetermined), key=_where)),
        suppressed=tuple(sorted(set(suppressed), key=_place)),
        errors=tuple(sorted(set([*project.errors, *outcome.errors]), key=_line)),
        notices=tuple(sorted(set(notices), key=_line)),
    )


def _run(rule: Rule, project: Project, outcome: _Outcome) -> None:
    """One rule over its blocks; what it said before a crash stays."""
    subject: Block | None = None
    try:
        for subject in rule.subjects(project):
            for result in rule.check(subject, project):
                if isinstance(result, Finding):
                    outcome.findings.append((result, subject))
                else:
                    outcome.undetermined.append(result)
    except _CRASHES as error:
        where = subject.location if subject is not None else Location(".", 0)
        message = f"rule {rule.id} crashed ({type(error).__name__}): please report this as a bug"
        outcome.errors.append(ScanError(where.path, where.line, message))


#: What a faulty rule raises. The border between rules and the scan is the one place where any of
#: these is caught: a crash has to reach the report, not end it.
_CRASHES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)


def _count_keys(project: Project) -> int:
    from rolefirst.decision.keys import keys

    return len(keys(project))


# --- suppressions ----------------------------------------------------------------------------


def _inline(
    finding: Finding, block: Block, settings: Settings, notices: list[ScanError]
) -> Suppression | None:
    """The ``checkov:skip=RF…:reason`` comment inside the block, when it counts."""
    for found in _SKIP.finditer(block.source()):
        if finding.rule.id not in found["ids"].split(","):
            continue
        reason = (found["reason"] or "").strip()
        until = _UNTIL.search(reason)
        refused = _refusal(finding, reason, until[1] if until else "", settings)
        line = block.location.line + block.source().count("\n", 0, found.start())
        if not refused:
            place = Location(block.location.path, line)
            return Suppression("inline", reason, place, until[1] if until else "")
        message = f"skip of {finding.rule.id} does not count: {refused}"
        notices.append(ScanError(block.location.path, line, message))
    return None


def _refusal(finding: Finding, reason: str, until: str, settings: Settings) -> str:
    if PROTECTED.fullmatch(finding.rule.id) and not settings.inline_protected:
        return "keys need an entry in the exception register"
    if not reason:
        return "it gives no reason"
    if not until:
        return ""
    try:
        end = date.fromisoformat(until)
    except ValueError:
        return f"{until} is no date"
    if settings.today is None or end < settings.today:
        return f"it ended on {until}"
    return ""


# --- order -----------------------------------------------------------------------------------


def _place(finding: Finding) -> tuple[str, int, str, str, str]:
    where = finding.location
    return where.path, where.line, finding.rule.id, finding.address, finding.attribute


def _where(item: Undetermined) -> tuple[str, int, str, str, str]:
    return item.location.path, item.location.line, item.rule.id, item.address, item.reason


def _line(error: ScanError) -> tuple[str, int, str]:
    return error.path, error.line, error.message


def gate(result: ScanResult, fail_on: Severity, strict: bool = False) -> int:
    """The exit code: 2 when the scan is not trustworthy, 1 for findings, else 0."""
    if result.errors:
        return 2
    if any(finding.severity >= fail_on for finding in result.findings):
        return 1
    return 1 if strict and result.undetermined else 0


def allow(result: ScanResult, globs: Sequence[str]) -> ScanResult:
    """Errors about files that the configuration allows not to parse become notices."""
    allowed = {e for e in result.errors for g in globs if fnmatchcase(e.path, g)}
    return replace(
        result,
        errors=tuple(e for e in result.errors if e not in allowed),
        notices=tuple(sorted({*result.notices, *allowed}, key=_line)),
    )


def merge(results: Iterable[ScanResult]) -> ScanResult:
    """Several scans as one report, in the order given."""
    listed = list(results)
    return ScanResult(
        files=sum(result.files for result in listed),
        blocks=sum(result.blocks for result in listed),
        keys=sum(result.keys for result in listed),
        findings=tuple(f for result in listed for f in result.findings),
        undetermined=tuple(u for result in listed for u in result.undetermined),
        suppressed=tuple(s for result in listed for s in result.suppressed),
        errors=tuple(e for result in listed for e in result.errors),
        notices=tuple(n for result in listed for n in result.notices),
    )
