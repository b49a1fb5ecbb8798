"""Rotation in JSON syntax, where addresses are strings and no comment can mark a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rolefirst.loaders import hcl
from rolefirst.rules.rotation import Rotation, Verdict, rotation_of


def judge(tmp_path: Path, **key: object) -> Rotation:
    document = {
        "resource": {
            "time_rotating": {"clock": {"rotation_days": 60}},
            "terraform_data": {
                "clock": {"triggers_replace": ["${time_rotating.clock.id}"]},
                "loop_a": {"input": "${terraform_data.loop_b.output}"},
                "loop_b": {"input": "${terraform_data.loop_a.output}"},
            },
            "aws_iam_access_key": {"ci": {"user": "ci", **key}},
        }
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
    project = hcl.load(tmp_path)
    return rotation_of(next(iter(project.resources("aws_iam_access_key"))), project)


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ({}, Verdict.MISSING),
        ({"lifecycle": {"replace_triggered_by": ["terraform_data.clock"]}}, Verdict.ROTATES),
        ({"lifecycle": {"replace_triggered_by": ["${terraform_data.clock.id}"]}}, Verdict.ROTATES),
        ({"lifecycle": [{"replace_triggered_by": ["terraform_data.clock"]}]}, Verdict.ROTATES),
        ({"lifecycle": {"replace_triggered_by": ["time_rotating.clock"]}}, Verdict.INEFFECTIVE),
        ({"lifecycle": {"replace_triggered_by": ["terraform_data.loop_a"]}}, Verdict.INEFFECTIVE),
        ({"lifecycle": {"replace_triggered_by": ["terraform_data.gone"]}}, Verdict.MISSING),
        ({"lifecycle": {"ignore_changes": "all"}}, Verdict.INEFFECTIVE),
        ({"lifecycle": {"ignore_changes": ["status"]}}, Verdict.MISSING),
        ({"depends_on": ["time_rotating.clock"]}, Verdict.INEFFECTIVE),
    ],
)
def test_json_syntax(tmp_path: Path, key: dict[str, object], verdict: Verdict) -> None:
    assert judge(tmp_path, **key).verdict is verdict


def test_the_clock_is_named(tmp_path: Path) -> None:
    rotation = judge(tmp_path, lifecycle={"replace_triggered_by": ["terraform_data.clock"]})

    assert rotation.source is not None
    assert rotation.source.label == "time_rotating.clock"
