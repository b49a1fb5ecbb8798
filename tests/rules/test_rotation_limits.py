"""What RF302 and its neighbours say, and the limit that a team sets for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst import limits
from rolefirst.findings import ScanResult
from rolefirst.limits import Limits
from rolefirst.loaders import hcl
from rolefirst.rules.rf301_rotation_missing import RotationMissing
from rolefirst.rules.rf302_rotation_too_slow import RotationTooSlow
from rolefirst.scan import scan

ROTATES = """
resource "time_rotating" "clock" {
  %s
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

resource "aws_iam_access_key" "ci" {
  user = "ci"

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}
"""
CREDENTIAL = """
resource "aws_iam_service_specific_credential" "ci" {
  service_name        = "bedrock.amazonaws.com"
  user_name           = "ci"
  credential_age_days = 60
}
"""


def judge(tmp_path: Path, code: str, days: int = 90, workflow: str = "") -> ScanResult:
    (tmp_path / "main.tf").write_text(code, encoding="utf-8")
    if workflow:
        file = tmp_path / ".github" / "workflows" / "apply.yml"
        file.parent.mkdir(parents=True)
        file.write_text(workflow, encoding="utf-8")
    project = hcl.load(tmp_path)
    limits.judge_by(project, Limits(rotation_days=days))
    return scan(project, (RotationMissing(), RotationTooSlow()))


@pytest.mark.parametrize(("days", "rules"), [(59, ["RF302"]), (60, []), (365, [])])
def test_the_limit_of_a_team(tmp_path: Path, days: int, rules: list[str]) -> None:
    found = judge(tmp_path, ROTATES % "rotation_days = 60", days).findings

    assert [finding.rule.id for finding in found] == rules


@pytest.mark.parametrize(("days", "keys", "rules"), [(59, 1, ["RF301"]), (60, 0, [])])
def test_one_limit_for_what_ends_on_its_own(
    tmp_path: Path, days: int, keys: int, rules: list[str]
) -> None:
    result = judge(tmp_path, CREDENTIAL, days)

    assert result.keys == keys
    assert [finding.rule.id for finding in result.findings] == rules


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("rotation_days = 120", "every 120 days, the limit is 90 days"),
        ("rotation_months = 3", "every 92 days, the limit is 90 days"),
        ("rotation_months = 12", "every 366 days, the limit is 90 days"),
        ("rotation_hours = 2161", "every 90.04 days, the limit is 90 days"),
        ("rotation_months = 999999999", "every 36525 days, the limit is 90 days"),
    ],
)
def test_an_unknown_apply_interval_is_mentioned(tmp_path: Path, period: str, said: str) -> None:
    (finding,) = judge(tmp_path, ROTATES % period).findings

    assert finding.message == (
        f"time_rotating.clock replaces the key {said}; "
        "how often the code is applied is not known, that time comes on top"
    )
    assert [item.label for item in finding.related] == ["time_rotating.clock"]


def test_a_known_apply_interval_is_counted(tmp_path: Path) -> None:
    workflow = "on:\n  schedule:\n    - cron: '0 3 * * *'\nrun: terraform apply\n"
    (finding,) = judge(tmp_path, ROTATES % "rotation_days = 90", workflow=workflow).findings

    assert finding.message == (
        "time_rotating.clock turns every 90 days and .github/workflows/apply.yml applies it every "
        "1 day: a key gets 91 days old, the limit is 90 days"
    )
    assert [item.label for item in finding.related] == [
        "time_rotating.clock",
        ".github/workflows/apply.yml",
    ]


def test_a_replacement_by_ci_waits_for_no_other_apply(tmp_path: Path) -> None:
    workflow = (
        "on:\n  schedule:\n    - cron: '0 3 1 */6 *'\n"
        "run: terraform apply -replace=aws_iam_access_key.ci\n"
    )
    code = 'resource "aws_iam_access_key" "ci" {\n  user = "ci"\n}\n'
    (finding,) = judge(tmp_path, code, workflow=workflow).findings

    assert finding.message == (
        ".github/workflows/apply.yml replaces the key every 184 days, the limit is 90 days"
    )


def test_a_period_that_is_no_number(tmp_path: Path) -> None:
    (item,) = judge(tmp_path, ROTATES % 'rotation_days = "often"').undetermined

    assert item.reason == (
        "how often the key rotates: time_rotating.clock.rotation_days: it is no number"
    )
