"""The SARIF 2.1.0 report, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; what GitHub reads of it is in
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
A finding is a result of kind ``fail``; what cannot be told is of kind ``open``, SARIF's word for
"not enough information to decide".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from rolefirst.findings import (
    Edit,
    Evidence,
    Finding,
    Location,
    RuleInfo,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
    Undetermined,
)
from rolefirst.reports import ReportContext, ci, open_edits
from rolefirst.reports.text_lines import say
from rolefirst.rules import load
from rolefirst.rules.base import page

Object = dict[str, Any]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: The root of the repository: whoever reads the file knows where it lies.
_ROOT = "SRCROOT"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
#: GitHub sorts by these: over 9.0 is critical, from 7.0 high, from 4.0 medium.
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.0",
    Severity.LOW: "2.0",
}


def render(result: ScanResult, context: ReportContext) -> str:
    """The result as one SARIF log with one run."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(result, context)]}
    return json.dumps(log, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def _run(result: ScanResult, context: ReportContext) -> Object:
    failed = (*result.findings, *result.suppressed)
    named = (*(f.rule for f in failed), *(entry.rule for entry in result.undetermined))
    infos = sorted({info.id: info for info in named}.values(), key=lambda info: info.id)
    index = {info.id: position for position, info in enumerate(infos)}
    return {
        "tool": {
            "driver": {
                "name": "rolefirst",
                "version": context.version,
                "semanticVersion": context.version,
                "rules": _rules(infos),
            }
        },
        "invocations": [
            {
                "executionSuccessful": not result.errors,
                "toolExecutionNotifications": [
                    *(_notification(error, "error", context) for error in result.errors),
                    *(_notification(notice, "note", context) for notice in result.notices),
                ],
            }
        ],
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The directory that rolefirst was started in."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_finding(finding, index, context) for finding in failed),
            *(_undetermined(entry, index, context) for entry in result.undetermined),
        ],
    }


def _rules(infos: Iterable[RuleInfo]) -> list[Object]:
    pages = {rule.id: page(rule) for rule in load()}
    return [
        {
            "id": info.id,
            "name": _pascal(info.name),
            "shortDescription": {"text": f"{info.title}."},
            "fullDescription": {"text": f"{info.title}."},
            "help": {
                "text": pages.get(info.id, info.title),
                "markdown": pages.get(info.id, info.title),
            },
            "defaultConfiguration": {"level": _LEVELS[info.severity]},
            "properties": {
                "tags": ["security", "aws", "iam"],
                "security-severity": _SCORES[info.severity],
                "problem.severity": _LEVELS[info.severity].replace("note", "recommendation"),
            },
        }
        for info in infos
    ]


def _pascal(name: str) -> str:
    """SARIF wants Pascal case for names of rules (3.49.7)."""
    return "".join(word.capitalize() for word in name.split("_"))


def _finding(finding: Finding, index: dict[str, int], context: ReportContext) -> Object:
    suppressed = finding.suppression
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": index[finding.rule.id],
        "kind": "fail",
        "level": _LEVELS[finding.severity],
        "message": {"text": ci.message(finding)},
        "locations": [_place(finding.location, context, finding.address)],
        **_related(finding, context),
        **_flow(finding, context),
        **_fixes(finding, context),
        "partialFingerprints": {"rolefirst/v1": finding.fingerprint},
        "suppressions": [_suppression(suppressed, context)] if suppressed else [],
        "properties": {
            "severity": finding.severity.label,
            "confidence": finding.confidence.label,
            **_decision(finding),
        },
    }


def _decision(finding: Finding) -> Object:
    decision = finding.decision
    if decision is None:
        return {}
    return {"category": decision.category, "alternative": decision.alternative}


def _undetermined(entry: Undetermined, index: dict[str, int], context: ReportContext) -> Object:
    return {
        "ruleId": entry.rule.id,
        "ruleIndex": index[entry.rule.id],
        "kind": "open",
        "level": "none",
        "message": {"text": f"Cannot be told: {say(entry.reason)}"},
        "locations": [_place(entry.location, context, entry.address)],
    }


# --- places ----------------------------------------------------------------------------------


def _place(location: Location, context: ReportContext, address: str = "") -> Object:
    place: Object = {"physicalLocation": _physical(location, context)}
    if address:
        named = {"fullyQualifiedName": say(address), "kind": "resource"}
        place["logicalLocations"] = [named]
    return place


def _physical(location: Location, context: ReportContext) -> Object:
    physical: Object = {"artifactLocation": _artifact(ci.path(location, context))}
    if location.line > 0:
        region = {"startLine": location.line, "startColumn": location.column}
        if location.end_line > 0:
            region |= {"endLine": location.end_line, "endColumn": location.end_column}
        physical["region"] = region
    return physical


def _artifact(path: str) -> Object:
    """A path as a URI: every character that means something in one is encoded."""
    encoded = quote(path.encode("utf-8", "surrogatepass"), safe="/-._~")
    if path.startswith("/"):
        return {"uri": f"file://{encoded}"}
    return {"uri": encoded or ".", "uriBaseId": _ROOT}


def _related(finding: Finding, context: ReportContext) -> Object:
    """The calls that lead to the block, what the rule points at, and where the key goes."""
    places = [(site.location, f"called by {site.address}") for site in finding.call_chain]
    places += [(related.location, related.label) for related in finding.related]
    if finding.decision is not None:
        places += [
            (consumer.location, f"used by {consumer.address} {consumer.attribute}".rstrip())
            for consumer in finding.decision.consumers
        ]
    listed = [
        {"id": number, **_place(location, context), "message": {"text": say(label)}}
        for number, (location, label) in enumerate(dict.fromkeys(places), 1)
    ]
    return {"relatedLocations": listed} if listed else {}


def _flow(finding: Finding, context: ReportContext) -> Object:
    """The way of the key through the code, for readers that can walk along it."""
    if finding.decision is None:
        return {}
    hops = [fact for fact in finding.decision.evidence if fact.kind == "data-flow"]
    steps = [_step(hop, context) for hop in hops if hop.location is not None]
    if not steps:
        return {}
    start = {**_place(finding.location, context, finding.address), "message": {"text": "the key"}}
    return {"codeFlows": [{"threadFlows": [{"locations": [{"location": start}, *steps]}]}]}


def _step(hop: Evidence, context: ReportContext) -> Object:
    place = _place(hop.location, context) if hop.location else {}
    return {"location": {**place, "message": {"text": say(hop.text)}}}


# --- fixes, suppressions, notifications --------------------------------------------------------


def _fixes(finding: Finding, context: ReportContext) -> Object:
    """Edits that are a whole fix by themselves: a log holds no new file, and no secret."""
    remediation = finding.remediation
    if remediation is None or remediation.terraform.strip():
        return {}
    by_path: dict[str, list[Edit]] = {}
    for edit in open_edits(remediation):
        by_path.setdefault(edit.path, []).append(edit)
    if not by_path:
        return {}
    changes = [_change(path, edits, context) for path, edits in by_path.items()]
    steps = " ".join(say(step) for step in remediation.steps)
    text = steps or "Change the code as shown."
    return {"fixes": [{"description": {"text": text}, "artifactChanges": changes}]}


def _change(path: str, edits: Sequence[Edit], context: ReportContext) -> Object:
    return {
        "artifactLocation": _artifact(ci.path(Location(path, 0), context)),
        "replacements": [
            {
                "deletedRegion": {"byteOffset": edit.start, "byteLength": edit.end - edit.start},
                "insertedContent": {"text": edit.text},
            }
            for edit in edits
        ],
    }


def _suppression(suppression: Suppression, context: ReportContext) -> Object:
    until = f" (until {suppression.until})" if suppression.until else ""
    shown: Object = {
        "kind": "inSource" if suppression.kind == "inline" else "external",
        "status": "accepted",
        "justification": f"{suppression.kind}: {say(suppression.reason) or 'no reason'}{until}",
    }
    if suppression.location is not None:
        shown["location"] = _place(suppression.location, context)
    return shown


def _notification(error: ScanError, level: str, context: ReportContext) -> Object:
    shown: Object = {"level": level, "message": {"text": say(error.message)}}
    if error.path:
        shown["locations"] = [_place(Location(error.path, error.line), context)]
    return shown
