"""The decision order: one estate per category, and what may not be said with confidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from rolefirst.decision import catalogue
from rolefirst.decision.keys import keys
from rolefirst.decision.order import _DEFAULTS, STEPS, decide
from rolefirst.findings import Confidence, Decision
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]

LOW, MEDIUM, HIGH = Confidence
SECRET = "aws_iam_access_key.k.secret"
PASSWORD = "aws_iam_access_key.k.ses_smtp_password_v4"
KEY = 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'


def user(name: str = "svc", more: str = "") -> str:
    return f'resource "aws_iam_user" "u" {{\n  name = "{name}"\n{more}}}\n'


def sink(type: str, attribute: str, value: str = SECRET, more: str = "") -> str:
    return f'resource "{type}" "s" {{\n  {attribute} = {value}\n{more}}}\n'


def policy(*actions: str) -> str:
    listed = ", ".join(f'"{action}"' for action in actions)
    return (
        'resource "aws_iam_user_policy" "p" {\n  user = aws_iam_user.u.name\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", Resource = "*", '
        f"Action = [{listed}] }}] }})\n}}\n"
    )


def kubernetes(provider: str) -> str:
    return (
        f'provider "kubernetes" {{\n{provider}}}\n'
        f'resource "kubernetes_secret" "s" {{\n  data = {{ key = {SECRET} }}\n}}\n'
    )


OUTPUT = f'output "o" {{\n  value     = {SECRET}\n  sensitive = true\n}}\n'
GITHUB = sink("github_actions_secret", "plaintext_value")
LAMBDA = (
    'resource "aws_lambda_function" "f" {\n  environment {\n'
    f"    variables = {{ S = {SECRET} }}\n  }}\n}}\n"
)
SSM = f'resource "aws_ssm_parameter" "p" {{\n  name  = "/x"\n  value = {SECRET}\n}}\n'
LOGIN = 'resource "aws_iam_user_login_profile" "l" {\n  user = aws_iam_user.u.name\n}\n'
MFA = (
    'resource "aws_iam_virtual_mfa_device" "m" {\n'
    "  virtual_mfa_device_name = aws_iam_user.u.name\n}\n"
)


@dataclass(frozen=True)
class Case:
    """An estate and what has to be decided about its key."""

    text: str
    category: str
    alternative: str
    template: str
    confidence: Confidence
    evidence: tuple[str, ...] = ()
    owner: str = field(default_factory=user)
    file: str = "main.tf"


CASES = {
    "a function": Case(
        LAMBDA,
        "aws-workload",
        "iam-role",
        "lambda_role",
        HIGH,
        ("secret → aws_lambda_function.f.environment.variables.S",),
    ),
    "an instance": Case(
        sink("aws_instance", "user_data"), "aws-workload", "iam-role", "instance_profile", HIGH
    ),
    "Lightsail": Case(
        sink("aws_lightsail_instance", "user_data"),
        "aws-workload",
        "roles-anywhere",
        "roles_anywhere",
        HIGH,
    ),
    "EKS": Case(
        kubernetes("  host = data.aws_eks_cluster.c.endpoint\n"),
        "kubernetes",
        "pod-identity-or-irsa",
        "eks_pod_identity",
        HIGH,
        ("the kubernetes provider speaks to an EKS cluster",),
    ),
    "GKE": Case(
        kubernetes("  host = data.google_container_cluster.c.endpoint\n"),
        "kubernetes",
        "oidc-federation",
        "oidc_generic",
        MEDIUM,
        ("the kubernetes provider speaks to a GKE cluster",),
    ),
    "some cluster": Case(
        kubernetes('  config_path = "~/.kube/config"\n'),
        "kubernetes",
        "roles-anywhere",
        "roles_anywhere",
        MEDIUM,
        ("the kubernetes provider speaks to a cluster outside of EKS",),
    ),
    "a cluster that the code does not tell": Case(
        kubernetes("  host = var.host\n") + 'variable "host" {}\n',
        "kubernetes",
        "pod-identity-or-irsa",
        "eks_pod_identity",
        MEDIUM,
    ),
    "GitHub": Case(GITHUB, "ci", "oidc-federation", "oidc_github", HIGH),
    "GitLab": Case(
        sink("gitlab_project_variable", "value"), "ci", "oidc-federation", "oidc_gitlab", HIGH
    ),
    "Terraform Cloud": Case(
        sink("tfe_variable", "value"), "ci", "oidc-federation", "oidc_generic", HIGH
    ),
    "a deployer by its policy": Case(
        OUTPUT + policy("ecr:PutImage", "ecs:UpdateService"),
        "ci",
        "oidc-federation",
        "oidc_generic",
        LOW,
        ("its policy deploys (ecr:PutImage)",),
    ),
    "a person by login and MFA": Case(
        OUTPUT + LOGIN + MFA,
        "human",
        "identity-center",
        "identity_center",
        MEDIUM,
        ("the user signs in to the console", "it has MFA"),
    ),
    "a person by name": Case(
        OUTPUT,
        "human",
        "identity-center",
        "identity_center",
        MEDIUM,
        ("the user's name is an address",),
        owner=user("jane.doe@example.com"),
    ),
    "a vendor": Case(
        sink("datadog_integration_aws", "secret_access_key"),
        "saas",
        "cross-account-role",
        "cross_account_role",
        HIGH,
    ),
    "a platform with OIDC": Case(
        sink("vercel_project_environment_variable", "value"),
        "external-workload",
        "oidc-federation",
        "oidc_generic",
        HIGH,
    ),
    "a platform without OIDC": Case(
        sink("heroku_config", "sensitive_vars", f"{{ S = {SECRET} }}"),
        "external-workload",
        "roles-anywhere",
        "roles_anywhere",
        HIGH,
    ),
    "a platform that keeps only secrets": Case(
        sink("netlify_environment_variable", "values", f"[{{ value = {SECRET} }}]"),
        "external-workload",
        "exception",
        "exception",
        HIGH,
    ),
    "a machine elsewhere, by a comment": Case(
        OUTPUT,
        "external-workload",
        "roles-anywhere",
        "roles_anywhere",
        LOW,
        ('a comment says "the on-premises backup server"',),
        owner="# the on-premises backup server\n" + user(),
    ),
    "mail by the password": Case(
        sink("aws_ecs_task_definition", "container_definitions", f"jsonencode([{PASSWORD}])"),
        "ses-smtp",
        "exception",
        "exception",
        HIGH,
        ("the SES SMTP password of the key is handed on",),
    ),
    "mail by the policy": Case(
        OUTPUT + policy("ses:SendEmail", "ses:SendRawEmail"),
        "ses-smtp",
        "exception",
        "exception",
        HIGH,
        ("the user may do nothing but send mail (ses:SendEmail, ses:SendRawEmail)",),
    ),
    "Vault": Case(
        sink("vault_aws_secret_backend", "secret_key"),
        "vault-root",
        "iam-role",
        "vault_role",
        HIGH,
    ),
    "a store that nobody reads": Case(
        SSM, "secret-store-only", "ask-owner", "store_only", LOW, ("aws_ssm_parameter.p.value",)
    ),
    "an output": Case(
        OUTPUT, "unknown", "ask-owner", "ask_owner", LOW, ("secret → output.o.value",)
    ),
    "a provisioner": Case(
        'resource "null_resource" "n" {\n  provisioner "local-exec" {\n    command = "x"\n'
        f"    environment = {{ S = {SECRET} }}\n  }}\n}}\n",
        "unknown",
        "ask-owner",
        "ask_owner",
        LOW,
    ),
    "a resource nobody knows": Case(
        sink("acme_thing", "value"), "unknown", "ask-owner", "ask_owner", LOW
    ),
    "a test": Case(
        OUTPUT,
        "test-fixture",
        "iam-role",
        "service_role",
        LOW,
        ("the code is a test or an example",),
        file="tests/fixtures/main.tf",
    ),
    "nothing": Case(
        "",
        "unknown",
        "delete-unused",
        "delete_unused",
        MEDIUM,
        ("nothing in the code reads its id or secret",),
    ),
    "the id alone": Case(
        'output "id" {\n  value = aws_iam_access_key.k.id\n}\n',
        "unknown",
        "delete-unused",
        "delete_unused",
        MEDIUM,
        ("nothing in the code reads its secret, only its id is read",),
    ),
}


def decision(
    estate: Estate, text: str, owner: str | None = None, file: str = "main.tf"
) -> Decision:
    project = estate({file: (user() if owner is None else owner) + KEY + text})
    return decide(keys(project)[0], project)


@pytest.mark.parametrize("name", CASES)
def test_decision(estate: Estate, name: str) -> None:
    case = CASES[name]
    decided = decision(estate, case.text, case.owner, case.file)

    assert (decided.category, decided.alternative, decided.template, decided.confidence) == (
        case.category,
        case.alternative,
        case.template,
        case.confidence,
    )
    said = [line.text for line in decided.evidence]
    for text in case.evidence:
        assert any(text in line for line in said), said
    assert all(line.location is not None for line in decided.evidence)


@pytest.mark.parametrize("name", CASES)
def test_every_earlier_step_was_passed_over_for_a_reason(estate: Estate, name: str) -> None:
    case = CASES[name]
    decided = decision(estate, case.text, case.owner, case.file)

    chosen = {"pod-identity-or-irsa": "iam-role"}.get(case.alternative, case.alternative)
    earlier = STEPS[: STEPS.index(chosen)] if chosen in STEPS else ()
    assert tuple(item.step for item in decided.passed_over) == earlier
    assert all(item.reason for item in decided.passed_over)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "ask" in case.template])
def test_who_is_to_be_asked_what(estate: Estate, name: str) -> None:
    decided = decision(estate, CASES[name].text)

    assert decided.question.startswith("Ask ")
    assert decided.question.endswith("?")
    assert decided.summary.startswith("The code does not show who uses this key")


def test_every_category_has_a_case() -> None:
    assert {case.category for case in CASES.values()} == set(_DEFAULTS)
    assert set(_DEFAULTS) >= {row.category for row in catalogue.packaged().sinks}


# --- evidence that does not agree ------------------------------------------------------------

CONFLICTS = {
    "two consumers": (GITHUB + LAMBDA, None, {"ci", "aws-workload"}),
    "a function of somebody who signs in": (LAMBDA + LOGIN, None, {"aws-workload"}),
    "a job of somebody with a name": (GITHUB, user("jane@example.com"), {"ci"}),
    "a function that deploys": (LAMBDA + policy("ecr:PutImage"), None, {"aws-workload"}),
    "a comment of another mind": (LAMBDA, "# for GitHub Actions\n" + user(), {"aws-workload"}),
    "a function that sends mail": (LAMBDA + policy("ses:SendEmail"), None, {"aws-workload"}),
    "a mailer who signs in": (OUTPUT + policy("ses:SendEmail") + LOGIN, None, {"ses-smtp"}),
    "a mail password in CI": (
        sink("github_actions_secret", "plaintext_value", PASSWORD),
        None,
        {"ses-smtp"},
    ),
    "an EKS cluster and CI": (
        kubernetes("  host = data.aws_eks_cluster.c.endpoint\n") + GITHUB.replace('"s"', '"t"'),
        None,
        {"kubernetes", "ci"},
    ),
    "names that pull apart": (OUTPUT, "# smtp\n# k8s\n" + user("deployer"), None),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_nothing_is_said_with_high_confidence_against_the_evidence(
    estate: Estate, name: str
) -> None:
    text, owner, categories = CONFLICTS[name]
    decided = decision(estate, text, owner)

    assert decided.confidence < HIGH
    assert categories is None or decided.category in categories


def test_a_word_in_a_name_is_no_conflict(estate: Estate) -> None:
    """Names say little: a user called deployer whose secret goes to a function."""
    assert decision(estate, LAMBDA, user("deployer")).confidence is HIGH


def test_mail_by_the_policy_yields_to_the_flow(estate: Estate) -> None:
    """What has a role can call the SES API: only SMTP needs a key."""
    decided = decision(estate, LAMBDA + policy("ses:SendEmail"))

    assert decided.alternative == "iam-role"


def test_a_tie_is_not_decided(estate: Estate) -> None:
    decided = decision(estate, OUTPUT, "# smtp\n" + user("svc") + "# k8s\n")

    assert decided.alternative in ("ask-owner", "exception")
    assert decided.confidence is LOW


def test_mail_rights_do_not_make_an_unused_key_used(estate: Estate) -> None:
    project = estate(policy("ses:SendRawEmail"))
    decided = decide(keys(project)[0], project)

    assert (decided.category, decided.alternative) == ("ses-smtp", "delete-unused")
    assert "probably to a mail client" in decided.summary


def test_a_library_hands_on_what_its_outputs_hold(estate: Estate) -> None:
    kept = estate({"modules/key/main.tf": user() + KEY})
    handed = estate({"modules/key/main.tf": user() + KEY + OUTPUT})

    assert decide(keys(kept)[0], kept).alternative == "delete-unused"
    assert decide(keys(handed)[0], handed).alternative == "ask-owner"


def test_a_key_made_by_a_command_is_a_question(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'resource "null_resource" "n" {\n  provisioner "local-exec" {\n'
            '    command = "aws iam create-access-key --user-name ci"\n  }\n}\n'
        }
    )
    decided = decide(keys(project)[0], project)

    assert (decided.alternative, decided.confidence) == ("ask-owner", LOW)
    assert "a command makes this key" in decided.summary


def test_a_key_in_a_known_module(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": 'module "u" {\n  source = "terraform-aws-modules/iam/aws//modules/iam-user"'
            '\n  name   = "x"\n}\n'
            + sink("github_actions_secret", "plaintext_value", "module.u.access_key_secret")
        }
    )
    decided = decide(keys(project)[0], project)

    assert (decided.category, decided.confidence) == ("ci", HIGH)


def test_a_decision_is_made_once(estate: Estate) -> None:
    project = estate({"main.tf": user() + KEY + GITHUB})
    key = keys(project)[0]

    assert decide(key, project) is decide(key, project)


def test_long_and_hostile_words_are_cut_for_the_report(estate: Estate) -> None:
    decided = decision(estate, OUTPUT, f"# github {'x' * 5000}\n" + user())

    assert all(len(line.text) < 200 and "\n" not in line.text for line in decided.evidence)


# --- what a job may hand on, and which platform it is ---------------------------------------------


def made(estate: Estate, files: str | Mapping[str, str]) -> Decision:
    """The decision for the only key."""
    project = estate(files)
    (key,) = keys(project)
    return decide(key, project)


def secret(name: str) -> str:
    return sink("github_actions_secret", "plaintext_value", more=f'  secret_name = "{name}"\n')


@pytest.mark.parametrize(
    ("name", "confidence"),
    [
        ("AWS_SECRET_ACCESS_KEY", HIGH),
        ("PROD_AWS_SECRET_ACCESS_KEY", HIGH),
        ("AWS_SECRET_ACCESS_KEY_DEV", HIGH),
        ("S3_SECRET_KEY", MEDIUM),
        ("SECRET", MEDIUM),
    ],
)
def test_a_secret_that_no_sdk_reads_may_be_for_an_application(name, confidence, estate: Estate):
    found = made(estate, secret(name))
    assert (found.category, found.template) == ("ci", "oidc_github")
    assert found.confidence is confidence
    assert (name in found.unless) is (confidence is MEDIUM)
    assert ("to an application" in found.unless) is (confidence is MEDIUM)


def test_a_name_that_is_not_known_says_nothing(estate: Estate):
    code = secret("x").replace('"x"', "var.name") + 'variable "name" {}\n'
    assert made(estate, code).confidence is HIGH


OUTPUT = f'output "key" {{\n  value     = {SECRET}\n  sensitive = true\n}}\n'
WORKFLOW = "env:\n  AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}\n"


@pytest.mark.parametrize(
    ("name", "file", "template"),
    [
        ("github-actions-deploy", "README.md", "oidc_github"),
        ("gitlab-runner", "README.md", "oidc_gitlab"),
        ("ci-deploy", ".github/workflows/deploy.yml", "oidc_github"),
        ("ci-deploy", ".gitlab-ci.yml", "oidc_gitlab"),
        ("ci-deploy", "README.md", "oidc_generic"),
        ("jenkins", ".github/workflows/deploy.yml", "oidc_generic"),
    ],
)
def test_the_platform_is_that_of_the_evidence(name, file, template, estate: Estate):
    comment = "# For the deployment pipeline.\n" if name.startswith("ci") else ""
    files = {"main.tf": comment + user(name) + KEY + OUTPUT, file: WORKFLOW}
    found = made(estate, files)
    assert (found.category, found.template) == ("ci", template)
    by_file = name == "ci-deploy" and template != "oidc_generic"
    assert any(e.location and e.location.path == file for e in found.evidence) is by_file


def test_workflows_that_sign_in_otherwise_say_nothing(estate: Estate):
    workflow = WORKFLOW.replace("AWS_SECRET_ACCESS_KEY", "ROLE")
    files = {
        "main.tf": "# For the deployment pipeline.\n" + user("ci-deploy") + KEY + OUTPUT,
        ".github/workflows/deploy.yml": workflow,
    }
    assert made(estate, files).template == "oidc_generic"
