"""Entries for keys of which the code does not say whether they exist."""

from __future__ import annotations

from pathlib import Path

from keys_that_stay import KEY, Run, entry, register, write

ADDRESS = "aws_iam_access_key.scales"
SWITCH = 'variable "make" {\n  default = false\n}\n'


def counted(expression: str) -> str:
    start = 'resource "aws_iam_access_key" "scales" {\n'
    assert start in KEY
    text = KEY.replace(
        "aws_iam_access_key.scales.secret", "one(aws_iam_access_key.scales[*].secret)"
    )
    return text.replace(start, f"{start}  {expression}\n")


def test_a_key_that_only_other_defaults_make_is_no_orphan(tree: Path, run: Run) -> None:
    write(tree, counted("count = var.make ? 1 : 0") + SWITCH, "main.tf")
    write(tree, register(entry(key=f"{ADDRESS}[0]")))
    done = run("scan", "--fail-on", "low")

    assert done.rules(ADDRESS) == done.rules("exception.EXC-1") == set()
    assert {item["rule"] for item in done.report["undetermined"]} >= {"RF101"}


def test_a_key_that_a_caller_may_have_made_can_be_covered(tree: Path, run: Run) -> None:
    write(tree, counted("count = var.make ? 1 : 0") + SWITCH, "modules/user/main.tf")
    (tree / "main.tf").unlink()
    write(tree, register(entry(key=f"{ADDRESS}[*]", root="modules/user")))
    done = run("scan")

    assert list(done.covered) == [ADDRESS]


def test_an_unknown_number_of_keys(tree: Path, run: Run) -> None:
    write(tree, counted("count = var.number") + 'variable "number" {}\n', "main.tf")
    write(tree, register(entry(key=f"{ADDRESS}[*]")))
    assert list(run("scan").covered) == [ADDRESS]

    write(tree, register(entry(key=f"{ADDRESS}[0]")))
    done = run("scan")
    assert done.covered == {}
    assert [item["reason"] for item in done.report["undetermined"] if item["rule"] == "RF903"] == [
        f"whether there is a key {ADDRESS}[0] depends on: var.number has no default"
    ]
