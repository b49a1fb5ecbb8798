"""``time_rotating``: whether it turns again and again, and how long one turn takes."""

from __future__ import annotations

import re
from datetime import date

from rolefirst.project import Block, Value
from rolefirst.rules.rotation_verdict import (
    Period,
    Rotation,
    Verdict,
    ineffective,
    named,
    open_question,
)

CLOCK = "time_rotating"
#: Arguments of a clock that stay as they are when it turns.
_STILL = re.compile(r"rotation_(?:minutes|hours|days|months|years)|triggers")
#: The periods in the order in which the provider reads them: the last one that is set wins.
PERIODS = (
    "rotation_days",
    "rotation_hours",
    "rotation_minutes",
    "rotation_months",
    "rotation_years",
)
_IN_DAYS = {"rotation_days": 1.0, "rotation_hours": 1 / 24, "rotation_minutes": 1 / 1440}
_MONTHS = {"rotation_months": 1, "rotation_years": 12}
#: More than anyone means, and as far as the calendar goes.
_MAX_MONTHS = 1200


def is_clock(block: Block) -> bool:
    """True for the resource, which is the only form that has a state to turn in."""
    return block.kind == "resource" and block.type == CLOCK


def turn(clock: Block, attribute: str) -> Rotation:
    """Whether what follows ``attribute`` of a clock changes again and again."""
    if _STILL.fullmatch(attribute):
        return ineffective(f"{clock.address}.{attribute} is the period, which never changes", clock)
    for name in ("rfc3339", "rotation_rfc3339"):
        start = clock[name]
        if start.absent:
            continue
        if start.unknown:
            return open_question(f"{clock.address}.{name}: {start.why}", clock)
        reason = f"{clock.address} has a fixed {name}: it turns once and never again"
        return ineffective(reason, clock)
    return Rotation(Verdict.ROTATES, "", named(clock), _period(clock))


def _period(clock: Block) -> Period:
    for name in reversed(PERIODS):
        value = clock[name]
        if value.absent:
            continue
        number = _number(value)
        if number is None:
            why = value.why or "it is no number"
            return Period(None, f"{clock.address}.{name}: {why}")
        if name in _IN_DAYS:
            return Period(number * _IN_DAYS[name])
        return Period(_longest(int(number) * _MONTHS[name]))
    return Period(None, f"{clock.address} names no period")


def _number(value: Value) -> float | None:
    """A number, or the text of one, which Terraform takes as well."""
    if isinstance(value.data, (int, float)) and value.known:
        return float(value.data)
    text = value.text or ""
    return float(text) if text.isdecimal() and text.isascii() else None


def _longest(months: int) -> float:
    """The days that so many months have at most: three of them may be 92."""
    months = min(months, _MAX_MONTHS)
    starts = [(year, month) for year in range(2000, 2004) for month in range(1, 13)]
    return float(max((_first(y, m + months) - _first(y, m)).days for y, m in starts))


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
