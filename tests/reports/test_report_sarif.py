from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from rolefirst.findings import Edit, Location, Remediation, ScanResult
from rolefirst.reports import ReportContext, render, sarif

SCHEMA = json.loads(Path(__file__).with_name("sarif_log.schema.json").read_text())
SECRETS = ("IOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY")


def run_of(result: ScanResult, context: ReportContext) -> Any:
    log = json.loads(render("sarif", result, context))
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    return log["runs"][0]


def with_edits(result: ScanResult, terraform: str, *edits: Edit) -> ScanResult:
    written = Remediation("edit", terraform, ("Save it.",), "safe", "", edits)
    finding = dataclasses.replace(result.findings[0], remediation=written)
    return dataclasses.replace(result, findings=(finding,))


def test_golden(result: ScanResult, context: ReportContext, golden, monkeypatch) -> None:
    # The pages of the rules change for other reasons; that they are there is tested below.
    monkeypatch.setattr(sarif, "load", lambda: ())
    golden("report.sarif", render("sarif", result, context))


def test_matches_the_schema(result: ScanResult, context: ReportContext) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    run_of(result, context)
    run_of(ScanResult(0, 0, 0), context)


def test_schema_refuses_an_unknown_property(result: ScanResult, context: ReportContext) -> None:
    log = json.loads(render("sarif", result, context))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["line"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(log)


def test_shows_no_secret(result: ScanResult, context: ReportContext) -> None:
    text = render("sarif", result, context)
    assert not [secret for secret in SECRETS if secret in text]


def test_every_result_points_at_its_rule(result: ScanResult, context: ReportContext) -> None:
    run = run_of(result, context)
    rules = run["tool"]["driver"]["rules"]
    assert rules
    for entry in run["results"]:
        assert rules[entry["ruleIndex"]]["id"] == entry["ruleId"]
    helped = {rule["id"]: rule["help"]["markdown"] for rule in rules}
    assert "## Why" in helped["RF101"]


def test_fingerprints_are_those_of_the_findings(result: ScanResult, context) -> None:
    shown = [entry for entry in run_of(result, context)["results"] if entry["kind"] == "fail"]
    assert [entry["partialFingerprints"]["rolefirst/v1"] for entry in shown] == [
        finding.fingerprint for finding in (*result.findings, *result.suppressed)
    ]


def test_what_is_suppressed_says_why_and_the_rest_says_that_it_is_not(result, context) -> None:
    failed = [e for e in run_of(result, context)["results"] if e["kind"] == "fail"]
    kinds = [[s["kind"] for s in entry["suppressions"]] for entry in failed]
    assert kinds == [[]] * 4 + [["inSource"], ["external"], ["external"], ["external"]]
    assert "exception: approved (until 2026-12-31)" in str(failed[5])


def test_errors_are_notifications_and_the_run_failed(result, context) -> None:
    run = run_of(result, context)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = invocation["toolExecutionNotifications"]
    assert [note["level"] for note in notes] == ["error", "error", "note"]
    assert "locations" not in notes[2]


def test_the_way_of_the_key_can_be_walked(result: ScanResult, context: ReportContext) -> None:
    entry = run_of(result, context)["results"][1]
    (flow,) = entry["codeFlows"][0]["threadFlows"]
    lines = [
        step["location"]["physicalLocation"]["region"]["startLine"] for step in flow["locations"]
    ]
    assert lines == [3, 8]
    related = [place["message"]["text"] for place in entry["relatedLocations"]]
    assert related == [
        "called by module.ci",
        "called by module.ci.module.key",
        "the user's policy",
        "used by github_actions_secret.k plaintext_value",
    ]


@pytest.mark.parametrize(
    ("path", "base", "uri"),
    [
        ("main.tf", "", "main.tf"),
        ("main.tf", "infra/live", "infra/live/main.tf"),
        ("a b/#1?.tf", ".", "a%20b/%231%3F.tf"),
        ("javascript:alert(1).tf", "", "javascript%3Aalert%281%29.tf"),
        ("main.tf", "/elsewhere", "file:///elsewhere/main.tf"),
        ("\udc80.tf", "", "%ED%B2%80.tf"),
    ],
)
def test_a_path_is_a_uri(result, context, path: str, base: str, uri: str) -> None:
    finding = dataclasses.replace(result.findings[0], location=Location(path, 3))
    run = run_of(ScanResult(1, 1, 1, (finding,)), dataclasses.replace(context, base=base))
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == uri
    assert ("uriBaseId" in place) is (not uri.startswith("file:"))


def test_edits_that_are_the_whole_fix_are_fixes(result, context) -> None:
    run = run_of(with_edits(result, "", Edit("a b.tf", 3, 7, "true")), context)
    (fix,) = run["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "a%20b.tf"
    assert change["replacements"] == [
        {
            "deletedRegion": {"byteOffset": 3, "byteLength": 4},
            "insertedContent": {"text": "true"},
        }
    ]


def test_half_a_fix_is_none(result: ScanResult, context: ReportContext) -> None:
    edit = Edit("a.tf", 3, 7, "true")
    new_file = with_edits(result, 'resource "a" "b" {}', edit)
    assert "fixes" not in run_of(new_file, context)["results"][0]
    secret = dataclasses.replace(edit, text='x = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"')
    assert "fixes" not in run_of(with_edits(result, "", secret), context)["results"][0]
    # Not the key's own: a password of somebody else that stands between two places of the edit.
    other = Edit("main.tf", 3, 7, 'DB_PASSWORD = "correct horse"')
    assert "fixes" not in run_of(with_edits(result, "", other), context)["results"][0]
    assert "fixes" not in run_of(with_edits(result, ""), context)["results"][0]
