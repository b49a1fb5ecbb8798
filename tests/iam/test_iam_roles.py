"""Whom a role trusts, and how policies reach users and roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.iam.grants import grants_of
from rolefirst.iam.roles import GITHUB, KUBERNETES, SAML, VENDOR, Role, roles_in
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]

OIDC = (
    'resource "aws_iam_openid_connect_provider" "o" {\n  url = "https://%s"\n}\n'
    'data "aws_iam_openid_connect_provider" "d" {\n  url = "https://%s"\n}\n'
)
PROVIDERS = OIDC % (GITHUB, "gitlab.acme.example") + (
    'resource "aws_iam_openid_connect_provider" "k" {\n'
    "  url = aws_eks_cluster.c.identity[0].oidc[0].issuer\n}\n"
    'resource "aws_eks_cluster" "c" {}\nvariable "x" {}\n'
    'resource "aws_iam_saml_provider" "s" {}\n'
)


def only(project: Project) -> Role:
    (role,) = roles_in(".", project)
    return role


def trusting(principal: str, condition: str = "{}") -> str:
    return PROVIDERS + (
        'resource "aws_iam_role" "r" {\n  assume_role_policy = jsonencode({\n'
        f'    Statement = [{{ Effect = "Allow", Principal = {principal}, '
        f"Condition = {condition} }}]\n  }})\n}}\n"
    )


TRUSTS = {
    "service": ('{ Service = "ec2.amazonaws.com" }', "{}", ("ec2.amazonaws.com",)),
    "services": (
        '{ Service = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"] }',
        "{}",
        ("lambda.amazonaws.com", "ecs-tasks.amazonaws.com"),
    ),
    "github": ("{ Federated = aws_iam_openid_connect_provider.o.arn }", "{}", (GITHUB,)),
    "github by ARN": (
        f'{{ Federated = "arn:aws:iam::111122223333:oidc-provider/{GITHUB}" }}',
        "{}",
        (GITHUB,),
    ),
    "github by its condition": (
        "{ Federated = var.x }",
        f'{{ StringLike = {{ "{GITHUB}:sub" = "repo:acme/*" }} }}',
        (GITHUB,),
    ),
    "gitlab": (
        "{ Federated = data.aws_iam_openid_connect_provider.d.arn }",
        "{}",
        ("gitlab.acme.example",),
    ),
    "cluster": ("{ Federated = aws_iam_openid_connect_provider.k.arn }", "{}", (KUBERNETES,)),
    "cluster by ARN": (
        '{ Federated = "arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-2.amazonaws.com/id/A" }',
        "{}",
        (KUBERNETES,),
    ),
    "saml": ("{ Federated = aws_iam_saml_provider.s.arn }", "{}", (SAML,)),
    "vendor": (
        '{ AWS = "arn:aws:iam::111122223333:root" }',
        '{ StringEquals = { "sts:ExternalId" = "x" } }',
        (VENDOR,),
    ),
    "user": ("{ AWS = aws_iam_user.anchor.arn }", "{}", ("aws_iam_user.anchor.arn",)),
}


@pytest.mark.parametrize("name", TRUSTS)
def test_trust(estate: Estate, name: str) -> None:
    principal, condition, trusts = TRUSTS[name]
    role = only(estate(trusting(principal, condition)))

    assert (role.trusts, role.why) == (trusts, "")


def test_a_service_account_is_of_a_cluster(estate: Estate) -> None:
    text = (
        'variable "issuer" {}\nresource "aws_iam_role" "r" {\n'
        "  assume_role_policy = data.aws_iam_policy_document.d.json\n}\n"
        'data "aws_iam_policy_document" "d" {\n  statement {\n    principals {\n'
        '      type = "Federated"\n      identifiers = [var.issuer]\n    }\n    condition {\n'
        '      test = "StringEquals"\n      variable = "${upper(var.issuer)}:sub"\n'
        '      values = ["system:serviceaccount:a:b"]\n    }\n  }\n}\n'
    )
    role = only(estate(text))

    assert (role.trusts, role.why) == ((KUBERNETES,), "")


@pytest.mark.parametrize("principal", ["{ Federated = var.x }", "{ Service = var.x }", "var.x"])
def test_unknown_trust(estate: Estate, principal: str) -> None:
    role = only(estate(trusting(principal)))

    assert role.trusts == ()


def test_a_denial_is_no_trust(estate: Estate) -> None:
    text = trusting('{ Service = "ec2.amazonaws.com" }').replace('"Allow"', '"Deny"')

    assert only(estate(text)).trusts == ()


MODULES = {
    "irsa": (
        "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks",
        "role_policy_arns = { a = aws_iam_policy.m.arn }",
        (KUBERNETES,),
    ),
    "irsa of release 6 from git": (
        "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git"
        "//modules/iam-role-for-service-accounts?ref=v6.0.0",
        "policies = { a = aws_iam_policy.m.arn }",
        (KUBERNETES,),
    ),
    "any issuer, a pod": (
        "terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc",
        "role_policy_arns = [aws_iam_policy.m.arn]\n"
        '  oidc_fully_qualified_subjects = ["system:serviceaccount:a:b"]',
        (KUBERNETES,),
    ),
    "any issuer, github": (
        "terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc",
        f'role_policy_arns = [aws_iam_policy.m.arn]\n  provider_url = "https://{GITHUB}"',
        (GITHUB,),
    ),
    "github": (
        "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role",
        "policies = { a = aws_iam_policy.m.arn }",
        (GITHUB,),
    ),
    "pod identity": (
        "terraform-aws-modules/eks-pod-identity/aws",
        "additional_policy_arns = { a = aws_iam_policy.m.arn }",
        ("pods.eks.amazonaws.com",),
    ),
}
MANAGED = (
    'resource "aws_iam_policy" "m" {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", '
    'Action = "s3:*", Resource = "*" }] })\n}\n'
)


@pytest.mark.parametrize("name", MODULES)
def test_modules_that_make_roles(estate: Estate, name: str) -> None:
    source, inputs, trusts = MODULES[name]
    text = f'module "m" {{\n  source = "{source}"\n  {inputs}\n}}\n{MANAGED}'
    role = only(estate(text))

    assert role.trusts == trusts
    assert [grant.label for grant in role.grants] == ["aws_iam_policy.m"]


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("acme/iam/aws", ""),
        ("terraform-aws-modules/iam/aws//modules/iam-github-oidc-provider", ""),
        ("terraform-aws-modules/iam/aws//modules/iam-github-oidc-role", "create = false"),
        ("terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc", "create_role = 0"),
    ],
)
def test_modules_that_make_none(estate: Estate, source: str, more: str) -> None:
    more = more.replace("= 0", '= "false"')
    text = f'module "m" {{\n  source = "{source}"\n  {more}\n}}\n'

    assert roles_in(".", estate(text)) == ()


ROLE = 'resource "aws_iam_role" "r" {\n  name = "r"\n  %s\n}\n'
USER = 'resource "aws_iam_user" "u" {\n  name = "u"\n}\n'
GROUP = 'resource "aws_iam_group" "g" {\n  name = "g"\n}\n'


def block(type: str, *lines: str) -> str:
    return f'resource "{type}" "x" {{\n  ' + "\n  ".join(lines) + "\n}\n"


GRANTS = {
    "inline": block("aws_iam_role_policy", "role = aws_iam_role.r.id", "policy = local.d"),
    "by name": block("aws_iam_role_policy", 'role = "R"', "policy = local.d"),
    "attached": block(
        "aws_iam_role_policy_attachment",
        "role = aws_iam_role.r.name",
        "policy_arn = aws_iam_policy.m.arn",
    ),
    "attached exclusively": block(
        "aws_iam_policy_attachment",
        "roles = [aws_iam_role.r.name]",
        "policy_arn = aws_iam_policy.m.arn",
    ),
    "all attachments": block(
        "aws_iam_role_policy_attachments_exclusive",
        "role_name = aws_iam_role.r.name",
        "policy_arns = [aws_iam_policy.m.arn]",
    ),
    "for_each": block(
        "aws_iam_role_policy_attachment",
        "for_each = { a = aws_iam_policy.m.arn }",
        "role = aws_iam_role.r.name",
        "policy_arn = each.value",
    ),
    "in the role": "",
    "ARNs in the role": "",
}


@pytest.mark.parametrize("name", GRANTS)
def test_grants_of_a_role(estate: Estate, name: str) -> None:
    more = {
        "in the role": 'inline_policy {\n    name = "i"\n    policy = local.d\n  }',
        "ARNs in the role": "managed_policy_arns = [aws_iam_policy.m.arn]",
    }.get(name, "")
    local = "locals {\n  d = aws_iam_policy.m.policy\n}\n"
    project = estate(ROLE % more + GRANTS[name] + MANAGED + local)
    (role,) = project.resources("aws_iam_role")
    (grant,) = grants_of(role, project)

    assert grant.document is not None
    assert [s.actions[0].text for s in grant.document.statements] == ["s3:*"]


def test_grants_of_a_user_by_its_groups(estate: Estate) -> None:
    text = USER + GROUP + MANAGED
    text += block(
        "aws_iam_user_group_membership",
        "user = aws_iam_user.u.name",
        'groups = [aws_iam_group.g.name, "elsewhere"]',
    )
    text += block(
        "aws_iam_group_policy_attachment",
        "group = aws_iam_group.g.name",
        "policy_arn = aws_iam_policy.m.arn",
    )
    project = estate(text)
    user = next(u for u in project.resources("aws_iam_user") if u.name == "u")
    known, unknown = grants_of(user, project)

    assert known.label == "aws_iam_policy.m"
    assert (unknown.names, unknown.document) == (frozenset(), None)


def test_a_policy_attached_from_another_module(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "r" {\n  source = "./r"\n}\n'
            + MANAGED
            + block(
                "aws_iam_role_policy_attachment",
                "role = module.r.name",
                "policy_arn = aws_iam_policy.m.arn",
            ),
            "r/main.tf": ROLE % ""
            + 'output "name" {\n  value = aws_iam_role.r.name\n}\n'
            + USER.replace('"u"', '"v"'),
        }
    )
    (role,) = project.resources("aws_iam_role")

    assert [grant.label for grant in grants_of(role, project)] == ["aws_iam_policy.m"]


@pytest.mark.parametrize(
    "text",
    [
        block("aws_iam_role_policy", 'role = "other"', "policy = local.d"),
        block("aws_iam_user_policy", 'user = "r"', "policy = local.d"),
    ],
)
def test_grants_of_others(estate: Estate, text: str) -> None:
    project = estate(ROLE % "" + text + 'locals {\n  d = "{}"\n}\n')
    (role,) = project.resources("aws_iam_role")

    assert grants_of(role, project) == ()


def test_one_of_several_policies_has_no_name(estate: Estate) -> None:
    """Which of the two is attached is not known, so it is like neither."""
    either = 'var.x == "a" ? aws_iam_policy.m.arn : aws_iam_policy.n.arn'
    text = (
        ROLE % f"managed_policy_arns = [{either}]"
        + MANAGED
        + MANAGED.replace('"m"', '"n"')
        + 'variable "x" {}\n'
    )
    project = estate(text)
    (role,) = project.resources("aws_iam_role")
    (grant,) = grants_of(role, project)

    assert (grant.names, grant.document) == (frozenset(), None)


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("local.d", True),
        ("local.many[0]", True),
        ('local.table["a"]', True),
        ("local.many[count.index]", False),
        ("upper(local.d)", False),
    ],
)
def test_an_expression_is_a_name_where_it_means_one_value(
    estate: Estate, expression: str, named: bool
) -> None:
    """Nothing of the value has a name; the expression has, unless each instance has its own."""
    text = (
        'variable "x" {}\nlocals {\n  d = upper(var.x)\n  many = [local.d, lower(var.x)]\n'
        "  table = { a = local.d }\n}\n"
        + ROLE % ""
        + block(
            "aws_iam_role_policy",
            "count = 1",
            "role = aws_iam_role.r.id",
            f"policy = {expression}",
        )
    )
    project = estate(text)
    (role,) = project.resources("aws_iam_role")
    (grant,) = grants_of(role, project)

    assert bool(grant.names) is named
