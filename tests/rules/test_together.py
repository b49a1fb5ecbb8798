"""Which rules speak together about one key: a fixture of one rule cannot show that."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rolefirst import rules, testing
from rolefirst.findings import ScanResult

USER = """
resource "aws_iam_user" "ci" {
  name = "ci"
  tags = { Owner = "search@corp.example" }
}

resource "aws_iam_user_policy" "ci" {
  user = aws_iam_user.ci.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }, %s]
  })
}
"""
OPEN = USER % ""
# RF602: everybody is inside. RF603: nothing is inside of both.
BROKEN = USER % (
    '{ Effect = "Deny", Action = "*", Resource = "*", '
    'Condition = { NotIpAddress = { "aws:SourceIp" = "0.0.0.0/0" } } }'
)
LOCKED = USER % (
    '{ Effect = "Deny", Action = "*", Resource = "*", '
    'Condition = { NotIpAddress = { "aws:SourceIp" = "203.0.113.7" } } }, '
    '{ Effect = "Deny", Action = "*", Resource = "*", '
    'Condition = { StringNotEquals = { "aws:SourceVpc" = "vpc-1" } } }'
)


def key(more: str = "", name: str = "ci", user: str = "aws_iam_user.ci.name") -> str:
    return f'\nresource "aws_iam_access_key" "{name}" {{\n  user = {user}\n{more}}}\n'


def credential(more: str) -> str:
    return (
        '\nresource "aws_iam_service_specific_credential" "ci" {\n'
        '  service_name = "bedrock.amazonaws.com"\n'
        f"  user_name    = aws_iam_user.ci.name\n{more}}}\n"
    )


def rotating(name: str) -> str:
    return f"""
resource "time_rotating" "{name}" {{
  rotation_days = 90
}}

resource "terraform_data" "{name}" {{
  triggers_replace = [time_rotating.{name}.id]
}}
""" + key(f"  lifecycle {{\n    replace_triggered_by = [terraform_data.{name}]\n  }}\n", name)


INACTIVE = '  status = "Inactive"\n'
SECRETS = "[aws_iam_access_key.ci.secret, aws_iam_access_key.ci.ses_smtp_password_v4]"
OUTPUT = f'\noutput "s" {{\n  value = {SECRETS}\n}}\n'
CALL = (
    '\nresource "null_resource" "n" {\n  provisioner "local-exec" {\n    command = "%s"\n  }\n}\n'
)
UNREAD = ["RF101", "RF102", "RF301", "RF601", "RF703"]


@dataclass(frozen=True)
class Case:
    """An estate, and what all rules together say about it, each finding once."""

    code: str
    found: list[str]
    open: tuple[str, ...] = ()
    path: str = "main.tf"


CASES = {
    "a key that nobody reads": Case(OPEN + key(), UNREAD),
    "written in lower case": Case(OPEN + key('  status = "active"\n'), UNREAD),
    "perhaps there": Case(
        'variable "n" {}\nprovider "aws" {}\n' + OPEN + key("  count = var.n\n"), UNREAD
    ),
    "what silences other tools": Case(
        OPEN
        + key(
            "  #checkov:skip=CKV_AWS_348:known\n  #tfsec:ignore:*\n  # trivy:ignore:*\n"
            "  # kics-scan ignore-block\n  # nosemgrep\n  # checkov:skip=all:known\n"
        ),
        UNREAD,
    ),
    "inactive": Case(OPEN + key(INACTIVE), ["RF106"]),
    "inactive, and its source condition does not bind": Case(BROKEN + key(INACTIVE), ["RF106"]),
    "active, and its source condition does not bind": Case(
        BROKEN + key(), [id.replace("RF601", "RF602") for id in UNREAD]
    ),
    "inactive, and its source condition locks everybody out": Case(
        LOCKED + key(INACTIVE), ["RF106"]
    ),
    "active, and its source condition locks everybody out": Case(
        LOCKED + key(), [id.replace("RF601", "RF603") for id in UNREAD]
    ),
    "inactive beside an active one": Case(
        OPEN + key() + key(INACTIVE, "old"), sorted([*UNREAD, "RF106"])
    ),
    "inactive, of root": Case(key(INACTIVE, user='"Root"'), ["RF106", "RF201"]),
    "inactive credential of a service": Case(OPEN + credential(INACTIVE), ["RF106"]),
    "credential that lasts as long as a key may": Case(
        OPEN + credential("  credential_age_days = 90\n"), []
    ),
    "credential that lasts longer": Case(
        OPEN + credential("  credential_age_days = 91\n"), ["RF101", "RF301", "RF601", "RF703"]
    ),
    "what only looks like rotation": Case(
        OPEN
        + 'resource "time_rotating" "t" {\n  rotation_days = 60\n}\n'
        + key("  lifecycle {\n    replace_triggered_by = [time_rotating.t]\n  }\n"),
        [id.replace("RF301", "RF303") for id in UNREAD],
    ),
    "two keys that take turns": Case(
        OPEN + rotating("a") + rotating("b"),
        sorted(2 * ["RF101", "RF102", "RF601", "RF703"]),
    ),
    "two secrets in one output": Case(
        OPEN + key() + OUTPUT, ["RF101", "RF301", "RF601", "RF701", "RF703"]
    ),
    "a library": Case(
        OPEN + key() + OUTPUT, ["RF101", "RF301", "RF601", "RF703"], (), "modules/user/main.tf"
    ),
    "a command of an unknown caller": Case(
        CALL % "aws iam create-access-key", ["RF101"], ("RF201",)
    ),
    "a command of root": Case(
        CALL % "aws --profile root iam create-access-key", ["RF101", "RF201"]
    ),
}


def scan(case: Case) -> ScanResult:
    result = testing.scan({case.path: case.code}, *rules.load())
    assert result.errors == ()
    return result


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_together(name: str) -> None:
    result = scan(CASES[name])

    assert sorted(finding.rule.id for finding in result.findings) == CASES[name].found
    assert tuple(item.rule.id for item in result.undetermined) == CASES[name].open


def test_the_key_says_on_what_it_depends() -> None:
    (finding,) = (f for f in scan(CASES["perhaps there"]).findings if f.rule.id == "RF101")

    assert "whether it exists depends on: var.n has no default" in finding.message
