"""Whether a consumer is left with a key that has been replaced already.

Terraform destroys before it creates unless ``create_before_destroy`` turns that around, on the key
or on a resource that depends on it: Terraform hands the setting on to what a resource needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.decision.flow import Exit, exits
from rolefirst.decision.stores import row_of
from rolefirst.findings import Related
from rolefirst.iam.users import ACCESS_KEY, is_active, keys_beside, same
from rolefirst.project import ABSENT, Block, Project, Value
from rolefirst.rules.rotation import Rotation, Verdict, rotation_of, rotations
from rolefirst.rules.rotation_verdict import named

#: Resources whose work ends with a file or a command: what reads those is outside.
_HANDS_OVER = frozenset({"local_file", "local_sensitive_file", "null_resource", "terraform_data"})


@dataclass(frozen=True, slots=True)
class Gap:
    """Why consumers lose the key; ``doubt`` says on what that depends, empty when it is certain."""

    reason: str
    related: tuple[Related, ...] = ()
    doubt: str = ""


def gaps(key: Block, project: Project) -> Iterator[Gap]:
    """The gaps that each turn of a key opens, the one that hurts most first."""
    first = _created_first(key, project)
    others = _others(key, project)
    if first is True:
        yield from _third_key(others)
        for item in exits(key, project):
            if item.carries.usable:
                yield from _outside(item, project)
    else:
        yield from _destroyed_first(key, others, first, project)


def _created_first(key: Block, project: Project) -> bool | str:
    """Whether the new key is there before the old one goes; a text says why nobody knows."""
    depending = [item.block for item in exits(key, project) if item.block.kind == "resource"]
    settings = [_setting(block["lifecycle"]) for block in (key, *depending)]
    if any(value.data is True or value.text == "true" for value in settings):
        return True
    return settings[0].why or False


def _setting(lifecycle: Value) -> Value:
    """``create_before_destroy``, wherever the block stands in the list of blocks."""
    if lifecycle.unknown:
        return lifecycle
    found = (part.get("create_before_destroy") for part in lifecycle.members())
    return next((value for value in found if not value.absent), ABSENT)


def _others(key: Block, project: Project) -> list[Block]:
    """The other keys of the user, Inactive ones too: AWS counts them."""
    beside = keys_beside(key, project) if key.type == ACCESS_KEY else ()
    return [other for other in beside if not same(other, key)]


# --- the new key comes first ------------------------------------------------------------------


def _third_key(others: list[Block]) -> Iterator[Gap]:
    for other in sorted(others, key=lambda block: bool(block.doubt)):
        reason = (
            f"{other.address} is the second key of this user, and create_before_destroy needs a "
            "third: AWS allows two and refuses it, so the key never rotates"
        )
        yield Gap(reason, (named(other),), other.doubt)


def _outside(item: Exit, project: Project) -> Iterator[Gap]:
    """A place that keeps the old key although Terraform has finished."""
    block, reason = item.block, ""
    doubt = ""
    if block.kind == "output":
        reason = f"{block.address} hands the key to a consumer that Terraform does not update"
        if project.is_library(block.root):
            doubt = "the callers of this module are not in the tree"
    elif row_of(block, project) is not None:
        reason = f"{block.address} keeps the key for readers that fetch it when they like"
    elif block.kind == "module":
        reason = f"{block.address} takes the key"
        doubt = "its code is not in the tree"
    elif block.type in _HANDS_OVER or "provisioner" in item.attribute:
        reason = f"{block.address} hands the key to a command or file outside Terraform"
    if reason:
        also = ": the old key is deleted in the same apply, keep two keys that take turns"
        yield Gap(reason + ("" if doubt else also), (named(block),), doubt)


# --- the old key goes first -------------------------------------------------------------------


def _destroyed_first(
    key: Block, others: list[Block], first: bool | str, project: Project
) -> Iterator[Gap]:
    mine = rotation_of(key, project)
    doubts = [first] if isinstance(first, str) else []
    for other in others:
        if is_active(other) is False:
            continue
        theirs = rotation_of(other, project)
        if theirs.verdict is Verdict.ROTATES and _clocks(key, project) == _clocks(other, project):
            reason = (
                f"{_label(mine)} replaces this key and {other.address} in the same apply, so both "
                "are gone at once: give each its own time_rotating"
            )
            yield Gap(reason, (named(other),), other.doubt or _status(other))
            return
        if theirs.verdict not in (Verdict.ROTATES, Verdict.UNKNOWN):
            continue
        doubt = other.doubt or _status(other) or theirs.reason
        if not doubt:
            return  # one of the two is alive at all times
        doubts.append(f"{other.address}: {doubt}")
    reason = (
        "Terraform deletes the old key before the new one exists: keep two keys of this user that "
        "take turns, or set create_before_destroy where every consumer is a Terraform resource"
    )
    yield Gap(reason, doubt="; ".join(doubts))


def _clocks(key: Block, project: Project) -> frozenset[Related | None]:
    """What sets the pace of a key."""
    found = (item for item in rotations(key, project) if item.verdict is Verdict.ROTATES)
    return frozenset(item.source for item in found)


def _label(rotation: Rotation) -> str:
    return rotation.source.label if rotation.source else "the same trigger"


def _status(key: Block) -> str:
    return f"status: {key['status'].why}" if is_active(key) is None else ""


def leaves_terraform(key: Block, project: Project) -> bool:
    """Whether somebody has the key, or may have it, whom Terraform does not bring the new one."""
    taken = (item for item in exits(key, project) if item.carries.usable)
    return any(True for item in taken for _ in _outside(item, project))
