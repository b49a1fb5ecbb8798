"""Where a value goes: from a resource through locals, outputs and modules to whoever takes it.

The loaders hand out values that remember where they came from. So the flow of a key is found by
asking who mentions it, looking whether what they hold really came from it, and going on from the
places that only hand it on. Each exit carries the trail of every place it passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from rolefirst.decision import catalogue
from rolefirst.project import Block, Carries, Project, Reference

#: Arguments that steer Terraform and receive nothing.
META = frozenset(
    {"count", "for_each", "depends_on", "lifecycle", "provider", "providers", "precondition"}
)
#: Kinds of blocks that take no value: what is put into a variable is found in the call.
_NOT_READERS = ("variable", "terraform", "moved", "removed", "import", "check")
#: A place inside a block, and the address and attribute of what arrives there.
Arrival = tuple[tuple[str, ...], str, str]
#: A path inside a block and what stands there.
Taken = tuple[tuple[str, ...], Reference]
#: Blocks that one value may pass; far beyond real code, which needs five.
MAX_BLOCKS = 2_000


@dataclass(frozen=True, slots=True)
class Exit:
    """A place that takes the value: ``attribute`` is the path inside ``block``.

    ``block`` is a resource, data source, provider, the output of a root module, or a module call
    whose code is not in the tree. ``reference`` says what arrives there, and its trail how;
    ``carries`` which part of the key that is.
    """

    block: Block
    attribute: tuple[str, ...]
    reference: Reference
    carries: Carries

    @property
    def dotted(self) -> str:
        """The attribute path as the catalogue writes it: without list positions.

        What goes into a ``dynamic`` block goes into the block that it makes.
        """
        steps = [step for step in self.attribute if not step.isdecimal()]
        if steps[0] == "dynamic":
            steps = [*steps[1:2], *steps[3:]]  # without for_each or content
        return ".".join(steps)


def carried(reference: Reference, project: Project) -> Carries:
    """The value class of a reference to a key; inside a known module its catalogue row says it."""
    target = reference.target
    if target.kind != "module":
        return reference.carries
    row = catalogue.known_module(project, target["source"].text or "")
    output = reference.attribute.partition(".")[0]
    return Carries(row.outputs[output]) if row and output in row.outputs else Carries.OTHER


def exits(key: Block, project: Project) -> tuple[Exit, ...]:
    """Every place that takes something of ``key``, in the order it is reached."""
    identity = ("exits", key.root, key.address)
    if identity not in project.memo:
        project.memo[identity] = tuple(_trace(key, project))
    return cast("tuple[Exit, ...]", project.memo[identity])


@dataclass(slots=True)
class _Carried:
    """What was put into one carrier: ``given`` says where it comes out, ``read`` what is taken."""

    block: Block
    taken: list[Taken] = field(default_factory=list)
    given: list[tuple[str, Reference]] = field(default_factory=list)
    read: set[str] = field(default_factory=set)


def _trace(origin: Block, project: Project) -> Iterator[Exit]:
    carried: dict[tuple[str, str], _Carried] = {}
    pending = [origin]
    #: What each reader was seen to take. A carrier may bring it more on a later visit.
    seen: dict[tuple[str, str, str], set[Arrival]] = {}
    while pending and len(seen) < MAX_BLOCKS:
        for reader in project.readers(pending.pop(0)):
            mark = (reader.root, reader.address, reader.kind)
            if reader.kind in _NOT_READERS:
                continue
            before = seen.get(mark, set())
            found = _taken(reader, origin, carried)
            taken = [item for item in found if _arrival(item) not in before]
            if not taken:
                continue
            seen[mark] = before | {_arrival(item) for item in taken}
            if reader.kind == "local":
                pending.append(reader)
            elif reader.kind == "output":
                pending.append(reader)
                if not reader.call_chain:
                    yield from (_exit(reader, *item, project) for item in taken)
            elif reader.kind == "module":
                yield from _into_module(reader, taken, project, pending)
            else:
                yield from _into_block(reader, taken, carried, project, pending)
    for item in carried.values():
        for path, reference in item.taken:
            # What nothing in the code takes from a resource still rests in the state.
            if item.block.kind == "resource" and reference.attribute not in item.read:
                yield _exit(item.block, path, reference, project)


def _arrival(taken: Taken) -> Arrival:
    """What arrives where, whichever way it came: two ways to one place are one exit."""
    where, reference = taken
    return where, reference.target.address, reference.attribute


def _taken(
    reader: Block, origin: Block, carried: dict[tuple[str, str], _Carried]
) -> Iterator[Taken]:
    """What of the origin is in the reader's arguments, also by way of a carrier."""
    for name in reader.names():
        if name in META:
            continue
        for path, reference in reader[name].deep_references():
            where = (name, *path)
            target = reference.target
            if target is origin or (target.root, target.address) == (origin.root, origin.address):
                yield where, reference
            carrier = carried.get((target.root, target.address))
            for given, inner in carrier.given if carrier else ():
                if carrier and _overlap(given, reference.attribute):
                    carrier.read.add(inner.attribute)
                    yield where, replace(inner, trail=(*inner.trail, *reference.trail))


def _overlap(one: str, other: str) -> bool:
    """Whether two dotted attributes are the same, or one is inside the other."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _into_module(
    call: Block,
    taken: list[Taken],
    project: Project,
    pending: list[Block],
) -> Iterator[Exit]:
    variables = project.inputs(call)
    for path, reference in taken:
        variable = variables.get(path[0])
        if variable is None:
            yield _exit(call, path, reference, project)
        elif variable not in pending:
            pending.append(variable)


def _into_block(
    block: Block,
    taken: list[Taken],
    carried: dict[tuple[str, str], _Carried],
    project: Project,
    pending: list[Block],
) -> Iterator[Exit]:
    carrier = catalogue.of(project).carrier(block.kind, block.type)
    inner = _Carried(block)
    if carrier:
        inner = carried.setdefault((block.root, block.address), inner)
    for path, reference in taken:
        given = carrier.gives(".".join(path)) if carrier else ()
        if given:
            inside = [step for step in path[1:] if not step.isdecimal()]
            inner.taken.append((path, reference))
            inner.given += [(".".join((name, *inside)), reference) for name in given]
            if block not in pending:
                pending.append(block)
        else:
            inner.read.add(reference.attribute)
            yield _exit(block, path, reference, project)


def _exit(block: Block, path: tuple[str, ...], reference: Reference, project: Project) -> Exit:
    return Exit(block, path, reference, carried(reference, project))
