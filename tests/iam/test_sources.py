"""From where a key works: every mistake people make with source conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.iam.sources import Restriction, Standing, restriction_of
from rolefirst.iam.sources_request import is_private, is_wide, networks
from rolefirst.iam.sources_use import over_denials
from rolefirst.iam.statements import Text
from rolefirst.project import Block, Project

Estate = Callable[[str | Mapping[str, str]], Project]

VARIABLES = "".join(f'variable "{name}" {{}}\n' for name in ("ips", "vpcs", "x", "on"))
USER = VARIABLES + 'resource "aws_iam_user" "u" {\n  name = "u"\n%s}\n'
PUT = '{ Effect = "Allow", Action = ["s3:PutObject"], Resource = "*" }'
ALL = '{ Effect = "Allow", Action = "*", Resource = "*" }'
VIA = 'BoolIfExists = { "aws:ViaAWSService" = "false" }'
IP = '"aws:SourceIp" = ["203.0.113.0/24"]'
VPC = '"aws:SourceVpc" = ["vpc-1"]'


def deny(conditions: str, action: str = 'Action = "*"', resource: str = "*") -> str:
    parts = f'Effect = "Deny", {action}, Resource = "{resource}"'
    return f"{{ {parts}, Condition = {{ {conditions} }} }}"


def allow(conditions: str, action: str = "s3:PutObject") -> str:
    parts = f'Effect = "Allow", Action = "{action}", Resource = "*"'
    return f"{{ {parts}, Condition = {{ {conditions} }} }}"


def policy(*statements: str, name: str = "p", type: str = "aws_iam_user_policy") -> str:
    document = f"jsonencode({{ Statement = [{', '.join(statements)}] }})"
    return f'resource "{type}" "{name}" {{\n  user = "u"\n  policy = {document}\n}}\n'


def managed(*statements: str, name: str = "m") -> str:
    document = f"jsonencode({{ Statement = [{', '.join(statements)}] }})"
    return f'resource "aws_iam_policy" "{name}" {{\n  policy = {document}\n}}\n'


def the_user(project: Project) -> Block:
    return next(b for b in project.resources("aws_iam_user") if b.name == "u")


def judge(estate: Estate, code: str, arguments: str = "") -> Restriction:
    project = estate(USER % arguments + code)
    return restriction_of(the_user(project), project)


def locked(estate: Estate, code: str, arguments: str = "") -> list[str]:
    """The reasons of what is locked out; the restriction itself must bind."""
    project = estate(USER % arguments + code)
    user = the_user(project)
    assert restriction_of(user, project).standing is Standing.BINDS
    return [found.reason for found in over_denials(user, project)]


BINDING = {
    "deny": policy(PUT, deny(f"NotIpAddress = {{ {IP} }}")),
    "deny alone": policy(deny(f"NotIpAddress = {{ {IP} }}")),
    "deny, if exists is no mistake": policy(PUT, deny(f"NotIpAddressIfExists = {{ {IP} }}, {VIA}")),
    "several operators": policy(
        PUT, deny(f"NotIpAddress = {{ {IP} }}, StringNotEquals = {{ {VPC} }}, {VIA}")
    ),
    "vpc": policy(PUT, deny(f"StringNotEquals = {{ {VPC} }}")),
    "a star is no pattern here": policy(PUT, deny('StringNotEquals = { "aws:SourceVpc" = "*" }')),
    "endpoint": policy(PUT, deny('StringNotEquals = { "aws:sourcevpce" = "vpce-1" }')),
    "vpc arn": policy(
        PUT, deny('ArnNotLike = { "aws:SourceVpcArn" = "arn:aws:ec2:*:123456789012:vpc/*" }')
    ),
    "organization": policy(PUT, deny('StringNotEquals = { "aws:VpceOrgID" = "o-abc" }')),
    "sole allow": policy(allow(f"IpAddress = {{ {IP} }}")),
    "one address": policy(allow('IpAddress = { "aws:SourceIp" = "198.51.100.7" }')),
    "every action, one by one": policy(
        PUT, deny(f"NotIpAddress = {{ {IP} }}", 'Action = ["s3:Put*", "ec2:*"]')
    ),
    "deny leaves out what has no network keys": policy(
        ALL.replace('"*"', '["s3:*", "rds-db:connect"]', 1),
        deny(f"NotIpAddress = {{ {IP} }}", 'NotAction = ["rds-db:connect"]'),
    ),
    "deny leaves out what is not allowed": policy(
        PUT, deny(f"NotIpAddress = {{ {IP} }}", 'NotAction = ["iam:*"]')
    ),
    "the rest is denied anyhow": policy(
        allow(f"IpAddress = {{ {IP} }}"),
        '{ Effect = "Allow", Action = "ec2:*", Resource = "*" }',
        '{ Effect = "Deny", Action = "ec2:*", Resource = "*" }',
    ),
    "unknown list": policy(PUT, deny('NotIpAddress = { "aws:SourceIp" = var.ips }')),
    "unknown list in an allow": policy(allow('IpAddress = { "aws:SourceIp" = var.ips }')),
    "exempt by a tag the user does not have": policy(
        PUT,
        deny(f'NotIpAddress = {{ {IP} }}, StringNotEquals = {{ "aws:PrincipalTag/free" = "yes" }}'),
    ),
    "of all users": policy(
        PUT,
        deny(
            f"NotIpAddress = {{ {IP} }}, "
            'ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:user/*" }'
        ),
    ),
    "private addresses never fit": policy(
        PUT, deny('NotIpAddress = { "aws:SourceIp" = "10.0.0.0/8" }')
    ),
    "other policies of aws": policy(deny(f"NotIpAddress = {{ {IP} }}"))
    + 'resource "aws_iam_user_policy_attachment" "a" {\n  user = "u"\n'
    '  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"\n}\n',
}


@pytest.mark.parametrize("case", BINDING)
def test_what_binds(estate: Estate, case: str) -> None:
    found = judge(estate, BINDING[case])

    assert (found.standing, found.reason) == (Standing.BINDS, "")
    assert [grant.label for grant in found.grants] == ["aws_iam_user_policy.p"]


#: Code and a part of the reason.
BROKEN = {
    "everybody": (
        policy(PUT, deny('NotIpAddress = { "aws:SourceIp" = "0.0.0.0/0" }')),
        "0.0.0.0/0",
    ),
    "two halves": (
        policy(PUT, deny('NotIpAddress = { "aws:SourceIp" = ["0.0.0.0/1", "128.0.0.0/1"] }')),
        "0.0.0.0/0",
    ),
    "everybody by IPv6": (
        policy(PUT, deny('NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24", "::/0"] }')),
        "::/0",
    ),
    "everybody in an allow": (
        policy(allow('IpAddress = { "aws:SourceIp" = ["0.0.0.0/0"] }')),
        "0.0.0.0/0",
    ),
    "any vpc": (policy(PUT, deny('StringNotLike = { "aws:SourceVpc" = "vpc-*" }')), "vpc-*"),
    "a vpc of any account": (
        policy(PUT, deny('ArnNotLike = { "aws:SourceVpcArn" = "arn:aws:ec2:*:*:vpc/*" }')),
        "arn:aws:ec2:*:*:vpc/*",
    ),
    "inverted deny": (policy(PUT, deny(f"IpAddress = {{ {IP} }}")), "inverted"),
    "inverted vpc": (policy(PUT, deny(f"StringEquals = {{ {VPC} }}")), "inverted"),
    "inverted allow": (policy(allow(f"NotIpAddress = {{ {IP} }}")), "inverted"),
    "fail-open address": (policy(allow(f"IpAddressIfExists = {{ {IP} }}")), "IfExists"),
    "fail-open vpc": (policy(allow(f"StringEqualsIfExists = {{ {VPC} }}")), "IfExists"),
    "fail-open set": (policy(allow(f'"ForAllValues:StringEquals" = {{ {VPC} }}')), "ForAllValues"),
    "deny of some value": (
        policy(PUT, deny(f'"ForAnyValue:StringNotEquals" = {{ {VPC} }}')),
        "ForAnyValue",
    ),
    "text for an address": (
        policy(PUT, deny(f"StringNotEquals = {{ {IP} }}")),
        "does not compare",
    ),
    "text for an address in an allow": (policy(allow(f"StringLike = {{ {IP} }}")), "IpAddress"),
    "address for a vpc": (policy(PUT, deny(f"NotIpAddress = {{ {VPC} }}")), "does not compare"),
    "arn of a source": (
        policy(PUT, deny('ArnNotLike = { "aws:SourceArn" = "arn:aws:s3:::b" }')),
        "does not say where",
    ),
    "account of a source": (
        policy(PUT, deny('StringNotEquals = { "aws:SourceAccount" = "1" }')),
        "does not say where",
    ),
    "user agent": (
        policy(allow('StringLike = { "aws:UserAgent" = "acme*" }')),
        "does not say where",
    ),
    "misspelt": (
        policy(PUT, deny('StringNotEquals = { "aws:SourceVpcId" = "vpc-1" }')),
        "does not say where",
    ),
    "private address": (
        policy(PUT, deny('NotIpAddressIfExists = { "aws:VpcSourceIp" = "10.0.0.0/8" }')),
        "anybody has in a VPC of their own",
    ),
    "any endpoint": (policy(PUT, deny('Null = { "aws:SourceVpce" = "true" }')), "Null"),
    "no endpoint": (policy(PUT, deny('Null = { "aws:SourceVpce" = "false" }')), "Null"),
    "only over http": (
        policy(
            PUT, deny(f'NotIpAddress = {{ {IP} }}, Bool = {{ "aws:SecureTransport" = "false" }}')
        ),
        "aws:SecureTransport",
    ),
    "only calls by services": (
        policy(PUT, deny(f'NotIpAddress = {{ {IP} }}, Bool = {{ "aws:ViaAWSService" = "true" }}')),
        "aws:ViaAWSService",
    ),
    "exempt by its tag": (
        policy(
            PUT, deny(f'NotIpAddress = {{ {IP} }}, StringEquals = {{ "aws:PrincipalTag/x" = "y" }}')
        ),
        "aws:PrincipalTag/x",
    ),
    "of roles only": (
        policy(
            PUT,
            deny(
                f"NotIpAddress = {{ {IP} }}, "
                'ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/*" }'
            ),
        ),
        "aws:PrincipalArn",
    ),
    "part of the actions": (
        policy(
            ALL.replace('"*"', '["s3:*", "ses:*"]', 1),
            deny(f"NotIpAddress = {{ {IP} }}", 'Action = "s3:*"'),
        ),
        "ses:*",
    ),
    "part of the resources": (
        policy(PUT, deny(f"NotIpAddress = {{ {IP} }}", resource="arn:aws:s3:::b/*")),
        "s3:PutObject",
    ),
    "left out": (
        policy(ALL, deny(f"NotIpAddress = {{ {IP} }}", 'NotAction = ["iam:*"]')),
        "only a part",
    ),
    "another statement is open": (
        policy(allow(f"IpAddress = {{ {IP} }}"), PUT),
        "aws_iam_user_policy.p allows s3:PutObject",
    ),
    "another policy is open": (
        policy(allow(f"IpAddress = {{ {IP} }}")) + policy(PUT, name="q"),
        "aws_iam_user_policy.q allows s3:PutObject",
    ),
    "administrator beside it": (
        policy(allow(f"IpAddress = {{ {IP} }}"))
        + 'resource "aws_iam_user_policy_attachment" "a" {\n  user = "u"\n'
        '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n',
        "AdministratorAccess allows *",
    ),
    "two ways in, one open": (
        policy(allow(f"IpAddress = {{ {IP} }}"), allow(f"StringEqualsIfExists = {{ {VPC} }}")),
        "only a part",
    ),
    "a second factor beside it": (
        policy(
            PUT,
            deny('BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" }'),
            deny(f"IpAddress = {{ {IP} }}"),
        ),
        "inverted",
    ),
    "open with a second factor": (
        policy(
            allow(f"IpAddress = {{ {IP} }}"),
            allow('Bool = { "aws:MultiFactorAuthPresent" = "true" }'),
        ),
        "only a part",
    ),
    "editable": (
        policy(
            PUT,
            deny(f"NotIpAddress = {{ {IP} }}"),
            '{ Effect = "Allow", Action = "iam:*User*", Resource = "*" }',
        ),
        "take it off itself",
    ),
    "editable by its own name": (
        policy(
            deny(f"NotIpAddress = {{ {IP} }}"),
            '{ Effect = "Allow", Action = "iam:DeleteUserPolicy",'
            ' Resource = "arn:aws:iam::*:user/$${aws:username}" }',
        ),
        "take it off itself",
    ),
    "widened": (
        policy(
            allow(f"IpAddress = {{ {IP} }}"),
            allow(f"IpAddress = {{ {IP} }}", "iam:AttachUserPolicy"),
        ),
        "iam:AttachUserPolicy",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_bind(estate: Estate, case: str) -> None:
    code, reason = BROKEN[case]
    found = judge(estate, code)

    assert found.standing is Standing.INEFFECTIVE
    assert reason in found.reason
    assert found.grants


OPEN = {
    "no policy": 'provider "aws" {}\n',
    "allow": policy(PUT),
    "second factor": policy(ALL, deny('BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" }')),
    "second factor in the allow": policy(allow('Bool = { "aws:MultiFactorAuthPresent" = "true" }')),
    "region": policy(ALL, deny('StringNotEquals = { "aws:RequestedRegion" = "eu-west-1" }')),
    "own organization": policy(allow('StringEquals = { "aws:PrincipalOrgID" = "o-1" }')),
    "another user's": 'provider "aws" {}\n'
    + policy(deny(f"NotIpAddress = {{ {IP} }}")).replace('"u"', '"v"'),
    "policy of aws": 'resource "aws_iam_user_policy_attachment" "a" {\n  user = "u"\n'
    '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n',
}


@pytest.mark.parametrize("case", OPEN)
def test_what_is_open(estate: Estate, case: str) -> None:
    assert judge(estate, OPEN[case]).standing is Standing.OPEN


UNKNOWN = {
    "policy of somebody else": (
        'resource "aws_iam_user_policy_attachment" "a" {\n  user = "u"\n'
        '  policy_arn = "arn:aws:iam::123456789012:policy/source"\n}\n',
        "policy/source",
    ),
    "allow beside an unknown policy": (
        policy(allow(f"IpAddress = {{ {IP} }}"))
        + 'resource "aws_iam_user_policy" "x" {\n  user = "u"\n  policy = var.x\n}\n',
        "aws_iam_user_policy.x",
    ),
    "group that is not declared": (
        'resource "aws_iam_user_group_membership" "g" {\n  user = "u"\n  groups = ["ops"]\n}\n',
        "a group",
    ),
    "condition": (
        f"{VARIABLES.replace('variable', '#')}"
        + policy(deny("x = 1").replace("{ x = 1 }", "var.x"), PUT),
        "var.x",
    ),
    "actions": (policy(PUT, deny(f"NotIpAddress = {{ {IP} }}", "Action = var.x")), "var.x"),
    "library that attaches nothing": ("", "whoever calls this module"),
    "whether it exists": (
        policy(PUT)
        + policy(deny(f"NotIpAddress = {{ {IP} }}"), name="d").replace(
            "  user", "  count = var.on ? 1 : 0\n  user", 1
        ),
        "var.on",
    ),
    "role elsewhere": (
        policy(
            deny(f"NotIpAddress = {{ {IP} }}"),
            '{ Effect = "Allow", Action = "sts:AssumeRole",'
            ' Resource = "arn:aws:iam::123456789012:role/deploy" }',
        ),
        "role/deploy",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_cannot_be_told(estate: Estate, case: str) -> None:
    code, reason = UNKNOWN[case]
    found = judge(estate, code)

    assert found.standing is Standing.UNKNOWN
    assert reason in found.reason


def test_what_is_unknown_and_does_not_decide(estate: Estate) -> None:
    unknown = 'resource "aws_iam_user_policy" "x" {\n  user = "u"\n  policy = var.x\n}\n'

    whole = policy(deny(f"NotIpAddress = {{ {IP} }}")) + unknown
    assert judge(estate, whole).standing is Standing.BINDS
    broken = policy(deny(f"IpAddress = {{ {IP} }}")) + unknown
    assert judge(estate, broken).standing is Standing.INEFFECTIVE


DENY = deny(f"NotIpAddress = {{ {IP} }}, {VIA}")
BOUNDARY = "  permissions_boundary = aws_iam_policy.m.arn\n"
ATTACHED = {
    "managed": managed(DENY) + 'resource "aws_iam_user_policy_attachment" "a" {\n'
    "  user = aws_iam_user.u.name\n  policy_arn = aws_iam_policy.m.arn\n}\n",
    "several users": managed(DENY) + 'resource "aws_iam_policy_attachment" "a" {\n  name = "a"\n'
    "  users = [aws_iam_user.u.name]\n  policy_arn = aws_iam_policy.m.arn\n}\n",
    "group": 'resource "aws_iam_group" "g" {\n  name = "g"\n}\n'
    'resource "aws_iam_group_membership" "g" {\n  users = ["u"]\n'
    "  group = aws_iam_group.g.name\n}\n"
    + policy(DENY, type="aws_iam_group_policy").replace(
        'user = "u"', "group = aws_iam_group.g.name"
    ),
    "data": 'data "aws_iam_policy_document" "d" {\n  statement {\n    effect = "Deny"\n'
    '    actions = ["*"]\n    resources = ["*"]\n    condition {\n      test = "NotIpAddress"\n'
    '      variable = "aws:SourceIp"\n      values = var.ips\n    }\n    dynamic "condition" {\n'
    "      for_each = length(var.vpcs) > 0 ? [var.vpcs] : []\n      content {\n"
    '        test = "StringNotEqualsIfExists"\n        variable = "aws:SourceVpc"\n'
    "        values = condition.value\n      }\n    }\n  }\n}\n"
    'resource "aws_iam_user_policy" "p" {\n  user = "u"\n'
    "  policy = data.aws_iam_policy_document.d.json\n}\n",
}


@pytest.mark.parametrize("case", ATTACHED)
def test_every_way_to_attach(estate: Estate, case: str) -> None:
    assert judge(estate, policy(PUT, name="q") + ATTACHED[case]).standing is Standing.BINDS


def test_a_boundary_binds_by_deny_and_by_allow(estate: Estate) -> None:
    by_deny = policy(PUT) + managed(DENY, ALL)
    assert judge(estate, by_deny, BOUNDARY).standing is Standing.BINDS
    by_allow = policy(PUT) + managed(allow(f"IpAddress = {{ {IP} }}", "s3:*"))
    assert judge(estate, by_allow, BOUNDARY).standing is Standing.BINDS
    open_too = policy(PUT) + managed(allow(f"IpAddress = {{ {IP} }}", "s3:*"), ALL)
    assert judge(estate, open_too, BOUNDARY).standing is Standing.INEFFECTIVE


def test_a_boundary_that_is_not_here_leaves_it_open_to_doubt(estate: Estate) -> None:
    found = judge(estate, policy(PUT), '  permissions_boundary = "arn:aws:iam::1:policy/b"\n')

    assert found.standing is Standing.UNKNOWN
    assert "permissions boundary" in found.reason


def test_a_boundary_keeps_what_a_user_takes_off_its_policies(estate: Estate) -> None:
    edits = '{ Effect = "Allow", Action = "iam:DeleteUserPolicy", Resource = "*" }'
    assert judge(estate, policy(edits, DENY)).standing is Standing.INEFFECTIVE
    bound = policy(edits) + managed(DENY, ALL)
    assert judge(estate, bound, BOUNDARY).standing is Standing.BINDS
    unbinds = edits.replace("DeleteUserPolicy", "DeleteUserPermissionsBoundary")
    assert judge(estate, bound.replace(edits, unbinds), BOUNDARY).standing is Standing.INEFFECTIVE


def test_a_user_that_deletes_an_allow_gains_nothing(estate: Estate) -> None:
    deletes = allow(f"IpAddress = {{ {IP} }}", "iam:DeleteUserPolicy")

    assert judge(estate, policy(deletes)).standing is Standing.BINDS


def test_an_edit_that_is_denied_or_of_somebody_else_is_none(estate: Estate) -> None:
    edits = '{ Effect = "Allow", Action = "iam:DeleteUserPolicy", Resource = "%s" }'
    refused = '{ Effect = "Deny", Action = "iam:*Policy", Resource = "*" }'
    assert judge(estate, policy(edits % "*", refused, DENY)).standing is Standing.BINDS
    other = policy(edits % "arn:aws:iam::1:user/other", DENY)
    assert judge(estate, other).standing is Standing.BINDS


ORGANIZATION = (
    'provider "aws" {\n  alias = "org"\n}\n'
    'resource "aws_organizations_policy" "s" {\n  name = "s"\n%s'
    f"  content = jsonencode({{ Statement = [{DENY}] }})\n}}\n"
)
ATTACHMENT = (
    'resource "aws_organizations_policy_attachment" "s" {\n'
    "  policy_id = aws_organizations_policy.s.id\n  target_id = var.x\n}\n"
)


def test_a_service_control_policy_binds_where_it_is_attached(estate: Estate) -> None:
    elsewhere = ORGANIZATION % "  provider = aws.org\n"
    assert judge(estate, policy(PUT) + elsewhere + ATTACHMENT).standing is Standing.BINDS
    assert judge(estate, policy(PUT) + elsewhere).standing is Standing.OPEN
    kind = ORGANIZATION % '  provider = aws.org\n  type = "RESOURCE_CONTROL_POLICY"\n'
    assert judge(estate, policy(PUT) + kind + ATTACHMENT).standing is Standing.OPEN


def test_a_service_control_policy_cannot_be_taken_off(estate: Estate) -> None:
    code = policy(ALL) + ORGANIZATION % "  provider = aws.org\n" + ATTACHMENT

    # Only the question of roles is left: nobody may assume one without its own policies.
    assert judge(estate, code).standing is Standing.ESCAPES


def test_a_service_control_policy_of_the_same_account_is_doubtful(estate: Estate) -> None:
    found = judge(estate, policy(PUT) + ORGANIZATION % "" + ATTACHMENT)

    assert found.standing is Standing.UNKNOWN
    assert "management account" in found.reason


ROLE = 'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = "{}"\n}\n'
ASSUMES = '{ Effect = "Allow", Action = "sts:AssumeRole", Resource = %s }'
OF_ROLE = policy("%s", type="aws_iam_role_policy", name="r").replace('user = "u"', 'role = "r"')


@pytest.mark.parametrize("resource", ["aws_iam_role.r.arn", '"arn:aws:iam::1:role/r"', '"*"'])
def test_the_sessions_of_a_role_escape(estate: Estate, resource: str) -> None:
    found = judge(estate, policy(DENY, ASSUMES % resource) + ROLE + OF_ROLE % PUT)

    assert found.standing is Standing.ESCAPES
    assert "sts:AssumeRole" in found.reason


def test_a_role_with_its_own_condition_does_not_escape(estate: Estate) -> None:
    user = policy(DENY, ASSUMES % "aws_iam_role.r.arn")

    assert judge(estate, user + ROLE + OF_ROLE % f"{PUT}, {DENY}").standing is Standing.BINDS


#: Code, arguments of the user, and a part of the reason.
LOCKED = {
    "two denies": (
        policy(deny(f"NotIpAddress = {{ {IP} }}"), deny(f"StringNotEquals = {{ {VPC} }}")),
        "both into one statement",
    ),
    "two denies, if exists does not help": (
        policy(
            deny(f"NotIpAddressIfExists = {{ {IP} }}, {VIA}"),
            deny(f"StringNotEqualsIfExists = {{ {VPC} }}, {VIA}"),
        ),
        "both into one statement",
    ),
    "two policies": (
        policy(deny(f"NotIpAddress = {{ {IP} }}, {VIA}"))
        + policy(deny(f"StringNotEquals = {{ {VPC} }}, {VIA}"), name="q"),
        "both into one statement",
    ),
    "two unknown lists": (
        policy(
            deny('NotIpAddress = { "aws:SourceIp" = var.ips }'),
            deny('StringNotEquals = { "aws:SourceVpce" = var.vpcs }'),
        ),
        "both into one statement",
    ),
    "address and vpc in one allow": (
        policy(allow(f"IpAddress = {{ {IP} }}, StringEquals = {{ {VPC} }}")),
        "no request has both",
    ),
    "private": (
        policy(PUT, deny('NotIpAddress = { "aws:SourceIp" = ["10.0.0.0/8", "192.168.1.0/24"] }')),
        "private addresses only",
    ),
    "private in an allow": (
        policy(allow('IpAddress = { "aws:SourceIp" = ["172.16.0.0/12", "fd00::/8"] }')),
        "private addresses only",
    ),
    "services": (
        policy(ALL.replace('"*"', '"athena:*"', 1), deny(f"NotIpAddress = {{ {IP} }}")),
        "aws:ViaAWSService",
    ),
    "services, encrypted objects": (
        policy(
            ALL.replace('"*"', '["s3:*", "kms:Decrypt"]', 1), deny(f"StringNotEquals = {{ {VPC} }}")
        ),
        "kms:Decrypt",
    ),
    "no network keys": (
        policy(
            ALL.replace('"*"', '"rds-db:connect"', 1), deny(f"NotIpAddress = {{ {IP} }}, {VIA}")
        ),
        "rds-db:connect",
    ),
    "no owner of the endpoint": (
        policy(
            ALL.replace('"*"', '["s3:*", "sns:Publish"]', 1),
            deny(f'StringNotEquals = {{ "aws:VpceAccount" = "1" }}, {VIA}'),
        ),
        "sns:Publish",
    ),
    "no IPv6": (
        'provider "aws" {\n  use_dualstack_endpoint = true\n}\n' + policy(PUT, DENY),
        "IPv6",
    ),
}


@pytest.mark.parametrize("case", LOCKED)
def test_what_locks_out_its_own_use(estate: Estate, case: str) -> None:
    code, reason = LOCKED[case]

    assert any(reason in found for found in locked(estate, code))


FREE = {
    "one statement": policy(
        PUT, deny(f"NotIpAddress = {{ {IP} }}, StringNotEquals = {{ {VPC} }}, {VIA}")
    ),
    "two denies that leave out each other": policy(
        PUT,
        deny(f'NotIpAddress = {{ {IP} }}, Null = {{ "aws:SourceVpc" = "true" }}, {VIA}'),
        deny(f'StringNotEquals = {{ {VPC} }}, Null = {{ "aws:SourceVpc" = "false" }}, {VIA}'),
    ),
    "two denies on different actions": policy(
        PUT,
        deny(f"NotIpAddress = {{ {IP} }}", 'Action = "s3:*"'),
        deny(f"StringNotEquals = {{ {VPC} }}", 'Action = "ec2:*"'),
    ),
    "services by a plain carve-out": policy(
        ALL.replace('"*"', '"athena:*"', 1), deny(f"NotIpAddress = {{ {IP} }}, {VIA}")
    ),
    "search domains": policy(ALL.replace('"*"', '"es:ESHttpGet"', 1), DENY),
    "owner of the endpoint or address": policy(
        ALL.replace('"*"', '"sns:Publish"', 1),
        deny(f'NotIpAddress = {{ {IP} }}, StringNotEquals = {{ "aws:VpceAccount" = "1" }}, {VIA}'),
    ),
    "IPv4 alone": 'provider "aws" {}\n' + policy(PUT, DENY),
    "private beside an unknown list": policy(
        PUT, deny('NotIpAddress = { "aws:SourceIp" = concat(["10.0.0.0/8"], [var.x]) }')
    ),
    "one unknown list, twice": policy(
        PUT,
        deny('NotIpAddress = { "aws:SourceIp" = var.ips }'),
        deny('NotIpAddress = { "aws:SourceIp" = var.ips }', 'Action = "s3:*"'),
    ),
    "private addresses of a vpc": policy(
        PUT,
        deny(f"StringNotEquals = {{ {VPC} }}"),
        deny('NotIpAddress = { "aws:VpcSourceIp" = "10.0.0.0/8" }'),
    ),
    "not through an endpoint": policy(
        allow(f'IpAddress = {{ {IP} }}, Null = {{ "aws:SourceVpc" = "true" }}')
    ),
    "private beside a vpc": policy(
        PUT,
        deny(f'NotIpAddress = {{ "aws:SourceIp" = "10.0.0.0/8" }}, StringNotEquals = {{ {VPC} }}'),
    ),
    "private beside public": policy(
        PUT, deny('NotIpAddress = { "aws:SourceIp" = ["10.0.0.0/8", "203.0.113.7"] }')
    ),
    "documentation ranges are public": policy(
        allow('IpAddress = { "aws:SourceIp" = ["192.0.2.0/24", "2001:db8::/32"] }')
    ),
    "services by called via": policy(
        ALL.replace('"*"', '"athena:*"', 1),
        deny(f'NotIpAddress = {{ {IP} }}, Null = {{ "aws:CalledVia" = "true" }}'),
    ),
    "nothing calls for it": policy(PUT, deny(f"NotIpAddress = {{ {IP} }}")),
    "both versions": 'provider "aws" {\n  use_dualstack_endpoint = true\n}\n'
    + policy(PUT, DENY.replace('"203.0.113.0/24"', '"203.0.113.0/24", "2001:db8::/48"')),
    "left out": policy(
        ALL.replace('"*"', '"rds-db:connect"', 1),
        deny(f"NotIpAddress = {{ {IP} }}, {VIA}", 'NotAction = "rds-db:connect"'),
    ),
}


@pytest.mark.parametrize("case", FREE)
def test_what_leaves_its_own_use_alone(estate: Estate, case: str) -> None:
    assert locked(estate, FREE[case]) == []


@pytest.mark.parametrize(
    ("text", "wide", "private"),
    [
        ("8.0.0.0/8", False, False),
        ("8.0.0.0/7", True, False),
        ("2600::/16", False, False),
        ("2600::/15", True, False),
        ("203.0.113.0/24", False, False),
        ("198.51.100.0/24", False, False),
        ("100.64.0.0/10", False, True),
        ("10.1.2.3", False, True),
        ("fc00::/7", False, True),
        ("0.0.0.0/0", True, False),
    ],
)
def test_ranges(text: str, wide: bool, private: bool) -> None:
    (network,) = networks([Text(text)])

    assert (is_wide(network), is_private(network)) == (wide, private)


BY_NAME = "aws_iam_user.u.arn"
LITERAL = '"arn:aws:iam::123456789012:user/u"'


def of_caller(test: str, arn: str) -> str:
    return f'{test} = {{ "aws:PrincipalArn" = [{arn}] }}'


@pytest.mark.parametrize(("name", "arn"), [("u", BY_NAME), ("u", LITERAL), ("u-${var.x}", BY_NAME)])
def test_the_users_own_arn_is_that_of_the_key(estate: Estate, name: str, arn: str) -> None:
    def standing(*statements: str) -> Standing:
        code = policy(*statements).replace('"u"', "aws_iam_user.u.name")
        project = estate((USER % "").replace('"u"\n', f'"{name}"\n') + code)
        return restriction_of(the_user(project), project).standing

    own, other = of_caller("StringEquals", arn), of_caller("StringNotEquals", arn)
    assert standing(allow(own)) is Standing.OPEN
    assert standing(PUT, deny(own)) is Standing.OPEN
    assert standing(PUT, deny(f"NotIpAddress = {{ {IP} }}, {own}")) is Standing.BINDS
    assert standing(PUT, deny(f"NotIpAddress = {{ {IP} }}, {other}")) is Standing.INEFFECTIVE


def test_who_else_the_caller_may_be_limits_no_source(estate: Estate) -> None:
    arn = of_caller("StringEquals", "var.x")

    assert judge(estate, policy(allow(arn))).standing is Standing.OPEN
    doubt = judge(estate, policy(PUT, deny(f"NotIpAddress = {{ {IP} }}, {arn}")))
    assert doubt.standing is Standing.UNKNOWN


def test_two_unknown_names_are_not_the_same(estate: Estate) -> None:
    arn = of_caller("StringEquals", '"arn:aws:iam::123456789012:user/${lower(var.on)}"')
    user = (USER % "").replace('"u"\n', '"${var.x}"\n')
    code = policy(PUT, deny(f"NotIpAddress = {{ {IP} }}, {arn}"))
    project = estate(user + code.replace('"u"', "aws_iam_user.u.name"))

    assert restriction_of(the_user(project), project).standing is Standing.UNKNOWN


def test_the_same_address_in_another_root_is_another_user(estate: Estate) -> None:
    named = of_caller("StringEquals", BY_NAME)
    scp = policy(deny(f"NotIpAddress = {{ {IP} }}, {named}"), type="aws_organizations_policy")
    scp = scp.replace("  policy =", "  content =").replace('  user = "u"\n', "")
    attach = 'resource "aws_organizations_policy_attachment" "a" {\n  target_id = "r-1"\n'
    attach += "  policy_id = aws_organizations_policy.p.id\n}\n"
    elsewhere = 'resource "aws_iam_user" "u" {\n  name = "v"\n}\n' + scp + attach
    project = estate({"a/main.tf": USER % "" + policy(PUT), "b/main.tf": elsewhere})
    user = next(b for b in project.resources("aws_iam_user") if b["name"].text == "u")

    assert restriction_of(user, project).standing is not Standing.BINDS
