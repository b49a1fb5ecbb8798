"""What can be said about the rotation of a key, in the words that all RF3xx rules share."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rolefirst.findings import Related
from rolefirst.project import Block


class Verdict(enum.Enum):
    """What the code does about the age of a key."""

    ROTATES = "rotates"
    INEFFECTIVE = "only looks like rotation"
    MISSING = "nothing rotates it"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one key to the next at most; None when they cannot be told, and ``why`` not.

    ``applied`` is true when the time until somebody applies the code comes on top.
    """

    days: float | None
    why: str = ""
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Rotation:
    """The verdict, the reason, and the place it rests on: for ROTATES what sets the pace."""

    verdict: Verdict
    reason: str = ""
    source: Related | None = None
    period: Period | None = None


MISSING = Rotation(Verdict.MISSING)


def ineffective(reason: str, block: Block) -> Rotation:
    """It looks like rotation and is none."""
    return Rotation(Verdict.INEFFECTIVE, reason, named(block))


def open_question(reason: str, block: Block | None = None) -> Rotation:
    """The code does not say."""
    return Rotation(Verdict.UNKNOWN, reason, named(block) if block is not None else None)


def named(block: Block) -> Related:
    """A block as a place that reports can show."""
    return Related(block.location, block.address)
