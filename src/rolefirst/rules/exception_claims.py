"""The promises of an exception beside what the code does."""

from __future__ import annotations

from rolefirst.decision.keys import Key, Origin
from rolefirst.exceptions.entries import Entry
from rolefirst.findings import Related
from rolefirst.iam.patterns import Truth
from rolefirst.iam.users import is_active, user_of
from rolefirst.project import Block, Project
from rolefirst.rules import exception_permissions, exception_sources
from rolefirst.rules.exception_check import Check
from rolefirst.rules.owners import Standing, Tag, owner_of, owner_tags_of, squeezed, tags_in_force
from rolefirst.rules.rotation import Verdict, open_points, rotation_of, rotations
from rolefirst.rules.rotation_ci import apply_interval

_DECLARED = (Origin.RESOURCE, Origin.SERVICE_CREDENTIAL)


def checks(entry: Entry, key: Key, project: Project) -> tuple[Check, ...]:
    """Each promise of an entry that the code can confirm or contradict."""
    block = key.block
    if is_active(block) is False:
        return ()  # nobody can use it
    user = user_of(block, project) if key.origin in _DECLARED else None
    found = (
        exception_permissions.check(entry, block, project),
        exception_sources.check(entry, block, project),
        _rotation(entry, key, project),
        _owner(entry, user, project) if user is not None else None,
        _purpose(entry, user, project) if user is not None else None,
    )
    return tuple(check for check in found if check is not None)


def _rotation(entry: Entry, made: Key, project: Project) -> Check | None:
    if entry.days is None:
        return None
    claim = f"every {entry.days} days"
    key = made.block
    if made.origin not in _DECLARED:
        why = f"whether the key that {key.address} makes rotates is not in this code"
        return Check("rotation", claim, why, Truth.MAYBE)
    rotation = rotation_of(key, project)
    related = (rotation.source,) if rotation.source else ()
    if rotation.verdict is Verdict.ROTATES:
        days, why = days_of(key, project)
        if days is None:
            return Check("rotation", claim, f"how often the key rotates: {why}", Truth.MAYBE)
        agrees = Truth.YES if days <= entry.days else Truth.NO
        return Check("rotation", claim, f"the code rotates it every {days:g} days", agrees, related)
    open_point = open_points(key, project)
    if rotation.verdict is Verdict.UNKNOWN or open_point:
        why = rotation.reason or open_point
        return Check("rotation", claim, f"whether the key rotates: {why}", Truth.MAYBE, related)
    why = rotation.reason or "nothing in the code replaces the key"
    return Check("rotation", claim, why, Truth.NO, related)


def days_of(key: Block, project: Project) -> tuple[float | None, str]:
    """How old a key gets at most that rotates; None and the reason where that is unknown."""
    interval = apply_interval(key.root, project)
    ages: list[float] = []
    why = "its period is not in the code"
    for rotation in rotations(key, project):
        period = rotation.period
        if rotation.verdict is not Verdict.ROTATES or period is None:
            continue
        if period.days is None:
            why = period.why
        else:
            ages.append(period.days + (interval[0] if interval and period.applied else 0))
    return (round(min(ages), 2), "") if ages else (None, why)


def _owner(entry: Entry, user: Block, project: Project) -> Check | None:
    """A tag that is missing or a placeholder contradicts nobody: RF401 and RF402 speak of it."""
    if not entry.owner:
        return None
    found = owner_of(user, project)
    if found.standing in (Standing.UNKNOWN, Standing.DOUBTFUL):
        return Check(
            "owner", entry.owner, f"the owner of {user.address}: {found.reason}", Truth.MAYBE
        )
    if found.standing is not Standing.NAMED:
        return None
    # Business unit, team and mail address may all be there: it is enough that one of them agrees.
    tags = owner_tags_of(user, project)
    for tag in tags:
        if squeezed(str(tag.value.data)) == squeezed(entry.owner):
            return _tagged("owner", entry.owner, tag, user, Truth.YES)
    unknown = next((tag for tag in tags if not tag.value.known), None)
    if unknown is not None:
        why = f"the tag {unknown.key} of {user.address}: {unknown.value.why}"
        return Check("owner", entry.owner, why, Truth.MAYBE)
    return _tagged("owner", entry.owner, tags[-1], user, Truth.NO)


def _purpose(entry: Entry, user: Block, project: Project) -> Check | None:
    """A tag holds less text than an entry, so it is enough that one holds the other."""
    tag = next(
        (tag for tag in tags_in_force(user, project)[0] if squeezed(tag.key).endswith("purpose")),
        None,
    )
    if tag is None or not entry.purpose or tag.value.text is None:
        return None
    said, written = squeezed(tag.value.text), squeezed(entry.purpose)
    agrees = Truth.YES if said in written or written in said else Truth.NO
    return _tagged("purpose", entry.purpose, tag, user, agrees)


def _tagged(element: str, claim: str, tag: Tag, user: Block, agrees: Truth) -> Check:
    related = (Related(tag.location, f"tag {tag.key} of {user.address}"),)
    return Check(element, claim, f'the tag {tag.key} says "{tag.value.data}"', agrees, related)
