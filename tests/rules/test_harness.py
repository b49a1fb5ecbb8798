"""The fixture harness itself: a harness that passes everything is worse than none."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst import testing
from rolefirst.rules.rf106_access_key_inactive_kept import InactiveKeyKept
from rolefirst.testing import Marker

KEY = 'resource "aws_iam_access_key" "a" {{ {comment}\n  user   = "a"\n  status = {status}\n}}\n'
VARIABLE = 'variable "status" {\n  type = string\n}\n'


def mismatches(comment: str, status: str = '"Inactive"') -> list[str]:
    text = KEY.format(comment=comment, status=status) + VARIABLE
    return testing.mismatches({"main.tf": text}, InactiveKeyKept())


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("# expect: RF106", '"Inactive"'),
        ("// expect: RF106", '"Inactive"'),
        ("# expect: RF101, RF106", '"Inactive"'),
        ("# undetermined: RF106", "var.status"),
        ("# todo: RF106", '"Active"'),
        ("# expect: RF101", '"Active"'),
        ("", '"Active"'),
    ],
)
def test_claims_that_hold(comment: str, status: str) -> None:
    assert mismatches(comment, status) == []


@pytest.mark.parametrize(
    ("comment", "status", "problem"),
    [
        ("", '"Inactive"', "main.tf:1: expect: RF106: not marked"),
        ("", "var.status", "main.tf:1: undetermined: RF106: not marked"),
        ("# expect: RF106", '"Active"', "main.tf:1: expect: RF106: no such result"),
        ("# undetermined: RF106", '"Active"', "main.tf:1: undetermined: RF106: no such result"),
        ("# expect[+1]: RF106", '"Active"', "main.tf:2: expect: RF106: no such result"),
    ],
)
def test_claims_that_fail(comment: str, status: str, problem: str) -> None:
    assert mismatches(comment, status) == [problem]


def test_a_known_miss_that_is_found_is_said() -> None:
    assert "main.tf:1: todo: RF106: done, mark it" in mismatches("# todo: RF106")


def test_what_cannot_be_read_is_a_problem() -> None:
    problems = testing.mismatches(
        {"main.tf": 'resource "aws_iam_access_key" "a" {'}, InactiveKeyKept()
    )

    assert problems


@pytest.mark.parametrize("line", ["x # expect RF106", "x # Expect: RF106", "x # expect: R106"])
def test_a_misspelt_marker_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"bad\.tf:1: not a marker"):
        list(testing.markers("bad.tf", line))


def test_offsets_count_from_the_marker() -> None:
    text = "# expect[+2]: RF106\n\n# undetermined[-1]: RF301, RF303\n"

    assert list(testing.markers("a.tf", text)) == [
        Marker("a.tf", 3, "expect", "RF106"),
        Marker("a.tf", 2, "undetermined", "RF301"),
        Marker("a.tf", 2, "undetermined", "RF303"),
    ]


def test_a_folder_is_one_fixture(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "main.tf").write_text("a", encoding="utf-8")
    (tmp_path / "modules" / "x.tf").write_text("b", encoding="utf-8")

    assert testing.read(tmp_path) == {"main.tf": "a", "modules/x.tf": "b"}
    assert testing.read(tmp_path / "main.tf") == {"main.tf": "a"}


def test_a_section_without_an_example_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no hcl block"):
        testing.example(InactiveKeyKept(), "Why")
