"""Each kind of workload: its trust policy, its role, and what the code has already for it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from checks import blocks
from estates import SHAPES, Estate
from workload_shapes import (
    AGENT,
    CLUSTER,
    FUNCTION,
    INSTANCE,
    PODS,
    PROVIDER,
    RELEASE,
    ROLE,
    SECRET_BLOCK,
    TASK,
    WORKLOADS,
    with_argument,
)

from rolefirst.decision import catalogue
from rolefirst.remediation import remediate

CASES = [(name, shape) for name in WORKLOADS for shape in SHAPES]
#: Workload → the name of the role that it runs with, in the root module.
RUNNING = {
    "ec2_with_role": "${aws_iam_role.own.name}",
    "ecs_with_role": "${aws_iam_role.own.name}",
    "lambda": "${aws_iam_role.own.name}",
    "lambda_role_elsewhere": "${basename(var.role_arn)}",
    "batch_with_role": "${aws_iam_role.own.name}",
    "codebuild": "${aws_iam_role.own.name}",
    "beanstalk_with_role": "${aws_iam_role.own.name}",
    "sagemaker": "${aws_iam_role.own.name}",
    "mwaa": "${basename(var.role)}",
    "glue": '"glue"',
}
#: Workload → who assumes its role, and the conditions that AWS documents for it.
SOURCE = ["aws:SourceAccount", "aws:SourceArn"]
TRUSTS = {
    "ec2": ("ec2.amazonaws.com", []),
    "launch_template": ("ec2.amazonaws.com", []),
    "ecs": ("ecs-tasks.amazonaws.com", SOURCE),
    "batch": ("ecs-tasks.amazonaws.com", []),
    "apprunner": ("tasks.apprunner.amazonaws.com", []),
    "beanstalk": ("ec2.amazonaws.com", []),
    "iot": ("credentials.iot.amazonaws.com", []),
}


def estate(tmp_path, workload: str, shape: str = "root") -> Estate:
    return Estate(tmp_path, workload, shape)


def bodies(made: Estate, type: str, kind: str = "resource") -> list[dict]:
    found = blocks(made.remediation.terraform, kind)
    return [body for block_type, _, body in found if block_type == type]


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_new_code_alone_is_found_by_no_rule(name, shape, tmp_path):
    made = estate(tmp_path, WORKLOADS[name][0], shape)
    before = made.findings()
    made.apply()
    known = {(finding.rule.id, finding.address) for finding in before}
    known.add(("RF103", made.key.address))  # the new role makes the key superfluous
    assert {(finding.rule.id, finding.address) for finding in made.findings()} <= known


@pytest.mark.parametrize("name", TRUSTS)
def test_the_role_trusts_its_service_alone(name, tmp_path):
    service, keys = TRUSTS[name]
    made = estate(tmp_path, WORKLOADS[name][0])
    (role,) = bodies(made, "aws_iam_role")
    trust = bodies(made, "aws_iam_policy_document", "data")[0]
    (statement,) = trust["statement"]
    assert role["assume_role_policy"].endswith("_trust.json}")
    assert statement["principals"][0]["identifiers"] == [f'"{service}"']
    conditions = statement.get("condition", [])
    assert [each["variable"].strip('"') for each in conditions] == keys
    if keys:
        assert conditions[1]["values"] == [
            '"arn:*:ecs:*:${data.aws_caller_identity.uploader_task.account_id}:*"'
        ]


@pytest.mark.parametrize(
    ("type", "arn"),
    [
        ("aws_ecs_task_definition", "arn:*:ecs:*:<account>:*"),
        ("aws_codebuild_project", "arn:*:codebuild:*:<account>:project/*"),
        ("aws_mwaa_environment", "arn:*:airflow:*:<account>:environment/*"),
        ("aws_sagemaker_training_job", "arn:*:sagemaker:*:<account>:*"),
        ("aws_datasync_location_object_storage", "arn:*:datasync:*:<account>:*"),
        ("aws_bedrockagentcore_agent_runtime", "arn:*:bedrock-agentcore:*:<account>:*"),
        ("aws_lambda_function", ""),
        ("aws_glue_job", ""),
        ("aws_apprunner_service", ""),
    ],
)
def test_sources_that_services_name(type, arn):
    rows = [row for row in catalogue.packaged().sinks if type in row.types]
    assert arn in {row.source_arn for row in rows}
    assert {row.source_arn for row in rows} <= {arn, ""}


@pytest.mark.parametrize(("name", "shape"), [case for case in CASES if case[0] in RUNNING])
def test_a_role_that_is_there_gets_the_policies(name, shape, tmp_path):
    made = estate(tmp_path, WORKLOADS[name][0], shape)
    assert bodies(made, "aws_iam_role") == bodies(made, "aws_iam_instance_profile") == []
    (policy,) = bodies(made, "aws_iam_role_policy")
    assert policy["role"] == RUNNING[name]
    own_names = {"lambda", "lambda_role_elsewhere", "mwaa", "glue"}
    assert (made.remediation.applicability == "safe") is (name not in own_names)
    steps = "\n".join(made.remediation.steps)
    assert "Create" not in steps
    assert "Carry over" not in steps
    assert "aws_iam_role.uploader" not in steps


def test_an_inline_policy_of_the_role_is_not_overwritten(tmp_path):
    made = estate(tmp_path, ROLE + FUNCTION)
    (policy,) = bodies(made, "aws_iam_role_policy")
    assert policy["name"] == '"uploader_lambda_up"'


def test_others_with_the_same_role_are_named(tmp_path):
    other = 'resource "aws_lambda_function" "other" {\n  role = aws_iam_role.own.arn\n}\n'
    profile = (
        'resource "aws_instance" "i" {\n'
        "  iam_instance_profile = aws_iam_instance_profile.own.id\n}\n"
    )
    made = estate(tmp_path, ROLE + FUNCTION + other + profile)
    assert set(made.facts.workload.sharers) == {"aws_lambda_function.other", "aws_instance.i"}
    assert made.remediation.applicability == "review"
    assert "aws_lambda_function.other" in made.remediation.terraform
    assert any("aws_instance.i" in step for step in made.remediation.steps)


def test_a_boundary_of_the_user_does_not_come_along_in_silence(tmp_path):
    made = estate(tmp_path, ROLE + FUNCTION)
    bounded = replace(made.facts, boundary=made.facts.policies[0])
    found = remediate(made.finding.decision, bounded)
    assert found.applicability == "review"
    assert any("Compare the permissions boundaries" in step for step in found.steps)


def test_exclusive_lists_of_the_user_are_not_put_on_a_role_that_is_there(tmp_path):
    made = estate(tmp_path, ROLE + FUNCTION)
    found = remediate(made.finding.decision, replace(made.facts, exclusive=("managed", "inline")))
    assert "_exclusive" not in found.terraform


@pytest.mark.parametrize(
    "workload",
    [
        'variable "role" {}\n' + with_argument(TASK, "  task_role_arn = var.role", '"api" {'),
        'variable "p" {}\n' + with_argument(INSTANCE, "  iam_instance_profile = var.p", '"web" {'),
    ],
)
def test_a_role_that_may_be_there_is_carried_over_by_hand(workload, tmp_path):
    made = estate(tmp_path, workload)
    assert len(bodies(made, "aws_iam_role")) == 1
    assert made.remediation.applicability == "review"
    assert any("Carry over" in step for step in made.remediation.steps)


def test_a_profile_that_is_only_read_names_its_role(tmp_path):
    data = 'data "aws_iam_instance_profile" "p" {\n  name = "p"\n}\n'
    line = "  iam_instance_profile = data.aws_iam_instance_profile.p.name"
    made = estate(tmp_path, data + with_argument(INSTANCE, line, '"web" {'))
    (policy,) = bodies(made, "aws_iam_role_policy")
    assert policy["role"] == "${data.aws_iam_instance_profile.p.role_name}"


# --- Kubernetes -----------------------------------------------------------------------------------


def variables(made: Estate) -> set[str]:
    return set(re.findall(r'^variable "uploader_\w+?_(\w+)"', made.remediation.terraform, re.M))


@pytest.mark.parametrize(
    ("workload", "template", "asked"),
    [
        (SECRET_BLOCK, "eks_pod_identity", {"cluster_name", "service_account"}),
        (CLUSTER + SECRET_BLOCK, "eks_pod_identity", {"service_account"}),
        (CLUSTER + AGENT + PODS, "eks_pod_identity", set()),
        (CLUSTER + PROVIDER + PODS, "irsa", set()),
        (CLUSTER + PROVIDER + AGENT + PODS, "eks_pod_identity", set()),
        (
            CLUSTER + PROVIDER + AGENT + 'resource "aws_eks_fargate_profile" "f" {}\n' + PODS,
            "irsa",
            set(),
        ),
        (RELEASE, "eks_pod_identity", set()),
        (RELEASE.replace("eks-pod-identity-agent", "coredns"), "irsa", set()),
        (
            RELEASE.replace("eks-pod-identity-agent = {}", "")
            .replace("cluster_addons", "x")
            .replace('cluster_name = "main"', 'cluster_name = "main"\n  enable_irsa = false'),
            "eks_pod_identity",
            set(),
        ),
        (CLUSTER + CLUSTER.replace('"main"', '"b"') + PODS, "eks_pod_identity", {"cluster_name"}),
        (
            CLUSTER + AGENT + PODS.replace('"kubernetes_deployment"', '"kubernetes_stateful_set"'),
            "eks_pod_identity",
            set(),
        ),
    ],
)
def test_pods_have_what_the_code_says(workload, template, asked, tmp_path):
    made = estate(tmp_path, workload)
    assert made.remediation.template == template
    assert variables(made) == asked


def test_a_cluster_in_the_code_is_referred_to(tmp_path):
    made = estate(tmp_path, CLUSTER + AGENT + PODS)
    (association,) = bodies(made, "aws_eks_pod_identity_association")
    account = "kubernetes_service_account.shop.metadata[0]"
    assert association["cluster_name"] == "${aws_eks_cluster.main.name}"
    assert association["namespace"] == f"${{{account}.namespace}}"
    assert association["service_account"] == f"${{{account}.name}}"


def test_pods_that_read_the_secret_name_the_service_account(tmp_path):
    reader = PODS.replace("aws_iam_access_key.up.id", "kubernetes_secret.aws.id").replace(
        "aws_iam_access_key.up.secret", '"x"'
    )
    made = estate(tmp_path, CLUSTER + AGENT + SECRET_BLOCK + reader)
    (association,) = bodies(made, "aws_eks_pod_identity_association")
    assert association["namespace"] == '"shop"'
    assert association["service_account"] == "${kubernetes_service_account.shop.metadata[0].name}"


@pytest.mark.parametrize(
    ("version", "output"), [("~> 20.0", "cluster_name"), ("18.31.2", "cluster_id")]
)
def test_the_public_module_names_the_cluster(version, output, tmp_path):
    made = estate(tmp_path, RELEASE.replace("~> 20.0", version))
    (association,) = bodies(made, "aws_eks_pod_identity_association")
    assert association["cluster_name"] == f"${{module.eks.{output}}}"


def test_pods_are_pinned_to_one_service_account_of_one_cluster(tmp_path):
    made = estate(tmp_path, CLUSTER + AGENT + PODS)
    trust = bodies(made, "aws_iam_policy_document", "data")[0]["statement"][0]
    assert trust["actions"] == ['"sts:AssumeRole"', '"sts:TagSession"']
    tags = [each["variable"].strip('"').rpartition("/")[2] for each in trust["condition"]]
    assert tags == ["eks-cluster-name", "kubernetes-namespace", "kubernetes-service-account"]


def test_a_role_for_service_accounts_pins_audience_and_subject(tmp_path):
    made = estate(tmp_path, CLUSTER + PROVIDER + PODS)
    trust = bodies(made, "aws_iam_policy_document", "data")[0]["statement"][0]
    assert trust["actions"] == ['"sts:AssumeRoleWithWebIdentity"']
    provider = "aws_iam_openid_connect_provider.eks.arn"
    assert trust["principals"][0]["identifiers"] == [f"${{{provider}}}"]
    claims = [each["variable"].strip('"').rpartition(":")[2] for each in trust["condition"]]
    assert claims == ["aud", "sub"]
    assert "openid_connect_provider" not in json.dumps(
        [type for type, _, _ in blocks(made.remediation.terraform, "resource")]
    )


def test_devices_get_a_role_alias(tmp_path):
    made = estate(tmp_path, WORKLOADS["iot"][0])
    (alias,) = bodies(made, "aws_iot_role_alias")
    assert alias["alias"] == '"uploader-device"'
    assert len(bodies(made, "aws_iot_policy")) == 1
    assert any("iot:CredentialProvider" in step for step in made.remediation.steps)


def test_a_switch_by_edits_is_said(tmp_path):
    made = estate(tmp_path, TASK)
    by_hand = made.remediation.steps
    by_edits = remediate(made.finding.decision, replace(made.facts, switched=True)).steps
    assert not any("edits of stage" in step for step in by_hand)
    assert any(
        "edits of stage" in step and "give aws_iam_role.uploader_task" in step for step in by_edits
    )


@pytest.mark.parametrize(
    "role", ['var.own ? aws_iam_role.own.arn : ""', "try(aws_iam_role.own.arn, null)"]
)
def test_one_of_several_roles_is_not_taken_for_the_role(role, tmp_path):
    line = f"  task_role_arn = {role}"
    made = estate(tmp_path, 'variable "own" {}\n' + ROLE + with_argument(TASK, line, '"api" {'))
    assert made.facts.workload.role is None
    assert made.facts.has_role
    assert made.switched() is None


def test_a_role_is_reached_through_its_own_provider(tmp_path):
    role = ROLE.replace('"own" {\n  name               = "own"', '"own" {\n  provider = aws.east\n')
    (policy,) = bodies(estate(tmp_path, role + FUNCTION, "module"), "aws_iam_role_policy")
    assert policy["provider"] == "${aws.east}"


def test_the_instances_of_a_consumer_do_not_share_their_role_with_each_other(tmp_path):
    two = ROLE + with_argument(FUNCTION, "  count = 2", '"job" {')
    assert estate(tmp_path, two).facts.workload.sharers == ()


@pytest.mark.parametrize(
    ("workload", "names"),
    [
        (TASK, ()),
        (TASK.replace("AWS_SECRET_ACCESS_KEY", "S3_SECRET"), ("S3_SECRET",)),
        (ROLE + FUNCTION, ("KEY_ID", "KEY_SECRET")),
        (WORKLOADS["glue"][0], ("--secret",)),
        (WORKLOADS["codebuild"][0].replace("AWS_SECRET_ACCESS_KEY", "SECRET"), ("SECRET",)),
        (CLUSTER + AGENT + PODS, ()),
        (INSTANCE, ()),
    ],
)
def test_code_that_names_the_key_itself_has_to_change_too(workload, names, tmp_path):
    made = estate(tmp_path, workload)
    assert made.facts.workload.own_names == names
    assert (made.remediation.applicability == "safe") is not bool(names)
    said = [step for step in made.remediation.steps if "default credentials of its SDK" in step]
    assert len(said) == bool(names)
    assert all(name in step for step in said for name in names)
