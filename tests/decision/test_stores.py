"""Stores: who reads what a key was put into, one hop on, and how we know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.decision import catalogue, store_roles
from rolefirst.decision.consumers import uses
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Key, Origin, keys
from rolefirst.decision.order import decide
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]

USER = 'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
KEY = 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'
ID = "aws_iam_access_key.k.id"
SECRET = "aws_iam_access_key.k.secret"
PASSWORD = "aws_iam_access_key.k.ses_smtp_password_v4"

SSM = (
    'resource "aws_ssm_parameter" "p" {\n  name  = "/app/secret"\n  type  = "SecureString"\n'
    f"  value = {SECRET}\n}}\n"
)
HELD = 'resource "aws_secretsmanager_secret" "s" {\n  name = "app/key"\n}\n'
SECRETS_MANAGER = (
    HELD + 'resource "aws_secretsmanager_secret_version" "v" {\n'
    "  secret_id     = aws_secretsmanager_secret.s.id\n"
    f"  secret_string = jsonencode({{ id = {ID}, secret = {SECRET} }})\n}}\n"
)
P = "aws_ssm_parameter.p"
S = "aws_secretsmanager_secret.s"


def ecs(value: str) -> str:
    return (
        'resource "aws_ecs_task_definition" "t" {\n  container_definitions = jsonencode([{\n'
        f'    secrets = [{{ name = "S", valueFrom = {value} }}]\n  }}])\n}}\n'
    )


def ecs_text(value: str) -> str:
    return (
        'resource "aws_ecs_task_definition" "t" {\n  container_definitions = <<-EOT\n'
        f'    [{{"secrets": [{{"name": "S", "valueFrom": "{value}"}}]}}]\n  EOT\n}}\n'
    )


def function(value: str) -> str:
    return (
        'resource "aws_lambda_function" "f" {\n  environment {\n    variables = {\n'
        f"      S = {value}\n    }}\n  }}\n}}\n"
    )


def build(type: str, value: str) -> str:
    return (
        'resource "aws_codebuild_project" "b" {\n  environment {\n    environment_variable {\n'
        f'      name  = "S"\n      type  = "{type}"\n      value = {value}\n    }}\n  }}\n}}\n'
    )


def external_secret(value: str) -> str:
    return (
        'resource "kubernetes_manifest" "e" {\n  manifest = {\n    kind = "ExternalSecret"\n'
        '    spec = { data = [{ secretKey = "S", remoteRef = { key = ' + value + " } }] }\n  }\n}\n"
    )


def external_secret_text(value: str) -> str:
    return (
        'resource "kubectl_manifest" "e" {\n  yaml_body = <<-EOT\n    kind: ExternalSecret\n'
        f"    spec:\n      data:\n        - remoteRef:\n            key: {value}\n  EOT\n}}\n"
    )


def chart(value: str) -> str:
    return (
        'resource "helm_release" "h" {\n  values = [yamlencode({\n'
        f'    env = [{{ secretKey = "S", remoteRef = {{ key = {value} }} }}]\n  }})]\n}}\n'
    )


def data(type: str, argument: str, value: str, kind: str = "data") -> str:
    return f'{kind} "{type}" "d" {{\n  {argument} = {value}\n}}\n'


Found = list[tuple[str, str, str]]
ECS: Found = [
    ("aws_ecs_task_definition.t", "container_definitions.secrets.valueFrom", "aws-workload")
]
ECS_TEXT: Found = [("aws_ecs_task_definition.t", "container_definitions", "aws-workload")]
LAMBDA: Found = [("aws_lambda_function.f", "environment.variables.S", "aws-workload")]
BUILD: Found = [
    ("aws_codebuild_project.b", "environment.environment_variable.value", "aws-workload")
]
EXTERNAL: Found = [("kubernetes_manifest.e", "manifest.spec.data.remoteRef.key", "kubernetes")]
EXTERNAL_TEXT: Found = [("kubectl_manifest.e", "yaml_body", "kubernetes")]
CHART: Found = [("helm_release.h", "values.env.remoteRef.key", "kubernetes")]
ONLY_SSM: Found = [("aws_ssm_parameter.p", "value", "secret-store-only")]
ONLY_SECRET: Found = [
    ("aws_secretsmanager_secret_version.v", "secret_string.secret", "secret-store-only")
]
ARN = "arn:aws:ssm:eu-west-1:111122223333:parameter/app/secret"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/key"

CASES: dict[str, tuple[str, Found]] = {
    "nobody reads the parameter": (SSM, ONLY_SSM),
    "nobody reads the secret": (SECRETS_MANAGER, ONLY_SECRET),
    # by reference
    "ECS by ARN": (SSM + ecs(f"{P}.arn"), ECS),
    "ECS by ARN in text": (SSM + ecs_text(f"${{{P}.arn}}"), ECS_TEXT),
    "ECS by ARN of a JSON field": (SECRETS_MANAGER + ecs(f'"${{{S}.arn}}:secret::"'), ECS),
    "Lambda by name": (SSM + function(f"{P}.name"), LAMBDA),
    "CodeBuild by name": (SSM + build("PARAMETER_STORE", f"{P}.name"), BUILD),
    "CodeBuild by ARN": (SECRETS_MANAGER + build("SECRETS_MANAGER", f"{S}.arn"), BUILD),
    "ExternalSecret by name": (SECRETS_MANAGER + external_secret(f"{S}.name"), EXTERNAL),
    "ExternalSecret as text": (
        SECRETS_MANAGER + external_secret_text(f"${{{S}.name}}"),
        EXTERNAL_TEXT,
    ),
    "a chart by name": (SECRETS_MANAGER + chart(f"{S}.name"), CHART),
    "a reader of the version": (SSM + function(f"{P}.version"), ONLY_SSM),
    "by way of locals and a conditional": (
        SSM
        + 'variable "on" {}\nlocals {\n  a = var.on ? '
        + P
        + ".arn : null\n}\n"
        + ecs("local.a"),
        ECS,
    ),
    # by value
    "the value itself": (SSM + function(f"{P}.value"), LAMBDA),
    "data by reference": (
        SSM
        + data("aws_ssm_parameter", "name", f"{P}.name")
        + function("data.aws_ssm_parameter.d.value"),
        LAMBDA,
    ),
    "data, decoded": (
        SECRETS_MANAGER
        + data("aws_secretsmanager_secret_version", "secret_id", f"{S}.id")
        + function('jsondecode(data.aws_secretsmanager_secret_version.d.secret_string)["secret"]'),
        LAMBDA,
    ),
    "ephemeral by reference": (
        SECRETS_MANAGER
        + data("aws_secretsmanager_secret_version", "secret_id", f"{S}.arn", "ephemeral")
        + function("ephemeral.aws_secretsmanager_secret_version.d.secret_string"),
        LAMBDA,
    ),
    "from one store into the next": (
        SSM
        + 'resource "vault_kv_secret_v2" "v" {\n  mount = "kv"\n  name = "x"\n'
        + f"  data_json = jsonencode({{ s = {P}.value }})\n}}\n"
        + data("vault_kv_secret_v2", "name", "vault_kv_secret_v2.v.name")
        + function('data.vault_kv_secret_v2.d.data["s"]'),
        LAMBDA,
    ),
    "stores in a circle": (
        SSM.replace(
            SECRET, f'"${{{SECRET}}}${{aws_secretsmanager_secret_version.v.secret_string}}"'
        )
        + HELD
        + 'resource "aws_secretsmanager_secret_version" "v" {\n'
        + f"  secret_id = {S}.id\n  secret_string = {P}.value\n}}\n",
        [("aws_secretsmanager_secret_version.v", "secret_string", "secret-store-only")],
    ),
    "a place the catalogue does not know": (
        SSM + f'resource "acme_robot" "r" {{\n  key = {P}.value\n}}\n',
        [("acme_robot.r", "key", "unknown"), *ONLY_SSM],
    ),
    # by name
    "data by the same name": (
        SSM
        + data("aws_ssm_parameter", "name", '"/app/secret"')
        + function("data.aws_ssm_parameter.d.value"),
        LAMBDA,
    ),
    "data by another name": (
        SSM
        + data("aws_ssm_parameter", "name", '"/app/other"')
        + function("data.aws_ssm_parameter.d.value"),
        ONLY_SSM,
    ),
    "data by the path above": (
        SSM
        + data("aws_ssm_parameters_by_path", "path", '"/app"')
        + function("data.aws_ssm_parameters_by_path.d.values[0]"),
        LAMBDA,
    ),
    "the secret by its name alone": (
        SECRETS_MANAGER.replace(HELD, "").replace(f"{S}.id", '"app/key"')
        + data("aws_secretsmanager_secret_version", "secret_id", '"app/key"')
        + function("data.aws_secretsmanager_secret_version.d.secret_string"),
        LAMBDA,
    ),
    "ECS by the same name": (SSM + ecs('"/app/secret"'), ECS_TEXT),
    "ECS by an ARN that is written out": (SSM + ecs(f'"{ARN}"'), ECS_TEXT),
    "ECS by an ARN of unknown account": (
        'variable "account" {}\n'
        + SSM
        + ecs('"arn:aws:ssm:eu-west-1:${var.account}:parameter/app/secret"'),
        ECS,
    ),
    "ECS by an ARN with a field": (
        SECRETS_MANAGER + ecs(f'"{SECRET_ARN}-AbC123:secret::"'),
        ECS_TEXT,
    ),
    "ECS by another ARN": (SSM + ecs(f'"{ARN}s"'), ONLY_SSM),
    "ECS by name in text": (SSM + ecs_text("/app/secret"), ECS_TEXT),
    "CodeBuild by the same name": (SSM + build("PARAMETER_STORE", '"/app/secret"'), BUILD),
    "Lambda by the same name": (SSM + function('"/app/secret"'), LAMBDA),
    "ExternalSecret by the same name": (SECRETS_MANAGER + external_secret('"app/key"'), EXTERNAL),
    "ExternalSecret as text by the same name": (
        SECRETS_MANAGER + external_secret_text("app/key"),
        EXTERNAL_TEXT,
    ),
    "a chart by the same name": (SECRETS_MANAGER + chart('"app/key"'), CHART),
    "a name of one word proves nothing": (
        SSM.replace("/app/secret", "app") + function('"app"'),
        ONLY_SSM,
    ),
    # other stores
    "Vault": (
        'resource "vault_generic_secret" "v" {\n  path = "secret/app"\n'
        f"  data_json = jsonencode({{ s = {SECRET} }})\n}}\n"
        + data("vault_generic_secret", "path", '"secret/app"')
        + function('data.vault_generic_secret.d.data["s"]'),
        LAMBDA,
    ),
    "Azure": (
        'resource "azurerm_key_vault_secret" "a" {\n  name = "app-key"\n'
        f"  value_wo = {SECRET}\n}}\n"
        + data("azurerm_key_vault_secret", "name", "azurerm_key_vault_secret.a.name")
        + function("data.azurerm_key_vault_secret.d.value"),
        LAMBDA,
    ),
    "Google": (
        'resource "google_secret_manager_secret" "g" {\n  secret_id = "app-key"\n}\n'
        'resource "google_secret_manager_secret_version" "g" {\n'
        f"  secret = google_secret_manager_secret.g.id\n  secret_data = {SECRET}\n}}\n"
        + data("google_secret_manager_secret_version", "secret", '"app-key"')
        + function("data.google_secret_manager_secret_version.d.secret_data"),
        LAMBDA,
    ),
    # modules
    "a store that is a module": (
        'module "p" {\n  source = "cloudposse/ssm-parameter-store/aws"\n'
        f'  parameter_write = [{{ name = "/x", value = {SECRET} }}]\n}}\n'
        + ecs('module.p.arn_map["/x"]'),
        ECS,
    ),
    "a module takes the address": (
        SSM + f'module "m" {{\n  source = "acme/ecs/aws"\n  secrets = {{ S = {P}.arn }}\n}}\n',
        [("module.m", "secrets.S", "unknown"), *ONLY_SSM],
    ),
}


def found(project: Project) -> Found:
    return [
        (use.consumer.address, use.consumer.attribute, use.consumer.category)
        for use in uses(exits(keys(project)[0].block, project), project)
    ]


@pytest.mark.parametrize("name", CASES)
def test_readers(estate: Estate, name: str) -> None:
    text, wanted = CASES[name]

    assert found(estate(text)) == wanted


@pytest.mark.parametrize(
    ("argument", "value", "carries"),
    [
        ("value", SECRET, "secret"),
        ("value_wo", SECRET, "secret"),
        ("insecure_value", SECRET, "secret"),
        ("value", PASSWORD, "SES password"),
        ("value", "jsonencode(aws_iam_access_key.k)", "whole object"),
    ],
)
def test_what_the_reader_gets_is_what_was_stored(
    estate: Estate, argument: str, value: str, carries: str
) -> None:
    project = estate(
        f'resource "aws_ssm_parameter" "p" {{\n  name = "/x"\n  {argument} = {value}\n}}\n'
        + ecs(f"{P}.arn")
    )
    (use,) = uses(exits(keys(project)[0].block, project), project)

    assert use.consumer.address == "aws_ecs_task_definition.t"
    assert use.consumer.carries == carries


def test_the_key_id_in_a_store_is_no_use(estate: Estate) -> None:
    assert found(estate(SSM.replace(SECRET, ID) + ecs(f"{P}.arn"))) == []


def test_the_evidence_leads_through_the_store(estate: Estate) -> None:
    project = estate(
        SSM
        + data("aws_ssm_parameter", "name", f"{P}.name")
        + function("data.aws_ssm_parameter.d.value")
    )
    (use,) = uses(exits(keys(project)[0].block, project), project)

    assert [(line.text, str(line.location)) for line in use.evidence] == [
        ("secret → aws_ssm_parameter.p.value", "main.tf:10"),
        ("the address → data.aws_ssm_parameter.d.name", "main.tf:13"),
        ("secret → aws_lambda_function.f.environment.variables.S", "main.tf:18"),
    ]


def test_the_evidence_says_which_name_is_the_same(estate: Estate) -> None:
    project = estate(SSM + ecs('"/app/secret"'))
    (use,) = uses(exits(keys(project)[0].block, project), project)

    assert use.evidence[-1].kind == "name"
    assert use.evidence[-1].text == (
        "aws_ecs_task_definition.t.container_definitions has the name of aws_ssm_parameter.p"
    )
    assert str(use.evidence[-1].location) == "main.tf:13"


def test_an_equal_name_in_another_root_is_another_store(estate: Estate) -> None:
    project = estate(
        {"a/main.tf": USER + KEY + SSM, "b/main.tf": USER + KEY + ecs('"/app/secret"')}
    )

    assert found(project) == ONLY_SSM


def test_the_arn_leaves_one_module_and_enters_the_next(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "keys" {\n  source = "./keys"\n}\n'
            'module "app" {\n  source = "./app"\n  arns = module.keys.arns\n}\n',
            "keys/main.tf": USER
            + KEY
            + SSM
            + f'output "arns" {{\n  value = {{ s = {P}.arn }}\n}}\n',
            "app/main.tf": 'variable "arns" {}\n' + ecs("var.arns.s"),
        }
    )

    assert [address for address, _, _ in found(project)] == ["module.app.aws_ecs_task_definition.t"]


def test_each_instance_is_read_by_its_own_reader(estate: Estate) -> None:
    each = '  for_each = toset(["a", "b"])\n'
    project = estate(
        {
            "main.tf": f'resource "aws_iam_access_key" "k" {{\n{each}  user = each.key\n}}\n'
            f'resource "aws_ssm_parameter" "p" {{\n{each}  name = "/app/${{each.key}}"\n'
            "  value = aws_iam_access_key.k[each.key].secret\n}\n"
            + ecs("aws_ssm_parameter.p[each.key].arn").replace('"t" {\n', '"t" {\n' + each)
        }
    )

    for key, name in zip(keys(project), "ab", strict=True):
        (use,) = uses(exits(key.block, project), project)
        assert use.consumer.address == f'aws_ecs_task_definition.t["{name}"]'


# --- policies --------------------------------------------------------------------------------


def role(principal: str) -> str:
    return (
        'resource "aws_iam_role" "r" {\n  name = "reader"\n  assume_role_policy = jsonencode({\n'
        '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
        f"Principal = {principal} }}]\n"
        "  })\n}\n"
    )


def service(name: str) -> str:
    return role(f'{{ Service = "{name}" }}')


def statement(action: str = "secretsmanager:GetSecretValue", effect: str = "Allow") -> str:
    return (
        f'jsonencode({{ Statement = [{{ Effect = "{effect}", Action = ["{action}"], '
        f"Resource = {S}.arn }}] }})"
    )


def inline(policy: str) -> str:
    return (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.id\n'
        f"  policy = {policy}\n}}\n"
    )


DOCUMENT = (
    'data "aws_iam_policy_document" "d" {\n  statement {\n'
    '    actions   = ["secretsmanager:GetSecretValue"]\n'
    f"    resources = [{S}.arn]\n  }}\n}}\n"
)
MANAGED = 'resource "aws_iam_policy" "m" {\n  policy = %s\n}\n'
ATTACHED = (
    'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n'
    "  policy_arn = aws_iam_policy.m.arn\n}\n"
)
ROLE: Found = [("aws_iam_role.r", "assume_role_policy", "aws-workload")]
DATA_TRUST = (
    'data "aws_iam_policy_document" "t" {\n  statement {\n    actions = ["sts:AssumeRole"]\n'
    '    principals {\n      type = "Service"\n      identifiers = ["lambda.amazonaws.com"]\n'
    "    }\n  }\n}\n"
    'resource "aws_iam_role" "r" {\n'
    "  assume_role_policy = data.aws_iam_policy_document.t.json\n}\n"
)
LAMBDA_ROLE = service("lambda.amazonaws.com")

GRANTS: dict[str, tuple[str, Found]] = {
    "an inline policy": (LAMBDA_ROLE + inline(statement()), ROLE),
    "a policy as text": (
        LAMBDA_ROLE
        + inline(
            '<<EOT\n{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "${'
            + S
            + '.arn}"}]}\nEOT\n'
        ),
        ROLE,
    ),
    "a policy document": (
        LAMBDA_ROLE + DOCUMENT + inline("data.aws_iam_policy_document.d.json"),
        ROLE,
    ),
    "a managed policy": (LAMBDA_ROLE + MANAGED % statement() + ATTACHED, ROLE),
    "a managed policy of a document": (
        LAMBDA_ROLE + DOCUMENT + MANAGED % "data.aws_iam_policy_document.d.json" + ATTACHED,
        ROLE,
    ),
    "a document in a document": (
        LAMBDA_ROLE
        + DOCUMENT
        + 'data "aws_iam_policy_document" "e" {\n'
        + "  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}\n"
        + inline("data.aws_iam_policy_document.e.json"),
        ROLE,
    ),
    "a policy inside the role": (
        'resource "aws_iam_role" "r" {\n'
        '  assume_role_policy = "{\\"Principal\\": {\\"Service\\": \\"lambda.amazonaws.com\\"}}"\n'
        f'  inline_policy {{\n    name = "x"\n    policy = {statement()}\n  }}\n}}\n',
        ROLE,
    ),
    "a policy of the secret": (
        LAMBDA_ROLE + 'resource "aws_secretsmanager_secret_policy" "x" {\n'
        f"  secret_arn = {S}.arn\n"
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", '
        'Action = "secretsmanager:GetSecretValue", Resource = "*", '
        "Principal = { AWS = aws_iam_role.r.arn } }] })\n}\n",
        ROLE,
    ),
    "a trust policy that is a document": (DATA_TRUST + inline(statement()), ROLE),
    "a policy that writes": (
        LAMBDA_ROLE + inline(statement("secretsmanager:PutSecretValue")),
        ONLY_SECRET,
    ),
    "a policy that denies": (LAMBDA_ROLE + inline(statement(effect="Deny")), ONLY_SECRET),
    "a policy of something else": (
        LAMBDA_ROLE + inline(statement()).replace(f"{S}.arn", '"*"'),
        ONLY_SECRET,
    ),
    "a policy that nobody has": (LAMBDA_ROLE + MANAGED % statement(), ONLY_SECRET),
    "a role of another account": (
        role('{ AWS = "arn:aws:iam::444455556666:root" }') + inline(statement()),
        ONLY_SECRET,
    ),
    "GitHub": (
        role('{ Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }')
        + inline(statement()),
        [("aws_iam_role.r", "assume_role_policy", "ci")],
    ),
    "a service account of EKS": (
        role('{ Federated = "arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X" }')
        + inline(statement()),
        [("aws_iam_role.r", "assume_role_policy", "kubernetes")],
    ),
    "a reader that is in the code comes first": (
        service("ecs-tasks.amazonaws.com") + inline(statement()) + ecs(f"{S}.arn"),
        ECS,
    ),
}


@pytest.mark.parametrize("name", GRANTS)
def test_policies_name_the_reader(estate: Estate, name: str) -> None:
    text, wanted = GRANTS[name]

    assert found(estate(SECRETS_MANAGER + text)) == wanted


def test_the_evidence_names_the_policy_and_the_decision_the_service(estate: Estate) -> None:
    project = estate(SECRETS_MANAGER + service("ecs-tasks.amazonaws.com") + inline(statement()))
    key = keys(project)[0].block
    (use,) = uses(exits(key, project), project)
    decision = decide(Key(key, Origin.RESOURCE), project)

    assert [line.text for line in use.evidence] == [
        "secret → aws_secretsmanager_secret_version.v.secret_string.secret",
        "the address → aws_iam_role_policy.p.policy.Statement.Resource",
        "aws_iam_role_policy.p lets it be read",
    ]
    assert (decision.alternative, decision.template) == ("iam-role", "ecs_task_role")


@pytest.mark.parametrize("platform", store_roles._PLATFORMS.values())
def test_every_platform_of_a_trust_policy_is_in_the_catalogue(platform: tuple[str, str]) -> None:
    assert catalogue.packaged().sink(*platform) is not None


# --- what is not known -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SSM, "the secret is kept in aws_ssm_parameter.p; no Terraform code says who reads it"),
        (
            SSM + f'module "m" {{\n  source = "acme/ecs/aws"\n  secrets = {{ S = {P}.arn }}\n}}\n',
            "module.m takes the secret; what it does with it is not known",
        ),
        (
            f'module "m" {{\n  source = "acme/x/aws"\n  key = {SECRET}\n}}\n',
            "module.m takes the secret; what it does with it is not known",
        ),
        (
            f'resource "terraform_data" "t" {{\n  input = {SECRET}\n}}\n',
            "terraform_data.t takes the secret; what it does with it is not known",
        ),
        (
            f'resource "acme_robot" "r" {{\n  key = {SECRET}\n}}\n',
            "acme_robot.r takes the secret; what it does with it is not known",
        ),
        (
            f'output "o" {{\n  value = {SECRET}\n}}\n',
            "the secret leaves in output.o; no Terraform code says who reads it",
        ),
    ],
)
def test_the_decision_names_the_last_place_that_is_known(
    estate: Estate, text: str, said: str
) -> None:
    project = estate(text)
    decision = decide(keys(project)[0], project)

    assert decision.alternative == "ask-owner"
    assert said in decision.summary


@pytest.mark.parametrize(
    ("name", "source", "category"),
    [
        ("deploy", "acme/robot/aws", "ci"),
        ("m", "git::https://github.com/acme/terraform-aws-gitlab-variables.git?ref=v1", "ci"),
        ("m", "git::https://github.com/acme/robot.git", "unknown"),
    ],
)
def test_name_and_source_of_a_module_elsewhere_are_a_hint(
    estate: Estate, name: str, source: str, category: str
) -> None:
    project = estate(f'module "{name}" {{\n  source = "{source}"\n  key = {SECRET}\n}}\n')
    decision = decide(keys(project)[0], project)

    said = [line.text for line in decision.evidence if line.kind == "module"]
    assert any("takes it" in line for line in said) is (category != "unknown")
