"""What fixtures cannot show of the rules about missing controls: messages and a team's limits."""

from __future__ import annotations

from pathlib import Path

from rolefirst import limits, testing
from rolefirst.loaders import hcl
from rolefirst.rules.rf203_root_not_denied import RootNotDenied
from rolefirst.rules.rf803_key_age_not_monitored import KeyAgeNotMonitored
from rolefirst.scan import scan

HERE = Path(__file__).parent


def test_a_policy_that_is_attached_nowhere_is_named() -> None:
    fixture = HERE / "rf203_root_not_denied" / "not_attached.tf"
    (finding,) = testing.scan(testing.read(fixture), RootNotDenied()).findings
    assert "aws_organizations_policy.root would do so and is attached nowhere" in finding.message


def test_the_age_is_compared_with_the_limit_of_the_team(tmp_path: Path) -> None:
    fixture = HERE / "rf803_key_age_not_monitored" / "good.tf"
    (tmp_path / "main.tf").write_text(fixture.read_text(encoding="utf-8"), encoding="utf-8")
    project = hcl.load(tmp_path)
    limits.judge_by(project, limits.Limits(rotation_days=60))
    (finding,) = scan(project, [KeyAgeNotMonitored()]).findings
    assert "lets a key grow 90 days old; 60 days is the limit" in finding.message
