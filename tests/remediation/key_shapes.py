"""Keys as they occur, and keys as an attacker would write them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from rolefirst.decision import catalogue
from rolefirst.findings import Confidence, Consumer, Decision, Location, PassedOver
from rolefirst.remediation import KeyFacts
from rolefirst.remediation.keyfacts import Group, Mention, PolicySource, Written

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


#: As somebody wrote it, not formatted.
POLICY_EXPRESSION = """jsonencode({
      Version = "2012-10-17",
      Statement = [{
        Effect = "Allow"
        Action   = ["s3:GetObject","s3:PutObject"]
          Resource = "arn:aws:s3:::${ var.name }/$${aws:username}/*"
      }]
    })"""


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


def managed(label: str, arn: str = "", expression: str = "", **more: object) -> PolicySource:
    return PolicySource(True, Written(arn, expression), label, **more)  # type: ignore[arg-type]


def document(label: str, json: str = "", expression: str = "") -> PolicySource:
    return PolicySource(False, Written(json, expression), label)


def with_consumer(facts: KeyFacts, template: str) -> KeyFacts:
    """The facts with the usual consumer of a template and its row of the catalogue."""
    consumer = facts.consumer or consumer_for(template)
    if consumer is None:
        return facts
    row = catalogue.packaged().sink(consumer.type, consumer.attribute)
    row = row if row and row.template == template else None
    return replace(facts, consumer=consumer, sink=row, has_role=bool(row and row.has_role))


USUAL = KeyFacts(
    "module.ci.aws_iam_access_key.deploy",
    "deploy",
    directory="modules/ci",
    module="module.ci.",
    calls=("module.ci",),
    only_key=False,
    user_address="module.ci.aws_iam_user.ci",
    user_label="ci",
    user_name=Written("ci-uploader", '"ci-uploader"'),
    policies=(
        managed("ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        managed("Deploy", "arn:aws:iam::123456789012:policy/team/Deploy"),
        managed("more", expression="aws_iam_policy.more.arn"),
        document("uploads", S3_POLICY),
        document("uploads", expression="aws_iam_user_policy.ci.policy"),
        document("ci", expression="data.aws_iam_policy_document.ci.json"),
    ),
    provider_alias="aws.west",
    tags={"Team": "platform", "cost:centre": "42", "Owner": "ann@example.com"},
)
BARE = KeyFacts("aws_iam_access_key.this", "this")
ONE_DOCUMENT = KeyFacts(
    "aws_iam_access_key.this",
    "this",
    user_address="aws_iam_user.u",
    user_label="u",
    user_name=Written("uploader", '"uploader"'),
    policies=(document("uploads", S3_POLICY),),
    tags={"Team": "platform"},
)
#: In a module: everything is an expression that each call gives another value.
EXPRESSIONS = KeyFacts(
    "module.a.aws_iam_access_key.key",
    "key",
    directory="modules/uploader",
    module="module.a.",
    calls=("module.a", "module.b"),
    user_address="module.a.aws_iam_user.up",
    user_label="up",
    user_name=Written("a-up", '"${var.name}-up"'),
    policies=(
        managed("read", "arn:aws:iam::aws:policy/A", '"arn:aws:iam::aws:policy/${var.name}"'),
        document("up", S3_POLICY, POLICY_EXPRESSION),
    ),
    boundary=managed("boundary", expression="var.boundary_arn"),
    tags={"Team": "a"},
    tags_expression='merge(var.tags, {\n  "Team" = var.name\n})',
)
#: What cannot simply be moved.
TIED = replace(
    EXPRESSIONS,
    policies=(
        *EXPRESSIONS.policies,
        managed(
            "held",
            expression="aws_iam_policy.more.arn",
            holder="module.a.aws_iam_policy_attachment.held",
            roles=Written("", "[var.name]"),
            users=Written("", "[aws_iam_user.up.name]"),
        ),
        managed(
            "alone",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            holder="module.a.aws_iam_policy_attachment.alone",
        ),
    ),
    exclusive=("managed", "inline"),
    unread=("module.a.aws_iam_user_policy_attachments_exclusive.x.policy_arns",),
    groups=(
        Group("admins", "module.a.aws_iam_user_group_membership.m", False, True),
        Group("devs", "module.a.aws_iam_group_membership.d", True, True),
        Group("ops", "module.a.aws_iam_group_membership.o", True, False),
    ),
    mentions=(
        Mention("module.a.aws_iam_user_policy.up", "aws:username", True),
        Mention("aws_s3_bucket_policy.b", "ARN", False),
    ),
)
EVIL = KeyFacts(
    f'module.m["{HOSTILE}"].aws_iam_access_key.this',
    HOSTILE,
    directory=HOSTILE,
    module=HOSTILE,
    calls=(HOSTILE, HOSTILE + "2"),
    switch=HOSTILE,
    only_key=False,
    user_address=f"aws_iam_user.x\n{HOSTILE}",
    user_label=HOSTILE,
    user_name=Written(HOSTILE * 4, f'"${{{HOSTILE}}}"'),
    repeated=HOSTILE,
    policies=(
        managed(HOSTILE, f"arn:aws:iam::aws:policy/{HOSTILE}"),
        managed(HOSTILE, "", f"aws_iam_policy.x.arn\n{HOSTILE}", holder=HOSTILE),
        document(HOSTILE, json.dumps({"Statement": [], HOSTILE: HOSTILE})),
        document("deep", "[" * 100_000),
        document("", "", 'file("/etc/passwd")}\n\nresource "evil" "e" {'),
        document("each", "", "each.value.policy"),
    ),
    boundary=managed("boundary", "", HOSTILE),
    exclusive=(HOSTILE,),
    unread=(HOSTILE,),
    groups=(Group(HOSTILE, HOSTILE, False, False),),
    mentions=(Mention(HOSTILE, HOSTILE, True), Mention(HOSTILE, HOSTILE, False)),
    provider_alias=f"aws.{HOSTILE}",
    tags={HOSTILE: HOSTILE, "日本": "値", "a" * 200: "b", "owner": "n/a"},
    tags_expression=HOSTILE,
    consumer=Consumer(HOSTILE, HOSTILE, "secret", Location(HOSTILE, 1), HOSTILE, HOSTILE),
)
LONG = KeyFacts(
    "aws_iam_access_key." + "k" * 200,
    "k" * 200,
    only_key=False,
    user_label="u" * 200,
    user_name=Written("ü" * 200, ""),
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
MODULE = """
variable "name" {
  type = string
}

variable "boundary_arn" {
  type = string
}

variable "tags" {
  type = map(string)
}

resource "aws_iam_user" "up" {
  name = "${var.name}-up"
}

resource "aws_iam_policy" "more" {
  policy = "{}"
}
"""
#: Name → the facts, and the code they refer to.
SHAPES = {
    "usual": (USUAL, FIXTURE),
    "bare": (BARE, ""),
    "one_document": (ONE_DOCUMENT, ""),
    "expressions": (EXPRESSIONS, MODULE),
    "tied": (TIED, MODULE),
    "evil": (EVIL, ""),
    "long": (LONG, ""),
}
