"""What a user may do in the end, for every way in which code gives, caps and takes rights.

Each case states what the three rules about rights say: their last digits, a question mark for an
undetermined one.
"""

from __future__ import annotations

import json
import time

import pytest

from rolefirst import testing
from rolefirst.iam.managed import Managed, managed
from rolefirst.iam.patterns import ANY, NO, YES, Target, Truth, covers, glob
from rolefirst.iam.statements import Text
from rolefirst.rules.base import Rule
from rolefirst.rules.rf501_key_user_admin import KeyUserAdmin
from rolefirst.rules.rf502_key_user_service_wildcard import KeyUserServiceWildcard
from rolefirst.rules.rf503_key_user_privilege_escalation import KeyUserPrivilegeEscalation

RULES: tuple[Rule, ...] = (KeyUserAdmin(), KeyUserServiceWildcard(), KeyUserPrivilegeEscalation())
USER = 'resource "aws_iam_user" "u" {\n  name = "ci"\n%s}\n'
KEY = 'resource "aws_iam_access_key" "u" {\n  user = aws_iam_user.u.name\n}\n'
VARIABLES = 'variable "x" {}\nvariable "list" {\n  type = list(string)\n}\n'
SOURCES = 'data "aws_partition" "p" {}\ndata "aws_caller_identity" "c" {}\n'
INLINE = (
    'resource "aws_iam_user_policy" "u" {\n  user = aws_iam_user.u.name\n'
    "  policy = jsonencode({ Statement = [%s] })\n}\n"
)
ATTACH = (
    'resource "aws_iam_user_policy_attachment" "u" {\n  user = aws_iam_user.u.name\n'
    "  policy_arn = %s\n}\n"
)


def said(text: str) -> str:
    """What the rules say about the one user, as ``"2 3?"``."""
    result = testing.scan({"main.tf": text}, *RULES)
    assert not result.errors
    marks = [finding.rule.id[-1] for finding in result.findings]
    marks += [f"{item.rule.id[-1]}?" for item in result.undetermined]
    return " ".join(sorted(marks))


def estate(*parts: str, user: str = "") -> str:
    return "\n".join((USER % user, KEY, VARIABLES, SOURCES, *parts))


def allow(
    actions: str, resources: str = '"*"', more: str = "", effect: str = "Allow", verb: str = ""
) -> str:
    return (
        f'{{ Effect = "{effect}", {verb}Action = {actions}, Resource = {resources}'
        f"{', ' + more if more else ''} }}"
    )


def deny(actions: str, resources: str = '"*"', more: str = "") -> str:
    return allow(actions, resources, more, "Deny")


def when(test: str, variable: str, value: str) -> str:
    return f'Condition = {{ {test} = {{ "{variable}" = {value} }} }}'


ADMIN = allow('"*"')
IAM = '"iam:*"'
MFA = when("Bool", "aws:MultiFactorAuthPresent", '"true"')
LAMBDA = '["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]'
OWN = '"arn:aws:iam::*:user/$${aws:username}"'

STATEMENTS = {
    # --- what peers miss: spelled otherwise, conditions, the form of action and resource
    "admin": ([ADMIN], "1"),
    "admin as lists": ([allow('["*"]', '["*"]')], "1"),
    "scalar action, list resource": ([allow('"*"', '["*"]')], "1"),
    "star colon star": ([allow('"*:*"')], "1"),
    "two stars": ([allow('"**"')], "1"),
    "every arn": ([allow('"*"', '"arn:aws:*"')], "1"),
    "second statement": ([allow('"s3:GetObject"'), ADMIN], "1"),
    "all but one service": ([allow('["aws-portal:*"]', verb="Not")], "1"),
    "all but one resource": (
        ['{ Effect = "Allow", Action = "*", NotResource = "arn:aws:s3:::a" }'],
        "1",
    ),
    "admin from anywhere": (
        [allow('"*"', more=when("IpAddress", "aws:SourceIp", '"0.0.0.0/0"'))],
        "1",
    ),
    "admin by TLS": ([allow('"*"', more=when("Bool", "aws:SecureTransport", '"true"'))], "1"),
    "admin with MFA": ([allow('"*"', more=MFA)], "1"),
    "iam by TLS": ([allow('"iam:*"', more=when("Bool", "aws:SecureTransport", '"true"'))], "3"),
    "iam create on users": ([allow('"iam:Create*"', '"arn:aws:iam::*:user/*"')], "3"),
    "a deny elsewhere silences nothing": ([ADMIN, deny('"s3:DeleteBucket"')], "1"),
    "describing is no breadth": ([allow('"ec2:Describe*"')], ""),
    # --- denies
    "everything denied": ([ADMIN, deny('"*"')], ""),
    "iam denied": ([ADMIN, deny('"iam:*"')], "2"),
    "iam denied without MFA": ([ADMIN, deny('"iam:*"', more=MFA)], "1"),
    "denied outside of a network": (
        [ADMIN, deny('"*"', more=when("NotIpAddress", "aws:SourceIp", '"192.0.2.0/24"'))],
        "1",
    ),
    "denied all but": ([ADMIN, allow('["s3:GetObject"]', effect="Deny", verb="Not")], ""),
    "denied on one thing": ([allow('"s3:*"'), deny('"s3:*"', '"arn:aws:s3:::a"')], "2"),
    "service denied": ([allow('"s3:*"'), deny('"S3:*"')], ""),
    "denied unless with a boundary": (
        [
            allow('"iam:PutUserPolicy"'),
            deny('"iam:*"', more=when("StringNotEquals", "iam:PermissionsBoundary", '"arn:b"')),
        ],
        "",
    ),
    "denied for a tag": (
        [allow('"s3:*"'), deny('"s3:*"', more=when("StringEquals", "aws:ResourceTag/a", '"b"'))],
        "2",
    ),
    "passing denied but to a service that runs nothing": (
        [
            allow(LAMBDA),
            deny(
                '"iam:PassRole"',
                more=when("StringNotEquals", "iam:PassedToService", '"rds.amazonaws.com"'),
            ),
        ],
        "",
    ),
    "passing denied but to a service that runs code": (
        [
            allow(LAMBDA),
            deny(
                '"iam:PassRole"',
                more=when("StringNotEquals", "iam:PassedToService", '"lambda.amazonaws.com"'),
            ),
        ],
        "3",
    ),
    "unknown deny": ([allow('"s3:*"'), deny("var.x")], "2?"),
    # --- services
    "service": ([allow('"s3:*"')], "2"),
    "case": ([allow('"S3:*"')], "2"),
    "no colon": ([allow('"s3*"')], "2"),
    "all buckets": ([allow('"s3:*"', '"arn:aws:s3:::*"')], "2"),
    "all objects": ([allow('"s3:*"', '"arn:aws:s3:::*/*"')], "2"),
    "gov": ([allow('"s3:*"', '"arn:${data.aws_partition.p.partition}:s3:::*"')], "2"),
    "all tables": (
        [allow('"dynamodb:*"', '"arn:aws:dynamodb:eu-west-1:111122223333:table/*"')],
        "2",
    ),
    "any action on all queues": ([allow('"*"', '"arn:aws:sqs:*:*:*"')], "2"),
    "one bucket": ([allow('"s3:*"', '["arn:aws:s3:::a", "arn:aws:s3:::a/*"]')], ""),
    "bucket that looks like a type": ([allow('"s3:*"', '"arn:aws:s3:::table/*"')], ""),
    "prefix": ([allow('"s3:*"', '"arn:aws:s3:::acme-*"')], ""),
    "named by variable": ([allow('"s3:*"', '"arn:aws:s3:::${var.x}/*"')], ""),
    "tagged only": (
        [allow('"ec2:*"', more=when("StringEquals", "aws:ResourceTag/team", '"a"'))],
        "",
    ),
    "tagged with anything": (
        [allow('"ec2:*"', more=when("StringLike", "aws:ResourceTag/team", '"*"'))],
        "2",
    ),
    "tagged if exists": (
        [allow('"ec2:*"', more=when("StringEqualsIfExists", "aws:ResourceTag/team", '"a"'))],
        "2",
    ),
    "not tagged": (
        [allow('"ec2:*"', more=when("StringNotEquals", "aws:ResourceTag/team", '"a"'))],
        "2",
    ),
    # The rest of IAM lives in another region, but roles are passed in this one.
    "one region": (
        [allow('"*"', more=when("StringEquals", "aws:RequestedRegion", '"eu-west-1"'))],
        "3",
    ),
    "the region of IAM": (
        [allow('"*"', more=when("StringEquals", "aws:RequestedRegion", '"us-east-1"'))],
        "1",
    ),
    "only through services": (
        [allow('"kms:*"', more=when("Bool", "aws:ViaAWSService", '"true"'))],
        "",
    ),
    "power user": ([allow('["iam:*", "organizations:*", "account:*"]', verb="Not")], "2"),
    "NotAction on one bucket": (
        [allow('["s3:Delete*"]', '"arn:aws:s3:::a/*"', verb="Not")],
        "",
    ),
    "assume every role": ([allow('"sts:AssumeRole"')], "2"),
    "assume roles of an account": ([allow('"sts:AssumeRole"', '"arn:aws:iam::1:role/*"')], "2"),
    "assume one role": ([allow('"sts:AssumeRole"', '"arn:aws:iam::1:role/deploy"')], ""),
    "pass every role": ([allow('"iam:PassRole"')], "2"),
    "pass to one service": (
        [
            allow(
                '"iam:PassRole"',
                more=when("StringEquals", "iam:PassedToService", '"ec2.amazonaws.com"'),
            )
        ],
        "",
    ),
    "pass to every service": (
        [allow('"iam:PassRole"', more=when("StringLike", "iam:PassedToService", '"*"'))],
        "2",
    ),
    "pass one role": ([allow('"iam:PassRole"', '"arn:aws:iam::1:role/app"')], ""),
    # --- raising rights
    "own inline policy": ([allow('"iam:PutUserPolicy"', OWN)], "3"),
    "own attached policy by ARN": ([allow('"iam:AttachUserPolicy"', "aws_iam_user.u.arn")], "3"),
    "own name in ARN": (
        [
            allow(
                '"iam:PutUserPolicy"',
                '"arn:aws:iam::${data.aws_caller_identity.c.account_id}:user/ci"',
            )
        ],
        "3",
    ),
    "own name by pattern": ([allow('"iam:PutUserPolicy"', '"arn:aws:iam::1:user/c?"')], "3"),
    "another user": ([allow('"iam:PutUserPolicy"', '"arn:aws:iam::1:user/bob"')], ""),
    "own key": ([allow('["iam:CreateAccessKey", "iam:DeleteAccessKey"]', OWN)], ""),
    "own password": ([allow('"iam:*LoginProfile"', "aws_iam_user.u.arn")], ""),
    "any key": ([allow('"iam:CreateAccessKey"')], "3"),
    "pattern in action": ([allow('"iam:*Policy"')], "3"),
    "question mark in action": ([allow('"iam:PutUserPolic?"')], "3"),
    "case of action": ([allow('"IAM:putuserpolicy"')], "3"),
    "trust": ([allow('"iam:UpdateAssumeRolePolicy"')], "3"),
    "trust of one role": ([allow('"iam:UpdateAssumeRolePolicy"', '"arn:aws:iam::1:role/a"')], ""),
    "with a boundary": (
        [
            allow(
                '["iam:CreateUser", "iam:PutUserPolicy"]',
                more=when("StringEquals", "iam:PermissionsBoundary", '"arn:aws:iam::1:policy/b"'),
            )
        ],
        "",
    ),
    "one policy to attach": (
        [
            allow(
                '"iam:AttachUserPolicy"',
                more=when("ArnEquals", "iam:PolicyARN", '"arn:aws:iam::1:policy/b"'),
            )
        ],
        "",
    ),
    "any policy of AWS": (
        [
            allow(
                '"iam:AttachUserPolicy"',
                more=when("ArnLike", "iam:PolicyARN", '"arn:aws:iam::aws:policy/*"'),
            )
        ],
        "3",
    ),
    "pass and create": ([allow(LAMBDA)], "3"),
    "pass and create, apart": (
        [
            allow(
                '"iam:PassRole"',
                more=when("StringEquals", "iam:PassedToService", '"ec2.amazonaws.com"'),
            ),
            allow('"ec2:RunInstances"'),
        ],
        "3",
    ),
    "pass to another service": (
        [
            allow(
                '"iam:PassRole"',
                more=when("StringEquals", "iam:PassedToService", '"rds.amazonaws.com"'),
            ),
            allow('"ec2:RunInstances"'),
        ],
        "",
    ),
    "pass one role and create": (
        [allow('"iam:PassRole"', '"arn:aws:iam::1:role/app"'), allow('"ec2:RunInstances"')],
        "",
    ),
    "create without running": (
        [
            allow(
                '"iam:PassRole"',
                more=when("StringEquals", "iam:PassedToService", '"lambda.amazonaws.com"'),
            ),
            allow('"lambda:CreateFunction"'),
        ],
        "",
    ),
    "new code for every function": ([allow('"lambda:UpdateFunctionCode"')], "3"),
    "new code for one function": (
        [allow('"lambda:UpdateFunctionCode"', '"arn:aws:lambda:eu-west-1:1:function:a"')],
        "",
    ),
    "what a whole service brings": ([allow('"lambda:*"')], "2"),
    "iam is both": ([allow('"iam:*"')], "3"),
    "different statements": ([allow('"s3:*"'), allow('"iam:PutUserPolicy"')], "2 3"),
    # --- unknown parts
    "unknown action": ([allow("var.x")], "1?"),
    "unknown part of an action": ([allow('"s3:${var.x}"')], "2?"),
    "unknown resource": ([allow('"s3:*"', "var.x")], "2?"),
    "unknown resource of a harmless action": ([allow('"s3:GetObject"', "var.x")], ""),
    "unknown statement": (["var.x"], "1?"),
    "unknown service to pass to": (
        [allow(LAMBDA, more=when("StringEquals", "iam:PassedToService", "var.list"))],
        "3?",
    ),
    "a thing of this estate": ([allow('"s3:*"', "aws_s3_bucket.b.arn")], ""),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_statements(case: str) -> None:
    statements, expected = STATEMENTS[case]
    bucket = 'resource "aws_s3_bucket" "b" {}\n'

    assert said(estate(INLINE % ", ".join(statements), bucket)) == expected


DATA = 'data "aws_iam_policy_document" "d" {\n  statement {\n    %s\n  }\n}\n'
WILD = 'actions = ["*"]\n    resources = ["*"]'
MANAGED = (
    'resource "aws_iam_policy" "p" {\n  name   = "p"\n'
    "  policy = jsonencode({ Statement = [%s] })\n}\n"
)
GROUP = 'resource "aws_iam_group" "g" {\n  name = "g"\n}\n'
GROUP_POLICY = (
    'resource "aws_iam_group_policy" "g" {\n  group  = aws_iam_group.g.name\n'
    "  policy = jsonencode({ Statement = [%s] })\n}\n"
)
MEMBER = (
    'resource "aws_iam_user_group_membership" "u" {\n  user   = aws_iam_user.u.name\n'
    "  groups = [aws_iam_group.g.name]\n}\n"
)
MEMBERS = (
    'resource "aws_iam_group_membership" "u" {\n  name  = "m"\n  users = ["ci"]\n'
    "  group = aws_iam_group.g.name\n}\n"
)
BY_NAME = 'data "aws_iam_policy" "a" {\n  name = "AdministratorAccess"\n}\n'
BY_ARN = (
    'data "aws_iam_policy" "a" {\n  arn = "arn:aws-cn:iam::aws:policy/AdministratorAccess"\n}\n'
)
EXCLUSIVE = (
    'resource "aws_iam_user_policy_attachments_exclusive" "u" {\n'
    "  user_name   = aws_iam_user.u.name\n  policy_arns = [%s]\n}\n"
)
EVERYBODY = (
    'resource "aws_iam_policy_attachment" "u" {\n  name       = "a"\n  %s\n  policy_arn = %s\n}\n'
)
AWS = '"arn:aws:iam::aws:policy/%s"'

WAYS = {
    "inline data document": (
        DATA % WILD
        + 'resource "aws_iam_user_policy" "u" {\n  user   = "ci"\n'
        + "  policy = data.aws_iam_policy_document.d.json\n}\n",
        "1",
    ),
    "heredoc": (
        'resource "aws_iam_user_policy" "u" {\n  user   = aws_iam_user.u.name\n  policy = <<-EOT\n'
        '    {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}\n  EOT\n}\n',
        "1",
    ),
    "heredoc with an unknown list": (
        'resource "aws_iam_user_policy" "u" {\n  user   = aws_iam_user.u.name\n  policy = <<-EOT\n'
        '    {"Statement": [{"Effect": "Allow", "Action": "iam:PutUserPolicy", "Resource": "*"},\n'
        '    {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition":\n'
        '    {"NotIpAddress": {"aws:SourceIp": ${jsonencode(var.list)}}}}]}\n  EOT\n}\n',
        "3",
    ),
    "own policy": (MANAGED % ADMIN + ATTACH % "aws_iam_policy.p.arn", "1"),
    "by literal user": (
        'resource "aws_iam_user_policy_attachment" "u" {\n  user = "ci"\n'
        f"  policy_arn = {AWS % 'AdministratorAccess'}\n}}\n",
        "1",
    ),
    "policy_attachment": (EVERYBODY % ('users = ["ci"]', AWS % "AdministratorAccess"), "1"),
    "policy_attachment to the group": (
        GROUP
        + MEMBER
        + EVERYBODY % ("groups = [aws_iam_group.g.name]", AWS % "AdministratorAccess"),
        "1",
    ),
    "exclusive": (EXCLUSIVE % (AWS % "AdministratorAccess"), "1"),
    "group": (GROUP + GROUP_POLICY % ADMIN + MEMBER, "1"),
    "group members": (GROUP + GROUP_POLICY % ADMIN + MEMBERS, "1"),
    "group of others": (GROUP + GROUP_POLICY % ADMIN, ""),
    "own group's policy": (
        GROUP + MEMBER + INLINE % allow('"iam:PutGroupPolicy"', "aws_iam_group.g.arn"),
        "3",
    ),
    "another group's policy": (
        GROUP + INLINE % allow('"iam:PutGroupPolicy"', "aws_iam_group.g.arn"),
        "",
    ),
    "version of its own policy": (
        MANAGED % allow('"s3:GetObject"')
        + ATTACH % "aws_iam_policy.p.arn"
        + INLINE % allow('"iam:CreatePolicyVersion"', "aws_iam_policy.p.arn"),
        "3",
    ),
    "version of another policy": (
        MANAGED % allow('"s3:GetObject"')
        + INLINE % allow('"iam:CreatePolicyVersion"', "aws_iam_policy.p.arn"),
        "",
    ),
    "gov": (ATTACH % '"arn:aws-us-gov:iam::aws:policy/AdministratorAccess"', "1"),
    "any partition": (
        ATTACH % '"arn:${data.aws_partition.p.partition}:iam::aws:policy/AdministratorAccess"',
        "1",
    ),
    "data source by name": (BY_NAME + ATTACH % "data.aws_iam_policy.a.arn", "1"),
    "data source by ARN": (BY_ARN + ATTACH % "data.aws_iam_policy.a.arn", "1"),
    "a customer's policy of that name": (
        ATTACH % '"arn:aws:iam::111122223333:policy/AdministratorAccess"',
        "1?",
    ),
    "power user": (ATTACH % AWS % "PowerUserAccess", "2"),
    "IAM": (ATTACH % AWS % "IAMFullAccess", "3"),
    "full access": (ATTACH % AWS % "AmazonS3FullAccess", "2"),
    "full access of a service": (ATTACH % AWS % "AWSLambda_FullAccess", "2"),
    "job function": (ATTACH % AWS % "job-function/DatabaseAdministrator", "2"),
    "read only": (ATTACH % AWS % "AmazonS3ReadOnlyAccess", ""),
    "all denied by AWS's policy": (INLINE % ADMIN + ATTACH % AWS % "AWSDenyAll", ""),
    "unknown policy": (ATTACH % "var.x", "1?"),
    "unknown beside admin": (INLINE % ADMIN + ATTACH % "var.x", "1"),
    "unknown group": (
        'resource "aws_iam_user_group_membership" "u" {\n  user   = "ci"\n  groups = ["ops"]\n}\n',
        "1?",
    ),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("case", WAYS)
def test_ways_of_attaching(case: str) -> None:
    text, expected = WAYS[case]

    assert said(estate(text)) == expected


BOUNDARIES = {
    "administrator": (AWS % "AdministratorAccess", ADMIN, "1"),
    "power user": (AWS % "PowerUserAccess", ADMIN, "2"),
    "power user in any partition": (
        '"arn:${data.aws_partition.p.partition}:iam::aws:policy/PowerUserAccess"',
        ADMIN,
        "2",
    ),
    "read only": (AWS % "ReadOnlyAccess", ADMIN, ""),
    "own, narrow": ("aws_iam_policy.p.arn", ADMIN, ""),
    "own, one service": ("aws_iam_policy.s.arn", ADMIN, "2"),
    "other service": ("aws_iam_policy.s.arn", allow('"ec2:*"'), ""),
    "caps escalation": ("aws_iam_policy.s.arn", allow('"iam:PutUserPolicy"'), ""),
    "unknown": ("var.x", ADMIN, "1?"),
    "unknown, nothing to cap": ("var.x", allow('"s3:GetObject"'), ""),
    "may be removed": (
        AWS % "AdministratorAccess",
        allow('"iam:DeleteUserPermissionsBoundary"', OWN),
        "3",
    ),
    "a part is taken back": ("aws_iam_policy.d.arn", ADMIN, "2"),
}


@pytest.mark.parametrize("case", BOUNDARIES)
def test_boundaries(case: str) -> None:
    arn, statement, expected = BOUNDARIES[case]
    taken_back = f"{ADMIN}, {deny(IAM)}"
    policies = (
        MANAGED % allow('"s3:GetObject"')
        + (MANAGED % allow('"s3:*"')).replace('"p"', '"s"')
        + (MANAGED % taken_back).replace('"p"', '"d"')
    )
    user = f"  permissions_boundary = {arn}\n"

    assert said(estate(policies, INLINE % statement, user=user)) == expected


@pytest.mark.parametrize(("boundary", "expected"), [("s3:GetObject", ""), ("s3:*", "2?")])
def test_a_boundary_caps_policies_of_aws(boundary: str, expected: str) -> None:
    policy = MANAGED % allow(json.dumps(boundary))
    user = "  permissions_boundary = aws_iam_policy.p.arn\n"

    assert said(estate(policy, ATTACH % AWS % "AmazonS3FullAccess", user=user)) == expected


def test_without_boundary_its_removal_raises_nothing() -> None:
    assert said(estate(INLINE % allow('"iam:DeleteUserPermissionsBoundary"', OWN))) == ""


@pytest.mark.parametrize(
    ("policy", "with_key", "without"),
    [("AdministratorAccess", 4, 3), ("AmazonS3FullAccess", 3, 2), ("IAMFullAccess", 3, 2)],
)
def test_severity_is_lower_without_a_key(policy: str, with_key: int, without: int) -> None:
    text = estate(ATTACH % AWS % policy)

    assert [f.severity for f in testing.scan({"a.tf": text}, *RULES).findings] == [with_key]
    bare = text.replace(KEY, "")
    assert [f.severity for f in testing.scan({"a.tf": bare}, *RULES).findings] == [without]


@pytest.mark.parametrize(
    ("name", "severity"), [("${aws_iam_user.u.name}", 4), ("CI", 4), ("cd", 3), ("${var.x}", 3)]
)
def test_a_key_that_a_command_makes_is_a_key(name: str, severity: int) -> None:
    command = (
        'resource "null_resource" "n" {\n  provisioner "local-exec" {\n'
        f'    command = "aws iam create-access-key --user-name {name}"\n  }}\n}}\n'
    )
    text = estate(ATTACH % AWS % "AdministratorAccess", command).replace(KEY, "")

    assert [f.severity for f in testing.scan({"a.tf": text}, *RULES).findings] == [severity]


def test_the_granting_policy_is_named() -> None:
    text = estate(GROUP, GROUP_POLICY % ADMIN, MEMBER)
    (finding,) = testing.scan({"main.tf": text}, *RULES).findings

    assert finding.address == "aws_iam_user.u"
    assert [r.label for r in finding.related] == ["granted by aws_iam_group_policy.g"]
    assert "aws_iam_group_policy.g allows every action" in finding.message


def test_an_unknown_count_is_said() -> None:
    text = estate(
        (ATTACH % AWS % "AdministratorAccess").replace("user =", "count = var.x\n  user =", 1)
    )
    (finding,) = testing.scan({"main.tf": text}, *RULES).findings

    assert "whether it exists depends on" in finding.message
    assert "var.x" in finding.message


def test_the_unknown_part_is_named() -> None:
    text = estate(INLINE % allow('"s3:*"', "var.x"))
    (item,) = testing.scan({"main.tf": text}, *RULES).undetermined

    assert "var.x" in item.reason


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("a*c", "abc", True),
        ("a*c", "ab", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("A*", "abc", True),
        ("a**", "a", True),
        ("a*b*c", "aXbYbZc", True),
        ("[a]", "a", False),
        ("", "a", False),
    ],
)
def test_glob(pattern: str, text: str, expected: bool) -> None:
    assert glob(pattern, text) is expected


def test_hostile_patterns_take_no_time() -> None:
    start = time.perf_counter()
    assert not glob("*a" * 2000 + "b", "a" * 2000)
    assert said(estate(INLINE % allow(json.dumps("*a" * 3000), json.dumps("*:" * 3000)))) == ""

    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Text("*"), Truth.YES),
        (Text("arn:aws:s3:::*"), Truth.YES),
        (Text("arn:aws:s3*"), Truth.YES),
        (Text("arn:aws:s3"), Truth.NO),
        (Text("arn:aws:ec2:*:*:*"), Truth.NO),
        (Text("${aws_s3_bucket.b.arn}", "known after apply"), Truth.NO),
        (Text("${module.m.aws_s3_bucket.b[0].arn}", "known after apply"), Truth.NO),
        (Text("${module.m.bucket_arn}", "not there"), Truth.NO),
        (Text("${module.m.pattern}", "not there"), Truth.MAYBE),
        (Text("${…}", "not known"), Truth.MAYBE),
        (Text("", "not known"), Truth.MAYBE),
    ],
)
def test_covers_a_whole_service(item: Text, expected: Truth) -> None:
    assert covers(item, Target("s3")).truth is expected


def test_covers_one_thing() -> None:
    assert covers(Text("arn:aws:iam::*:user/*"), Target("iam", f"user/{ANY}")) == YES
    assert covers(Text("arn:aws:iam::*:role/*"), Target("iam", f"user/{ANY}")) == NO


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", Managed.READ),
        ("arn:aws:iam::${…}:policy/AdministratorAccess", Managed.READ),
        ("arn:aws:iam::aws:policy/AmazonEC2FullAccess", Managed.BROAD),
        ("arn:aws:iam::aws:policy/AmazonEventBridgePipesFullAccess", Managed.BROAD),
        ("arn:aws:iam::aws:policy/SecretsManagerReadWrite", Managed.BROAD),
        ("arn:aws:iam::${…}:policy/AmazonEC2FullAccess", Managed.BROAD),
        ("arn:aws:iam::${…}:policy/team-FullAccess", Managed.UNKNOWN),
        ("arn:aws:iam::${…}:policy/team", Managed.UNKNOWN),
        ("arn:aws:iam::111122223333:policy/AmazonEC2FullAccess", Managed.UNKNOWN),
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", Managed.NARROW),
        ("arn:aws:iam::aws:policy/${var.x}", Managed.UNKNOWN),
        ("", Managed.UNKNOWN),
    ],
)
def test_managed(arn: str, expected: Managed) -> None:
    assert managed(arn)[1] is expected
