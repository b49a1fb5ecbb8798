"""Two keys that take turns: who is handed which, and what is typed to replace one of them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from rolefirst import rules
from rolefirst.findings import Finding, Remediation
from rolefirst.loaders import hcl
from rolefirst.remediation.fixes import fix_for, rotation

KEY = """
resource "aws_iam_user" "u" {
  name = "u"
}

resource "aws_iam_access_key" "u" {
  user = aws_iam_user.u.name
}

output "secret" {
  value     = aws_iam_access_key.u.secret
  sensitive = true
}
"""
CALL = """
module "user" {
  source = "./user"
}

output "secret" {
  value     = module.user.secret
  sensitive = true
}
"""
REPEATED = """
module "user" {
  for_each = toset(["x"])
  source   = "./user"
}

output "secret" {
  value     = module.user["x"].secret
  sensitive = true
}
"""
SECOND = """
resource "aws_iam_access_key" "v" {
  user = aws_iam_user.u.name
}
"""


def fixed(folder: Path, code: str, call: str = "") -> Remediation:
    """The fix of RF301 for the first key, in the root module or in the one that is called."""
    home = folder / "user" if call else folder
    home.mkdir(exist_ok=True)
    (home / "main.tf").write_text(code, encoding="utf-8")
    if call:
        (folder / "main.tf").write_text(call, encoding="utf-8")
    project = hcl.load(folder)
    rule = next(rule for rule in rules.load() if rule.id == "RF301")
    made = (
        fix_for(result, block, project)
        for block in rule.subjects(project)
        for result in rule.check(block, project)
        if isinstance(result, Finding)
    )
    return next(fix for fix in made if fix is not None)


def periods_of(fix: Remediation) -> list[int]:
    return [int(days) for days in re.findall(r"rotation_days = (\d+)", fix.terraform)]


def step_of(fix: Remediation, start: str) -> str:
    (step,) = (step for step in fix.steps if step.startswith(start))
    return step


def test_consumers_are_handed_the_new_key_and_the_existing_one_lives_on(tmp_path):
    fix = fixed(tmp_path, KEY)
    assert "to   = aws_iam_access_key.u_a" in fix.terraform
    newer = "time_rotating.u_a.unix > time_rotating.u_b.unix ? aws_iam_access_key.u_a : "
    assert newer in fix.terraform  # on a tie, the second
    clock = fix.terraform.split('resource "time_rotating" "u_b"')[1].split("\n}\n")[0]
    assert "depends_on = [time_rotating.u_a]" in clock
    shorter, longer = periods_of(fix)
    assert shorter < longer  # who holds the second key gets the first before it turns


def test_the_steps_hand_over_before_they_replace(tmp_path):
    steps = fixed(tmp_path, KEY).steps
    starts = ("Apply: consumers get the second key", "Let each consumer", "Replace the existing")
    places = [next(i for i, s in enumerate(steps) if s.startswith(start)) for start in starts]
    assert places == sorted(places)
    assert "not before every consumer has the second one" in steps[places[-1]]


@pytest.mark.parametrize(
    ("call", "code", "wanted"),
    [
        ("", KEY, "-replace=aws_iam_access_key.u_a`"),
        (
            CALL,
            KEY,
            "-replace=module.user.aws_iam_access_key.u_a`",
        ),
        (
            REPEATED,
            KEY,
            "-replace='module.user[\"x\"].aws_iam_access_key.u_a'`",
        ),
        (
            "",
            KEY.replace('key" "u" {\n', 'key" "u" {\n  count = 1\n\n').replace("y.u.s", "y.u[0].s"),
            "-replace='aws_iam_access_key.u_a[0]'`",
        ),
        (
            CALL,
            KEY + SECOND,
            "-replace=module.user.aws_iam_access_key.u`",
        ),
    ],
)
def test_the_address_to_replace_is_that_of_an_instance(call, code, wanted, tmp_path):
    step = step_of(fixed(tmp_path, code, call), "Replace ")
    assert wanted in step


@pytest.mark.parametrize("code", [KEY, KEY + SECOND])
def test_the_calendar_keeps_the_turns_apart(code, tmp_path):
    fix = fixed(tmp_path, code, CALL)
    assert periods_of(fix) == [70, 84]
    step = step_of(fix, "Put into the calendar")
    assert "406 days after this apply, and every 336 days from then on" in step
    assert re.search(r"-replace=module\.user\.time_rotating\.\w+_a`", step)


@pytest.mark.parametrize("days", [6, 24, 83, 84, 90, 359])
def test_no_two_turns_are_close_for_ten_years(days):
    shorter, longer = rotation._periods(days)
    calendar = rotation._calendar(shorter, longer)
    assert longer <= days
    first, second, restart = 0, 0, calendar["first"]
    turns: list[tuple[int, str]] = []
    for today in range(1, 3651):
        if today - first == shorter or today == restart:
            first = today
            turns.append((today, "a"))
        if today == restart:
            restart += calendar["again"]
        if today - second == longer:
            second = today
            turns.append((today, "b"))
    apart = [b[0] - a[0] for a, b in pairwise(turns) if a[1] != b[1]]
    assert min(apart) >= calendar["apart"]
