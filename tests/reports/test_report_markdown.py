from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rolefirst.findings import (
    Confidence,
    Decision,
    Finding,
    Location,
    Remediation,
    RuleInfo,
    ScanError,
    ScanResult,
    Severity,
)
from rolefirst.reports import ReportContext, render
from rolefirst.reports.markdown import LIMIT, MARK
from rolefirst.reports.markdown_text import block, cell, code, prose, tag

SECRETS = ("IOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY", "hunter2")
RULE = RuleInfo("RF101", "access_key_last_resort", "A key", Severity.HIGH)
TRICKS = (
    "![x](https://evil.example/?leak)",
    "[x](javascript:alert(1))",
    "</summary><img src=x onerror=alert(1)>",
    "<!-- ",
    "-->",
    "``` ",
    "~~~",
    "`a``b`",
    "| a | b |",
    "*bold* _it_ **b**",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "<https://evil.example>",
    "\\",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "a\n\n# b",
)
ALLOWED_HTML = re.compile(
    r"<!-- (?:rolefirst )?-->|</?details>|<summary>(?:[^<]|</?code>)*</summary>"
)
hostile = st.sampled_from(TRICKS) | st.text(st.sampled_from("`*_[]()<>!|#\\&;\n -=~$@:/wab1."))


def parse(text: str) -> list[Token]:
    """Every token as GitHub's Markdown has it: CommonMark with tables, strikethrough and links."""
    parser = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def check_harmless(text: str) -> None:
    for token in parse(text):
        assert token.type not in ("link_open", "image", "s_open"), token
        if token.type in ("html_block", "html_inline"):
            assert not ALLOWED_HTML.sub("", token.content).strip(), token.content


def a_finding(number: int, terraform: str = "", **changes: str) -> Finding:
    text = {"address": f"aws_iam_access_key.k{number}", "message": "a key", **changes}
    return Finding(
        RULE,
        Severity.HIGH,
        Confidence.HIGH,
        ".",
        text["address"],
        Location("main.tf", number + 1),
        text["message"],
        decision=Decision("ci", "oidc-federation", Confidence.HIGH, text["message"], "oidc"),
        remediation=Remediation("oidc", terraform, (text["message"],), "review"),
    )


def test_golden(result: ScanResult, context: ReportContext, golden) -> None:
    golden("report.md", render("markdown", result, context))


def test_starts_with_the_mark_that_finds_the_comment_again(result, context) -> None:
    assert render("markdown", result, context).startswith(f"{MARK}\n")


def test_shows_no_secret(result: ScanResult, context: ReportContext) -> None:
    text = render("markdown", result, context)
    assert not [secret for secret in SECRETS if secret in text]


def test_what_is_hostile_stays_text(result: ScanResult, context: ReportContext) -> None:
    check_harmless(render("markdown", result, context))


@given(hostile, hostile, hostile)
def test_nothing_from_a_repository_is_obeyed(address: str, message: str, terraform: str) -> None:
    context = ReportContext(excerpt=lambda _l, _c: "", color=False, version="1")
    found = a_finding(1, terraform, address=address or "x", message=message)
    errors = (ScanError(message or "x", 1, address),)
    text = render("markdown", ScanResult(1, 1, 1, (found,), errors=errors), context)
    check_harmless(text)
    tokens = [token.type for token in parse(text)]
    assert tokens.count("heading_open") == 1
    assert tokens.count("table_open") == 1
    assert tokens.count("fence") == (1 if terraform.strip() else 0)
    assert tokens.count("tr_open") == 2


@given(hostile)
def test_prose_reads_as_it_is_written(text: str) -> None:
    printable = text.replace("\n", "")
    tokens = parse("x " + prose(printable))
    shown = "".join(token.content for token in tokens if token.type in ("text", "text_special"))
    assert (
        shown.removeprefix("x ").split() == printable.split()
        or shown.strip() == ("x " + printable).strip()
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ask @platform-team", "ask @<!-- -->platform-team"),
        ("see #12 and GH-3", "see #<!-- -->12 and GH-<!-- -->3"),
        ("https://evil.example", "https://<!-- -->evil.example"),
        ("www.evil.example", "www.<!-- -->evil.example"),
        ("at 0123456789abcdef", "at 012345<!-- -->6789ab<!-- -->cdef"),
        ("a * b", "a \\* b"),
    ],
)
def test_platforms_make_no_links(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_code_holds_backticks_and_bars() -> None:
    assert code("a`b``c") == "```a`b``c```"
    assert code("`a`") == "`` `a` ``"
    assert cell("a|b") == "`a\\|b`"
    assert tag("<b>") == "<code>&lt;b&gt;</code>"
    assert block("```\nx", "hcl") == "````hcl\n```\nx\n````"


def test_the_comment_has_room_at_github(context: ReportContext) -> None:
    found = tuple(a_finding(number, "x = 1\n" * 100) for number in range(400))
    text = render("markdown", ScanResult(1, 1, 400, found), context)
    assert len(text.encode()) <= LIMIT
    assert "400 findings" in text
    assert "Not everything has room here" in text


def test_terraform_goes_before_the_explanation_does(context: ReportContext) -> None:
    found = (a_finding(1, "x = 1\n" * 20_000), a_finding(2, "y = 1\n"))
    text = render("markdown", ScanResult(1, 1, 2, found), context)
    assert "x = 1" not in text
    assert "y = 1" in text
    assert text.count("**Decision:**") == 2


def test_wide_characters_count_as_many_bytes(context: ReportContext) -> None:
    found = tuple(a_finding(number, message="日本" * 2_000) for number in range(20))
    text = render("markdown", ScanResult(1, 1, 20, found), context)
    assert len(text.encode()) <= LIMIT


def test_errors_are_above_everything(result: ScanResult, context: ReportContext) -> None:
    text = render("markdown", result, context)
    assert text.index("The scan is not complete") < text.index("| severity |")


def test_paths_are_those_of_the_repository(result: ScanResult, context: ReportContext) -> None:
    text = render("markdown", result, dataclasses.replace(context, base="infra"))
    assert "`infra/providers.tf:2`" in text
