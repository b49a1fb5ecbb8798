"""Users that the code names and does not declare: who they are, what they have, how it is said."""

from __future__ import annotations

import pytest

from rolefirst import testing
from rolefirst.findings import Finding
from rolefirst.rules.rf401_owner_tag_missing import OwnerTagMissing
from rolefirst.rules.rf501_key_user_admin import KeyUserAdmin
from rolefirst.rules.rf502_key_user_service_wildcard import KeyUserServiceWildcard
from rolefirst.rules.rf503_key_user_privilege_escalation import KeyUserPrivilegeEscalation
from rolefirst.rules.rf601_source_unrestricted import SourceUnrestricted
from rolefirst.rules.rf602_source_restriction_ineffective import SourceRestrictionIneffective

RIGHTS = (KeyUserAdmin(), KeyUserServiceWildcard(), KeyUserPrivilegeEscalation())
ADMIN = '"arn:aws:iam::aws:policy/AdministratorAccess"'


def attach(user: str, name: str = "a", arn: str = ADMIN) -> str:
    return (
        f'resource "aws_iam_user_policy_attachment" "{name}" {{\n'
        f"  user       = {user}\n  policy_arn = {arn}\n}}\n"
    )


def inline(user: str, *statements: str, name: str = "i") -> str:
    return (
        f'resource "aws_iam_user_policy" "{name}" {{\n  user = {user}\n'
        f"  policy = jsonencode({{ Statement = [{', '.join(statements)}] }})\n}}\n"
    )


def key(user: str) -> str:
    return f'resource "aws_iam_access_key" "k" {{\n  user = {user}\n}}\n'


def found(text: str) -> tuple[Finding, ...]:
    result = testing.scan({"main.tf": text}, *RIGHTS)
    assert not result.errors
    assert not result.undetermined
    return result.findings


def test_it_stands_where_the_user_is_named() -> None:
    (finding,) = found(attach('"ci"'))
    assert finding.address == "aws_iam_user_policy_attachment.a"
    assert finding.message.startswith("the user ci, which is not declared here, is an administ")


def test_it_stands_on_the_block_that_gives_it_and_a_skip_there_counts() -> None:
    harmless = '{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }'
    skip = "  #checkov:skip=RF502:agreed with the owner\n}"
    broad = attach('"ci"', arn='"arn:aws:iam::aws:policy/AmazonS3FullAccess"')
    (finding,) = found(inline('"ci"', harmless) + broad)
    assert finding.address == "aws_iam_user_policy_attachment.a"
    text = inline('"ci"', harmless) + broad.replace("}", skip)
    result = testing.scan({"main.tf": text}, *RIGHTS)
    assert not result.findings
    assert [item.address for item in result.suppressed] == ["aws_iam_user_policy_attachment.a"]


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ("", "high"),
        (key('"other"'), "high"),
        (key('"CI"'), "critical"),
        (
            'resource "null_resource" "k" {\n  provisioner "local-exec" {\n'
            '    command = "aws iam create-access-key --user-name ci"\n  }\n}\n',
            "critical",
        ),
    ],
)
def test_without_a_key_of_that_name_it_is_one_step_lower(more: str, severity: str) -> None:
    (finding,) = found(attach('"ci"') + more)
    assert finding.severity.label == severity


@pytest.mark.parametrize(
    "name", ["data.aws_iam_user.d.user_name", "module.m.name", '"${var.env}-ci"']
)
def test_the_key_may_name_the_user_by_the_same_expression(name: str) -> None:
    sources = (
        'variable "env" {}\ndata "aws_iam_user" "d" {\n  user_name = var.env\n}\n'
        'module "m" {\n  source = "git::https://example.com/m"\n}\n'
    )
    assert found(sources + attach(name))[0].severity.label == "high"
    assert found(sources + attach(name) + key(name))[0].severity.label == "critical"


def test_a_module_that_makes_a_key_is_its_key() -> None:
    module = 'module "m" {\n  source = "terraform-aws-modules/iam/aws//modules/iam-user"\n%s}\n'
    assert found(module % "" + attach("module.m.name"))[0].severity.label == "critical"
    without = module % "  create_access_key = false\n"
    assert found(without + attach("module.m.name"))[0].severity.label == "high"


def test_what_a_module_and_what_others_give_its_user_is_one_judgement() -> None:
    """Passing a role is given by the call, running with it by an attachment elsewhere."""
    pass_role = (
        '{ Effect = "Allow", Action = "iam:PassRole", Resource = "*", '
        'Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } } }'
    )
    module = (
        'module "m" {\n  source = "cloudposse/iam-system-user/aws"\n'
        f"  inline_policies = [jsonencode({{ Statement = [{pass_role}] }})]\n}}\n"
    )
    run = '{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }'
    assert not found(module)
    (finding,) = found(module + inline("module.m.user_name", run))
    assert (finding.rule.id, finding.severity.label) == ("RF503", "high")
    assert finding.address == "module.m"
    assert finding.message.startswith("the user of module.m can raise its own rights")


@pytest.mark.parametrize(
    ("age", "severity"),
    [("", "critical"), ("  credential_age_days = 30\n", "high"), ("  status = null\n", "critical")],
)
def test_a_service_specific_credential_that_stays_is_a_key(age: str, severity: str) -> None:
    user = 'resource "aws_iam_user" "u" {\n  name = "ci"\n}\n'
    credential = (
        'resource "aws_iam_service_specific_credential" "c" {\n  user_name = aws_iam_user.u.name\n'
        f'  service_name = "bedrock.amazonaws.com"\n{age}}}\n'
    )
    (finding,) = found(user + credential + attach("aws_iam_user.u.name"))
    assert finding.address == "aws_iam_user.u"
    assert finding.severity.label == severity


@pytest.mark.parametrize(
    "name",
    [
        "aws_iam_user.u.name",
        '"ci"',
        "aws_iam_user.u.id",
        'split("/", aws_iam_user.u.arn)[1]',
        "module.m.name",
    ],
)
def test_a_declared_user_is_judged_once(name: str) -> None:
    files = {
        "main.tf": 'resource "aws_iam_user" "u" {\n  name = "ci"\n}\n'
        'module "m" {\n  source = "./m"\n  name = aws_iam_user.u.name\n}\n' + attach(name),
        "m/main.tf": 'variable "name" {}\noutput "name" {\n  value = var.name\n}\n',
    }
    result = testing.scan(files, *RIGHTS)
    said = [item.address for item in (*result.findings, *result.undetermined)]
    assert said == ["aws_iam_user.u"]


def test_a_longer_name_is_another_user() -> None:
    user = 'resource "aws_iam_user" "u" {\n  name = "ci"\n}\n'
    (finding,) = found(user + attach('"${aws_iam_user.u.name}-admin"'))
    assert finding.address == "aws_iam_user_policy_attachment.a"
    assert "the user ci-admin, which" in finding.message


def test_partly_known_names_that_are_equal_are_one_user() -> None:
    user = 'variable "env" {}\nresource "aws_iam_user" "u" {\n  name = "${var.env}-ci"\n}\n'
    (finding,) = found(user + attach('"${var.env}-ci"'))
    assert finding.address == "aws_iam_user.u"


def test_who_is_given_the_same_is_said_together_and_who_has_more_apart() -> None:
    text = (
        'resource "aws_iam_policy_attachment" "p" {\n  name = "p"\n'
        '  users = ["a", "b", "c", "d", "e"]\n'
        '  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"\n}\n'
    )
    (finding,) = found(text)
    assert "each of the users a, b, c and 2 more, which are not declared" in finding.message
    more = inline('"c"', READ) + inline('"d"', READ, ASSUME, name="j")
    all_three = found(more + text)
    assert {item.address for item in all_three} == {"aws_iam_policy_attachment.p"}
    assert len({item.fingerprint for item in all_three}) == 3


def test_what_a_variable_names_cannot_be_told_and_the_variable_is_named() -> None:
    text = 'variable "user" {}\n' + attach("var.user")
    result = testing.scan({"main.tf": text}, *RIGHTS)
    assert not result.findings
    (item,) = result.undetermined
    assert item.reason.startswith("whoever var.user names is an administrator")
    assert item.reason.endswith("who that is cannot be told: var.user has no default")


def test_two_policies_of_one_name_are_one_user() -> None:
    text = inline(
        '"ci"',
        '{ Effect = "Allow", Action = "*", Resource = "*" }',
    ) + inline('"ci"', '{ Effect = "Deny", Action = "*", Resource = "*" }', name="d")
    assert not found(text)


def test_a_tree_of_attachments_alone_is_read() -> None:
    text = (
        'resource "aws_iam_policy_attachment" "p" {\n  name = "p"\n  users = ["a"]\n'
        f"  policy_arn = {ADMIN}\n}}\n"
    )
    assert [item.rule.id for item in found(text)] == ["RF501"]


ASSUME = '{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::1:role/x" }'
READ = '{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }'
WIDE = (
    '{ Effect = "Deny", Action = "*", Resource = "*", '
    'Condition = { NotIpAddress = { "aws:SourceIp" = ["0.0.0.0/0"] } } }'
)
BEYOND = "a condition on the user does not bind the sessions of roles, and aws_iam_user_policy.i"


@pytest.mark.parametrize(
    ("statements", "rule", "said"),
    [
        ([READ], "RF601", False),
        ([READ, ASSUME], "RF601", True),
        ([READ, WIDE], "RF602", False),
        ([READ, ASSUME, WIDE], "RF602", True),
    ],
)
def test_the_sessions_of_roles_are_out_of_reach(
    statements: list[str], rule: str, said: bool
) -> None:
    user = 'provider "aws" {}\nresource "aws_iam_user" "u" {\n  name = "ci"\n}\n'
    text = user + key("aws_iam_user.u.name") + inline("aws_iam_user.u.name", *statements)
    result = testing.scan({"main.tf": text}, SourceUnrestricted(), SourceRestrictionIneffective())
    assert [item.rule.id for item in result.findings] == [rule]
    assert (BEYOND in result.findings[0].message) is said


def test_a_person_is_not_asked_for_an_owner() -> None:
    text = (
        'provider "aws" {}\nresource "aws_iam_user" "u" {\n  name = "anna"\n}\n'
        'resource "aws_iam_user_login_profile" "u" {\n  user = aws_iam_user.u.name\n}\n'
    )
    assert not testing.scan({"main.tf": text}, OwnerTagMissing()).findings


def test_who_may_be_a_person_is_asked_for_an_owner() -> None:
    text = (
        'provider "aws" {}\nvariable "console" {}\n'
        'resource "aws_iam_user" "u" {\n  name = "anna"\n}\n'
        'resource "aws_iam_user_login_profile" "u" {\n  count = var.console ? 1 : 0\n'
        "  user = aws_iam_user.u.name\n}\n"
    )
    (finding,) = testing.scan({"main.tf": text}, OwnerTagMissing()).findings
    assert finding.address == "aws_iam_user.u"


def test_a_service_specific_credential_assumes_no_role() -> None:
    text = (
        'provider "aws" {}\nresource "aws_iam_user" "u" {\n  name = "ci"\n}\n'
        'resource "aws_iam_service_specific_credential" "c" {\n'
        '  service_name = "bedrock.amazonaws.com"\n  user_name = aws_iam_user.u.name\n}\n'
    )
    text += inline("aws_iam_user.u.name", READ, ASSUME)
    (finding,) = testing.scan({"main.tf": text}, SourceUnrestricted()).findings
    assert BEYOND not in finding.message


def test_a_group_that_is_joined_by_name_is_its_own() -> None:
    write = (
        '{ Effect = "Allow", Action = "iam:PutGroupPolicy", '
        'Resource = "arn:aws:iam::111122223333:group/ops" }'
    )
    text = (
        'resource "aws_iam_user" "u" {\n  name = "ci"\n}\n'
        'resource "aws_iam_group" "g" {\n  name = "ops"\n}\n'
        'resource "aws_iam_user_group_membership" "m" {\n'
        '  user = aws_iam_user.u.name\n  groups = ["ops"]\n}\n'
    )
    (finding,) = found(text + inline("aws_iam_user.u.name", write))
    assert finding.rule.id == "RF503"
