"""A key that nothing replaces in time: a clock that does, and two keys where one leaves a gap.

Where Terraform itself brings the new key to every consumer one key is enough. Where somebody else
fetches it, or the user has two keys already, two take turns: AWS allows no third.
"""

from __future__ import annotations

import math
import shlex

from rolefirst import limits
from rolefirst.decision.flow import exits
from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.iam.users import ACCESS_KEY, is_active, keys_beside, user_of
from rolefirst.project import Block, Project
from rolefirst.remediation.attachments import module_of
from rolefirst.remediation.edits import append_block, remove_argument
from rolefirst.remediation.expressions import is_reference
from rolefirst.remediation.filters import Safe
from rolefirst.remediation.fixes import two_keys
from rolefirst.remediation.fixes.lines import rewritten
from rolefirst.remediation.fixes.writing import Fix, free_label, here, user_for_command
from rolefirst.rules.outside_rotation import rotated_outside
from rolefirst.rules.rotation import INVENTED, Verdict, rotation_of
from rolefirst.rules.rotation_ci import apply_interval, remade
from rolefirst.rules.rotation_clock import CLOCK, is_clock, turn
from rolefirst.rules.rotation_overlap import leaves_terraform
from rolefirst.rules.rotation_triggers import referred

_TRIGGER = "terraform_data"
_SECRET = "aws_secretsmanager_secret_version"
#: How the names end that a pair of keys needs.
_OF_PAIR = ("a", "b", "newer")
#: Between two applies; a key is that much older than its clock says.
_MARGIN = 6


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """The fix that fits the consumers of the key."""
    if block.kind != "resource" or not is_reference(here(block)):
        return None
    if rotated_outside(block, project) is not None or remade(block, project) is not None:
        user = user_of(block, project)
        written = Fix("rotation_elsewhere", block, free_label(block.name, block, project))
        return written.remediation(reason=finding.message, cli_user=user_for_command(user))
    keys = _of_the_user(block, project)
    if len(keys) > 1:
        return _taking_turns(keys, project)
    shared = (each for each in project.resources(block.type) if each.location == block.location)
    if any(leaves_terraform(each, project) for each in shared):  # all calls of a module share it
        return _pair(block, project) if block.type == ACCESS_KEY else None
    return _single(block, project)


def rotation_days(block: Block, project: Project) -> int:
    """A period with which a key stays within the limit, although Terraform runs only at times."""
    interval = apply_interval(block.root, project)
    margin = max(_MARGIN, math.ceil(interval[0])) if interval is not None else _MARGIN
    return max(limits.of(project).rotation_days - margin, 1)


def _periods(days: int) -> tuple[int, int]:
    """The periods of two keys that take turns, of at most so many days: the shorter one first.

    Of 70 days and 84 the turns are two weeks apart or more, until both come on day 420.
    """
    longer = days - days % 6 or days
    return max(longer * 5 // 6, 1), longer


def _calendar(shorter: int, longer: int) -> dict[str, int]:
    """When both clocks would turn on one day, and what keeps that from happening.

    A clock that starts anew ``apart`` days before the other turns has four of its periods until
    the same comes again: no base or offset of time_rotating does it, for these are fixed dates.
    """
    apart = longer - shorter
    return {"apart": apart, "first": longer * 5 - apart, "again": longer * 4}


def _replace(key: Block, slot: str = "", label: str = "", type: str = "") -> Safe:
    """The option that replaces an instance: without its module Terraform finds none, in silence.

    With a ``slot`` it is the instance of a new block of that label in place of the key.
    """
    bare = f"{type or key.type}.{label}_{slot}" if slot else here(key)
    index = "" if type == CLOCK else key.address.removeprefix(f"{module_of(key)}{here(key)}")
    return Safe(f"-replace={shlex.quote(f'{module_of(key)}{bare}{index}')}")


def _of_the_user(block: Block, project: Project) -> list[Block]:
    """The active keys of the user."""
    if block.type != ACCESS_KEY:
        return [block]
    return [key for key in keys_beside(block, project) if is_active(key) is not False]


def _single(block: Block, project: Project) -> Remediation:
    """A clock for the key, or what its own clock lacks; the new key comes first."""
    label = free_label(block.name, block, project, CLOCK, _TRIGGER, suffixes=["rotation"])
    written = Fix("rotation", block, label, "rotation")
    if rotation_of(block, project).verdict is Verdict.ROTATES:
        edits = rewritten(block, {"create_before_destroy": "true"}, ("lifecycle",))
        return written.remediation(edits, slots=[], clock=None, keys=[here(block)])
    clock = _own_clock(block, project)
    edits = _lifecycle(block, f"{label}_rotation", created_first=True)
    slots = [("rotation", rotation_days(block, project))]
    return written.remediation(
        edits, slots=slots, clock=clock, keys=[here(block)], replace=_replace(block)
    )


def _taking_turns(keys: list[Block], project: Project) -> Remediation | None:
    """A clock for each of two keys. The fix is the same for both, whichever was found first."""
    first, second = keys[0], keys[1]
    apart = here(first) != here(second) and first.call_chain == second.call_chain
    if len(keys) != 2 or not apart or first.root != second.root:
        return None
    label = free_label(first.name, first, project, CLOCK, _TRIGGER, suffixes=["rotation"])
    days = rotation_days(first, project)
    periods = _periods(days)
    slots = list(zip(("rotation_a", "rotation_b"), periods, strict=True))
    edits: list[Edit | None] = []
    for key, (slot, _) in zip(keys, slots, strict=True):
        edits += _lifecycle(key, f"{label}_{slot}", created_first=False)
    return Fix("rotation", first, label, "rotation").remediation(
        edits,
        slots=slots,
        clock=None,
        keys=[here(key) for key in keys],
        replace=_replace(first),
        replace_clock=_replace(first, "rotation_a", label, CLOCK),
        calendar=_calendar(*periods),
    )


def _pair(block: Block, project: Project) -> Remediation:
    """A second key beside the key, and the newer of both for whoever takes it."""
    label = free_label(block.name, block, project, CLOCK, _TRIGGER, ACCESS_KEY, suffixes=_OF_PAIR)
    days = rotation_days(block, project)
    periods = _periods(days)
    slots = list(zip(("a", "b"), periods, strict=True))
    texts = [
        two_keys.changed(block, _lifecycle(block, f"{label}_{slot}", created_first=False))
        for slot, _ in slots
    ]
    edits = [
        two_keys.replaced(block, [f"{label}_{slot}" for slot, _ in slots], texts),
        *two_keys.handed_on(block, f"local.{label}_newer", project),
    ]
    return Fix("rotation_pair", block, label, "keys").remediation(
        edits,
        slots=slots,
        moved_from=Safe(here(block)),
        key_type=block.type,
        secret=any(item.block.type == _SECRET for item in exits(block, project)),
        cli_user=user_for_command(user_of(block, project)),
        replace=_replace(block, "a", label),
        replace_clock=_replace(block, "a", label, CLOCK),
        calendar=_calendar(*periods),
    )


def _lifecycle(block: Block, trigger: str, *, created_first: bool) -> list[Edit | None]:
    """The edits of a key so that it follows a trigger and nothing holds it back."""
    written = {name for part in block["lifecycle"].members() for name in _names(part.data)}
    triggers = f"[{_TRIGGER}.{trigger}]"
    edits: list[Edit | None] = [
        remove_argument(block, name, "add") for name in INVENTED if name in block.names()
    ]
    if "lifecycle" not in block.names():
        first = "  create_before_destroy = true\n  replace_triggered_by  =" if created_first else ""
        inner = first or "  replace_triggered_by ="
        edits.append(append_block(block, f"lifecycle {{\n{inner} {triggers}\n}}"))
        return edits
    changes: dict[str, str | None] = {"replace_triggered_by": triggers}
    changes |= dict.fromkeys({"create_before_destroy", "prevent_destroy"} & written)
    if created_first:
        changes["create_before_destroy"] = "true"
    return [*edits, *rewritten(block, changes, ("lifecycle",))]


def _names(data: object) -> list[str]:
    return list(data) if isinstance(data, dict) else []


def _own_clock(block: Block, project: Project) -> Safe | None:
    """A clock that the key names directly, which is one step short of rotation, and fast enough."""
    for part in block["lifecycle"].members():
        for reference in referred(part.get("replace_triggered_by"), block, project):
            clock = reference.target
            once = not {"count", "for_each"} & {*clock.names()}
            if not is_clock(clock) or not once or not is_reference(here(clock)):
                continue
            found = turn(clock, "id")
            days = found.period.days if found.period is not None else None
            fits = days is not None and days <= rotation_days(block, project)
            if found.verdict is Verdict.ROTATES and fits:
                return Safe(here(clock))
    return None
