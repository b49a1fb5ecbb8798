"""Whether something in the code replaces an access key as time goes by.

What rotates, what only looks like it and what nothing touches is told apart in this one place, so
that the RF3xx rules never contradict each other about a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import cast

from rolefirst.decision.keys import is_long_lived
from rolefirst.iam.users import is_active, user_of
from rolefirst.project import Block, Project
from rolefirst.rules.outside_rotation import rotated_outside
from rolefirst.rules.rotation_ci import remade, replaced
from rolefirst.rules.rotation_clock import CLOCK, is_clock
from rolefirst.rules.rotation_triggers import forced, ignored, referred, triggered
from rolefirst.rules.rotation_verdict import MISSING, Rotation, Verdict, ineffective

__all__ = ["Rotation", "Verdict", "has_to_rotate", "open_points", "rotation_of", "rotations"]

#: Arguments people write on a key although the resource has none of them.
INVENTED = ("keepers", "rotation", "rotation_days", "rotate_after_days", "triggers")
_BACK = "and the key is in Terraform's state: the next apply puts a key back"


def has_to_rotate(key: Block, project: Project) -> bool:
    """False for what nobody can use, and for what ends on its own within the rotation limit."""
    return is_active(key) is not False and is_long_lived(key, project) is not False


def open_points(key: Block, project: Project) -> str:
    """Why it may be that the key need not rotate at all; empty when it must."""
    points = []
    if is_active(key) is None:
        points.append(f"status: {key['status'].why}")
    if is_long_lived(key, project) is None:
        points.append(f"credential_age_days: {key['credential_age_days'].why or 'is no number'}")
    return "; ".join(points)


def rotations(key: Block, project: Project) -> tuple[Rotation, ...]:
    """Everything that replaces the key or may do so; without that, what was meant to."""
    memo = ("rotations", key.root, key.address)
    if memo not in project.memo:
        found = (*triggered(key, project), *forced(key, project), *replaced(key, project))
        project.memo[memo] = found or tuple(islice(_lookalikes(key, project), 1))
    return cast("tuple[Rotation, ...]", project.memo[memo])


def rotation_of(key: Block, project: Project) -> Rotation:
    """Judge one key. An effective rotation beats an open question, which beats a broken one."""
    found = rotations(key, project)
    for verdict in (Verdict.ROTATES, Verdict.UNKNOWN, Verdict.INEFFECTIVE):
        for rotation in found:
            if rotation.verdict is verdict:
                return rotation
    return MISSING


def _lookalikes(key: Block, project: Project) -> Iterator[Rotation]:
    """What looks like rotation and is none, the most telling first."""
    written = set(key.names())
    for name in INVENTED:
        if name in written:
            yield ineffective(f"{key.type} has no argument {name!r}", key)
    for reference in referred(key["depends_on"], key, project):
        if is_clock(reference.target):
            reason = (
                f"depends_on = [{reference.target.address}] orders the two and replaces nothing"
            )
            yield ineffective(reason, reference.target)
    outside = rotated_outside(key, project)
    if outside is not None:
        yield ineffective(outside.reason or f"{outside.what}, {_BACK}", outside.block)
    pipeline = remade(key, project)
    if pipeline is not None:
        place, what = pipeline
        yield Rotation(Verdict.INEFFECTIVE, f"{what}, {_BACK}", place)
    if "all" in ignored(key):
        reason = (
            "ignore_changes = all hides a rotation done elsewhere only until the key it knows is "
            "deleted: the next apply puts a key back"
        )
        yield ineffective(reason, key)
    yield from _idle_clocks(key, project)


def _idle_clocks(key: Block, project: Project) -> Iterator[Rotation]:
    """A clock in the file of the key that drives nothing, or only writes a date into a tag."""
    user = user_of(key, project)
    if user is not None:
        for _, reference in user["tags"].deep_references():
            if is_clock(reference.target):
                reason = f"{reference.target.address} is only written into a tag of the user"
                yield ineffective(reason, reference.target)
    for clock in project.find(key, "resource", CLOCK):
        beside = clock.location.path == key.location.path
        if beside and not any(True for _ in project.readers(clock)):
            yield ineffective(f"{clock.address} is declared and nothing refers to it", clock)
