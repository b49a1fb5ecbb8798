"""Whether something in the code replaces an access key as time goes by.

Terraform replaces a key on its own in one way only: a ``time_rotating`` drives a managed resource
(``terraform_data``, ``null_resource``, ``time_static`` …) and the key is replaced whenever that
resource is. Whatever else looks like rotation is told apart here, so that RF301 and RF303 never
speak about the same key.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.iam.users import user_argument, user_of
from rolefirst.project import Block, Project, Reference, Value
from rolefirst.rules.outside_rotation import rotated_outside

CLOCK = "time_rotating"
#: Resources that exist to trigger others; an unknown argument of theirs may be a clock.
_TRIGGERS = re.compile(r"terraform_data|null_resource|time_\w+|random_\w+")
#: Arguments that do not change a resource when their value changes.
_NO_TRIGGER = frozenset(
    {"connection", "count", "depends_on", "lifecycle", "provider", "provisioner"}
)
#: Arguments of a clock that stay as they are when it turns.
_STILL = re.compile(r"rotation_(?:minutes|hours|days|months|years)|triggers")
#: Arguments people write on a key although the resource has none of them.
_INVENTED = ("keepers", "rotation", "rotation_days", "rotate_after_days", "triggers")
_ADDRESS = re.compile(
    r"(?:\$\{)?(?P<type>[a-z]\w*)\.(?P<name>[\w-]+)(?:\[[^\]]*\])?(?:\.(?P<attribute>[\w.]+))?\}?"
)
_IGNORE_CHANGES = re.compile(r"^[ \t]*ignore_changes\s*=\s*(all\b|\[[^\]]{0,4000}\])", re.MULTILINE)


class Verdict(enum.Enum):
    """What the code does about the age of a key."""

    ROTATES = "rotates"
    INEFFECTIVE = "only looks like rotation"
    MISSING = "nothing rotates it"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, slots=True)
class Rotation:
    """The verdict, the reason, and the block it rests on (for ROTATES the ``time_rotating``)."""

    verdict: Verdict
    reason: str = ""
    source: Block | None = None


MISSING = Rotation(Verdict.MISSING)


def rotation_of(key: Block, project: Project) -> Rotation:
    """Judge one key. An effective rotation beats an open question, which beats a broken one."""
    found = [*_triggers(key, project), *_forced(key, project)]
    for verdict in (Verdict.ROTATES, Verdict.UNKNOWN, Verdict.INEFFECTIVE):
        for rotation in found:
            if rotation.verdict is verdict:
                return rotation
    return next(_lookalikes(key, project), MISSING)


def _triggers(key: Block, project: Project) -> Iterator[Rotation]:
    """What ``lifecycle.replace_triggered_by`` comes to."""
    lifecycle = key["lifecycle"]
    if lifecycle.unknown:
        yield Rotation(Verdict.UNKNOWN, lifecycle.why)
    for block in lifecycle.members():
        triggers = block.get("replace_triggered_by")
        if triggers.absent:
            continue
        references = _named(triggers, key, project)
        if not references and not triggers.known:
            yield Rotation(Verdict.UNKNOWN, triggers.why)
        yield from _triggered(references)


def _named(value: Value, key: Block, project: Project) -> list[Reference]:
    """What a list of addresses refers to; JSON syntax writes the addresses as strings."""
    references = [reference for _, reference in value.deep_references()]
    for _, member in value.walk():
        match = _ADDRESS.fullmatch(member.text or "")
        if match is None or member.references:
            continue
        references += [
            Reference(block, match["attribute"] or "")
            for block in project.find(key, "resource", match["type"])
            if block.name == match["name"]
        ]
    return references


def _triggered(references: list[Reference]) -> Iterator[Rotation]:
    for reference in references:
        target = reference.target
        if target.kind != "resource":
            continue
        if target.type != CLOCK:
            yield _driven(target, reference.attribute, set())
        elif all(other.target.type in (CLOCK, "") for other in references):
            reason = (
                f"replace_triggered_by names {target.address} itself: when its time is up the "
                "provider drops it and Terraform creates a new one, which is neither an update "
                "nor a replacement, so the key stays"
            )
            yield Rotation(Verdict.INEFFECTIVE, reason, target)


def _driven(block: Block, attribute: str, seen: set[str]) -> Rotation:
    """Whether a resource changes by itself because a clock drives it.

    ``seen`` holds the addresses already asked, so that circles end.
    """
    seen.add(block.address)
    step = attribute.split(".")[0].split("[")[0]
    names = [name for name in block.names() if name not in _NO_TRIGGER]
    if step in names:
        names = [step]
    ignored = _ignored(block)
    open_question = fixed = None
    for name in names:
        if "all" in ignored or name in ignored:
            continue
        rotation = _clocked(block[name], block, seen)
        if rotation.verdict is Verdict.ROTATES:
            return rotation
        if rotation.verdict is Verdict.UNKNOWN:
            open_question = open_question or rotation
        if rotation.verdict is Verdict.INEFFECTIVE:
            fixed = fixed or rotation
    if open_question is None and fixed is None and _TRIGGERS.fullmatch(block.type):
        reason = (
            f"{block.address} changes only when someone edits the code: no time_rotating drives it"
        )
        return Rotation(Verdict.INEFFECTIVE, reason, block)
    return open_question or fixed or MISSING


def _clocked(value: Value, block: Block, seen: set[str]) -> Rotation:
    """Whether one argument changes by itself."""
    outcome = MISSING
    resources = False
    for _, reference in value.deep_references():
        target = reference.target
        if target.kind not in ("resource", "data"):
            continue
        resources = True
        if target.kind == "data":
            rotation = Rotation(
                Verdict.UNKNOWN, f"{block.address} follows {target.address}", target
            )
        elif target.type == CLOCK:
            rotation = _clock(target, reference.attribute)
        elif target.address in seen:
            continue
        else:
            rotation = _driven(target, reference.attribute, seen)
        if rotation.verdict is Verdict.ROTATES:
            return rotation
        if outcome is MISSING or rotation.verdict is Verdict.UNKNOWN:
            outcome = rotation
    if not resources and not value.known and value.why and _TRIGGERS.fullmatch(block.type):
        reason = f"whether {block.address} ever changes cannot be told: {value.why}"
        return Rotation(Verdict.UNKNOWN, reason, block)
    return outcome


def _clock(clock: Block, attribute: str) -> Rotation:
    """Whether this ``time_rotating`` turns again and again."""
    if _STILL.fullmatch(attribute):
        reason = f"{clock.address}.{attribute} is the period, which never changes"
        return Rotation(Verdict.INEFFECTIVE, reason, clock)
    for name in ("rfc3339", "rotation_rfc3339"):
        start = clock[name]
        if start.absent:
            continue
        if start.unknown and not any(start.deep_references()):
            return Rotation(Verdict.UNKNOWN, f"{clock.address}.{name}: {start.why}", clock)
        reason = f"{clock.address} has a fixed {name}: it turns once and never again"
        return Rotation(Verdict.INEFFECTIVE, reason, clock)
    return Rotation(Verdict.ROTATES, "", clock)


def _forced(key: Block, project: Project) -> Iterator[Rotation]:
    """A clock inside what forces a new key: the instance key or the user's name."""
    user = user_of(key, project)
    for value in (
        key["for_each"],
        key[user_argument(key)],
        *((user["name"],) if user is not None else ()),
    ):
        for _, reference in value.deep_references():
            if reference.target.type == CLOCK and reference.target.kind == "resource":
                yield _clock(reference.target, reference.attribute)


def _lookalikes(key: Block, project: Project) -> Iterator[Rotation]:
    """What looks like rotation and is none, the most telling first."""
    written = set(key.names())
    for name in _INVENTED:
        if name in written:
            yield Rotation(Verdict.INEFFECTIVE, f"{key.type} has no argument {name!r}", key)
    for reference in _named(key["depends_on"], key, project):
        if reference.target.type == CLOCK:
            reason = (
                f"depends_on = [{reference.target.address}] orders the two and replaces nothing"
            )
            yield Rotation(Verdict.INEFFECTIVE, reason, reference.target)
    outside = rotated_outside(key, project)
    if outside is not None:
        block, what = outside
        reason = f"{what}, and the key is in Terraform's state: the next apply puts a key back"
        yield Rotation(Verdict.INEFFECTIVE, reason, block)
    if "all" in _ignored(key):
        reason = (
            "ignore_changes = all hides a rotation done elsewhere only until the key it knows is "
            "deleted: the next apply puts a key back"
        )
        yield Rotation(Verdict.INEFFECTIVE, reason, key)
    yield from _idle_clocks(key, project)


def _idle_clocks(key: Block, project: Project) -> Iterator[Rotation]:
    """A clock beside the key that drives nothing, or only writes a date into a tag."""
    user = user_of(key, project)
    if user is not None:
        for _, reference in user["tags"].deep_references():
            if reference.target.type == CLOCK:
                reason = f"{reference.target.address} is only written into a tag of the user"
                yield Rotation(Verdict.INEFFECTIVE, reason, reference.target)
    for clock in project.find(key, "resource", CLOCK):
        if not any(True for _ in project.readers(clock)):
            reason = f"{clock.address} is declared and nothing refers to it"
            yield Rotation(Verdict.INEFFECTIVE, reason, clock)


def _ignored(block: Block) -> frozenset[str]:
    """The arguments named by ``lifecycle.ignore_changes``; ``all`` stands for every one."""
    match = _IGNORE_CHANGES.search(block.source())
    if match:
        return frozenset(re.findall(r"\w+", match.group(1)))
    values = (part.get("ignore_changes") for part in block["lifecycle"].members())
    texts = (member.text for value in values for _, member in value.walk())
    return frozenset(text for text in texts if text)
