"""Annotations for a GitHub workflow: one workflow command per finding, the worst first.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. GitHub shows
ten errors, ten warnings and ten notices of a step; all of them stand in the log. What is commanded
is written here alone: every value is encoded so that it cannot end its own command.
"""

from __future__ import annotations

from rolefirst.findings import Finding, Location, ScanError, ScanResult, Severity, Undetermined
from rolefirst.reports import ReportContext, ci
from rolefirst.reports.terminal import inert
from rolefirst.reports.text_lines import place, say
from rolefirst.reports.text_overview import summary

_COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


def render(result: ScanResult, context: ReportContext) -> str:
    """One command per line, and the summary."""
    worst_first = sorted(result.findings, key=lambda finding: -finding.severity)
    lines = [
        *(_error(error, context) for error in result.errors),
        *(_finding(finding, context) for finding in worst_first),
        *(_undetermined(entry, context) for entry in result.undetermined),
        *(_notice(notice, context) for notice in result.notices),
        inert(summary(result)),
    ]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, context: ReportContext) -> str:
    name = ci.title(finding)
    command = _COMMANDS[finding.severity]
    return _command(command, name, ci.message(finding), place(finding), context)


def _undetermined(entry: Undetermined, context: ReportContext) -> str:
    name = f"{entry.rule.id} {entry.rule.name}: {say(entry.address)}"
    told = f"Cannot be told: {say(entry.reason)}"
    return _command("notice", name, told, entry.location, context)


def _error(error: ScanError, context: ReportContext) -> str:
    at = Location(error.path, error.line)
    return _command("error", "The scan is not complete", say(error.message), at, context)


def _notice(notice: ScanError, context: ReportContext) -> str:
    at = Location(notice.path, notice.line)
    return _command("notice", "rolefirst", say(notice.message), at, context)


def _command(
    command: str, title: str, message: str, location: Location, context: ReportContext
) -> str:
    properties = {"title": title}
    if location.path:
        properties = {"file": say(ci.path(location, context)), **properties}
    if location.line > 0:
        end = ci.end_line(location)
        properties |= {"line": str(location.line), "endLine": str(end)}
        if location.line == end:
            # GitHub takes columns for annotations of a single line only.
            properties["col"] = str(location.column)
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {listed}::{_data(message)}"


def _data(text: str) -> str:
    """As @actions/core encodes a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """As @actions/core encodes a property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
