"""From a key through ``replace_triggered_by`` and the resources behind it to what drives them.

Terraform replaces a key on its own in one way only: a ``time_rotating`` drives a managed resource
(``terraform_data``, ``null_resource``, ``time_static`` …) and the key is replaced whenever that
resource is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rolefirst.iam.users import user_argument, user_of
from rolefirst.project import Block, Project, Reference, Value
from rolefirst.rules.rotation_clock import CLOCK, is_clock, turn
from rolefirst.rules.rotation_verdict import Rotation, Verdict, ineffective, open_question

#: Resources that exist to trigger others; an unknown argument of theirs may be a clock.
_TRIGGERS = re.compile(r"terraform_data|null_resource|time_\w+|random_\w+")
#: Arguments that do not change a resource when their value changes.
_NO_TRIGGER = frozenset(
    {"connection", "count", "depends_on", "lifecycle", "provider", "provisioner"}
)
_ADDRESS = re.compile(
    r"(?:\$\{)?(?P<type>[a-z]\w*)\.(?P<name>[\w-]+)(?:\[[^\]]*\])?(?:\.(?P<attribute>[\w.]+))?\}?"
)
_IGNORE_CHANGES = re.compile(r"^[ \t]*ignore_changes\s*=\s*(all\b|\[[^\]]{0,4000}\])", re.MULTILINE)


def triggered(key: Block, project: Project) -> Iterator[Rotation]:
    """What ``lifecycle.replace_triggered_by`` comes to."""
    lifecycle = key["lifecycle"]
    if lifecycle.unknown:
        yield open_question(lifecycle.why)
    for block in lifecycle.members():
        triggers = block.get("replace_triggered_by")
        if triggers.absent:
            continue
        references = referred(triggers, key, project)
        if not references and not triggers.known:
            yield open_question(triggers.why)
        yield from _followed(references)


def forced(key: Block, project: Project) -> Iterator[Rotation]:
    """A clock inside what forces a new key: the instance key or the user's name."""
    user = user_of(key, project)
    named = (user["name"],) if user is not None else ()
    for value in (key["for_each"], key[user_argument(key)], *named):
        for _, reference in value.deep_references():
            if is_clock(reference.target):
                yield turn(reference.target, reference.attribute)


def referred(value: Value, key: Block, project: Project) -> list[Reference]:
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


def ignored(block: Block) -> frozenset[str]:
    """The arguments named by ``lifecycle.ignore_changes``; ``all`` stands for every one."""
    match = _IGNORE_CHANGES.search(block.source())
    if match:
        return frozenset(re.findall(r"\w+", match.group(1)))
    values = (part.get("ignore_changes") for part in block["lifecycle"].members())
    texts = (member.text for value in values for _, member in value.walk())
    return frozenset(text for text in texts if text)


def _followed(references: list[Reference]) -> Iterator[Rotation]:
    for reference in references:
        target = reference.target
        if target.kind != "resource":
            continue
        if target.type != CLOCK:
            yield from _driven(target, reference.attribute, set())
        else:
            reason = (
                f"replace_triggered_by names {target.address} itself: when its time is up the "
                "provider drops it and Terraform creates a new one, which is neither an update "
                "nor a replacement, so the key stays"
            )
            yield ineffective(reason, target)


def _driven(block: Block, attribute: str, seen: set[str]) -> Iterator[Rotation]:
    """What changes a resource by itself; when nothing does, that a trigger is fixed.

    ``seen`` holds the addresses already asked, so that circles end.
    """
    seen.add(block.address)
    step = attribute.split(".")[0].split("[")[0]
    names = [name for name in block.names() if name not in _NO_TRIGGER]
    if step in names:
        names = [step]
    blind = ignored(block)
    changes = [
        rotation
        for name in names
        if "all" not in blind and name not in blind
        for rotation in _follows(block[name], block, seen)
    ]
    yield from changes
    if not changes and _TRIGGERS.fullmatch(block.type):
        reason = (
            f"{block.address} changes only when someone edits the code: no time_rotating drives it"
        )
        yield ineffective(reason, block)


def _follows(value: Value, block: Block, seen: set[str]) -> Iterator[Rotation]:
    """What changes one argument by itself."""
    targets = [
        (reference.target, reference.attribute)
        for _, reference in value.deep_references()
        if reference.target.kind in ("resource", "data")
    ]
    for target, attribute in targets:
        if target.kind == "data":
            yield open_question(f"{block.address} follows {target.address}", target)
        elif target.type == CLOCK:
            yield _clock(target, attribute, seen)
        elif target.address not in seen:
            yield from _driven(target, attribute, seen)
    if not targets and not value.known and value.why and _TRIGGERS.fullmatch(block.type):
        yield open_question(f"whether {block.address} ever changes cannot be told: {value.why}")


def _clock(clock: Block, attribute: str, seen: set[str]) -> Rotation:
    """A clock. One that starts from something that moves is replaced whenever that one moves."""
    seen.add(clock.address)
    starts = [clock[name] for name in ("rfc3339", "rotation_rfc3339")]
    behind = [found for start in starts for found in _follows(start, clock, seen)]
    for verdict in (Verdict.ROTATES, Verdict.UNKNOWN, Verdict.INEFFECTIVE):
        for rotation in behind:
            if rotation.verdict is verdict:
                return rotation
    return turn(clock, attribute)
