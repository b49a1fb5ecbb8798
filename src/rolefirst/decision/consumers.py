"""From the exits of a key to its consumers: what the catalogue says of each place.

A store (an SSM parameter, a secret …) is no consumer: whoever reads it is. Its readers are
followed one hop further; only when there is none in the code does the store stand for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from rolefirst.decision import catalogue
from rolefirst.decision.catalogue import Sink, Store
from rolefirst.decision.flow import Exit, exits
from rolefirst.findings import Consumer, Evidence, Location
from rolefirst.project import Block, Project


@dataclass(frozen=True, slots=True)
class Use:
    """One consumer with its catalogue row (None when there is no row) and how we know."""

    consumer: Consumer
    row: Sink | None
    evidence: tuple[Evidence, ...]
    block: Block


def uses(leaving: tuple[Exit, ...], project: Project) -> tuple[Use, ...]:
    """The consumers behind these exits; those that get only a key id do not count."""
    found: list[Use] = []
    for item in leaving:
        if item.carries.usable:
            found += _uses_of(item, project)
    return tuple(found)


def _uses_of(item: Exit, project: Project) -> list[Use]:
    rows = catalogue.packaged()
    block = item.block
    trail = _trail(item)
    if block.kind == "output":
        return [Use(_consumer(item, "unknown"), None, trail, block)]
    store = rows.store(block.type) if block.kind == "resource" else None
    if store is None and block.kind == "module":
        store = rows.store_module(block["source"].text or "")
    if store is not None:
        readers = _readers(block, store, project)
        return [
            Use(use.consumer, use.row, (*trail, *use.evidence), use.block) for use in readers
        ] or [Use(_consumer(item, "secret-store-only"), None, trail, block)]
    row = rows.sink(block.type, item.dotted) if block.kind != "module" else None
    return [Use(_consumer(item, row.category if row else "unknown"), row, trail, block)]


def _readers(block: Block, store: Store, project: Project) -> list[Use]:
    """Who reads a store, by its address, one hop on."""
    holders = [block]
    if store.holder:
        references = [ref for _, ref in block[store.holder].deep_references()]
        held = [ref.target for ref in references if ref.target.type in store.holder_types]
        holders = held or holders
    found: list[Use] = []
    for holder in holders:
        for item in exits(holder, project):
            if item.reference.attribute in store.address:
                found += _read(item, (), block) or _read_by_data(item, store, block, project)
    for item in exits(block, project):
        if item.reference.attribute.partition(".")[0] in store.secret:
            found += _read(item, (), block)
    return found


def _read(item: Exit, before: tuple[Evidence, ...], store: Block) -> list[Use]:
    """A consumer that takes the store's address or its value."""
    if item.block.kind not in ("resource", "module") or item.block.type == store.type:
        return []
    row = catalogue.packaged().sink(item.block.type, item.dotted)
    if row is None:
        return []
    consumer = _consumer(item, row.category)
    return [Use(consumer, row, (*before, *_trail(item)), item.block)]


def _read_by_data(item: Exit, store: Store, block: Block, project: Project) -> list[Use]:
    """A data source that reads the store, and who takes what it gives."""
    if item.block.kind != "data":
        return []
    asked = (item.block.type, item.attribute[0])
    given = {name for row in store.data if (row.type, row.argument) == asked for name in row.gives}
    return [
        use
        for taken in exits(item.block, project)
        if taken.reference.attribute.partition(".")[0] in given
        for use in _read(taken, _trail(item), block)
    ]


def _consumer(item: Exit, category: str) -> Consumer:
    return Consumer(
        address=item.block.address,
        attribute=item.dotted,
        carries=item.carries.value,
        location=_place(item),
        category=category,
        type=item.block.type,
    )


def _place(item: Exit) -> Location:
    return item.reference.trail[-1].location if item.reference.trail else item.block.location


def _trail(item: Exit) -> tuple[Evidence, ...]:
    """One line of evidence per place the value passed."""
    carries = item.carries.value if item.carries.usable else "the address"
    hops = item.reference.trail
    lines = []
    for position, hop in enumerate(hops):
        last = position == len(hops) - 1
        to = f"{item.block.address}.{item.dotted}" if last else hop.label
        lines.append(Evidence("data-flow", f"{carries} → {to}", hop.location))
    return tuple(lines)
