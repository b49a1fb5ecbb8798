"""A use of a key: who takes it, and every place it passed on its way there."""

from __future__ import annotations

from dataclasses import dataclass

from rolefirst.decision.catalogue import Sink
from rolefirst.decision.flow import Exit
from rolefirst.findings import Consumer, Evidence, Location
from rolefirst.project import Block


@dataclass(frozen=True, slots=True)
class Use:
    """One consumer with its catalogue row (None when there is no row) and how we know."""

    consumer: Consumer
    row: Sink | None
    evidence: tuple[Evidence, ...]
    block: Block


@dataclass(frozen=True, slots=True)
class Way:
    """How something came to where it is: ``carries`` is the part of the key, in plain words."""

    carries: str
    evidence: tuple[Evidence, ...] = ()

    def on(self, item: Exit, what: str = "") -> Way:
        """The same way and the places that lead to one more exit; ``what`` went along them."""
        return Way(self.carries, (*self.evidence, *_trail(item, what or self.carries)))

    def because(self, kind: str, text: str, location: Location) -> Way:
        """The same way and one more reason."""
        return Way(self.carries, (*self.evidence, Evidence(kind, text, location)))


def use_of(item: Exit, row: Sink | None, way: Way, category: str = "") -> Use:
    """The use that an exit is; without a row and a category nobody knows what it does."""
    trail = item.reference.trail
    consumer = Consumer(
        address=item.block.address,
        attribute=item.dotted,
        carries=way.carries,
        location=trail[-1].location if trail else item.block.location,
        category=category or (row.category if row else "unknown"),
        type=item.block.type,
    )
    return Use(consumer, row, way.evidence, item.block)


def _trail(item: Exit, what: str) -> tuple[Evidence, ...]:
    """One line of evidence per place that was passed."""
    hops = item.reference.trail
    lines = []
    for position, hop in enumerate(hops):
        last = position == len(hops) - 1
        to = f"{item.block.address}.{item.dotted}" if last else hop.label
        lines.append(Evidence("data-flow", f"{what} → {to}", hop.location))
    return tuple(lines)
