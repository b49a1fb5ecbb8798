"""JUnit, code quality and GitHub's annotations."""

from __future__ import annotations

import dataclasses
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.findings import (
    Confidence,
    Decision,
    Finding,
    Location,
    RuleInfo,
    ScanResult,
    Severity,
)
from rolefirst.reports import ReportContext, ci, render

SECRETS = ("IOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY")
RULE = RuleInfo("RF101", "access_key_last_resort", "A key", Severity.HIGH)
ANY_TEXT = st.text(st.characters(exclude_categories=()), min_size=1)


def hostile(address: str, message: str, path: str = "main.tf") -> ScanResult:
    finding = Finding(
        RULE, Severity.HIGH, Confidence.HIGH, ".", address, Location(path, 1), message
    )
    return ScanResult(1, 1, 1, (finding,))


@pytest.mark.parametrize(
    ("format", "name"),
    [("junit", "report.junit.xml"), ("gitlab", "report.gitlab.json"), ("github", "report.github")],
)
def test_golden(result, context, golden, format: str, name: str) -> None:
    golden(name, render(format, result, context))


@pytest.mark.parametrize("format", ["junit", "gitlab", "github"])
def test_shows_no_secret(result: ScanResult, context: ReportContext, format: str) -> None:
    text = render(format, result, context)
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("nothing rotates it", "Nothing rotates it."),
        ("nothing, that is to say: nothing", "Nothing, that is to say: nothing."),
        ("aws_iam_access_key.x is an active key", "aws_iam_access_key.x is an active key."),
        ("module.ci makes a key", "module.ci makes a key."),
        ("status: it is open", "Status: it is open."),
    ],
)
def test_a_sentence_begins_with_a_capital_and_an_address_as_it_is(message: str, told: str) -> None:
    assert ci.message(hostile("x", message).findings[0]) == told


def test_what_a_decision_says_again_is_said_once() -> None:
    (found,) = hostile("x", "nothing uses the key").findings
    decided = Decision("unused", "delete", Confidence.HIGH, "Nothing uses the key.", "delete")
    assert ci.message(dataclasses.replace(found, decision=decided)) == (
        "Nothing uses the key (delete, high confidence)."
    )
    other = dataclasses.replace(decided, summary="delete it")
    assert ci.message(dataclasses.replace(found, decision=other)) == (
        "Nothing uses the key. delete it (delete, high confidence)."
    )


# --- JUnit -------------------------------------------------------------------------------------


def test_junit_counts_what_it_holds(result: ScanResult, context: ReportContext) -> None:
    suites = ElementTree.fromstring(render("junit", result, context))
    for suite in (suites, *suites.findall("testsuite")):
        assert int(suite.get("tests", "")) == len(suite.findall(".//testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall(".//failure"))
        assert int(suite.get("errors", "")) == len(suite.findall(".//error"))
        assert int(suite.get("skipped", "")) == len(suite.findall(".//skipped"))
    assert [suite.get("name") for suite in suites] == ["envs/prod", "."]
    assert suites.get("failures") == "4"
    assert suites.get("skipped") == "5"
    assert suites.get("errors") == "2"


def test_junit_fails_where_the_gate_does(result: ScanResult, context: ReportContext) -> None:
    context = dataclasses.replace(context, fail_on=Severity.CRITICAL)
    suites = ElementTree.fromstring(render("junit", result, context))
    assert [f.get("type") for f in suites.findall(".//failure")] == ["critical"]
    assert suites.get("failures") == "1"
    (skipped,) = suites.findall(".//testcase[@classname='RF301']/skipped")
    assert skipped.get("message") == (
        "high, below --fail-on critical: Nothing replaces \\u202ethis key."
    )
    text = render("junit", result, dataclasses.replace(context, fail_on=None))
    assert ElementTree.fromstring(text).get("failures") == "0"


def test_junit_of_a_clean_scan_has_one_test_that_passes(context: ReportContext) -> None:
    suites = ElementTree.fromstring(render("junit", ScanResult(3, 1, 0), context))
    (case,) = suites.findall(".//testcase")
    assert list(case) == []


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_junit_parses_whatever_a_name_is(address: str, message: str, path: str) -> None:
    context = ReportContext(excerpt=lambda _l, _c: "", color=False, version="1")
    suites = ElementTree.fromstring(render("junit", hostile(address, message, path), context))
    assert len(suites.findall(".//testcase")) == 1


# --- code quality --------------------------------------------------------------------------------


def test_code_quality_has_what_gitlab_reads(result: ScanResult, context: ReportContext) -> None:
    issues = json.loads(render("gitlab", result, context))
    assert len(issues) == len(result.findings) + len(result.errors)
    for issue in issues:
        assert issue["type"] == "issue"
        assert issue["description"]
        assert issue["check_name"]
        assert re.fullmatch(r"[0-9a-f]{32}", issue["fingerprint"])
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_both_names_are_one_format(result: ScanResult, context: ReportContext) -> None:
    assert render("gitlab", result, context) == render("codeclimate", result, context)


def test_paths_are_those_of_the_repository(result: ScanResult, context: ReportContext) -> None:
    inside = dataclasses.replace(context, base="infra")
    issues = json.loads(render("gitlab", result, inside))
    assert issues[0]["location"]["path"] == "infra/providers.tf"
    assert "::error file=infra/providers.tf," in render("github", result, inside)
    assert 'file="infra/providers.tf"' in render("junit", result, inside)


# --- GitHub's annotations --------------------------------------------------------------------


def commands(text: str) -> list[str]:
    return [line for line in text.split("\n") if re.match(r"\s*::|.*##\[", line)]


def test_annotations_come_worst_first_and_errors_before_all(result, context) -> None:
    lines = render("github", result, context).splitlines()
    assert lines[0].startswith("::error file=broken\\x1b.tf,title=The scan is not complete,line=3")
    assert lines[2].startswith("::error file=providers.tf,title=RF704")
    assert lines[-1].startswith("Found 4 findings")


def test_a_call_is_annotated_where_it_stands(result: ScanResult, context: ReportContext) -> None:
    assert "::error file=main.tf,title=RF101" in render("github", result, context)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_a_name_cannot_give_a_command(address: str, message: str, path: str) -> None:
    context = ReportContext(excerpt=lambda _l, _c: "", color=False, version="1")
    text = render("github", hostile(address, message, path), context)
    assert len(text.splitlines()) == 2
    assert len(commands(text)) == 1
    properties = text.split("::", 2)[1].removeprefix("error ")
    assert {part.partition("=")[0] for part in properties.split(",")} <= {
        "file",
        "title",
        "line",
        "endLine",
        "col",
    }
