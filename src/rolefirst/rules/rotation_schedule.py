"""How long a schedule in cron syntax lets pass between two runs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

_NAMED = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
#: ``*``, ``7``, ``1-5``, each with or without a step; Jenkins writes ``H`` for a number it picks.
_PART = re.compile(
    r"(?P<all>[*?]|h(?:\([^)]*\))?)(?:/(?P<every>[0-9]{1,4}))?|"
    r"(?P<low>[0-9]{1,4})(?:-(?P<high>[0-9]{1,4}))?(?:/(?P<step>[0-9]{1,4}))?"
)
_MINUTES = 24 * 60
#: Four years hold a leap day.
_FIRST = date(2024, 1, 1)
_LAST = date(2027, 12, 31)


def longest_gap(cron: str) -> float | None:
    """The days between two runs at most; None for what is no schedule of five fields."""
    fields = _NAMED.get(cron.strip().lower(), cron.lower()).split()
    if len(fields) != 5:
        return None
    minutes, hours = _numbers(fields[0], 0, 59), _numbers(fields[1], 0, 23)
    days, months = _numbers(fields[2], 1, 31), _numbers(_numbered(fields[3], _MONTHS, 1), 1, 12)
    weekdays = _numbers(_numbered(fields[4], _WEEKDAYS, 0), 0, 7)
    if not (minutes and hours and days and months and weekdays):
        return None
    weekdays = {weekday % 7 for weekday in weekdays}
    either = fields[2][0] not in "*?" and fields[4][0] not in "*?"
    runs = [day for day in _calendar() if day.month in months and _on(day, days, weekdays, either)]
    gaps = [(after - before).days for before, after in pairwise(runs)]
    if not gaps:
        return None
    times = sorted(hour * 60 + minute for hour in hours for minute in minutes)
    within = [after - before for before, after in pairwise(times)]
    between = max(gaps) * _MINUTES - (times[-1] - times[0])
    return max(between, *within, 0) / _MINUTES


def _on(day: date, days: set[int], weekdays: set[int], either: bool) -> bool:
    """cron runs on either when both a day of the month and a weekday are named."""
    in_month, in_week = day.day in days, day.isoweekday() % 7 in weekdays
    return in_month or in_week if either else in_month and in_week


def _calendar() -> list[date]:
    return [_FIRST + timedelta(days=offset) for offset in range((_LAST - _FIRST).days + 1)]


def _numbered(field: str, names: tuple[str, ...], first: int) -> str:
    for number, name in enumerate(names, start=first):
        field = field.replace(name, str(number))
    return field


def _numbers(field: str, low: int, high: int) -> set[int]:
    """The numbers a field names; empty when it cannot be read."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            return set()
        step = int(match["every"] or match["step"] or 1)
        if match["all"]:
            start, end = low, high
            if match["all"].startswith("h") and not match["every"]:
                end = low  # one number, whichever
        else:
            start = int(match["low"])
            end = int(match["high"] or (high if match["step"] else start))
        if step == 0 or start < low or end > high:
            return set()
        found.update(range(start, end + 1, step))
    return found
