from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from rolefirst.findings import Location, ScanResult
from rolefirst.reports import ReportContext, render

SECRETS = ("IOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY")


def validate(document: Any) -> None:
    schema = json.loads(files("rolefirst.reports").joinpath("report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def objects(schema: Any) -> list[Any]:
    if isinstance(schema, dict):
        found = [schema] if schema.get("type") == "object" else []
        return found + [one for value in schema.values() for one in objects(value)]
    return []


def test_golden(result: ScanResult, context: ReportContext, golden) -> None:
    golden("report.json", render("json", result, context))


def test_matches_the_schema(result: ScanResult, context: ReportContext) -> None:
    validate(json.loads(render("json", result, context)))


def test_empty_result_matches_the_schema(context: ReportContext) -> None:
    document = json.loads(render("json", ScanResult(0, 0, 0), context))
    validate(document)
    assert document["summary"]["findings"] == {"critical": 0, "high": 0, "medium": 0, "low": 0}


def test_schema_closes_every_object() -> None:
    schema = json.loads(files("rolefirst.reports").joinpath("report.schema.json").read_text())
    for entry in objects(schema):
        assert entry["additionalProperties"] is False
        assert sorted(entry["required"]) == sorted(entry["properties"])


@pytest.mark.parametrize("where", [(), ("findings", 1), ("findings", 1, "decision"), ("summary",)])
def test_schema_refuses_more(result: ScanResult, context: ReportContext, where) -> None:
    document = json.loads(render("json", result, context))
    entry = document
    for step in where:
        entry = entry[step]
    entry["more"] = 1
    with pytest.raises(jsonschema.ValidationError):
        validate(document)


def test_is_printable_ascii_and_stable(result: ScanResult, context: ReportContext) -> None:
    text = render("json", result, context)
    assert text == render("json", result, context)
    assert text.endswith("}\n")
    assert text.replace("\n", "").isascii()
    assert text.replace("\n", "").isprintable()
    assert "##vso" not in text


def test_strings_survive(result: ScanResult, context: ReportContext) -> None:
    document = json.loads(render("json", result, context))
    assert document["findings"][1]["message"] == result.findings[1].message
    assert document["findings"][1]["decision"]["evidence"][1]["text"].endswith('****\x7f"')
    assert document["findings"][2]["address"] == result.findings[2].address


def test_shows_no_secret(result: ScanResult, context: ReportContext) -> None:
    text = render("json", result, context)
    assert "AKIA****" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_exception_is_shown_for_findings_it_covers(
    result: ScanResult, context: ReportContext
) -> None:
    document = json.loads(render("json", result, context))
    entries = {entry["suppression"]["kind"]: entry for entry in document["suppressed"]}
    assert entries["exception"]["exception"]["until"] == "2026-12-31"
    assert entries["inline"]["exception"] is None
    assert all(finding["exception"] is None for finding in document["findings"])


def test_location_without_an_end_is_an_empty_span() -> None:
    from rolefirst.reports.json_report import _location

    assert _location(Location("a.tf", 4, 3)) == {
        "path": "a.tf",
        "line": 4,
        "column": 3,
        "end_line": 4,
        "end_column": 3,
    }
