"""Remediation that several findings share: said once, then by reference, and never wrongly."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.findings import (
    Confidence,
    Consumer,
    Decision,
    Evidence,
    Finding,
    Location,
    Remediation,
    RuleInfo,
    ScanResult,
    Severity,
)
from rolefirst.reports import Detail, ReportContext, render
from rolefirst.reports.text_steps import compare

RULE = RuleInfo("RF101", "access_key_last_resort", "A key", Severity.HIGH)
STEPS = (
    "Create aws_iam_role.{0}_ci: apply.",
    "Switch the consumer: use aws_iam_role.{0}_ci.arn in output.{0}_secret.",
    "Wait at least 14 days.",
    "Delete aws_iam_access_key.{0} (the id is aws_iam_access_key.{0}.id).",
)


def steps(name: str) -> tuple[str, ...]:
    return tuple(step.format(name) for step in STEPS)


def key(name: str, line: int, written: tuple[str, ...], template: str = "oidc") -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        root=".",
        address=f"aws_iam_access_key.{name}",
        location=Location("ci.tf", line),
        message="a key",
        remediation=Remediation(template, f"# {name}\n" * line, written, "safe"),
    )


def text_of(context: ReportContext, *findings: Finding, detail: Detail = Detail.NORMAL) -> str:
    result = ScanResult(1, 1, len(findings), findings)
    return render("text", result, dataclasses.replace(context, detail=detail, width=1000))


def said(text: str, block: int) -> str:
    """The steps of one block as one line each."""
    _, _, rest = text.split("\n\n")[block].partition("  Steps:")
    return re.sub(r"\n {4,}(?!\d+\. )", " ", rest)


def test_the_same_steps_are_said_with_their_place_and_the_new_names(
    context: ReportContext,
) -> None:
    text = text_of(context, key("a_b", 3, steps("a_b")), key("c_d", 30, steps("c_d")))

    assert said(text, 0).count("\n") == len(STEPS)
    assert said(text, 1) == (
        " the same as for aws_iam_access_key.a_b at ci.tf:3, here with aws_iam_role.c_d_ci, "
        "output.c_d_secret, aws_iam_access_key.c_d"
    )
    assert (
        "Terraform (oidc): as for aws_iam_access_key.a_b at ci.tf:3, filled in for this key: "
        "30 lines, see them with --verbose"
    ) in " ".join(text.split())


def test_equal_steps_need_no_names(context: ReportContext) -> None:
    text = text_of(context, key("a_b", 3, steps("x")), key("c_d", 4, steps("x")))

    assert said(text, 1) == " the same as for aws_iam_access_key.a_b at ci.tf:3"


def test_what_differs_is_said(context: ReportContext) -> None:
    one, two, three, four = steps("c_d")
    more = (one, two, "Do the same for output.other.", three, four)
    text = text_of(
        context, key("a_b", 3, steps("a_b")), key("c_d", 4, more), key("e_f", 5, (one, two, four))
    )

    assert said(text, 1).endswith(
        "aws_iam_access_key.c_d, and with:\n    3. Do the same for output.other."
    )
    assert said(text, 2).endswith("aws_iam_access_key.c_d, without its step 3")


def test_steps_that_are_mostly_others_are_shown(context: ReportContext) -> None:
    other = ("Ask the owner of the user.", "Wait at least 14 days.")
    text = text_of(context, key("a_b", 3, steps("a_b")), key("c_d", 4, other))

    assert said(text, 1) == "\n    1. Ask the owner of the user.\n    2. Wait at least 14 days."


def test_another_template_is_shown(context: ReportContext) -> None:
    text = text_of(context, key("a", 3, steps("a")), key("b", 4, steps("a"), template="other"))

    assert "same as" not in text
    assert text.count("  Terraform (") == text.count(":\n      # ") == 2


def test_verbose_refers_to_nothing_and_cuts_nothing(context: ReportContext) -> None:
    text = text_of(
        context, key("a_b", 3, steps("a_b")), key("c_d", 40, steps("c_d")), detail=Detail.FULL
    )

    assert "same as" not in text
    assert "--verbose" not in text
    assert text.count("      # c_d\n") == 40
    assert all(step in text for name in ("a_b", "c_d") for step in steps(name))


def test_rules_that_agree_on_the_remediation_say_it_once(context: ReportContext) -> None:
    first = key("a_b", 3, steps("a_b"))
    unused = dataclasses.replace(first, rule=dataclasses.replace(RULE, id="RF102"))

    for detail in (Detail.NORMAL, Detail.FULL):
        text = text_of(context, first, unused, detail=detail)
        assert text.count("Terraform (oidc)") == text.count("Steps:") == 1


def test_no_secret_comes_out_of_the_comparison(context: ReportContext) -> None:
    secret = "0a1b2c3d/" * 4 + "0a1b"  # 40 characters that only their quotes give away
    text = text_of(
        context,
        key("a_b", 3, (*steps("a_b"), 'Remove "b_b".', f'Remove "{secret}".')),
        key("c_d", 4, (*steps("c_d"), f'Remove "{secret}".', f'Remove "{secret[::-1]}".')),
    )

    assert "0a1b2c3d" not in text
    assert "d3c2b1a0" not in text


def test_long_lists_are_cut_but_steps_are_not(context: ReportContext) -> None:
    many = tuple(f"Do {number}." for number in range(40))
    decision = Decision(
        "ci",
        "iam-role",
        Confidence.HIGH,
        "A role.",
        "x",
        consumers=tuple(
            Consumer(f"aws_x.c{n}", "a", "secret", Location("x.tf", n)) for n in range(1, 13)
        ),
        evidence=tuple(Evidence("name", f"fact {n}") for n in range(1, 12)),
    )
    finding = dataclasses.replace(key("a", 3, many), decision=decision)

    text = text_of(context, finding)
    assert "aws_x.c10 " in text
    assert "aws_x.c11 " not in text
    assert "    ... and 2 more, see all with --verbose\n" in text
    assert "    ... and 1 more, see all with --verbose\n" in text
    assert "40. Do 39." in text

    assert "aws_x.c12 " in text_of(context, finding, detail=Detail.FULL)


# --- compare ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "step"),
    [
        ("Wait 14 days.", "Wait 90 days."),
        ("Apply it.", "Destroy it."),
        ("Delete x.a and x.a.", "Delete x.b and x.c."),
        ("Delete x.a.", "Delete x.a and x.b."),
        ("Delete x.a.", "Delete x.a!"),
        ("Delete x.a.", ""),
    ],
)
def test_another_step_is_no_other_name(known: str, step: str) -> None:
    assert compare([known], [step]) == ({}, [0], [0])


def test_too_many_names_are_other_steps() -> None:
    def listed(names: str, number: int) -> list[str]:
        return [" ".join(f"{names}.{n}" for n in range(number))]

    assert compare(listed("a", 12), listed("b", 12))[2] == []
    assert compare(listed("a", 13), listed("b", 13))[2] == [0]


def test_a_placeholder_gives_way_to_a_name() -> None:
    assert compare(["run --user-name <USER_NAME> now"], ["run --user-name ci now"]) == (
        {"<USER_NAME>": "ci"},
        [],
        [],
    )


WORDS = st.sampled_from(
    ["a.b", "a.b.id", "x_1", "<USER>", "say", ".", ",", "the", "b.c[0]", "f.tf:3"]
)
LINES = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=5)


@given(LINES, LINES)
def test_the_difference_leads_from_one_to_the_other(known: list[str], wanted: list[str]) -> None:
    names, left_out, own = compare(known, wanted)
    kept = iter([step for index, step in enumerate(known) if index not in left_out])

    made = [
        wanted[index]
        if index in own
        else " ".join(_renamed(word, names) for word in next(kept).split(" "))
        for index in range(len(wanted))
    ]

    assert made == wanted
    assert next(kept, None) is None


def _renamed(word: str, names: dict[str, str]) -> str:
    return names.get(word, word)


@pytest.mark.parametrize("part", ["a", "a.", ".", "a b ", "[", 'a["', "<a", "<a>", "1:", "\u0301"])
def test_time_is_linear(part: str) -> None:
    # Quadratic time would not end here.
    text = part * 200_000
    compare([text], [text + "x"])
