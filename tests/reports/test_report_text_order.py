"""The order of the text report, what it groups, and the tables at its end."""

from __future__ import annotations

import dataclasses
import re

import pytest

from rolefirst.findings import (
    CallSite,
    Confidence,
    Decision,
    Finding,
    Location,
    Related,
    RuleInfo,
    ScanError,
    ScanResult,
    Severity,
    Suppression,
)
from rolefirst.reports import Detail, ReportContext, render
from rolefirst.reports.terminal import columns

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "\u202egnissap\u202c",
    "a\nFound 0 findings",
    "::error::x ##vso[task.x]",
    "x" * 10_000,
    "日" * 10_000,
    "e" + "\u0301" * 10_000,
    "\udc80\u200b",
    "",
)


def found(
    rule: str,
    severity: Severity,
    place: str,
    address: str = "",
    alternative: str = "",
    root: str = ".",
) -> Finding:
    path, _, line = place.rpartition(":")
    decision = Decision("ci", alternative, Confidence.MEDIUM, "Use a role.", "oidc")
    return Finding(
        rule=RuleInfo(rule, f"name_of_{rule}".lower(), "A title", severity),
        severity=severity,
        confidence=Confidence.HIGH,
        root=root,
        address=address or f"aws_iam_user.u{line}",
        location=Location(path, int(line), 1, int(line) + 2, 2),
        message=f"message of {rule} at {place}",
        decision=decision if alternative else None,
    )


@pytest.fixture
def plain(context: ReportContext) -> ReportContext:
    """Every place has source code."""
    return dataclasses.replace(context, excerpt=lambda place, _: f"code of {place.path}")


def text_of(context: ReportContext, *findings: Finding, **changes: object) -> str:
    result = ScanResult(1, 1, len(findings), findings)
    return render("text", result, dataclasses.replace(context, **changes))


def keys(number: int) -> list[Finding]:
    return [
        found("RF101", Severity.HIGH, f"main.tf:{line}", f"aws_iam_access_key.k{line}", "iam-role")
        for line in range(1, number + 1)
    ]


def table(text: str, title: str) -> list[str]:
    """The lines of the table whose first column has this title."""
    lines = text.split("\n")
    start = next(index for index, line in enumerate(lines) if line.startswith(f"  {title} "))
    return lines[start : lines.index("", start)]


# --- order and groups ------------------------------------------------------------------------


def test_the_worst_comes_first_then_path_and_line(plain: ReportContext) -> None:
    text = text_of(
        plain,
        found("RF401", Severity.MEDIUM, "a.tf:1"),
        found("RF101", Severity.HIGH, "b.tf:9"),
        found("RF704", Severity.CRITICAL, "z.tf:3"),
        found("RF101", Severity.HIGH, "b.tf:10"),
        found("RF402", Severity.LOW, "a.tf:2"),
        found("RF101", Severity.HIGH, "a.tf:20"),
    )

    assert re.findall(r"^ --> (\S+):1$", text, re.MULTILINE) == [
        "z.tf:3",
        "a.tf:20",
        "b.tf:9",
        "b.tf:10",
        "a.tf:1",
        "a.tf:2",
    ]


def test_what_concerns_one_key_is_one_block(plain: ReportContext) -> None:
    key = "aws_iam_access_key.k"
    text = text_of(
        plain,
        found("RF301", Severity.HIGH, "main.tf:5", key),
        found("RF701", Severity.HIGH, "a.tf:1", key),
        found("RF101", Severity.HIGH, "main.tf:5", key, "iam-role"),
        found("RF106", Severity.LOW, "main.tf:5", key),
        found("RF401", Severity.MEDIUM, "main.tf:1", "aws_iam_user.u"),
    )

    block = text.split("\n\n")[0]
    assert re.findall(r"RF\d+", block) == re.findall(
        r"RF\d+", "RF101 RF101 RF301 RF301 RF701 RF701 RF106 RF106"
    )
    assert block.startswith(f"high RF101 name_of_rf101  {key}\n --> main.tf:5:1\n")
    assert "\n  low RF106 name_of_rf106: message of RF106 at main.tf:5\n" in block
    assert block.count("code of main.tf") == 1
    assert "    --> a.tf:1:1\n" in block
    assert block.count("code of a.tf") == 1
    assert block.count("Decision:") == 1
    assert block.index("RF106") < block.index("Decision:")


def test_keys_of_one_name_in_two_roots_are_two_blocks(plain: ReportContext) -> None:
    text = text_of(
        plain,
        found("RF101", Severity.HIGH, "a/main.tf:5", "aws_iam_access_key.k", root="a"),
        found("RF301", Severity.HIGH, "b/main.tf:5", "aws_iam_access_key.k", root="b"),
    )

    assert re.findall(r"^high (RF\d+)", text, re.MULTILINE) == ["RF101", "RF301"]


def test_a_further_rule_has_its_related_places(plain: ReportContext) -> None:
    first = found("RF101", Severity.HIGH, "main.tf:5", "aws_iam_access_key.k")
    second = dataclasses.replace(
        found("RF301", Severity.HIGH, "main.tf:5", "aws_iam_access_key.k"),
        related=(Related(Location("clock.tf", 7), "the clock"),),
    )

    assert "at main.tf:5\n    - clock.tf:7 the clock\n" in text_of(plain, first, second)


def test_order_does_not_depend_on_the_order_of_equals(plain: ReportContext) -> None:
    first, second = keys(2)
    same_place = dataclasses.replace(second, location=first.location)

    text = text_of(plain, first, same_place)

    assert text.index(first.address) < text.index(second.address)


# --- the tables ------------------------------------------------------------------------------


def test_keys_and_their_decisions(plain: ReportContext) -> None:
    in_module = dataclasses.replace(
        found(
            "RF101", Severity.HIGH, "library/k.tf:3", "module.m.aws_iam_access_key.k", "ask-owner"
        ),
        call_chain=(CallSite("module.m", Location("call.tf", 8)),),
    )
    user = found("RF401", Severity.MEDIUM, "a.tf:1")

    rows = table(text_of(plain, *keys(1), in_module, user), "address")

    assert [re.split(r"\s{2,}", row.strip()) for row in rows] == [
        ["address", "where", "use instead", "confidence"],
        ["module.m.aws_iam_access_key.k", "call.tf:8", "ask-owner", "medium"],
        ["aws_iam_access_key.k1", "main.tf:1", "iam-role", "medium"],
    ]


def test_the_table_of_keys_is_bounded(plain: ReportContext) -> None:
    def rows(number: int, detail: Detail = Detail.NORMAL) -> list[str]:
        return table(text_of(plain, *keys(number), detail=detail), "address")

    assert len(rows(30)) == 31
    assert len(rows(33)) == 32
    assert rows(33)[-1] == "  ... and 3 more, see all with --verbose"
    assert len(rows(33, Detail.FULL)) == 34
    assert "more" not in rows(33, Detail.FULL)[-1]


def test_rules_are_counted_by_severity(plain: ReportContext) -> None:
    rows = table(
        text_of(
            plain,
            *keys(12),
            found("RF402", Severity.LOW, "a.tf:2"),
            found("RF501", Severity.HIGH, "a.tf:3"),
            found("RF501", Severity.CRITICAL, "a.tf:4"),
        ),
        "severity",
    )

    assert [row.split() for row in rows] == [
        ["severity", "rule", "name", "findings"],
        ["critical", "RF501", "name_of_rf501", "1"],
        ["high", "RF101", "name_of_rf101", "12"],
        ["high", "RF501", "name_of_rf501", "1"],
        ["low", "RF402", "name_of_rf402", "1"],
    ]


def test_one_block_needs_no_table(plain: ReportContext) -> None:
    assert "use instead" not in text_of(plain, *keys(1))
    assert "use instead" in text_of(plain, *keys(1), detail=Detail.SUMMARY)
    assert text_of(plain, detail=Detail.SUMMARY) == "No findings. Scanned 1 file, 0 keys.\n"


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("color", [False, True])
def test_hostile_names_stay_in_their_cells(plain: ReportContext, width: int, color: bool) -> None:
    findings = [
        found("RF101", Severity.HIGH, f"{path}:{line}", f"{name}.k{line}", "cross-account-role")
        for line, (name, path) in enumerate(
            [(name, "main.tf") for name in HOSTILE] + [("k", name) for name in HOSTILE], 1
        )
    ]

    text = text_of(plain, *findings, width=width, color=color, detail=Detail.SUMMARY)
    uncolored = re.sub(r"\x1b\[\d*m", "", text)
    head, *rows = table(uncolored, "address")

    assert len(rows) == len(findings)
    assert uncolored.replace("\n", "").isprintable()
    assert not re.search(r"^\s*::|##\w*\[|^Found 0", uncolored, re.MULTILINE)
    assert max(map(columns, rows)) <= width
    assert max(map(len, rows)) < 2 * width
    starts = {columns(row[: row.index("cross-account-role")]) for row in rows}
    assert starts == {head.index("use instead")}


def test_a_secret_is_masked_before_it_is_cut(plain: ReportContext) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    findings = [
        found(
            "RF101", Severity.HIGH, f"main.tf:{n}", f'{"x" * n}["{secret}"].{"y" * n}', "iam-role"
        )
        for n in range(1, 30)
    ]

    for width in range(40, 100, 3):
        text = text_of(plain, *findings, width=width, detail=Detail.SUMMARY)
        assert not re.search(r"wJalr|EXAMPLEKEY|K7MDENG|bPxRfi", text)


def test_the_summary_alone_hides_no_error(plain: ReportContext) -> None:
    result = ScanResult(
        2,
        2,
        2,
        tuple(keys(2)),
        errors=(ScanError("a.tf", 3, "Bad."),),
        notices=(ScanError("", 0, "Hm."),),
    )
    text = render("text", result, dataclasses.replace(plain, detail=Detail.SUMMARY))

    assert text.startswith("error: a.tf:3 Bad.\n\nnotice: Hm.\n\n  address ")
    assert "-->" not in text
    assert text.endswith("The scan is not complete: see the errors above.\n")


# --- suppressions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("moves out until=2027-03-31", "inline: moves out until=2027-03-31"),
        ("moves out", "inline, until 2027-03-31: moves out"),
    ],
)
def test_a_date_is_said_once(plain: ReportContext, reason: str, shown: str) -> None:
    finding = dataclasses.replace(
        keys(1)[0], suppression=Suppression("inline", reason, until="2027-03-31")
    )
    text = render("text", ScanResult(1, 1, 1, suppressed=(finding,)), plain)

    assert f"    {shown}\n" in text
    assert text.count("2027-03-31") == 1


def test_instances_that_are_judged_alike_are_one_block(plain: ReportContext) -> None:
    instances = [
        found("RF401", Severity.MEDIUM, "users.tf:3", f'aws_iam_user.u["{name}"]')
        for name in "abcdefghijklm"
    ]
    worse = found("RF501", Severity.HIGH, "users.tf:3", 'aws_iam_user.u["z"]')
    elsewhere = found("RF401", Severity.MEDIUM, "users.tf:9", 'aws_iam_user.v["a"]')
    text = text_of(plain, *instances, worse, elsewhere)

    assert text.count("RF401 name_of_rf401  aws_iam_user.") == 2
    assert text.count("RF501 name_of_rf501  aws_iam_user.") == 1
    said = " ".join(text.split())
    assert 'and so: aws_iam_user.u["b"], aws_iam_user.u["c"]' in said
    assert 'aws_iam_user.u["k"] and 2 more' in said
    assert text_of(plain, *instances, detail=Detail.FULL).count("RF401 name_of_rf401  ") == 13
