"""Where a value goes: from a resource through locals, outputs and modules to whoever takes it.

The loaders hand out values that remember where they came from. So the flow of a key is found by
asking who mentions it, looking whether what they hold really came from it, and going on from the
places that only hand it on. Each exit carries the trail of every place it passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from rolefirst.decision import catalogue
from rolefirst.project import Block, Carries, Project, Reference

#: Arguments that steer Terraform and receive nothing.
META = frozenset({"count", "for_each", "depends_on", "lifecycle", "provider", "providers"})
#: A place inside a block, and the address and attribute of what arrives there.
Arrival = tuple[tuple[str, ...], str, str]
#: Blocks that one value may pass; far beyond real code, which needs five.
MAX_BLOCKS = 2_000


@dataclass(frozen=True, slots=True)
class Exit:
    """A place that takes the value: ``attribute`` is the path inside ``block``.

    ``block`` is a resource, data source, provider, the output of a root module, or a module call
    whose code is not in the tree. ``reference`` says what arrives there, and its trail how.
    """

    block: Block
    attribute: tuple[str, ...]
    reference: Reference

    @property
    def carries(self) -> Carries:
        """Which part of the key arrives; of a known module its catalogue row says so."""
        return carried(self.reference)

    @property
    def dotted(self) -> str:
        """The attribute path as the catalogue writes it: without list positions.

        What goes into a ``dynamic`` block goes into the block that it makes.
        """
        steps = [step for step in self.attribute if not step.isdecimal()]
        if steps[0] == "dynamic":
            steps = [*steps[1:2], *steps[3:]]  # without for_each or content
        return ".".join(steps)


def carried(reference: Reference) -> Carries:
    """The value class of a reference to a key, also to one inside a known module."""
    target = reference.target
    if target.kind != "module":
        return reference.carries
    row = catalogue.packaged().known_module(target["source"].text or "")
    output = reference.attribute.partition(".")[0]
    return Carries(row.outputs[output]) if row and output in row.outputs else Carries.OTHER


def exits(key: Block, project: Project) -> tuple[Exit, ...]:
    """Every place that takes something of ``key``, in the order it is reached."""
    identity = ("exits", key.root, key.address)
    if identity not in project.memo:
        project.memo[identity] = tuple(_trace(key, project))
    return cast("tuple[Exit, ...]", project.memo[identity])


def _trace(origin: Block, project: Project) -> Iterator[Exit]:
    #: What a value may come from: the origin, and carriers with what was put into them.
    sources: dict[tuple[str, str], list[tuple[str, Reference]]] = {}
    pending = [origin]
    #: What each reader was seen to take. A carrier may bring it more on a later visit.
    seen: dict[tuple[str, str, str], set[Arrival]] = {}
    while pending and len(seen) < MAX_BLOCKS:
        for reader in project.readers(pending.pop(0)):
            mark = (reader.root, reader.address, reader.kind)
            if reader.kind in ("variable", "terraform", "moved", "removed", "import"):
                continue
            before = seen.get(mark, set())
            found = _taken(reader, origin, sources)
            taken = [item for item in found if _arrival(item) not in before]
            if not taken:
                continue
            seen[mark] = before | {_arrival(item) for item in taken}
            if reader.kind == "local":
                pending.append(reader)
            elif reader.kind == "output":
                pending.append(reader)
                if not reader.call_chain:
                    yield from (Exit(reader, path, reference) for path, reference in taken)
            elif reader.kind == "module":
                yield from _into_module(reader, taken, project, pending)
            else:
                yield from _into_block(reader, taken, sources, pending)


def _arrival(taken: tuple[tuple[str, ...], Reference]) -> Arrival:
    """What arrives where, whichever way it came: two ways to one place are one exit."""
    where, reference = taken
    return where, reference.target.address, reference.attribute


def _taken(
    reader: Block,
    origin: Block,
    sources: dict[tuple[str, str], list[tuple[str, Reference]]],
) -> Iterator[tuple[tuple[str, ...], Reference]]:
    """What of the origin is in the reader's arguments, also by way of a carrier."""
    for name in reader.names():
        if name in META:
            continue
        for path, reference in reader[name].deep_references():
            where = (name, *path)
            target = reference.target
            if target is origin or (target.root, target.address) == (origin.root, origin.address):
                yield where, reference
            for given, inner in sources.get((target.root, target.address), ()):
                if reference.attribute.partition(".")[0] == given:
                    yield where, replace(inner, trail=(*inner.trail, *reference.trail))


def _into_module(
    call: Block,
    taken: list[tuple[tuple[str, ...], Reference]],
    project: Project,
    pending: list[Block],
) -> Iterator[Exit]:
    variables = project.inputs(call)
    for path, reference in taken:
        variable = variables.get(path[0])
        if variable is None:
            yield Exit(call, path, reference)
        elif variable not in pending:
            pending.append(variable)


def _into_block(
    block: Block,
    taken: list[tuple[tuple[str, ...], Reference]],
    sources: dict[tuple[str, str], list[tuple[str, Reference]]],
    pending: list[Block],
) -> Iterator[Exit]:
    carrier = catalogue.packaged().carrier(block.kind, block.type)
    for path, reference in taken:
        given = carrier.gives(".".join(path)) if carrier else ()
        if given:
            inner = sources.setdefault((block.root, block.address), [])
            inner.extend((name, reference) for name in given)
            if block not in pending:
                pending.append(block)
        else:
            yield Exit(block, path, reference)
