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
    Suppression,
    Undetermined,
)
from rolefirst.reports import ReportContext, render
from rolefirst.reports.markdown import LIMIT, MARK
from rolefirst.reports.markdown_text import block, cell, code, prose, sentence, tag

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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("run `aws iam list-users | jq '*'`", "run `aws iam list-users | jq '*'`"),
        ("`a` `b`", "`a` `b`"),
        (f"`aws {'x' * 400}`", f"`aws {'x' * 400}`"),
        ("*no* `*yes*` _no_", "\\*no\\* `*yes*` \\_no\\_"),
        ("one ` alone", "one \\` alone"),
        ("`` ` ``", "\\`\\` \\` \\`\\`"),
        ("`a``b`", "\\`a\\`\\`b\\`"),
        ("` `", "\\` \\`"),
    ],
)
def test_a_sentence_shows_commands_as_code(text: str, shown: str) -> None:
    assert sentence(text) == shown


@given(hostile)
def test_a_sentence_does_nothing(text: str) -> None:
    check_harmless("1. " + sentence(text))


def test_a_secret_does_not_escape_where_a_sentence_is_split() -> None:
    assert "horse" not in sentence("clone https://me:correct`horse`battery@git.example")


def test_where_is_the_call_in_the_root_module(result: ScanResult, context: ReportContext) -> None:
    text = render("markdown", result, context)
    assert "`module.ci.module.key.aws_iam_access_key.this` | `main.tf:9` |" in text


def test_suppressed_findings_say_until_when(result: ScanResult, context: ReportContext) -> None:
    text = render("markdown", result, context)
    assert "`users.tf:1` (exception, until 2026-12-31: approved)" in text
    assert "`users.tf:1` (config: no reason given)" in text


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
    assert "Left out: 1 remediation; the full report is in the job's log and artifacts." in text


def test_what_had_no_room_is_counted(context: ReportContext) -> None:
    found = tuple(a_finding(number, message="x" * 1_000) for number in range(120))
    undetermined = (Undetermined(RULE, ".", "x", Location("a.tf", 1), "y" * 2_000),) * 3
    suppressed = (
        dataclasses.replace(found[0], suppression=Suppression("inline", "z" * 2_000)),
    ) * 4
    result = ScanResult(1, 1, 120, found, undetermined, suppressed)
    text = render("markdown", result, context)
    explained = text.count("**Decision:**")
    assert "Suppressed (4)" not in text
    assert text.splitlines()[-1] == (
        "Not everything has room here. Left out: 20 table rows, "
        f"{120 - explained} explanations, 3 undetermined results, 4 suppressed findings; "
        "the full report is in the job's log and artifacts."
    )
    assert len(text.encode()) <= LIMIT


@pytest.mark.parametrize("place", ["address", "message"])
def test_a_long_name_does_not_hide_the_others(context: ReportContext, place: str) -> None:
    found = (a_finding(1, **{place: "n" * 1_000_000}), a_finding(2))
    text = render("markdown", ScanResult(1, 1, 2, found), context)
    assert "| high | `aws_iam_access_key.k2`" in text
    assert text.count("**Decision:**") == 2


def test_rows_that_have_room_are_there(context: ReportContext) -> None:
    found = tuple(a_finding(n, address=f"{n}" + "日" * 2_000) for n in range(400))
    text = render("markdown", ScanResult(1, 1, 400, found), context)
    assert text.count("| high |") == 100
    assert len(text.encode()) <= LIMIT


def test_many_long_errors_do_not_hide_that_there_are_any(context: ReportContext) -> None:
    errors = tuple(ScanError(f"{n}.tf", 1, "<" * 10_000) for n in range(20))
    text = render("markdown", ScanResult(1, 0, 0, (), errors=errors), context)
    assert "The scan is not complete" in text


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
