"""What an entry promises beside what the code does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from keys_that_stay import KEY, REGISTER, TODAY, entry, register, write

from rolefirst.exceptions.entries import judge_by
from rolefirst.exceptions.registers import beside
from rolefirst.iam.patterns import Truth
from rolefirst.loaders import hcl
from rolefirst.rules.exceptions import Judged, judged

SOURCE = '"aws:SourceIp" = ["203.0.113.16/28"]'


def judge(folder: Path, text: str, **changes: Any) -> Judged:
    write(folder, text, "main.tf")
    write(folder, register(entry(**changes)))
    project = hcl.load(folder)
    judge_by(project, beside(folder, ["."]), TODAY)
    (item,) = judged(project)
    assert project.errors == []
    return item


def said(folder: Path, text: str, element: str, **changes: Any) -> tuple[Truth, str] | None:
    """Whether the code agrees with an element, and what it does."""
    (key,) = judge(folder, text, **changes).keys
    found = [check for check in key.checks if check.element == element]
    return (found[0].agrees, found[0].evidence) if found else None


def allowing(*actions: str, more: str = "") -> str:
    listed = ", ".join(f'"{action}"' for action in actions)
    assert '"s3:PutObject"' in KEY
    return KEY.replace('Action = "s3:PutObject"', f"Action = [{listed}]") + more


BOUNDARY = """
resource "aws_iam_policy" "boundary" {
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["s3:PutObject", "s3:GetObject"], Resource = "*" }]
  })
}
"""
BOUNDED = 'name = "scales"\n  permissions_boundary = aws_iam_policy.boundary.arn'
DENIED = """
resource "aws_iam_user_policy" "deny" {
  user   = aws_iam_user.scales.name
  policy = jsonencode({
    Statement = [{ Effect = "Deny", Action = "s3:Delete*", Resource = "*" }]
  })
}
"""


def attached(arn: str) -> str:
    return (
        'resource "aws_iam_user_policy_attachment" "more" {\n'
        f'  user       = aws_iam_user.scales.name\n  policy_arn = "{arn}"\n}}\n'
    )


@pytest.mark.parametrize(
    ("text", "claimed", "agrees", "evidence"),
    [
        (KEY, ["s3:PutObject"], Truth.YES, "s3:PutObject"),
        (KEY, ["S3:putobject"], Truth.YES, "s3:PutObject"),
        (KEY, ["s3:*"], Truth.YES, "s3:PutObject"),
        (KEY, ["s3:Put?bject", "ses:Send"], Truth.YES, "s3:PutObject"),
        (KEY, ["s3:PutObjectAcl"], Truth.NO, "the user may also do s3:PutObject"),
        (KEY, ["s3:Get*"], Truth.NO, "the user may also do s3:PutObject"),
        (allowing("s3:Put*"), ["s3:PutObject"], Truth.NO, "the user may also do s3:Put*"),
        (allowing("s3:Put*"), ["s3:P*"], Truth.YES, "s3:Put*"),
        (allowing("*"), ["s3:*", "ec2:*"], Truth.NO, "the user may also do *"),
        (KEY.replace("Action = ", "NotAction = ", 1), ["s3:*"], Truth.NO, "the user may also do *"),
        (allowing("s3:PutObject", "s3:DeleteObject", more=DENIED), ["s3:PutObject"], Truth.YES,
         "s3:PutObject"),
        (allowing("s3:*", more=DENIED), ["s3:PutObject"], Truth.NO, "the user may also do s3:*"),
        (allowing("s3:*", more=BOUNDARY).replace('name = "scales"', BOUNDED, 1),
         ["s3:PutObject", "s3:GetObject"], Truth.YES, "s3:PutObject, s3:GetObject"),
        (allowing("s3:*", more=BOUNDARY).replace('name = "scales"', BOUNDED, 1),
         ["s3:PutObject"], Truth.NO, "the user may also do s3:GetObject"),
        (allowing("s3:PutObject", "ec2:RunInstances", more=BOUNDARY)
         .replace('name = "scales"', BOUNDED, 1), ["s3:PutObject"], Truth.YES, "s3:PutObject"),
        (allowing("s3:PutObject", more=attached("arn:aws:iam::aws:policy/AdministratorAccess")),
         ["s3:*"], Truth.NO, "the user may also do *"),
        (allowing("s3:PutObject", more=attached("arn:aws:iam::aws:policy/AmazonS3FullAccess")),
         ["s3:PutObject"], Truth.NO, "the user may also do *"),
        (allowing("s3:PutObject", more=attached("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")),
         ["s3:PutObject"], Truth.MAYBE,
         "the actions of arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess are not in the code"),
        (allowing("s3:PutObject", more=attached("arn:aws:iam::123456789012:policy/own")),
         ["s3:PutObject"], Truth.MAYBE,
         "arn:aws:iam::123456789012:policy/own: not in the code"),
        (allowing("s3:PutObject", more=attached("arn:aws:iam::123456789012:policy/own")),
         ["s3:GetObject"], Truth.NO, "the user may also do s3:PutObject"),
        (allowing("${var.action}", more='variable "action" {}\n'), ["s3:PutObject"], Truth.MAYBE,
         "var.action has no default"),
        (allowing(*(f"s3:A{n}" for n in range(12))), ["s3:B"], Truth.NO,
         "the user may also do s3:A0, s3:A1, s3:A2, s3:A3, s3:A4, s3:A5, s3:A6, s3:A7 and 4 more"),
        (KEY.replace("aws_iam_user.scales.name", '"elsewhere"', 2).replace(
            '"elsewhere"', "aws_iam_user.scales.name", 1), ["s3:PutObject"], Truth.MAYBE,
         "the user elsewhere is not declared here, nor are all of its policies"),
    ],
    ids=range(23),
)  # fmt: skip
def test_permissions(
    tmp_path: Path, text: str, claimed: list[str], agrees: Truth, evidence: str
) -> None:
    assert said(tmp_path, text, "permissions", permissions=claimed) == (agrees, evidence)


def limited(condition: str, **replaced: str) -> str:
    assert SOURCE in KEY
    text = KEY.replace("{ " + SOURCE + " }", "{ " + condition + " }")
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


SECOND = """
resource "aws_iam_user_policy" "second" {
  user   = aws_iam_user.scales.name
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.0/24"] } }
    }]
  })
}
"""


@pytest.mark.parametrize(
    ("text", "claimed", "agrees", "evidence"),
    [
        (KEY, ["203.0.113.16/28"], Truth.YES, "203.0.113.16/28"),
        (KEY, ["203.0.113.0/24"], Truth.YES, "203.0.113.16/28"),
        (KEY, ["203.0.113.16/29", "203.0.113.24/29"], Truth.NO,
         "the code also allows 203.0.113.16/28"),
        (KEY, ["203.0.113.16"], Truth.NO, "the code also allows 203.0.113.16/28"),
        (KEY, ["vpc-1"], Truth.NO, "the code also allows 203.0.113.16/28"),
        (KEY, ["2001:db8::/32"], Truth.NO, "the code also allows 203.0.113.16/28"),
        (limited('"aws:SourceIp" = ["203.0.113.7"]'), ["203.0.113.7/32"], Truth.YES,
         "203.0.113.7/32"),
        (limited('"aws:SourceIp" = ["0.0.0.0/0"]'), ["203.0.113.0/24"], Truth.NO,
         "aws:SourceIp lists 0.0.0.0/0, which anybody has"),
        (limited('"aws:SourceIp" = var.ranges') + 'variable "ranges" {}\n', ["203.0.113.0/24"],
         Truth.MAYBE, "var.ranges has no default"),
        (KEY.replace("NotIpAddressIfExists", "StringNotEquals").replace(
            SOURCE, '"aws:SourceVpce" = ["vpce-1", "vpce-2"]'), ["vpce-1", "VPCE-2"], Truth.YES,
         "vpce-1, vpce-2"),
        (KEY.replace("NotIpAddressIfExists", "StringNotEquals").replace(
            SOURCE, '"aws:SourceVpce" = ["vpce-1", "vpce-2"]'), ["vpce-1"], Truth.NO,
         "the code also allows vpce-2"),
        # Of two limits that both hold, the narrower one counts.
        (KEY + SECOND, ["203.0.113.16/28"], Truth.YES, "203.0.113.16/28"),
        (KEY + SECOND, ["203.0.113.0/24"], Truth.YES, "203.0.113.16/28"),
        (KEY + SECOND, ["203.0.113.0/28"], Truth.NO, "the code also allows 203.0.113.16/28"),
    ],
    ids=range(14),
)  # fmt: skip
def test_source(
    tmp_path: Path, text: str, claimed: list[str], agrees: Truth, evidence: str
) -> None:
    assert said(tmp_path, text, "source", source=claimed) == (agrees, evidence)


def test_no_source_condition_contradicts(tmp_path: Path) -> None:
    start, end = KEY.index("      {\n        Effect   = "), KEY.index("    ]\n  })")
    found = said(tmp_path, KEY[:start] + KEY[end:], "source")

    assert found == (Truth.NO, "nothing in the code limits where the key works from")


@pytest.mark.parametrize(
    ("text", "days", "agrees", "evidence"),
    [
        (KEY, 60, Truth.YES, "the code rotates it every 60 days"),
        (KEY, 90, Truth.YES, "the code rotates it every 60 days"),
        (KEY, 59, Truth.NO, "the code rotates it every 60 days"),
        (KEY.replace("rotation_days = 60", "rotation_days = var.days") + 'variable "days" {}\n', 60,
         Truth.MAYBE, "how often the key rotates: time_rotating.scales.rotation_days: "
         "var.days has no default"),
        (KEY.replace("replace_triggered_by", "#"), 60, Truth.NO,
         "nothing in the code replaces the key"),
        (KEY.replace("lifecycle {", "rotation_days = 60\n  lifecycle {").replace(
            "replace_triggered_by", "#"), 60, Truth.NO,
         "aws_iam_access_key has no argument 'rotation_days'"),
    ],
    ids=range(6),
)  # fmt: skip
def test_rotation(tmp_path: Path, text: str, days: int, agrees: Truth, evidence: str) -> None:
    rotation = {"days": days, "how": "A scheduled apply"}

    assert said(tmp_path, text, "rotation", rotation=rotation) == (agrees, evidence)


@pytest.mark.parametrize(
    ("tags", "owner", "found"),
    [
        ('{ Owner = "team-warehouse" }', "Team Warehouse", Truth.YES),
        ('{ owner = "team-warehouse" }', "team-scales", Truth.NO),
        ("{}", "team-scales", None),
        ('{ Owner = "todo" }', "team-scales", None),
        ("{ Owner = var.owner }", "team-scales", Truth.MAYBE),
    ],
)
def test_owner(tmp_path: Path, tags: str, owner: str, found: Truth | None) -> None:
    text = KEY.replace('{ Owner = "team-warehouse" }', tags) + 'variable "owner" {}\n'
    text += 'provider "aws" {}\n'
    result = said(tmp_path, text, "owner", owner=owner)

    assert (result and result[0]) == found


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("The scales upload weighing records", Truth.YES),
        ("the scales upload", Truth.YES),
        ("The scales upload weighing records. Nightly", Truth.YES),
        ("backups", Truth.NO),
        (None, None),
    ],
)
def test_purpose(tmp_path: Path, tag: str | None, found: Truth | None) -> None:
    tags = f'{{ Owner = "team-warehouse", Purpose = "{tag}" }}' if tag else "{}"
    result = said(tmp_path, KEY.replace('{ Owner = "team-warehouse" }', tags), "purpose")

    assert (result and result[0]) == found


def test_an_inactive_key_contradicts_nothing(tmp_path: Path) -> None:
    text = KEY.replace("lifecycle {", 'status = "Inactive"\n  lifecycle {')
    (key,) = judge(tmp_path, text, permissions=["ses:Send"]).keys

    assert key.checks == ()


MODULE = """
module "scales" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.0.0"
  name    = "scales"

  create_iam_access_key = true
}
"""


def test_what_a_module_does_is_not_told(tmp_path: Path) -> None:
    (key,) = judge(tmp_path, KEY + MODULE, key="module.scales").keys

    assert {check.element: check.agrees for check in key.checks} == {
        "permissions": Truth.MAYBE,
        "source": Truth.MAYBE,
        "rotation": Truth.MAYBE,
    }


def test_what_a_report_needs(tmp_path: Path) -> None:
    item = judge(tmp_path, KEY)
    (key,) = item.keys

    assert item.days_left == 100
    assert (item.incomplete, item.overdue, item.withdrawn) == ((), (), False)
    assert item.covers(key)
    assert [(check.element, check.claim, check.evidence) for check in key.checks] == [
        ("permissions", "s3:PutObject", "s3:PutObject"),
        ("source", "203.0.113.16/28", "203.0.113.16/28"),
        ("rotation", "every 60 days", "the code rotates it every 60 days"),
        ("owner", "team-warehouse", 'the tag Owner says "team-warehouse"'),
    ]
    assert item.entry.location.path == REGISTER
