"""What stands in place of an access key: rendered Terraform and the steps that avoid an outage.

The templates are ``templates/remediation/<Decision.template>.tf.j2``. Everything that comes from a
scanned repository is hostile, so a template cannot print a plain value: what it prints has passed
a filter of this module and is ``Hcl``, and the environment refuses anything else.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolefirst.errors import UsageError
from rolefirst.findings import Confidence, Consumer, Decision, Remediation

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class PolicySource:
    """One policy of the user. ``label`` is a short name for the resources that carry it over.

    ``kind`` says what ``value`` is: an ARN (``managed``), an expression of one
    (``managed-expression``), JSON text (``document``) or an expression of it
    (``document-expression``).
    """

    kind: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What the code tells about a key and its user; empty strings where it does not."""

    key_address: str
    key_name: str
    user_name: str
    user_expression: str
    policies: tuple[PolicySource, ...]
    consumer: Consumer | None
    provider_alias: str
    tags: dict[str, str]


class Hcl(str):
    """Text that is safe where it goes in Terraform code. Only the filters below make it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Policy:
    """A policy as a template prints it; ``customer_*`` name a customer managed one."""

    label: str
    expression: Hcl
    customer_name: Hcl = Hcl("")
    customer_path: Hcl = Hcl("")


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable that stands for a policy the code does not tell."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A template: the suffix of its names, its title, and what to do at the consumer.

    ``switch`` may name ``{consumer}``, ``{attribute}``, ``{argument}`` and ``{label}``.
    """

    suffix: str
    title: str
    switch: str = ""
    principals: tuple[str, ...] = ()


_SET = "Switch the consumer: in {consumer} set {argument} to "
_REMOVE = " and remove the key from {attribute}; apply"
_KINDS = {
    "instance_profile": _Kind(
        "instance",
        "An instance profile for the EC2 instance",
        _SET + "aws_iam_instance_profile.{label}.name" + _REMOVE + " and restart what runs there.",
        ("ec2.amazonaws.com",),
    ),
    "ecs_task_role": _Kind(
        "task",
        "A task role for the ECS task",
        _SET + "aws_iam_role.{label}.arn" + _REMOVE + " and let the service deploy.",
        ("ecs-tasks.amazonaws.com",),
    ),
    "lambda_role": _Kind(
        "lambda",
        "An execution role for the Lambda function",
        _SET + "aws_iam_role.{label}.arn" + _REMOVE + ".",
        ("lambda.amazonaws.com",),
    ),
    "service_role": _Kind(
        "service",
        "A service role for the workload",
        _SET + "aws_iam_role.{label}.arn" + _REMOVE + ".",
    ),
    "eks_pod_identity": _Kind(
        "pod",
        "EKS Pod Identity for the pods",
        "Switch the consumer: install the add-on eks-pod-identity-agent if the cluster lacks it, "
        "run the pods that read {consumer} under the service account of "
        "aws_eks_pod_identity_association.{label}, remove the key from {attribute} and restart "
        "the pods: keys in the environment win over the role.",
        ("pods.eks.amazonaws.com",),
    ),
    "oidc_github": _Kind(
        "github",
        "GitHub Actions signs in with OIDC",
        "Switch the consumer: give the workflow `permissions: id-token: write` and let "
        "aws-actions/configure-aws-credentials take `role-to-assume` from a "
        "github_actions_variable that holds aws_iam_role.{label}.arn; then remove {consumer}.",
    ),
    "oidc_gitlab": _Kind(
        "gitlab",
        "GitLab CI signs in with OIDC",
        "Switch the consumer: declare `id_tokens` with the same `aud` in the job, let it assume "
        "aws_iam_role.{label}.arn with that token, and let {consumer} hold the role's ARN "
        "instead of the key.",
    ),
    "oidc_generic": _Kind(
        "oidc",
        "The workload signs in with OIDC",
        "Switch the consumer: let the job that uses {consumer} assume aws_iam_role.{label}.arn "
        "with its own identity token (AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, or the "
        "platform's own setting); then remove the key from {attribute}.",
    ),
    "identity_center": _Kind(
        "people",
        "IAM Identity Center for people",
        "Switch the people: add them to the group, let each run `aws configure sso` and "
        "`aws sso login`, and remove the key from their ~/.aws/credentials and from {consumer}.",
    ),
    "cross_account_role": _Kind(
        "external",
        "A role for the other account, with an external id",
        "Switch the consumer: in {consumer} set {argument} to aws_iam_role.{label}.arn, agree on "
        "the external id, and remove the key from {attribute}.",
    ),
    "roles_anywhere": _Kind(
        "anywhere",
        "IAM Roles Anywhere for the workload outside AWS",
        "Switch the consumer: on the host behind {consumer} set `credential_process` to "
        "aws_signing_helper with the ARNs of aws_rolesanywhere_trust_anchor.{label}, "
        "aws_rolesanywhere_profile.{label} and aws_iam_role.{label}; then remove the key there.",
        ("rolesanywhere.amazonaws.com",),
    ),
    "exception": _Kind(
        "exception",
        "A documented exception: the access key stays, bounded",
        "Switch the consumer: let {consumer} read the secret "
        "aws_secretsmanager_secret.{label} each time it signs in, instead of keeping a copy.",
    ),
    "delete_unused": _Kind("unused", "The access key can go"),
    "ask_owner": _Kind("unknown", "Who uses the access key is not known"),
}


@dataclass(frozen=True, slots=True)
class _Sink:
    """Where a consumer takes its role: the argument, the services that assume it.

    ``has_role`` means that it cannot exist without a role, so one with rights is there already.
    """

    argument: str
    services: tuple[str, ...] = ()
    has_role: bool = False


_SETTING = (
    'the setting IamInstanceProfile (namespace "aws:autoscaling:launchconfiguration", '
    "which takes the profile's name)"
)
_MWAA = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
_SINKS = {
    "aws_instance": _Sink("iam_instance_profile"),
    "aws_launch_template": _Sink("iam_instance_profile { name }"),
    "aws_launch_configuration": _Sink("iam_instance_profile"),
    "aws_spot_instance_request": _Sink("iam_instance_profile"),
    "aws_spot_fleet_request": _Sink("launch_specification.iam_instance_profile"),
    "aws_elastic_beanstalk_environment": _Sink(_SETTING),
    "aws_ecs_task_definition": _Sink("task_role_arn"),
    "aws_ecs_express_gateway_service": _Sink("task_role_arn"),
    "aws_ecs_daemon_task_definition": _Sink("task_role_arn"),
    "aws_lambda_function": _Sink("role", ("lambda.amazonaws.com",), True),
    "aws_synthetics_canary": _Sink("execution_role_arn", ("lambda.amazonaws.com",), True),
    "aws_apprunner_service": _Sink(
        "instance_configuration.instance_role_arn", ("tasks.apprunner.amazonaws.com",)
    ),
    "aws_batch_job_definition": _Sink(
        "jobRoleArn inside container_properties", ("ecs-tasks.amazonaws.com",)
    ),
    "aws_codebuild_project": _Sink("service_role", ("codebuild.amazonaws.com",), True),
    "aws_glue_job": _Sink("role_arn", ("glue.amazonaws.com",), True),
    "aws_glue_connection": _Sink(
        "role_arn of the jobs that use it", ("glue.amazonaws.com",), True
    ),
    "aws_sagemaker_model": _Sink("execution_role_arn", ("sagemaker.amazonaws.com",), True),
    "aws_sagemaker_notebook_instance": _Sink("role_arn", ("sagemaker.amazonaws.com",), True),
    "aws_sagemaker_training_job": _Sink("role_arn", ("sagemaker.amazonaws.com",), True),
    "aws_sagemaker_domain": _Sink(
        "default_user_settings.execution_role", ("sagemaker.amazonaws.com",), True
    ),
    "aws_mwaa_environment": _Sink("execution_role_arn", _MWAA, True),
    "aws_amplify_app": _Sink("compute_role_arn", ("amplify.amazonaws.com",)),
    "aws_amplify_branch": _Sink("compute_role_arn of its app", ("amplify.amazonaws.com",)),
    "fastly_service_vcl": _Sink("s3_iam_role in logging_s3 (iam_role in logging_kinesis)"),
    "datadog_integration_aws": _Sink("role_name"),
}
