"""The known ways in which an identity raises its own rights.

A way counts when its actions are allowed on things the user has no business with, or, where that is
enough, on the user itself, its groups or its policies. Actions on one named other thing do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.iam.breadth import Breadth
from rolefirst.iam.effective import Answer, Held, Permissions, Request
from rolefirst.iam.patterns import ANY, Target, Truth, Verdict, all_of

#: A boundary and ``iam:PolicyARN`` that admit this policy stop nobody.
_CONTEXT = {
    "iam:policyarn": "arn:aws:iam::aws:policy/AdministratorAccess",
    "aws:requestedregion": "us-east-1",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way: each of ``steps`` must be allowed, by any of its requests, ``on`` something.

    ``through`` is the service whose existing resources do the work: their roles, not IAM.
    """

    on: str
    steps: tuple[tuple[Request, ...], ...]
    through: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A way that is open, or may be: the actions, and the statements that allow them."""

    what: str
    verdict: Verdict
    held: tuple[Held, ...]


def _iam(action: str, *tails: str) -> tuple[Request, ...]:
    return tuple(Request(f"iam:{action}", Target("iam", tail), _CONTEXT) for tail in tails)


#: Actions on other users, groups and roles, and the type of each.
_ON_OTHERS = {
    "CreateAccessKey": "user",
    "CreateLoginProfile": "user",
    "UpdateLoginProfile": "user",
    "AddUserToGroup": "group",
    "AttachRolePolicy": "role",
    "PutRolePolicy": "role",
    "UpdateAssumeRolePolicy": "role",
}
#: Services that run what they are given under a passed role: its principal, and the steps.
_PASSING: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("ec2.amazonaws.com", (("ec2:RunInstances", "ec2:RequestSpotInstances"),)),
    (
        "lambda.amazonaws.com",
        (
            ("lambda:CreateFunction",),
            ("lambda:InvokeFunction", "lambda:AddPermission", "lambda:CreateEventSourceMapping"),
        ),
    ),
    ("glue.amazonaws.com", (("glue:CreateDevEndpoint",),)),
    ("glue.amazonaws.com", (("glue:CreateJob",), ("glue:StartJobRun", "glue:CreateTrigger"))),
    (
        "cloudformation.amazonaws.com",
        (("cloudformation:CreateStack", "cloudformation:CreateStackSet"),),
    ),
    (
        "datapipeline.amazonaws.com",
        (("datapipeline:CreatePipeline",), ("datapipeline:PutPipelineDefinition",)),
    ),
    (
        "codebuild.amazonaws.com",
        (("codebuild:CreateProject",), ("codebuild:StartBuild", "codebuild:StartBuildBatch")),
    ),
    (
        "ecs-tasks.amazonaws.com",
        (("ecs:RegisterTaskDefinition",), ("ecs:RunTask", "ecs:StartTask", "ecs:CreateService")),
    ),
    (
        "sagemaker.amazonaws.com",
        (
            (
                "sagemaker:CreateNotebookInstance",
                "sagemaker:CreateTrainingJob",
                "sagemaker:CreateProcessingJob",
            ),
        ),
    ),
    ("tasks.apprunner.amazonaws.com", (("apprunner:CreateService",),)),
)
#: Actions that run code under the role of something that is there already: service, end of ARN.
_RUNNING: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("lambda:UpdateFunctionCode",), "lambda", f"function:{ANY}"),
    (("cloudformation:UpdateStack",), "cloudformation", f"stack/{ANY}/{ANY}"),
    (("glue:UpdateDevEndpoint",), "glue", f"devEndpoint/{ANY}"),
    (("codebuild:StartBuild",), "codebuild", f"project/{ANY}"),
    (("ssm:SendCommand",), "ec2", f"instance/{ANY}"),
    (("ssm:StartSession",), "ec2", f"instance/{ANY}"),
    (
        ("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
        "ec2",
        f"instance/{ANY}",
    ),
    (
        ("sagemaker:CreatePresignedNotebookInstanceUrl",),
        "sagemaker",
        f"notebook-instance/{ANY}",
    ),
)


def escalations(permissions: Permissions, broad: tuple[Breadth, ...]) -> tuple[Escalation, ...]:
    """The ways that are open or may be, the certain ones first.

    What comes with a whole service is part of that service's breadth (``broad``), unless it goes
    through IAM.
    """
    wide = {(b.held.grant, b.held.statement, b.service) for b in broad if b.held is not None}
    found: list[Escalation] = []
    for way in _ways(permissions):
        best = [_best(step, permissions) for step in way.steps]
        verdict = all_of(answer.verdict for answer in best)
        held = tuple(dict.fromkeys(answer.held for answer in best if answer.held is not None))
        sweeping = way.through and all(
            {(h.grant, h.statement, way.through), (h.grant, h.statement, ANY)} & wide for h in held
        )
        if verdict.truth is not Truth.NO and not sweeping:
            actions = " and ".join(dict.fromkeys(answer.request.action for answer in best))
            found.append(Escalation(f"{actions} on {way.on}", verdict, held))
    return tuple(sorted(found, key=_certainty, reverse=True))


def _certainty(item: Escalation) -> tuple[Truth, bool]:
    return item.verdict.truth, not any(held.grant.block.doubt for held in item.held)


def _best(step: tuple[Request, ...], permissions: Permissions) -> Answer:
    answers = [permissions.allowed(request) for request in step]
    return max(answers, key=lambda answer: answer.verdict.truth)


def _ways(permissions: Permissions) -> Iterator[Way]:
    own = permissions.own
    policies = (*own.policies, f"policy/{ANY}")
    groups = (*own.groups, f"group/{ANY}")
    for action in ("CreatePolicyVersion", "SetDefaultPolicyVersion"):
        yield Way("its own or every policy", (_iam(action, *policies),))
    for action in ("AttachUserPolicy", "PutUserPolicy"):
        yield Way("itself", (_iam(action, own.user, f"user/{ANY}"),))
    for action in ("AttachGroupPolicy", "PutGroupPolicy"):
        yield Way("its own or every group", (_iam(action, *groups),))
    for action, type in _ON_OTHERS.items():
        yield Way(f"every {type}", (_iam(action, f"{type}/{ANY}"),))
    if permissions.boundary is not None:
        for action in ("DeleteUserPermissionsBoundary", "PutUserPermissionsBoundary"):
            yield Way("itself", (_iam(action, own.user),))
    for service, steps in _PASSING:
        context = {"iam:passedtoservice": service}
        passing = Request("iam:PassRole", Target("iam", f"role/{ANY}"), context)
        needed = tuple(tuple(Request(action) for action in step) for step in steps)
        yield Way("every role", ((passing,), *needed))
    for actions, service, tail in _RUNNING:
        needed = tuple((Request(action, Target(service, tail)),) for action in actions)
        yield Way("what runs with other roles", needed, actions[0].partition(":")[0])
