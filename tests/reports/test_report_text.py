from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter

import pytest

from rolefirst.findings import Location, ScanError, ScanResult
from rolefirst.reports import ReportContext, render

SECRETS = ("IOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY", "hunter2")
#: The first rule of a block with its address, or a further one, which has the address of the block.
HEADER = re.compile(
    r"^(?:  )?(critical|high|medium|low) (RF\d{3}) (\w+)(?:: .*|  (.*?)(?:  \(\w+ confidence\))?)$"
)
SGR = re.compile(r"\x1b\[[0-9;]*m")


def drawn(context: ReportContext, result: ScanResult, source: str, location: Location) -> list[str]:
    """The excerpt of one finding, as lines."""
    finding = dataclasses.replace(result.findings[0], location=location)
    text = render(
        "text",
        ScanResult(1, 1, 1, (finding,)),
        dataclasses.replace(context, excerpt=lambda _location, _count: source),
    )
    return [line for line in text.split("\n") if re.match(r" +\d* \|", line)]


def test_golden(result: ScanResult, context: ReportContext, golden) -> None:
    golden("report.txt", render("text", result, context))


def test_has_no_control_character(result: ScanResult, context: ReportContext) -> None:
    text = render("text", result, context)
    assert text.replace("\n", "").isprintable()


def test_color_adds_nothing_but_color(result: ScanResult, context: ReportContext) -> None:
    colored = render("text", result, dataclasses.replace(context, color=True))
    assert SGR.search(colored)
    assert SGR.sub("", colored) == render("text", result, context)


def test_says_nothing_that_a_ci_log_obeys(result: ScanResult, context: ReportContext) -> None:
    for width in range(40, 120):
        text = render("text", result, dataclasses.replace(context, width=width))
        assert not re.search(r"^\s*::", text, re.MULTILINE)
        assert not re.search(r"##\w*\[", text)


def test_shows_no_secret(result: ScanResult, context: ReportContext) -> None:
    for width in (0, 40, 60, 100, 1000):
        text = render("text", result, dataclasses.replace(context, width=width))
        assert "AKIA****" in text
        assert not [secret for secret in SECRETS if secret in text]


def test_same_findings_as_json(result: ScanResult, context: ReportContext) -> None:
    from rolefirst.reports.terminal import escape

    text = render("text", dataclasses.replace(result, suppressed=()), context)
    shown: Counter[tuple[str, ...]] = Counter()
    for match in filter(None, map(HEADER.match, text.split("\n"))):
        *rule, own = match.groups()
        address = own or address  # noqa: F821 (the block's, which comes first)
        shown[(*rule, address)] += 1
    entries = json.loads(render("json", result, context))["findings"]
    assert shown == Counter(
        (entry["severity"], entry["rule"], entry["name"], escape(entry["address"]))
        for entry in entries
    )


def test_call_site_leads(result: ScanResult, context: ReportContext) -> None:
    text = render("text", result, context)
    assert (
        " --> main.tf:9:1  module.ci\n --> ci/key.tf:2:1  module.ci.module.key\n"
        " --> ci/main.tf:3:1\n" in text
    )


def test_terraform_is_shown_once_and_cut(result: ScanResult, context: ReportContext) -> None:
    text = render("text", result, context)
    assert text.count('resource "aws_iam_role" "ci_0"') == 1
    assert "... 10 more lines, see all with --verbose" in text
    first = "module.ci.module.key.aws_iam_access_key.this at main.tf:9"
    assert (
        f"  Terraform (oidc_github): as for {first}, filled\n    in for this key: 30 lines" in text
    )
    assert f"  Steps: the same as for {first}\n" in text


def test_owner_is_asked(result: ScanResult, context: ReportContext) -> None:
    text = render("text", result, context)
    assert "Not decided: The code does not tell who uses the key." in text
    assert "Ask the owner: Which system signs in" in text
    assert "Decision: A role that GitHub Actions assumes" in text


def test_excerpt_is_underlined(result: ScanResult, context: ReportContext) -> None:
    lines = drawn(context, result, '\tkey = "日本"  # x', Location("a.tf", 9, 8, 9, 12))
    assert lines == ["   |", ' 9 |     key = "日本"  # x', "   |           ^^^^^^", "   |"]


def test_underline_follows_masked_text(result: ScanResult, context: ReportContext) -> None:
    row = 'a = ["AKIAIOSFODNN7EXAMPLE", var.b]'
    start = row.index("var") + 1
    _, shown, mark, _ = drawn(context, result, row, Location("a.tf", 9, start, 9, start + 5))
    assert shown[mark.index("^") :][: mark.count("^")] == "var.b"


def test_excerpt_is_bounded(result: ScanResult, context: ReportContext) -> None:
    lines = drawn(context, result, "a = 1\n" * 50, Location("a.tf", 98, 1, 147, 2))
    assert [line[:4].strip() for line in lines if "a = 1" in line] == [
        str(number) for number in range(98, 104)
    ]
    assert lines[-2:] == ["     | ... 44 more lines", "     |"]


def test_long_row_is_cut_around_the_span(result: ScanResult, context: ReportContext) -> None:
    row = "x" * 5000 + "HERE" + "y" * 5000
    _, shown, mark, _ = drawn(context, result, row, Location("a.tf", 1, 5001, 1, 5005))
    assert len(shown) < context.width + 10
    assert shown[mark.index("^") :][:4] == "HERE"


@pytest.mark.parametrize("column", [1, 20, 33, 300, 10_000])
def test_cut_does_not_uncover_a_secret(
    result: ScanResult, context: ReportContext, column: int
) -> None:
    row = ('"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" ' * 100).strip()
    for width in range(40, 90):
        narrow = dataclasses.replace(context, width=width)
        _, shown, *_ = drawn(narrow, result, row, Location("a.tf", 1, column, 1, column + 5))
        assert not re.search("[A-Za-z]", shown.split("|", 1)[1])


@pytest.mark.parametrize(
    "location",
    [Location("a.tf", 1, 500), Location("a.tf", 1, 1, 1, 1), Location("a.tf", 1, 3, 1, 2)],
)
def test_odd_spans_are_no_problem(
    result: ScanResult, context: ReportContext, location: Location
) -> None:
    lines = drawn(context, result, "abc", location)
    assert lines[1] == " 1 | abc"


def test_no_source_no_excerpt(result: ScanResult, context: ReportContext) -> None:
    assert drawn(context, result, "", Location("a.tf", 1)) == []


def test_only_line_feeds_end_a_row(result: ScanResult, context: ReportContext) -> None:
    lines = drawn(context, result, "a\x0cb\u2028c\r\nd\n", Location("a.tf", 1, 1, 2, 2))
    assert [line for line in lines if "^" not in line][1:-1] == [
        " 1 | a\\x0cb\\u2028c",
        " 2 | d",
    ]


def test_summary(result: ScanResult, context: ReportContext) -> None:
    def last(result: ScanResult) -> str:
        return render("text", result, context).rstrip("\n").split("\n\n")[-1]

    whole = dataclasses.replace(result, errors=())
    assert last(whole) == (
        "Found 4 findings (1 critical, 3 high), 1 undetermined, 4 suppressed in 12 files, 4 keys."
    )
    one = ScanResult(1, 1, 1, result.findings[:1])
    assert last(one) == "Found 1 finding (1 critical) in 1 file, 1 key."
    assert last(ScanResult(3, 9, 0)) == "No findings. Scanned 3 files, 0 keys."
    unsure = ScanResult(3, 9, 0, undetermined=result.undetermined)
    assert last(unsure) == "No findings. Also 1 undetermined in 3 files, 0 keys."
    failed = ScanResult(3, 9, 0, errors=(ScanError("a.tf", 1, "Bad."),))
    assert last(failed) == (
        "No findings. Also 1 error in 3 files, 0 keys.\n"
        "The scan is not complete: see the errors above."
    )


def test_errors_and_notices_name_their_place(result: ScanResult, context: ReportContext) -> None:
    lines = render("text", result, context).split("\n")
    assert "error: broken\\x1b.tf:3 This block cannot be parsed." in lines
    assert "error: big.tf The file is larger than 10 MB." in lines
    assert "notice: The register was read from the work tree." in lines
