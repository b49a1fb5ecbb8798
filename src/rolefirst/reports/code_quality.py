"""The Code Climate report, which GitLab shows as code quality in a merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format names what GitLab reads
of https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from rolefirst.findings import Finding, Location, ScanError, ScanResult, Severity
from rolefirst.reports import ReportContext, ci
from rolefirst.reports.text_lines import say

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}


def render(result: ScanResult, context: ReportContext) -> str:
    """The findings and errors as one JSON list; what is suppressed is not for this report."""
    issues = [_issue(finding, context) for finding in result.findings]
    issues += [_error(error, context) for error in result.errors]
    return json.dumps(issues, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def _issue(finding: Finding, context: ReportContext) -> dict[str, Any]:
    steps = finding.remediation.steps if finding.remediation else ()
    listed = "".join(f"\n{number}. {say(step)}" for number, step in enumerate(steps, 1))
    return {
        "type": "issue",
        "check_name": f"{finding.rule.id} {finding.rule.name}",
        "description": f"{say(finding.address)}: {ci.message(finding)}",
        "content": {"body": f"{finding.rule.title}.{listed}"},
        "categories": ["Security"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": finding.fingerprint,
        "location": _place(finding.location, context),
    }


def _error(error: ScanError, context: ReportContext) -> dict[str, Any]:
    """What could not be read is shown too, or the merge request would look clean."""
    identity = f"{error.path}\0{error.message}".encode("utf-8", "backslashreplace")
    return {
        "type": "issue",
        "check_name": "scan_error",
        "description": f"The scan is not complete: {say(error.message)}",
        "categories": ["Security"],
        "severity": "blocker",
        "fingerprint": hashlib.sha256(identity).hexdigest()[:32],
        "location": _place(Location(error.path or ".", error.line), context),
    }


def _place(location: Location, context: ReportContext) -> dict[str, Any]:
    # The format has no place without a line.
    begin = max(location.line, 1)
    return {
        "path": say(ci.path(location, context)),
        "lines": {"begin": begin, "end": max(location.end_line, begin)},
    }
