"""Rotation that happens outside Terraform: a Lambda on a schedule, Secrets Manager, Vault.

For a key that is a Terraform resource all of these end the same way: the rotator deletes the key
that the state knows, and the next apply creates another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolefirst.iam.users import same, user_of
from rolefirst.project import Block, Project, Value

Found = tuple[Block, str]


def rotated_outside(key: Block, project: Project) -> Found | None:
    """The block that rotates this key from outside and what it does, if there is one."""
    for search in (_secrets_manager, _vault, _scheduled_lambda):
        found = search(key, project)
        if found is not None:
            return found
    return None


def _secrets_manager(key: Block, project: Project) -> Found | None:
    """``aws_secretsmanager_secret_rotation`` on a secret that Terraform fills from the key."""
    filled: set[tuple[str, str]] = set()
    for version in _of_root(key, project, "aws_secretsmanager_secret_version"):
        written = (version["secret_string"], version["secret_string_wo"], version["secret_binary"])
        if any(_refers(value, key) for value in written):
            filled |= _secrets(version["secret_id"])
    if not filled:
        return None
    for rotation in _of_root(key, project, "aws_secretsmanager_secret_rotation"):
        if _secrets(rotation["secret_id"]) & filled:
            return (
                rotation,
                f"{rotation.address} rotates a secret that Terraform fills from the key",
            )
    return None


def _secrets(value: Value) -> set[tuple[str, str]]:
    """The secrets an id or ARN points to, also by way of a version."""
    found: set[tuple[str, str]] = set()
    for _, reference in value.deep_references():
        target = reference.target
        if target.type == "aws_secretsmanager_secret":
            found.add((target.root, target.address))
        elif target.type == "aws_secretsmanager_secret_version":
            for _, step in target["secret_id"].deep_references():
                if step.target.type == "aws_secretsmanager_secret":
                    found.add((step.target.root, step.target.address))
    return found


def _vault(key: Block, project: Project) -> Found | None:
    """A Vault static role for the user, or a Vault backend that rotates the key it is given."""
    user = user_of(key, project)
    for role in _of_root(key, project, "vault_aws_secret_backend_static_role"):
        name = role["username"].text
        if (user is not None and _refers(role["username"], user)) or (
            name is not None and name == key["user"].text
        ):
            return role, f"{role.address} lets Vault rotate the keys of this user"
    for backend in _of_root(key, project, "vault_aws_secret_backend"):
        timed = not (backend["rotation_period"].absent and backend["rotation_schedule"].absent)
        if timed and any(_refers(backend[name], key) for name in ("access_key", "secret_key")):
            return backend, f"{backend.address} lets Vault rotate the key"
    return None


def _scheduled_lambda(key: Block, project: Project) -> Found | None:
    """A Lambda function on a schedule whose role may create keys for this user."""
    for schedule, function in _schedules(key, project):
        for role in _targets(function["role"], "aws_iam_role"):
            if any(_may_rotate(policy, key, project) for policy in _policies(role, project)):
                return schedule, f"{schedule.address} runs {function.address}, which rotates keys"
    return None


def _schedules(key: Block, project: Project) -> Iterator[tuple[Block, Block]]:
    """Each schedule with the function it runs."""
    for schedule in _of_root(key, project, "aws_scheduler_schedule"):
        for function in _targets(schedule["target"], "aws_lambda_function"):
            yield schedule, function
    for target in _of_root(key, project, "aws_cloudwatch_event_target"):
        rules = _targets(target["rule"], "aws_cloudwatch_event_rule")
        if any(not rule["schedule_expression"].absent for rule in rules):
            for function in _targets(target["arn"], "aws_lambda_function"):
                yield target, function


def _policies(role: Block, project: Project) -> Iterator[Block]:
    """The blocks that hold the policies of a role."""
    for policy in _of_root(role, project, "aws_iam_role_policy"):
        if _refers(policy["role"], role):
            yield policy
    for attachment in _of_root(role, project, "aws_iam_role_policy_attachment"):
        if _refers(attachment["role"], role):
            yield from _targets(attachment["policy_arn"], "aws_iam_policy")


def _may_rotate(policy: Block, key: Block, project: Project) -> bool:
    """The policy allows creating keys, for this user or for every user."""
    documents = _targets(policy["policy"], "aws_iam_policy_document")
    holders = [policy, *documents]
    text = "\n".join([policy["policy"].text or "", *(block.source() for block in holders)])
    if "iam:createaccesskey" not in text.casefold():
        return False
    user = user_of(key, project)
    name = key["user"].text
    if user is not None and any(_refers(value, user) for value in _bodies(holders)):
        return True
    return '"*"' in text or "user/*" in text or (name is not None and f"user/{name}" in text)


def _bodies(blocks: Iterable[Block]) -> Iterator[Value]:
    for block in blocks:
        for name in block.names():
            yield block[name]


def _of_root(block: Block, project: Project, type: str) -> Iterator[Block]:
    """Resources of a type in the same root module, whichever module instance they are in."""
    for other in project.resources(type):
        if other.root == block.root:
            yield other


def _targets(value: Value, type: str) -> list[Block]:
    """The blocks of a type that a value refers to."""
    return [ref.target for _, ref in value.deep_references() if ref.target.type == type]


def _refers(value: Value, block: Block) -> bool:
    return any(same(reference.target, block) for _, reference in value.deep_references())
