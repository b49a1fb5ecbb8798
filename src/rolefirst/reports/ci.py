"""What the formats for CI systems share: paths of the repository, a finding in plain words."""

from __future__ import annotations

import posixpath

from rolefirst.findings import Decision, Finding, Location
from rolefirst.reports import ReportContext, mask_key_ids
from rolefirst.reports.text_lines import say


def path(location: Location, context: ReportContext) -> str:
    """The path as the platform knows it: relative to the working directory, not to the tree."""
    joined = posixpath.join(context.base, location.path) if location.path else location.path
    return mask_key_ids(posixpath.normpath(joined)) if joined else ""


def end_line(location: Location) -> int:
    """The last line; a location without an end has one line."""
    return max(location.end_line, location.line)


def title(finding: Finding) -> str:
    """Rule and address on one line."""
    return f"{finding.rule.id} {finding.rule.name}: {say(finding.address)}"


def message(finding: Finding) -> str:
    """What is wrong and what should stand there instead, on one line."""
    told = _sentence(finding.message)
    if finding.decision is None:
        return told
    advised = advice(finding.decision)
    if _sentence(finding.decision.summary) == told:
        return _capital(advised)  # a decision may say no more than what was found
    return f"{told} {advised}"


def advice(decision: Decision) -> str:
    """The decision with its question, on one line."""
    summary = say(decision.summary).rstrip(".") or say(decision.alternative)
    sure = f"{say(decision.alternative)}, {decision.confidence.label} confidence"
    question = f" {say(decision.question)}" if decision.question else ""
    return f"{summary} ({sure}).{question}"


def _sentence(text: str) -> str:
    said = _capital(say(text).strip())
    return said if said.endswith((".", "?", "!")) else f"{said}."


def _capital(text: str) -> str:
    """Sentence case; what begins with an address or a name of code keeps it as it is written."""
    first = text.partition(" ")[0].rstrip(".,:;")
    return text if "." in first or "_" in first else text[:1].upper() + text[1:]
