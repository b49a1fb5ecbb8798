"""Keys as they occur, and keys as an attacker would write them."""

from __future__ import annotations

import json
from pathlib import Path

from rolefirst.findings import Confidence, Consumer, Decision, Location, PassedOver
from rolefirst.remediation import KeyFacts, PolicySource

TEMPLATE_FILES = Path(__file__).parents[2] / "templates" / "remediation"
TEMPLATES = sorted(
    path.name.removesuffix(".tf.j2")
    for path in TEMPLATE_FILES.glob("*.tf.j2")
    if not path.name.startswith("_")
)
CONSUMERS = {
    "instance_profile": ("aws_instance.web", "user_data"),
    "ecs_task_role": ("aws_ecs_task_definition.api", "container_definitions"),
    "lambda_role": ("aws_lambda_function.job", "environment"),
    "service_role": ("aws_mwaa_environment.air", "airflow_configuration_options"),
    "eks_pod_identity": ("kubernetes_secret.aws", "data"),
    "oidc_github": ("github_actions_secret.aws", "plaintext_value"),
    "oidc_gitlab": ("gitlab_project_variable.aws", "value"),
    "oidc_generic": ("tfe_variable.aws", "value"),
    "identity_center": ("output.secret", "value"),
    "cross_account_role": ("fastly_service_vcl.cdn", "logging_s3"),
    "roles_anywhere": ("heroku_config.app", "sensitive_vars"),
    "exception": ("heroku_config.app", "sensitive_vars"),
}
S3_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::uploads/${aws:username}/*",
            }
        ],
    }
)
HOSTILE = (
    'x"}\nresource "evil" "e" {\n${file("/etc/passwd")} %{ if true } '
    "{{ 7 * 7 }} {% raw %} `\u202e\x1b[31m*/ é"
)


def consumer_for(template: str) -> Consumer | None:
    """The consumer that leads to a template."""
    if template not in CONSUMERS:
        return None
    address, attribute = CONSUMERS[template]
    return Consumer(
        address, attribute, "secret", Location("main.tf", 9), "", address.partition(".")[0]
    )


def decision_for(template: str, facts: KeyFacts, **changes: object) -> Decision:
    """A decision for a template, whose consumer is that of the facts or the usual one."""
    consumer = facts.consumer or consumer_for(template)
    fields: dict[str, object] = {
        "category": "aws-workload",
        "alternative": "iam-role",
        "confidence": Confidence.HIGH,
        "summary": "",
        "template": template,
        "consumers": (consumer,) if consumer else (),
        "passed_over": (PassedOver("iam-role", "it runs outside AWS"),),
    }
    return Decision(**(fields | changes))  # type: ignore[arg-type]


USUAL = KeyFacts(
    "module.ci.aws_iam_access_key.deploy",
    "deploy",
    "ci-uploader",
    "aws_iam_user.ci.name",
    (
        PolicySource("managed", "arn:aws:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess"),
        PolicySource("managed", "arn:aws:iam::123456789012:policy/team/Deploy", "Deploy"),
        PolicySource("managed-expression", "aws_iam_policy.more.arn", "more"),
        PolicySource("document", S3_POLICY, "uploads"),
        PolicySource("document-expression", "aws_iam_user_policy.ci.policy", "uploads"),
        PolicySource("document-expression", "data.aws_iam_policy_document.ci.json", "ci"),
    ),
    None,
    "aws.west",
    {"Team": "platform", "cost:centre": "42", "Owner": "ann@example.com"},
)
BARE = KeyFacts("aws_iam_access_key.this", "this", "", "", (), None, "", {})
ONE_DOCUMENT = KeyFacts(
    "aws_iam_access_key.this",
    "this",
    "uploader",
    "aws_iam_user.u.name",
    (PolicySource("document", S3_POLICY, "uploads"),),
    None,
    "",
    {"Team": "platform"},
)
EVIL = KeyFacts(
    f'module.m["{HOSTILE}"].aws_iam_access_key.this',
    HOSTILE,
    HOSTILE * 4,
    f"aws_iam_user.x.name\n{HOSTILE}",
    (
        PolicySource("managed", f"arn:aws:iam::aws:policy/{HOSTILE}", HOSTILE),
        PolicySource("managed-expression", f"aws_iam_policy.x.arn\n{HOSTILE}", HOSTILE),
        PolicySource("document", json.dumps({"Statement": [], HOSTILE: HOSTILE}), HOSTILE),
        PolicySource("document", "[" * 100_000, "deep"),
        PolicySource("document-expression", 'file("/etc/passwd")', ""),
        PolicySource("document-expression", "each.value.policy", "each"),
    ),
    Consumer(HOSTILE, HOSTILE, "secret", Location(HOSTILE, 1), HOSTILE, HOSTILE),
    f"aws.{HOSTILE}",
    {HOSTILE: HOSTILE, "日本": "値", "a" * 200: "b", "owner": "n/a"},
)
LONG = KeyFacts(
    "aws_iam_access_key." + "k" * 200, "k" * 200, "ü" * 200, "", BARE.policies, None, "", {}
)
ALIAS = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
FIXTURE = (
    ALIAS
    + """
resource "aws_iam_user" "ci" {
  name = "ci-uploader"
}

data "aws_iam_policy_document" "ci" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = ["*"]
  }
}

resource "aws_iam_user_policy" "ci" {
  user   = aws_iam_user.ci.name
  policy = data.aws_iam_policy_document.ci.json
}

resource "aws_iam_policy" "more" {
  policy = data.aws_iam_policy_document.ci.json
}
"""
)
#: Name → the facts, and the code they refer to.
SHAPES = {
    "usual": (USUAL, FIXTURE),
    "bare": (BARE, ""),
    "one_document": (ONE_DOCUMENT, ""),
    "evil": (EVIL, ""),
    "long": (LONG, ""),
}
