"""A decision as a picture: the key, who uses it, and what should stand there instead.

Only places and words: ``templates/report/_picture.svg.j2`` draws them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rolefirst.findings import Decision
from rolefirst.reports.terminal import fit
from rolefirst.reports.text_lines import say

_WIDTH, _HEIGHT, _GAP, _ROW, _MARGIN = 270, 52, 70, 66, 2
#: Characters that have room in a box.
_ROOM = 31
#: More boxes are no picture any more; the report lists them all.
_CONSUMERS = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its upper left corner, in pixels."""

    kind: str
    x: int
    y: int
    title: str
    note: str
    width: int = _WIDTH
    height: int = _HEIGHT


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from the right side of one box to the left side of another."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and what it says to whoever cannot see it."""

    width: int
    height: int
    label: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(address: str, decision: Decision) -> Picture:
    """Three columns: the key, its consumers, the alternative."""
    consumers = decision.consumers[:_CONSUMERS]
    more = len(decision.consumers) - len(consumers)
    middle = [
        (c.address, f"{c.category}: receives the {c.carries}", c.attribute) for c in consumers
    ]
    if more:
        middle.append((f"and {more} more", "", ""))
    if not middle:
        middle.append(("nobody in this code", decision.category, ""))
    center = _MARGIN + _ROW * (len(middle) - 1) // 2
    columns = [1 + index * (_WIDTH + _GAP) for index in range(3)]
    key = Box("key", columns[0], center, _short(address), _kind(address))
    users = [
        Box("consumer", columns[1], _MARGIN + _ROW * row, _short(title), _short(note, 38))
        for row, (title, note, _) in enumerate(middle)
    ]
    instead = Box("instead", columns[2], center, _short(decision.alternative), "use instead")
    arrows = [_arrow(key, user) for user in users] + [_arrow(user, instead) for user in users]
    told = "; ".join(f"{title} {attribute} ({note})".strip() for title, note, attribute in middle)
    label = f"{address} goes to {told}. Use instead: {decision.alternative}."
    width = columns[2] + _WIDTH + 1
    height = _MARGIN * 2 + _ROW * (len(middle) - 1) + _HEIGHT
    return Picture(width, height, say(label), (key, *users, instead), (*arrows,))


def _kind(address: str) -> str:
    """What is decided about: a person's user is no key."""
    return "IAM user" if re.search(r"\baws_iam_user\.[^.]*$", address) else "access key"


def _arrow(start: Box, end: Box) -> Arrow:
    half = _HEIGHT // 2
    return Arrow(start.x + start.width, start.y + half, end.x, end.y + half)


def _short(text: str, room: int = _ROOM) -> str:
    return fit(say(text), room)
