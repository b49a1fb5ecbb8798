"""Schedules in cron syntax, as CI files write them."""

from __future__ import annotations

import pytest

from rolefirst.rules.rotation_schedule import longest_gap

MINUTE = 1 / (24 * 60)


@pytest.mark.parametrize(
    ("cron", "days"),
    [
        ("0 3 * * *", 1),
        ("* * * * *", MINUTE),
        ("*/15 * * * *", 15 * MINUTE),
        ("0 */6 * * *", 0.25),
        ("0 9-17 * * *", 16 / 24),
        ("0 3,4 * * *", 23 / 24),
        ("0 3 * * 1", 7),
        ("0 3 * * mon", 7),
        ("0 3 * * 0", 7),
        ("0 3 * * 7", 7),
        ("0 3 * * 1-5", 3),
        ("0 3 1 * *", 31),
        ("0 3 1 */3 *", 92),
        ("0 3 1 Jan *", 366),
        ("0 3 1 * 1", 7),
        ("0 3 29 2 *", None),
        ("30 23 31 * *", 61),
        ("H H * * 1", 7),
        ("H/30 * * * *", 30 * MINUTE),
        ("5/20 * * * *", 20 * MINUTE),
        ("5,10 * * * *", 55 * MINUTE),
        ("@weekly", 7),
        ("@monthly", 31),
    ],
)
def test_gap(cron: str, days: float | None) -> None:
    found = longest_gap(cron)

    assert found == (None if days is None else pytest.approx(days))


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "never",
        "0 3 * *",
        "0 3 * * * *",
        "60 3 * * *",
        "0 24 * * *",
        "0 3 0 * *",
        "0 3 * 13 *",
        "0 3 * * 8",
        "*/0 3 * * *",
        "5-1 3 * * *",
        "0 3 30 2 *",
        "0 3 ٣ * *",
        "0 3 1, * *",
    ],
)
def test_what_is_no_schedule(cron: str) -> None:
    assert longest_gap(cron) is None
