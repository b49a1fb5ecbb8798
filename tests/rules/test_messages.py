"""The reasons and advice in messages: markers of fixtures say nothing about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst import rules, testing
from rolefirst.findings import Finding

HERE = Path(__file__).parent
RULES = {rule.id: rule for rule in rules.load()}
UNSET = 'variable "unset" {}\n'
KEY = 'resource "aws_iam_access_key" "{0}" {{\n  user = "ci"\n  {1}\n}}\n'.format
TWO_TURNS = """
resource "time_rotating" "turn" {
  rotation_days = 60
}
resource "terraform_data" "turn" {
  triggers_replace = time_rotating.turn.id
}
resource "terraform_data" "unset" {
  triggers_replace = var.unset
}
"""
TRIGGER = "lifecycle {{\n  replace_triggered_by = [terraform_data.{0}]\n  }}".format


def said(rule: str, code: str) -> str:
    """The one message or reason of a rule about some code."""
    result = testing.scan({"main.tf": code}, RULES[rule])
    (item,) = (*result.findings, *result.undetermined)
    return item.message if isinstance(item, Finding) else item.reason


@pytest.mark.parametrize(
    ("rule", "code", "expected"),
    [
        (
            "RF105",
            UNSET + KEY("a", "") + KEY("b", "status = var.unset"),
            "whether two keys are active is open: "
            "aws_iam_access_key.b: status: var.unset has no default",
        ),
        (
            "RF105",
            UNSET + KEY("a", "count = var.unset") + KEY("b", ""),
            "whether two keys are active is open: aws_iam_access_key.a: var.unset has no default",
        ),
        (
            "RF105",
            UNSET + TWO_TURNS + KEY("a", TRIGGER("turn")) + KEY("b", TRIGGER("unset")),
            "whether the two keys rotate is open: whether terraform_data.unset ever changes cannot "
            "be told: var.unset has no default",
        ),
        (
            "RF703",
            KEY("a", ""),
            "whoever may read the state can read the secret of this key (sensitive = true does not "
            "change that); where the key has to stay, set pgp_key",
        ),
        (
            "RF703",
            KEY("a", "") + 'output "a" {\n  value = aws_iam_access_key.a.secret\n}\n',
            "whoever may read the state can read the secret of this key (sensitive = true does not "
            "change that); where the key has to stay, hand on encrypted_secret, which pgp_key "
            "leaves in place of the secret",
        ),
        (
            "RF703",
            'resource "aws_iam_service_specific_credential" "a" {\n'
            '  service_name = "codecommit.amazonaws.com"\n  user_name = "ci"\n}\n',
            "whoever may read the state can read the secret of this key",
        ),
    ],
)
def test_message(rule: str, code: str, expected: str) -> None:
    assert said(rule, code) == expected


def test_only_a_policy_that_denies_root_is_named_as_attached_nowhere() -> None:
    fixture = HERE / "rf203_root_not_denied" / "other_actions.tf"
    (finding,) = testing.scan(testing.read(fixture), RULES["RF203"]).findings

    assert finding.message.startswith("service control policies are managed here and none denies")
    assert finding.related == ()


def test_on_what_it_depends_whether_root_sessions_are_denied() -> None:
    fixture = HERE / "rf203_root_not_denied" / "unknown_sessions.tf"
    reasons = [
        item.reason for item in testing.scan(testing.read(fixture), RULES["RF203"]).undetermined
    ]

    assert reasons == ["whether it denies root sessions, too: var.sessions has no default"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("aws iam create-access-key", "it names no user"),
        ("aws iam create-access-key --cli-input-json file://a.json", "the user is in its input"),
    ],
)
def test_why_the_user_of_a_command_is_not_known(command: str, why: str) -> None:
    code = (
        'resource "null_resource" "key" {\n  provisioner "local-exec" {\n'
        f'    command = "{command}"\n  }}\n}}\n'
    )

    assert f"; {why}, and the code does not say who runs it" in said("RF201", code)
