"""What a function may do with a key decides whether it rotates, and what is said about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rolefirst.loaders import hcl
from rolefirst.rules.rotation import rotation_of

ALL = "iam:*AccessKey*"
MANAGED = "arn:aws:iam::aws:policy/"


def reason(
    tmp_path: Path, statement: dict[str, object] | None, policy_arn: str = "", secret: bool = False
) -> str:
    resources: dict[str, object] = {
        "aws_iam_access_key": {"k": {"user": "ci"}},
        "aws_iam_role": {"r": {"name": "r", "assume_role_policy": "{}"}},
        "aws_lambda_function": {"f": {"role": "${aws_iam_role.r.arn}"}},
    }
    if secret:
        resources["aws_secretsmanager_secret"] = {"s": {}}
        resources["aws_secretsmanager_secret_version"] = {
            "s": {
                "secret_id": "${aws_secretsmanager_secret.s.id}",
                "secret_string": "${aws_iam_access_key.k.secret}",
            }
        }
        resources["aws_secretsmanager_secret_rotation"] = {
            "s": {
                "secret_id": "${aws_secretsmanager_secret.s.id}",
                "rotation_lambda_arn": "${aws_lambda_function.f.arn}",
            }
        }
    else:
        target = {"arn": "${aws_lambda_function.f.arn}"}
        resources["aws_scheduler_schedule"] = {"s": {"target": target}}
    if statement is not None:
        policy = json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})
        resources["aws_iam_role_policy"] = {"r": {"role": "${aws_iam_role.r.id}", "policy": policy}}
    if policy_arn:
        resources["aws_iam_role_policy_attachment"] = {
            "r": {"role": "${aws_iam_role.r.name}", "policy_arn": policy_arn}
        }
    (tmp_path / "main.tf.json").write_text(json.dumps({"resource": resources}), encoding="utf-8")
    project = hcl.load(tmp_path)
    return rotation_of(next(iter(project.resources("aws_iam_access_key"))), project).reason


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": ALL},
        {"Action": "*"},
        {"Action": ["iam:CreateAccessKey", "iam:DeleteAccessKey"]},
        {"Action": ALL, "Resource": "arn:aws:iam::*:user/*"},
        {"Action": ALL, "Resource": "arn:aws:iam::111122223333:user/robots/c?"},
        {"NotAction": "s3:*"},
    ],
)
def test_rotates(tmp_path: Path, statement: dict[str, object]) -> None:
    assert "which rotates keys" in reason(tmp_path, statement)


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": ALL, "Effect": "Deny"},
        {"Action": ALL, "Resource": "arn:aws:iam::111122223333:user/other"},
        {"Action": "iam:DeleteAccessKey"},
        {"NotAction": "iam:*"},
    ],
)
def test_does_not(tmp_path: Path, statement: dict[str, object]) -> None:
    assert reason(tmp_path, statement) == ""


def test_creates_only(tmp_path: Path) -> None:
    found = reason(tmp_path, {"Action": "iam:CreateAccessKey"})

    assert "may not delete the old one (iam:DeleteAccessKey): the key stays" in found


@pytest.mark.parametrize(
    ("name", "rotates"),
    [
        (f"{MANAGED}IAMFullAccess", True),
        (f"{MANAGED}AmazonS3FullAccess", False),
        ("arn:aws:iam::111122223333:policy/IAMFullAccess", False),
    ],
)
def test_managed_policies(tmp_path: Path, name: str, rotates: bool) -> None:
    assert bool(reason(tmp_path, None, name)) is rotates


@pytest.mark.parametrize(
    ("arn", "stays"),
    [(f"{MANAGED}AmazonS3FullAccess", True), ("arn:aws:iam::111122223333:policy/own", False)],
)
def test_the_function_of_a_secret(tmp_path: Path, arn: str, stays: bool) -> None:
    found = reason(tmp_path, None, arn, secret=True)

    assert ("the secret changes and the key stays" in found) is stays
    assert ("the next apply puts a key back" in found) is not stays
