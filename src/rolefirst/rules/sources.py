"""What the rules about the source of a key have in common."""

from __future__ import annotations

from collections.abc import Iterable

from rolefirst.decision.keys import Origin, keys
from rolefirst.findings import Related
from rolefirst.iam.grants import Grant
from rolefirst.iam.sources import Restriction, Standing, restriction_of
from rolefirst.iam.users import is_active, user_argument, user_of
from rolefirst.project import Block, Project


def live_keys(project: Project) -> Iterable[Block]:
    """The declared long-lived keys that AWS accepts, or may accept."""
    resources = (Origin.RESOURCE, Origin.SERVICE_CREDENTIAL)
    found = (key.block for key in keys(project) if key.origin in resources)
    return (block for block in found if is_active(block) is not False)


def restriction_of_key(key: Block, project: Project) -> Restriction:
    """From where a key works; unknown when its user is not declared here."""
    user = user_of(key, project)
    if user is not None:
        return restriction_of(user, project)
    whose = key[user_argument(key)]
    name = f" {whose.text}" if whose.text else ""
    why = f"the user{name} is not declared here, nor are all of its policies"
    return Restriction(Standing.UNKNOWN, why)


def policies(grants: Iterable[Grant]) -> tuple[Related, ...]:
    """The policies a judgement rests on."""
    return tuple(dict.fromkeys(map(_related, grants)))


def _related(grant: Grant) -> Related:
    inline = grant.label == grant.block.address
    return Related(grant.block.location, f"{'policy:' if inline else 'attaches'} {grant.label}")
