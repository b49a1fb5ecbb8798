"""RF304 in JSON syntax, where ``create_before_destroy`` may be a string, and its messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rolefirst.loaders import hcl
from rolefirst.rules.rotation_overlap import Gap, gaps


def judge(tmp_path: Path, *others: dict[str, object], **lifecycle: object) -> list[Gap]:
    turning = {"replace_triggered_by": ["terraform_data.clock"], **lifecycle}
    keys = {"ci": {"user": "ci", "lifecycle": turning}}
    keys |= {f"other_{number}": {"user": "ci", **other} for number, other in enumerate(others)}
    document = {
        "resource": {
            "time_rotating": {"clock": {"rotation_days": 60}},
            "terraform_data": {"clock": {"triggers_replace": ["${time_rotating.clock.id}"]}},
            "aws_iam_access_key": keys,
        }
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
    project = hcl.load(tmp_path)
    key = next(k for k in project.resources("aws_iam_access_key") if k.name == "ci")
    return list(gaps(key, project))


@pytest.mark.parametrize(("first", "count"), [(True, 0), ("true", 0), (False, 1), ("false", 1)])
def test_create_before_destroy(tmp_path: Path, first: object, count: int) -> None:
    assert len(judge(tmp_path, create_before_destroy=first)) == count


def test_the_third_key_is_named(tmp_path: Path) -> None:
    (gap,) = judge(tmp_path, {"status": "Inactive"}, create_before_destroy=True)

    assert gap.reason.startswith("aws_iam_access_key.other_0 is the second key of this user")
    assert [item.label for item in gap.related] == ["aws_iam_access_key.other_0"]
    assert gap.doubt == ""


def test_one_clock_for_both(tmp_path: Path) -> None:
    turning = {"lifecycle": {"replace_triggered_by": ["terraform_data.clock"]}}
    (gap,) = judge(tmp_path, turning)

    assert gap.reason.startswith(
        "time_rotating.clock replaces this key and aws_iam_access_key.other_0 in the same apply"
    )


def test_a_key_that_stays_is_no_overlap(tmp_path: Path) -> None:
    (gap,) = judge(tmp_path, {})

    assert gap.reason.startswith("Terraform deletes the old key before the new one exists")
