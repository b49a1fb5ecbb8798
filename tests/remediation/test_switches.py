"""What the edits of a switch leave of the consumer's own code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from estates import KEY, SHAPES, Estate
from workload_shapes import (
    BEANSTALK,
    CLUSTER,
    FUNCTION,
    ID,
    JOB,
    PODS,
    PROVIDER,
    ROLE,
    SECRET,
    TASK,
    WORKLOADS,
    with_argument,
)

from rolefirst.findings import Edit
from rolefirst.remediation.switches import in_order, switch_edits

CASES = [(name, shape) for name in WORKLOADS for shape in SHAPES]


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_a_switch_is_whole_or_none(name, shape, tmp_path):
    edits = Estate(tmp_path, WORKLOADS[name][0], shape).switched()
    assert len(edits or ()) == WORKLOADS[name][2]
    assert (edits is None) is not bool(WORKLOADS[name][2])
    assert {edit.stage for edit in edits or ()} <= {"switch"}


def switched(tmp_path, workload: str) -> str:
    """The workload's file after the switch; empty when there is none."""
    made = Estate(tmp_path, workload, "root")
    edits = made.switched()
    return made.apply(edits) if edits else ""


def test_a_task_is_given_the_role_and_keeps_its_other_settings(tmp_path):
    code = switched(tmp_path, TASK)
    assert "task_role_arn = aws_iam_role.uploader_task.arn" in code
    assert '{ name = "PORT", value = "80" }' in code
    assert "AWS_ACCESS_KEY_ID" not in code


def test_a_workload_with_a_role_keeps_it(tmp_path):
    code = switched(tmp_path, ROLE + FUNCTION)
    assert "role          = aws_iam_role.own.arn" in code
    assert 'variables = {\n      STAGE = "prod"\n    }' in code


def test_a_map_that_would_be_empty_goes_with_the_block_around_it(tmp_path):
    code = switched(tmp_path, ROLE + FUNCTION.replace('      STAGE      = "prod"\n', ""))
    assert "environment" not in code


def test_a_batch_job_is_given_its_role_inside_the_json(tmp_path):
    code = switched(tmp_path, JOB)
    inside = code.split("jsonencode({")[1].split("})")[0]
    assert "jobRoleArn = aws_iam_role.uploader_task.arn" in inside


def test_beanstalk_is_given_a_setting(tmp_path):
    code = switched(tmp_path, BEANSTALK)
    assert code.count("setting {") == 2
    assert 'name      = "IamInstanceProfile"' in code
    assert "value     = aws_iam_instance_profile.uploader_instance.name" in code


def test_an_instance_configuration_that_is_there_is_not_made_twice(tmp_path):
    there = '  instance_configuration {\n    cpu = "1024"\n  }\n'
    code = switched(
        tmp_path,
        with_argument(WORKLOADS["apprunner"][0], there, 'service_name = "s"\n'),
    )
    assert code.count("instance_configuration {") == 1
    assert "instance_role_arn = aws_iam_role.uploader_service.arn" in code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "",
            'annotations = {\n      "eks.amazonaws.com/role-arn" = aws_iam_role.uploader_pods.arn',
        ),
        (
            '    annotations = {\n      team = "a"\n    }\n',
            '"eks.amazonaws.com/role-arn" = aws_iam_role.uploader_pods.arn',
        ),
    ],
)
def test_the_service_account_is_annotated(before, after, tmp_path):
    pods = PODS.replace('    namespace = "shop"\n', f'    namespace = "shop"\n\n{before}', 1)
    code = switched(tmp_path, CLUSTER + PROVIDER + pods)
    assert after in code
    assert code.count("annotations") == 1
    assert code.count("env {") == 1


@pytest.mark.parametrize(
    ("why", "workload"),
    [
        ("the key is part of a text", TASK.replace(SECRET, f'"x${{{SECRET}}}"')),
        ("the key is one of two", TASK.replace(SECRET, f'true ? {SECRET} : "x"')),
        ("it is used elsewhere too", TASK.replace('"api"\n  c', f"{ID}\n  c", 1)),
        (
            "a local hands it on",
            f"locals {{\n  key = {SECRET}\n}}\n" + TASK.replace(SECRET, "local.key"),
        ),
        (
            "a template is read elsewhere",
            ROLE + FUNCTION.replace(SECRET, f'templatefile("t", {{ k = {SECRET} }})'),
        ),
        (
            "it may have a role",
            'variable "role" {}\n' + with_argument(TASK, "  task_role_arn = var.role", '"api" {'),
        ),
        (
            "it may have a profile",
            'variable "name" {}\n'
            + BEANSTALK.replace('name      = "STAGE"', "name      = var.name"),
        ),
        (
            "a template may have a profile",
            with_argument(BEANSTALK, '  template_name = "t"', 'application = "a"'),
        ),
        ("the role stands elsewhere", JOB.replace("container_properties", "ecs_properties")),
        ("the agent may be missing", CLUSTER + PODS),
        (
            "nobody knows the service account",
            WORKLOADS["helm"][0].replace("serviceAccount.name", "other"),
        ),
        (
            "the JSON is a text",
            JOB.replace("jsonencode({", "<<EOT")
            .replace("  })", "EOT")
            .replace("aws_iam_ac", "${aws_iam_ac")
            .replace(" },", "} },"),
        ),
    ],
)
def test_a_guess_is_left_to_the_owner(why, workload, tmp_path):
    made = Estate(tmp_path, workload, "root")
    assert made.switched() is None, why


def test_every_instance_of_a_user_needs_its_own_role(tmp_path):
    made = Estate(tmp_path, TASK, "root")
    facts = replace(made.facts, repeated="for_each")
    assert switch_edits(made.consumer, "", (KEY,), made.label, facts) is None


def test_a_consumer_of_another_module_cannot_name_the_role(tmp_path):
    made = Estate(tmp_path, TASK, "module")
    facts = replace(made.facts, module="module.other.")
    assert switch_edits(made.consumer, "", (KEY,), made.label, facts) is None


def test_edits_that_meet_are_no_switch():
    first, second = Edit("a.tf", 1, 4, ""), Edit("a.tf", 3, 5, "")
    assert in_order([second, first]) is None
    assert in_order([first, None]) is None
    assert in_order([Edit("b.tf", 3, 5, ""), first]) == (first, Edit("b.tf", 3, 5, ""))


@pytest.mark.parametrize(
    ("workload", "fits"),
    [
        (ROLE + TASK, True),
        (WORKLOADS["ecs_with_role"][0], True),
        (
            WORKLOADS["ecs_with_role"][0].replace("aws_iam_role.own.arn", "aws_iam_role.b.arn"),
            False,
        ),
        (ROLE + BEANSTALK, False),
        (WORKLOADS["pods_with_an_agent"][0] + ROLE, False),
    ],
)
def test_a_role_that_was_there_is_given_where_there_is_room_for_it(workload, fits, tmp_path):
    other = ROLE.replace('"own"', '"b"')
    made = Estate(tmp_path, other + workload, "root")
    made.label = "own"
    edits = made.switched()
    assert (edits is not None) is fits
    assert made.apply(edits or ()).count("aws_iam_role.own.arn") == int(fits)


def test_a_consumer_of_two_keys_has_room_for_one_role(tmp_path):
    made = Estate(tmp_path, TASK, "root")
    made.facts = replace(made.facts, same_consumer=("aws_iam_access_key.other",))
    assert made.switched() is None


def test_the_edits_of_two_keys_do_not_meet(tmp_path):
    more = 'resource "aws_iam_access_key" "other" {\n  user = "other"\n}\n'
    two = FUNCTION.replace('STAGE      = "prod"', "OTHER      = aws_iam_access_key.other.secret")
    made = Estate(tmp_path, more + ROLE + two, "root")
    facts = replace(made.facts, same_consumer=("aws_iam_access_key.other",))
    both = [
        switch_edits(made.consumer, "", (key,), made.label, facts)
        for key in (KEY, "aws_iam_access_key.other")
    ]
    assert in_order(edit for edits in both for edit in edits or (None,)) is not None
