"""The HTML report: one page by itself, without script and without network.

The templates are in ``templates/report``. jinja2 escapes everything it prints; what comes from a
scanned repository is also freed of secrets and of characters that do not print.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rolefirst.findings import Decision, Finding, Location, Remediation, ScanError, ScanResult
from rolefirst.reports import ReportContext, ci, mask
from rolefirst.reports.picture import draw
from rolefirst.reports.terminal import escape
from rolefirst.reports.text_block import blocks
from rolefirst.reports.text_lines import place, say, until
from rolefirst.reports.text_overview import summary
from rolefirst.templates import directory

if TYPE_CHECKING:
    from jinja2 import Environment

Shown = dict[str, Any]


def render(result: ScanResult, context: ReportContext) -> str:
    """The result as one HTML document."""
    undetermined = [
        _entry(f"{e.rule.id} {e.rule.name}", e.address, e.location, e.reason, context)
        for e in result.undetermined
    ]
    suppressed = [_suppressed(finding, context) for finding in result.suppressed]
    lists = (
        ("Cannot be told from the code", undetermined),
        ("Suppressed", suppressed),
        ("Notices", _problems(result.notices, context)),
    )
    return page(
        "scan",
        total=summary(result),
        version=context.version,
        blocks=[_block(findings, context) for findings in blocks(result.findings)],
        errors=_problems(result.errors, context),
        lists=lists,
    )


def page(template: str, **values: object) -> str:
    """A page of ``templates/report``. Every value is escaped where it is printed."""
    return _environment().get_template(f"report/{template}.html.j2").render(values)


@functools.cache
def _environment() -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(directory()),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _block(findings: Sequence[Finding], context: ReportContext) -> Shown:
    head = findings[0]
    decided = next((finding.decision for finding in findings if finding.decision), None)
    written = dict.fromkeys(f.remediation for f in findings if f.remediation)
    return {
        "severity": head.severity.label,
        "address": say(head.address),
        "where": where(place(head), context),
        "rules": ", ".join(dict.fromkeys(finding.rule.id for finding in findings)),
        "findings": [_finding(finding, context) for finding in findings],
        "decision": decision(decided, context) if decided else None,
        "picture": draw(head.address, decided) if decided else None,
        "remediations": [remediation(each) for each in written],
    }


def where(location: Location, context: ReportContext) -> str:
    """``path:line``; the path alone for a whole file."""
    path = say(ci.path(location, context))
    return f"{path}:{location.line}" if location.line else path


def _finding(finding: Finding, context: ReportContext) -> Shown:
    return {
        "severity": finding.severity.label,
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "where": where(finding.location, context),
        "calls": [where(site.location, context) for site in finding.call_chain],
        "message": say(finding.message),
    }


def decision(decided: Decision, context: ReportContext) -> Shown:
    """A decision as the template wants it."""
    return {
        "alternative": say(decided.alternative),
        "confidence": decided.confidence.label,
        "summary": say(decided.summary),
        "question": say(decided.question),
        "unless": say(decided.unless),
        "evidence": [
            {
                "text": say(fact.text),
                "where": where(fact.location, context) if fact.location else "",
            }
            for fact in decided.evidence
        ],
        "passed_over": [
            {"step": say(p.step), "reason": say(p.reason)} for p in decided.passed_over
        ],
    }


def remediation(written: Remediation) -> Shown:
    """Terraform and steps as the template wants them."""
    code = mask(written.terraform).strip("\n").split("\n")
    return {
        "applicability": written.applicability,
        "steps": [say(step) for step in written.steps],
        "terraform": "\n".join(escape(line.expandtabs(4)) for line in code).strip(),
        "file": say(written.file),
    }


def _entry(
    rule: str, address: str, location: Location, message: str, context: ReportContext
) -> Shown:
    return {
        "rule": rule,
        "address": say(address),
        "where": where(location, context) if location.path else "",
        "message": say(message),
    }


def _suppressed(finding: Finding, context: ReportContext) -> Shown:
    rule = f"{finding.rule.id} {finding.rule.name}"
    suppression = finding.suppression
    why = ""
    if suppression:
        reason = suppression.reason or "no reason given"
        why = f"{suppression.kind}{until(suppression)}: {reason}"
    return _entry(rule, finding.address, finding.location, why, context)


def _problems(problems: Iterable[ScanError], context: ReportContext) -> list[Shown]:
    return [_entry("", "", Location(p.path, p.line), p.message, context) for p in problems]
