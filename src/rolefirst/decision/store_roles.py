"""Which roles a policy lets read a store, and which services may assume them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rolefirst.decision import catalogue
from rolefirst.decision.catalogue import Sink
from rolefirst.decision.flow import Exit, exits
from rolefirst.findings import Evidence
from rolefirst.project import ABSENT, Block, Project, Value

Granted = tuple[Block, tuple[Evidence, ...]]
ROLE = "aws_iam_role"
_DOCUMENT = "aws_iam_policy_document"
#: What ties a managed policy to roles, and the argument that names them.
_ATTACHMENTS = {"aws_iam_role_policy_attachment": "role", "aws_iam_policy_attachment": "roles"}
#: Policy documents and policies that may lead to each other.
MAX_STEPS = 5
_READS = re.compile(r"(?i)(?:[\w-]+:)?(?:\*|(?:batch)?get[\w*]*)")
#: Who a trust policy names, and a place of the catalogue on that platform.
_PLATFORMS = {
    "ec2.amazonaws.com": ("aws_instance", "user_data"),
    "ecs-tasks.amazonaws.com": ("aws_ecs_task_definition", "container_definitions"),
    "lambda.amazonaws.com": ("aws_lambda_function", "environment"),
    "codebuild.amazonaws.com": ("aws_codebuild_project", "environment"),
    "tasks.apprunner.amazonaws.com": ("aws_apprunner_service", "source_configuration"),
    "glue.amazonaws.com": ("aws_glue_job", "default_arguments"),
    "sagemaker.amazonaws.com": ("aws_sagemaker_notebook_instance", ""),
    "airflow-env.amazonaws.com": ("aws_mwaa_environment", ""),
    "pods.eks.amazonaws.com": ("kubernetes_secret", "data"),
    "oidc.eks.": ("kubernetes_secret", "data"),
    "token.actions.githubusercontent.com": ("github_actions_secret", "plaintext_value"),
}


def roles(
    item: Exit, resource_policies: tuple[str, ...], project: Project, steps: int = MAX_STEPS
) -> Iterator[Granted]:
    """The roles that get the right to read from a policy that an address stands in."""
    block = item.block
    if steps <= 0 or not _allows_reading(item):
        return
    proof = (Evidence("policy", f"{block.address} lets it be read", block.location),)
    if block.type == ROLE:
        yield block, proof
    elif block.type == "aws_iam_role_policy":
        yield from ((role, proof) for role in _named(block["role"]))
    elif block.type in resource_policies:
        yield from ((role, proof) for role in _principals(block["policy"]))
    elif block.type == _DOCUMENT:
        yield from _onward(block, ("json", "minified_json"), resource_policies, project, steps)
    elif block.type == "aws_iam_policy" and block.kind == "resource":
        yield from _onward(block, ("arn", "id"), resource_policies, project, steps)
    elif block.type in _ATTACHMENTS:
        yield from ((role, proof) for role in _named(block[_ATTACHMENTS[block.type]]))


def _onward(
    block: Block,
    attributes: tuple[str, ...],
    policies: tuple[str, ...],
    project: Project,
    steps: int,
) -> Iterator[Granted]:
    """The roles behind a document or a managed policy, by who takes it."""
    for taken in exits(block, project):
        if taken.reference.attribute in attributes:
            yield from roles(taken, policies, project, steps - 1)


def _allows_reading(item: Exit) -> bool:
    """False in a statement that denies, or allows something else than to read."""
    value = item.block[item.attribute[0]]
    for step in item.attribute[1:]:
        if isinstance(value.data, dict):
            value = value.data.get(step, ABSENT)
        elif isinstance(value.data, tuple) and step.isdecimal():
            value = value.data[int(step)]
        for effect, action in (("effect", "actions"), ("Effect", "Action")):
            if isinstance(value.data, dict) and action in value.data:
                allows = value.data.get(effect, ABSENT).text in (None, "Allow")
                said = [member.text for _, member in value.data[action].walk() if member.text]
                return allows and (not said or any(map(_READS.fullmatch, said)))
    return True


def _named(value: Value) -> list[Block]:
    """The roles that an argument refers to."""
    targets = [reference.target for _, reference in value.deep_references()]
    return [target for target in targets if target.type == ROLE and target.kind == "resource"]


def _principals(policy: Value) -> list[Block]:
    """The roles that a policy names, also by way of a policy document."""
    found = _named(policy)
    for _, reference in policy.deep_references():
        if reference.target.type == _DOCUMENT:
            found += _named(reference.target["statement"])
    return found


def services(role: Block, project: Project) -> Iterator[Sink]:
    """The catalogue's rows of the services that may assume a role, each once."""
    trust = role["assume_role_policy"]
    documents = [trust] + [
        reference.target["statement"]
        for _, reference in trust.deep_references()
        if reference.target.type == _DOCUMENT
    ]
    texts = [
        member.data
        for document in documents
        for _, member in document.walk()
        if isinstance(member.data, str)
    ]
    rows = catalogue.of(project)
    for name, (type, attribute) in _PLATFORMS.items():
        pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}")
        row = rows.sink(type, attribute)
        if row is not None and any(pattern.search(text) for text in texts):
            yield row
