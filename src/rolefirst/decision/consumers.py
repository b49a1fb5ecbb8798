"""From the exits of a key to its consumers: what the catalogue says of each place.

A store (an SSM parameter, a secret …) is no consumer: whoever reads it is. Its readers are
followed (``stores.py``); only when there is none in the code does the store stand for itself.
"""

from __future__ import annotations

from rolefirst.decision import catalogue, stores
from rolefirst.decision.flow import Exit
from rolefirst.decision.trail import Use, Way, use_of
from rolefirst.project import Project

__all__ = ["Use", "uses"]


def uses(leaving: tuple[Exit, ...], project: Project) -> tuple[Use, ...]:
    """The consumers behind these exits; those that get only a key id do not count."""
    found: list[Use] = []
    for item in leaving:
        if item.carries.usable:
            found += _uses_of(item, project)
    return tuple(found)


def _uses_of(item: Exit, project: Project) -> list[Use]:
    block = item.block
    way = Way(item.carries.value).on(item)
    store = stores.row_of(block, project)
    if store is not None:
        return stores.uses(item, store, way, project)
    if block.kind == "module":
        source = block["source"].text or "a source that is not known"
        said = f"the code of {block.address} ({source}) is not in the tree"
        return [use_of(item, None, way.because("module", said, block.at("source")))]
    row = catalogue.of(project).sink(block.type, item.dotted)
    return [use_of(item, row, way)]
