"""Roles that make a key needless, and what is said of those that come close."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.decision.keys import keys
from rolefirst.decision.order import decide
from rolefirst.findings import Decision
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]

POLICY = (
    'locals {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", '
    'Action = ["s3:GetObject", "s3:PutObject"], Resource = "*" }] })\n}\n'
    'resource "aws_iam_user_policy" "u" {\n  user = aws_iam_user.u.name\n'
    "  policy = local.policy\n}\n"
)


def role(principal: str, policy: str = "local.policy", more: str = "", condition: str = "") -> str:
    condition = f", Condition = {condition}" if condition else ""
    return (
        'resource "aws_iam_role" "r" {\n  name = "r"\n'
        '  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", '
        f"Principal = {principal}{condition} }}] }})\n  {more}\n}}\n"
        'resource "aws_iam_role_policy" "r" {\n  role = aws_iam_role.r.name\n'
        f"  policy = {policy}\n}}\n"
    )


def decision(project: Project) -> Decision:
    key = next(key for key in keys(project) if key.block.name == "k")
    return decide(key, project)


def twins(decided: Decision) -> list[str]:
    return [line.text for line in decided.evidence if line.kind == "twin"]


SECRET = "aws_iam_access_key.k.secret"
LAMBDA = (
    'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = %s\n'
    f"  environment {{\n    variables = {{ S = {SECRET} }}\n  }}\n}}\n"
)
INSTANCE = f'resource "aws_instance" "i" {{\n  ami = "a"\n  user_data = {SECRET}\n%s}}\n'
PROFILE = 'resource "aws_iam_instance_profile" "p" {\n  role = aws_iam_role.r.name\n}\n'
GITHUB = (
    'resource "github_actions_secret" "s" {\n  repository = "a"\n  secret_name = "S"\n'
    f"  plaintext_value = {SECRET}\n}}\n"
)
STAGE = (
    'resource "snowflake_stage" "s" {\n  name = "s"\n  url = "s3://b"\n'
    f"  credentials = {SECRET}\n}}\n"
)
PODS = (
    'resource "kubernetes_secret" "s" {\n  metadata {\n    name = "s"\n  }\n'
    f"  data = {{ S = {SECRET} }}\n}}\n"
)
EC2, FUNCTION = '{ Service = "ec2.amazonaws.com" }', '{ Service = "lambda.amazonaws.com" }'
OIDC = '{ Federated = "arn:aws:iam::111122223333:oidc-provider/%s" }'
ACCOUNT = '{ AWS = "arn:aws:iam::111122223333:root" }'
ID = '{ StringEquals = { "sts:ExternalId" = "x" } }'

EXACT = {
    "it runs as it": LAMBDA % "aws_iam_role.r.arn" + role('{ Service = "x.amazonaws.com" }'),
    "by an instance profile": INSTANCE % "  iam_instance_profile = aws_iam_instance_profile.p.id\n"
    + PROFILE
    + role('{ Service = "x.amazonaws.com" }'),
    "an unused role": INSTANCE % "" + role(EC2),
    "an unused profile": INSTANCE % "" + PROFILE + role(EC2),
    "github": GITHUB + role(OIDC % "token.actions.githubusercontent.com"),
    "a vendor": STAGE + role(ACCOUNT, condition=ID),
    "pods": PODS + role('{ Service = "pods.eks.amazonaws.com" }'),
    "irsa": PODS + role(OIDC % "oidc.eks.eu-west-2.amazonaws.com/id/A"),
}


TEMPORARY = ("oidc-federation", "cross-account-role")


@pytest.mark.parametrize("name", EXACT)
def test_a_twin_makes_the_key_needless(estate: Estate, name: str) -> None:
    decided = decision(estate(POLICY + EXACT[name]))

    assert decided.role == "aws_iam_role.r"
    assert decided.alternative in ("iam-role", "pod-identity-or-irsa", *TEMPORARY)
    assert "aws_iam_role.r" in decided.summary
    assert decided.evidence[0].kind == "twin"


NEAR = {
    "another service": (INSTANCE % "" + role(FUNCTION), "but trusts lambda.amazonaws.com"),
    "nobody known": (INSTANCE % "" + role("var.x") + 'variable "x" {}\n', "nobody that the code"),
    "the user itself": (PODS + role("{ AWS = aws_iam_user.u.arn }"), "but trusts aws_iam_user.u"),
    "another issuer": (GITHUB + role(OIDC % "gitlab.com"), "but trusts gitlab.com"),
    "another branch": (
        GITHUB
        + role(
            OIDC % "token.actions.githubusercontent.com",
            condition='{ StringEquals = { "token.actions.githubusercontent.com:sub" = '
            '"repo:acme/app:ref:refs/heads/try" } }',
        ),
        "trusts no token except that of repo:acme/app:ref:refs/heads/try",
    ),
    "no external id": (STAGE + role(ACCOUNT), "but trusts arn:aws:iam::111122223333:root"),
    "pods of EC2": (PODS + role(EC2), "but trusts ec2.amazonaws.com"),
    "a part": (
        INSTANCE % "" + role(EC2, 'replace(local.policy, "s3:PutObject", "s3:ListBucket")'),
        "it lacks s3:PutObject",
    ),
    "a boundary": (
        INSTANCE % "" + role(EC2, more='permissions_boundary = "arn:aws:iam::1:policy/b"'),
        "a permissions boundary",
    ),
    "the role of another": (
        INSTANCE % "" + (LAMBDA % "aws_iam_role.r.arn").replace(SECRET, '"x"') + role(EC2),
        "but is the role of aws_lambda_function.f",
    ),
    "a role it reads beside the key": (
        (LAMBDA % '"arn:aws:iam::111122223333:role/f"').replace(
            "{ S =", "{ R = aws_iam_role.r.arn, S ="
        )
        + role(EC2),
        "but trusts ec2.amazonaws.com",
    ),
    "nobody asks for it": (
        f'output "o" {{\n  value = {SECRET}\n  sensitive = true\n}}\n' + role(EC2),
        "has the same policies and trusts ec2.amazonaws.com",
    ),
}


@pytest.mark.parametrize("name", NEAR)
def test_a_near_miss_is_said(estate: Estate, name: str) -> None:
    text, said = NEAR[name]
    decided = decision(estate(POLICY + text))

    assert decided.role == ""
    assert [said in line for line in twins(decided)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        INSTANCE % "" + role(EC2, "jsonencode({ Statement = [] })"),
        INSTANCE % "" + role(EC2, "var.x") + 'variable "x" {}\n',
        (INSTANCE % "").replace("secret", "ses_smtp_password_v4") + role(EC2),
    ],
)
def test_nothing_is_said_of_others(estate: Estate, text: str) -> None:
    assert twins(decision(estate(POLICY + text))) == []


def test_a_role_that_may_not_exist_is_no_twin(estate: Estate) -> None:
    text = (
        'variable "on" {\n  type = bool\n}\n'
        + INSTANCE % ""
        + role(EC2, more="count = var.on ? 1 : 0")
    )
    decided = decision(estate(POLICY + text))

    assert decided.role == ""
    assert ["may not exist" in line for line in twins(decided)] == [True]


def test_a_policy_of_a_resource_that_names_only_the_user(estate: Estate) -> None:
    def bucket(principals: str) -> str:
        return (
            'resource "aws_s3_bucket_policy" "b" {\n  bucket = "b"\n  policy = jsonencode({ '
            f'Statement = [{{ Effect = "Allow", Principal = {{ AWS = {principals} }} }}] }})\n}}\n'
        )

    text = POLICY + INSTANCE % "" + role(EC2)
    alone = decision(estate(text + bucket("[aws_iam_user.u.arn]")))
    both = decision(estate(text + bucket("[aws_iam_user.u.arn, aws_iam_role.r.arn]")))

    assert alone.alternative == "iam-role"
    assert ["aws_s3_bucket_policy.b names only the user" in line for line in twins(alone)] == [True]
    assert (alone.role, both.role) == ("", "aws_iam_role.r")


def test_a_weak_decision_has_no_twin(estate: Estate) -> None:
    """Who uses the key is said by a comment alone: the role is evidence, and not the answer."""
    text = (
        'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
        '# used by GitHub\nresource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'
        f'output "o" {{\n  value = {SECRET}\n  sensitive = true\n}}\n'
    )
    files = {"main.tf": text + POLICY + role(OIDC % "token.actions.githubusercontent.com")}
    decided = decision(estate(files))

    assert (decided.category, decided.alternative) == ("ci", "oidc-federation")
    assert ["if that is who uses the key" in line for line in twins(decided)] == [True]
