"""Where a key goes: every exit, what arrives there and which way it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from rolefirst.decision.consumers import uses
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import keys
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]

USER = 'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
KEY = 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'
ID = "aws_iam_access_key.k.id"
SECRET = "aws_iam_access_key.k.secret"


def sink(value: str, name: str = "s") -> str:
    return f'resource "github_actions_secret" "{name}" {{\n  plaintext_value = {value}\n}}\n'


def found(project: Project, number: int = 0) -> set[tuple[str, str, str]]:
    key = keys(project)[number].block
    return {
        (item.block.address, ".".join(item.attribute), item.carries.value)
        for item in exits(key, project)
    }


AT_SINK = {("github_actions_secret.s", "plaintext_value", "secret")}
USER_DATA = {("aws_instance.i", "user_data", "secret")}
INSTANCE = 'resource "aws_instance" "i" {\n  user_data = %s\n}\n'
TEMPLATE = 'data "template_file" "%s" {\n  template = "x"\n  vars = { s = %s }\n}\n'

CASES: dict[str, tuple[str, set[tuple[str, str, str]]]] = {
    "nothing": ("", set()),
    "straight": (sink(SECRET), AT_SINK),
    "in a text": (sink(f'"aws:${{{SECRET}}}"'), AT_SINK),
    "the id alone": (sink(ID), {("github_actions_secret.s", "plaintext_value", "key id")}),
    "both in a text": (
        sink(f'"${{{ID}}}:${{{SECRET}}}"'),
        AT_SINK | {("github_actions_secret.s", "plaintext_value", "key id")},
    ),
    "locals": (f"locals {{\n  a = {SECRET}\n  b = local.a\n}}\n" + sink("local.b"), AT_SINK),
    "a member": (
        f"locals {{\n  a = {{ id = {ID}, s = {SECRET} }}\n}}\n" + sink("local.a.s"),
        AT_SINK,
    ),
    "the other member": (
        f"locals {{\n  a = {{ id = {ID}, s = {SECRET} }}\n}}\n" + sink("local.a.id"),
        {("github_actions_secret.s", "plaintext_value", "key id")},
    ),
    "the whole key": (
        "locals {\n  k = aws_iam_access_key.k\n}\n" + sink("jsonencode(local.k)"),
        {("github_actions_secret.s", "plaintext_value", "whole object")},
    ),
    "a member of the whole key": (
        "locals {\n  k = aws_iam_access_key.k\n}\n" + sink("local.k.secret"),
        AT_SINK,
    ),
    "one side of a condition": (
        'variable "on" {\n  type = bool\n}\n' + sink(f'var.on ? {SECRET} : "none"'),
        AT_SINK,
    ),
    "a for": (
        f"locals {{\n  m = {{ for k, v in {{ a = {SECRET} }} : k => upper(v) }}\n}}\n"
        + sink('local.m["a"]'),
        AT_SINK,
    ),
    "a splat": (sink('join("", aws_iam_access_key.k[*].secret)'), AT_SINK),
    "functions": (sink(f'base64encode(try(one([{SECRET}]), "x"))'), AT_SINK),
    "the SMTP password": (
        sink("aws_iam_access_key.k.ses_smtp_password_v4"),
        {("github_actions_secret.s", "plaintext_value", "SES password")},
    ),
    "the encrypted secret": (
        sink("aws_iam_access_key.k.encrypted_secret"),
        {("github_actions_secret.s", "plaintext_value", "encrypted secret")},
    ),
    "JSON": (
        'resource "aws_ecs_task_definition" "t" {\n  container_definitions = jsonencode([{\n'
        f'    environment = [{{ name = "S", value = {SECRET} }}]\n  }}])\n}}\n',
        {
            (
                "aws_ecs_task_definition.t",
                "container_definitions.0.environment.0.value",
                "secret",
            )
        },
    ),
    "a nested block": (
        'resource "aws_lambda_function" "f" {\n  environment {\n    variables = {\n'
        f"      KEY = {SECRET}\n    }}\n  }}\n}}\n",
        {("aws_lambda_function.f", "environment.0.variables.KEY", "secret")},
    ),
    "a heredoc": (
        'resource "aws_instance" "i" {\n  user_data = <<-EOT\n    export S=${'
        + SECRET
        + "}\n  EOT\n}\n",
        USER_DATA,
    ),
    "an output": (
        f'output "o" {{\n  value = {{ s = {SECRET} }}\n}}\n',
        {("output.o", "value.s", "secret")},
    ),
    "a provider": (
        f'provider "aws" {{\n  access_key = {ID}\n  secret_key = {SECRET}\n}}\n',
        {("provider.aws", "access_key", "key id"), ("provider.aws", "secret_key", "secret")},
    ),
    "a module that is elsewhere": (
        f'module "m" {{\n  source = "acme/x/aws"\n  keys = {{ s = {SECRET} }}\n}}\n',
        {("module.m", "keys.s", "secret")},
    ),
    "what only steers Terraform": (
        f'resource "aws_instance" "i" {{\n  count = {SECRET} == "" ? 0 : 1\n'
        "  depends_on = [aws_iam_access_key.k]\n"
        "  lifecycle {\n    replace_triggered_by = [aws_iam_access_key.k]\n  }\n}\n",
        set(),
    ),
    "a name in a comment": (f'resource "aws_instance" "i" {{\n  # {SECRET}\n}}\n', set()),
    "a carrier": (TEMPLATE % ("t", SECRET) + INSTANCE % "data.template_file.t.rendered", USER_DATA),
    "carriers in a row": (
        TEMPLATE % ("a", SECRET)
        + TEMPLATE % ("b", "data.template_file.a.rendered")
        + INSTANCE % "data.template_file.b.rendered",
        USER_DATA,
    ),
    "a carrier by way of a local": (
        TEMPLATE % ("t", SECRET)
        + "locals {\n  x = data.template_file.t.rendered\n}\n"
        + INSTANCE % "local.x",
        USER_DATA,
    ),
    "a carrier behind a block that also takes the id": (
        f'resource "aws_instance" "i" {{\n  tags = {{ k = {ID} }}\n'
        "  user_data = data.template_file.t.rendered\n}\n" + TEMPLATE % ("t", SECRET),
        USER_DATA | {("aws_instance.i", "tags.k", "key id")},
    ),
    "two carriers, the second one longer": (
        TEMPLATE % ("a", ID)
        + TEMPLATE % ("b", "data.template_file.c.rendered")
        + TEMPLATE % ("c", SECRET)
        + INSTANCE % '"${data.template_file.a.rendered}${data.template_file.b.rendered}"',
        USER_DATA | {("aws_instance.i", "user_data", "key id")},
    ),
    "carriers in a circle": (
        f'data "template_file" "a" {{\n  vars = {{\n    s = {SECRET}\n'
        "    t = data.template_file.b.rendered\n  }\n}\n"
        + TEMPLATE % ("b", "data.template_file.a.rendered")
        + INSTANCE % "data.template_file.b.rendered",
        USER_DATA,
    ),
    "another attribute of a carrier": (
        TEMPLATE % ("t", SECRET) + INSTANCE % "data.template_file.t.id",
        set(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_exits(estate: Estate, name: str) -> None:
    text, wanted = CASES[name]

    assert found(estate(text)) == wanted


def test_a_dynamic_block_is_the_block_it_makes(estate: Estate) -> None:
    project = estate(
        'resource "aws_elastic_beanstalk_environment" "e" {\n  dynamic "setting" {\n'
        f"    for_each = {{ KEY = {SECRET} }}\n"
        "    content {\n      name  = setting.key\n      value = setting.value\n    }\n  }\n}\n"
    )
    leaving = exits(keys(project)[0].block, project)

    assert leaving
    assert all(item.dotted.startswith("setting") for item in leaving)
    assert {use.consumer.category for use in uses(leaving, project)} == {"aws-workload"}


def test_the_trail_names_every_place_in_order(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "a" {\n  source = "./a"\n}\n'
            'module "s" {\n  source = "./s"\n  secret = module.a.secret\n}\n',
            "a/main.tf": 'module "b" {\n  source = "./b"\n}\n'
            'output "secret" {\n  value = module.b.s\n}\n',
            "a/b/main.tf": USER + KEY + f'output "s" {{\n  value = {SECRET}\n}}\n',
            "s/main.tf": 'variable "secret" {}\nmodule "t" {\n  source = "./t"\n'
            "  v = { inner = var.secret }\n}\n",
            "s/t/main.tf": 'variable "v" {}\nlocals {\n  x = var.v.inner\n}\n' + sink("local.x"),
        }
    )
    (leaving,) = exits(keys(project)[0].block, project)

    assert leaving.block.address == "module.s.module.t.github_actions_secret.s"
    assert [str(hop.location) for hop in leaving.reference.trail] == [
        "a/b/main.tf:8",
        "a/main.tf:5",
        "main.tf:6",
        "s/main.tf:4",
        "s/t/main.tf:3",
        "s/t/main.tf:6",
    ]
    (use,) = uses((leaving,), project)
    assert len(use.evidence) == 6
    assert use.evidence[-1].text == (
        "secret → module.s.module.t.github_actions_secret.s.plaintext_value"
    )


def test_an_output_of_a_module_is_no_exit_and_one_of_the_root_is(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "a" {\n  source = "./a"\n}\n'
            'output "o" {\n  value = module.a.keys["x"]\n}\n',
            "a/main.tf": USER
            + KEY
            + f'output "keys" {{\n  value = {{ x = {SECRET}, y = {ID} }}\n}}\n',
        }
    )

    assert found(project) == {("output.o", "value", "secret")}


def test_two_callers_of_one_module_are_two_keys(estate: Estate) -> None:
    call = 'module "a" {\n  source = "../a"\n}\n'
    project = estate(
        {
            "one/main.tf": call + sink("module.a.s"),
            "two/main.tf": call + INSTANCE % "module.a.s",
            "a/main.tf": USER + KEY + f'output "s" {{\n  value = {SECRET}\n}}\n',
        }
    )

    assert [key.block.root for key in keys(project)] == ["one", "two"]
    assert found(project, 0) == AT_SINK
    assert found(project, 1) == USER_DATA


def test_instances_are_kept_apart(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'locals {\n  users = toset(["a", "b"])\n}\n'
            'resource "aws_iam_access_key" "k" {\n  for_each = local.users\n  user = each.key\n}\n'
            'resource "github_actions_secret" "s" {\n  for_each = local.users\n'
            "  plaintext_value = aws_iam_access_key.k[each.key].secret\n}\n"
            'output "all" {\n  value = { for k, v in aws_iam_access_key.k : k => v.secret }\n}\n'
        }
    )

    for number, name in enumerate("ab"):
        assert found(project, number) == {
            (f'github_actions_secret.s["{name}"]', "plaintext_value", "secret"),
            ("output.all", f"value.{name}", "secret"),
        }


def test_a_key_inside_a_known_module(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "u" {\n  source = "cloudposse/iam-system-user/aws"\n'
            '  version = "1.2.0"\n  name = "x"\n}\n'
            + sink("module.u.secret_access_key")
            + sink("module.u.access_key_id", "i")
            + sink("module.u.user_name", "n")
        }
    )

    assert found(project) == {
        ("github_actions_secret.s", "plaintext_value", "secret"),
        ("github_actions_secret.i", "plaintext_value", "key id"),
        ("github_actions_secret.n", "plaintext_value", "other"),
    }


def test_a_long_chain_of_carriers_ends(estate: Estate) -> None:
    chain = [TEMPLATE % ("t0", SECRET)]
    chain += [
        TEMPLATE % (f"t{number}", f"data.template_file.t{number - 1}.rendered")
        for number in range(1, 40)
    ]

    project = estate("".join(chain) + INSTANCE % "data.template_file.t39.rendered")

    assert found(project) == USER_DATA


# --- consumers -------------------------------------------------------------------------------

SSM = (
    'resource "aws_ssm_parameter" "p" {\n  name  = "/x"\n  type  = "SecureString"\n'
    f"  value = {SECRET}\n}}\n"
)
SECRETS_MANAGER = (
    'resource "aws_secretsmanager_secret" "s" {\n  name = "x"\n}\n'
    'resource "aws_secretsmanager_secret_version" "v" {\n'
    "  secret_id     = aws_secretsmanager_secret.s.id\n"
    f"  secret_string = jsonencode({{ key = {SECRET} }})\n}}\n"
)


def ecs(value: str) -> str:
    return (
        'resource "aws_ecs_task_definition" "t" {\n  container_definitions = jsonencode([{\n'
        f'    secrets = [{{ name = "S", valueFrom = {value} }}]\n  }}])\n}}\n'
    )


def function(value: str) -> str:
    return (
        'resource "aws_lambda_function" "f" {\n  environment {\n    variables = {\n'
        f"      S = {value}\n    }}\n  }}\n}}\n"
    )


def consumers(project: Project) -> list[tuple[str, str, str]]:
    key = keys(project)[0].block
    return [
        (use.consumer.address, use.consumer.attribute, use.consumer.category)
        for use in uses(exits(key, project), project)
    ]


ECS: list[Any] = [
    ("aws_ecs_task_definition.t", "container_definitions.secrets.valueFrom", "aws-workload")
]
LAMBDA: list[Any] = [("aws_lambda_function.f", "environment.variables.S", "aws-workload")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (SSM, [("aws_ssm_parameter.p", "value", "secret-store-only")]),
        (SSM + ecs("aws_ssm_parameter.p.arn"), ECS),
        (SSM + "locals {\n  a = aws_ssm_parameter.p.arn\n}\n" + ecs("local.a"), ECS),
        (SSM + function("aws_ssm_parameter.p.name"), LAMBDA),
        (SSM + function("aws_ssm_parameter.p.value"), LAMBDA),
        (
            SSM
            + 'data "aws_ssm_parameter" "d" {\n  name = aws_ssm_parameter.p.name\n}\n'
            + function("data.aws_ssm_parameter.d.value"),
            LAMBDA,
        ),
        (
            SSM
            + 'data "aws_ssm_parameter" "d" {\n  name = aws_ssm_parameter.p.name\n}\n'
            + function("data.aws_ssm_parameter.d.version"),
            [("aws_ssm_parameter.p", "value", "secret-store-only")],
        ),
        (
            SSM + function("aws_ssm_parameter.p.version"),
            [("aws_ssm_parameter.p", "value", "secret-store-only")],
        ),
        (SECRETS_MANAGER + ecs("aws_secretsmanager_secret.s.arn"), ECS),
        (SECRETS_MANAGER + ecs('"${aws_secretsmanager_secret.s.arn}:key::"'), ECS),
        (
            SECRETS_MANAGER,
            [("aws_secretsmanager_secret_version.v", "secret_string.key", "secret-store-only")],
        ),
        (
            SECRETS_MANAGER
            + 'data "aws_secretsmanager_secret_version" "d" {\n'
            + "  secret_id = aws_secretsmanager_secret.s.id\n}\n"
            + function("data.aws_secretsmanager_secret_version.d.secret_string"),
            LAMBDA,
        ),
        (
            'module "p" {\n  source = "cloudposse/ssm-parameter-store/aws"\n'
            f'  parameter_write = [{{ name = "/x", value = {SECRET} }}]\n}}\n',
            [("module.p", "parameter_write.value", "secret-store-only")],
        ),
        (sink(ID), []),
    ],
)
def test_consumers(estate: Estate, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert consumers(estate(text)) == wanted


def test_the_evidence_leads_through_the_store(estate: Estate) -> None:
    project = estate(SSM + ecs("aws_ssm_parameter.p.arn"))
    (use,) = uses(exits(keys(project)[0].block, project), project)

    assert [line.text for line in use.evidence] == [
        "secret → aws_ssm_parameter.p.value",
        "the address → aws_ecs_task_definition.t.container_definitions.secrets.valueFrom",
    ]
