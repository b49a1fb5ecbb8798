"""A key that is replaced too seldom: the period of its clock."""

from __future__ import annotations

import re

from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.edits import set_argument
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.lines import rewritten
from rolefirst.remediation.fixes.rotation import rotation_days
from rolefirst.remediation.fixes.writing import Fix
from rolefirst.rules.rotation_clock import CLOCK, PERIODS

_DAYS = "rotation_days"
_VARIABLE = re.compile(r"var\.(\w+)")


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """An edit of the clock that the finding names; a schedule in a CI file stays with people."""
    places = {related.location for related in finding.related}
    clock = next((c for c in project.find(block, "resource", CLOCK) if c.location in places), None)
    days = rotation_days(block, project)
    edits = _edits(clock, days, project) if clock is not None else [None]
    return Fix("rotation_period", block, label(block.name)).remediation(
        edits, days=days, clock=clock.address if clock is not None else "", reason=finding.message
    )


def _edits(clock: Block, days: int, project: Project) -> list[Edit | None]:
    written = [name for name in PERIODS if name in clock.names()]
    variable = _VARIABLE.fullmatch(clock.expression(_DAYS).strip())
    if written == [_DAYS] and variable:
        return [_default(clock, variable[1], days, project)]
    if not all(re.fullmatch(r'"?\d+"?', clock.expression(name).strip()) for name in written):
        return [None]
    return rewritten(clock, {**dict.fromkeys(written), _DAYS: str(days)})


def _default(clock: Block, name: str, days: int, project: Project) -> Edit | None:
    """The default of the variable, when that is what the clock has its period from."""
    for variable in project.find(clock, "variable"):
        same = variable["default"].known and variable["default"].data == clock[_DAYS].data
        if variable.name == name and same:
            return set_argument(variable, "default", str(days))
    return None
