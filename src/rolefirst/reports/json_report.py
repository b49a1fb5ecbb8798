"""The JSON report, ``schema_version`` 1, as ``report.schema.json`` describes it."""

from __future__ import annotations

import json
import re
from typing import Any

from rolefirst.findings import (
    Decision,
    Edit,
    Evidence,
    Finding,
    Location,
    Remediation,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
    Undetermined,
)
from rolefirst.reports import ReportContext, mask, mask_key_ids, open_edits

SCHEMA_VERSION = 1

Object = dict[str, Any]


def render(result: ScanResult, context: ReportContext) -> str:
    """The result as one JSON document, entries in the order of the result."""
    text = json.dumps(document(result, context.version), indent=2, ensure_ascii=True)
    # DEL is ASCII, so json leaves it; `##name[` is a command to the logs of some CI systems. Both
    # can stand in strings only, where an escape means the same.
    text = re.sub(r"##(?=\w*\[)", r"\\u0023#", text.replace("\x7f", "\\u007f"))
    return text + "\n"


def document(result: ScanResult, version: str) -> Object:
    """The report as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rolefirst", "version": version},
        "summary": {
            "files": result.files,
            "blocks": result.blocks,
            "keys": result.keys,
            "findings": {
                severity.label: sum(finding.severity is severity for finding in result.findings)
                for severity in sorted(Severity, reverse=True)
            },
            "undetermined": len(result.undetermined),
            "suppressed": len(result.suppressed),
        },
        "findings": [_finding(finding) for finding in result.findings],
        "undetermined": [_undetermined(entry) for entry in result.undetermined],
        "suppressed": [
            {**_finding(finding), "suppression": _suppression(finding.suppression)}
            for finding in result.suppressed
        ],
        "errors": [_error(error) for error in result.errors],
        "notices": [_error(notice) for notice in result.notices],
    }


def _finding(finding: Finding) -> Object:
    suppression = finding.suppression
    excepted = suppression is not None and suppression.kind == "exception"
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "address": mask(finding.address),
        "location": _location(finding.location),
        "call_chain": [
            {**_place(site.location), "address": mask(site.address)} for site in finding.call_chain
        ],
        "message": mask(finding.message),
        "fingerprint": finding.fingerprint,
        "related": [
            {**_place(related.location), "label": mask(related.label)}
            for related in finding.related
        ],
        "decision": _decision(finding.decision),
        "remediation": _remediation(finding.remediation),
        "exception": _suppression(suppression) if excepted else None,
    }


def _decision(decision: Decision | None) -> Object | None:
    if decision is None:
        return None
    return {
        "category": decision.category,
        "alternative": decision.alternative,
        "confidence": decision.confidence.label,
        "summary": mask(decision.summary),
        "question": mask(decision.question) or None,
        "unless": mask(decision.unless) or None,
        "role": mask(decision.role) or None,
        "template": decision.template,
        "consumers": [
            {
                "address": mask(consumer.address),
                "attribute": mask(consumer.attribute),
                "carries": consumer.carries,
                "category": consumer.category,
                **_place(consumer.location),
            }
            for consumer in decision.consumers
        ],
        "evidence": [_evidence(evidence) for evidence in decision.evidence],
        "passed_over": [
            {"step": passed.step, "reason": mask(passed.reason)} for passed in decision.passed_over
        ],
    }


def _evidence(evidence: Evidence) -> Object:
    return {"kind": evidence.kind, "text": mask(evidence.text), **_place(evidence.location)}


def _remediation(remediation: Remediation | None) -> Object | None:
    if remediation is None:
        return None
    return {
        "template": remediation.template,
        "terraform": mask(remediation.terraform),
        "steps": [mask(step) for step in remediation.steps],
        "applicability": remediation.applicability,
        "file": mask_key_ids(remediation.file) or None,
        "edits": [_edit(edit) for edit in open_edits(remediation)],
    }


def _edit(edit: Edit) -> Object:
    return {
        "path": mask_key_ids(edit.path),
        "start": edit.start,
        "end": edit.end,
        "text": edit.text,
        "stage": edit.stage,
    }


def _suppression(suppression: Suppression | None) -> Object | None:
    if suppression is None:
        return None
    return {
        "kind": suppression.kind,
        "reason": mask(suppression.reason),
        **_place(suppression.location),
        "until": suppression.until or None,
    }


def _undetermined(entry: Undetermined) -> Object:
    return {
        "rule": entry.rule.id,
        "address": mask(entry.address),
        "location": _location(entry.location),
        "reason": mask(entry.reason),
    }


def _error(error: ScanError) -> Object:
    return {
        "path": mask_key_ids(error.path),
        "line": error.line,
        "message": mask(error.message),
    }


def _location(location: Location) -> Object:
    """Without an end it becomes an empty span, so that no end stands before its start."""
    ends = location.end_line > 0
    return {
        "path": mask_key_ids(location.path),
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line if ends else location.line,
        "end_column": location.end_column if ends else location.column,
    }


def _place(location: Location | None) -> Object:
    if location is None:
        return {"path": None, "line": None}
    return {"path": mask_key_ids(location.path), "line": location.line}
