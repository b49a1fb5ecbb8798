"""Rotation that happens outside Terraform: a Lambda on a schedule, Secrets Manager, Vault.

For a key that is a Terraform resource all of these end the same way: the rotator deletes the key
that the state knows, and the next apply creates another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.iam.grants import ROLE, resources_in
from rolefirst.iam.users import same, user_of
from rolefirst.project import Block, Project, Value
from rolefirst.rules.rotation_rights import CREATE, DELETE, key_rights

FUNCTION = "aws_lambda_function"
_SECRET = "aws_secretsmanager_secret"


@dataclass(frozen=True, slots=True)
class Rotator:
    """The block that rotates a key from outside and ``what`` it does, in plain words.

    ``reason`` is not empty when it does not even get that far.
    """

    block: Block
    what: str
    reason: str = ""


def rotated_outside(key: Block, project: Project) -> Rotator | None:
    """What rotates this key from outside, if there is something."""
    for search in (_secrets_manager, _vault, _scheduled_lambda):
        found = search(key, project)
        if found is not None:
            return found
    return None


def _secrets_manager(key: Block, project: Project) -> Rotator | None:
    """``aws_secretsmanager_secret_rotation`` on a secret that Terraform fills from the key."""
    filled: set[tuple[str, str]] = set()
    for version in resources_in(key.root, project, "aws_secretsmanager_secret_version"):
        written = (version["secret_string"], version["secret_string_wo"], version["secret_binary"])
        if any(_refers(value, key) for value in written):
            filled |= _secrets(version["secret_id"])
    if not filled:
        return None
    for rotation in resources_in(key.root, project, "aws_secretsmanager_secret_rotation"):
        if _secrets(rotation["secret_id"]) & filled:
            return _rotated_secret(rotation, key, project)
    return None


def _rotated_secret(rotation: Block, key: Block, project: Project) -> Rotator:
    what = f"{rotation.address} rotates a secret that Terraform fills from the key"
    for function in _targets(rotation["rotation_lambda_arn"], FUNCTION):
        rights = _rights(function, key, project)
        if rights is not None and CREATE not in rights:
            reason = (
                f"{what}, but its function {function.address} may not create access keys for this "
                "user: the secret changes and the key stays"
            )
            return Rotator(rotation, what, reason)
    return Rotator(rotation, what)


def _secrets(value: Value) -> set[tuple[str, str]]:
    """The secrets an id or ARN points to, also by way of a version."""
    found: set[tuple[str, str]] = set()
    for _, reference in value.deep_references():
        target = reference.target
        if target.type == _SECRET:
            found.add((target.root, target.address))
        elif target.type == "aws_secretsmanager_secret_version":
            steps = _targets(target["secret_id"], _SECRET)
            found |= {(step.root, step.address) for step in steps}
    return found


def _vault(key: Block, project: Project) -> Rotator | None:
    """A Vault static role for the user, or a Vault backend that rotates the key it is given."""
    user = user_of(key, project)
    for role in resources_in(key.root, project, "vault_aws_secret_backend_static_role"):
        name = role["username"].text
        if (user is not None and _refers(role["username"], user)) or (
            name is not None and name == key["user"].text
        ):
            return Rotator(role, f"{role.address} lets Vault rotate the keys of this user")
    for backend in resources_in(key.root, project, "vault_aws_secret_backend"):
        timed = not (backend["rotation_period"].absent and backend["rotation_schedule"].absent)
        if backend["disable_automated_rotation"].data is True:
            timed = False
        if timed and any(_refers(backend[name], key) for name in ("access_key", "secret_key")):
            return Rotator(backend, f"{backend.address} lets Vault rotate the key")
    return None


def _scheduled_lambda(key: Block, project: Project) -> Rotator | None:
    """A Lambda function on a schedule whose role may create keys for this user."""
    for schedule, function in _schedules(key, project):
        rights = _rights(function, key, project) or frozenset()
        if CREATE not in rights:
            continue
        if DELETE in rights:
            what = f"{schedule.address} runs {function.address}, which rotates keys"
            return Rotator(schedule, what)
        what = f"{schedule.address} runs {function.address}, which creates keys for this user"
        reason = f"{what} and may not delete the old one (iam:DeleteAccessKey): the key stays"
        return Rotator(schedule, what, reason)
    return None


def _schedules(key: Block, project: Project) -> Iterator[tuple[Block, Block]]:
    """Each schedule with the function it runs."""
    for schedule in resources_in(key.root, project, "aws_scheduler_schedule"):
        for function in _targets(schedule["target"], FUNCTION):
            yield schedule, function
    for target in resources_in(key.root, project, "aws_cloudwatch_event_target"):
        rules = _targets(target["rule"], "aws_cloudwatch_event_rule")
        if any(not rule["schedule_expression"].absent for rule in rules):
            for function in _targets(target["arn"], FUNCTION):
                yield target, function


def _rights(function: Block, key: Block, project: Project) -> frozenset[str] | None:
    """What a function may do with the keys of a user; None when its policies are not known."""
    found: frozenset[str] = frozenset()
    roles = _targets(function["role"], ROLE)
    for role in roles:
        rights = key_rights(role, key, project)
        if rights is None:
            return None
        found |= rights
    return found if roles else None


def _targets(value: Value, type: str) -> list[Block]:
    """The blocks of a type that a value refers to."""
    return [ref.target for _, ref in value.deep_references() if ref.target.type == type]


def _refers(value: Value, block: Block) -> bool:
    return any(same(reference.target, block) for _, reference in value.deep_references())
