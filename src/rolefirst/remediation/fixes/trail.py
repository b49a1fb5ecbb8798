"""An incomplete CloudTrail trail: the arguments that it lacks."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.edits import set_argument
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix
from rolefirst.rules.rf801_trail_incomplete import lacking_arguments


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """One edit per argument that is off, or not written and off by default."""
    names = lacking_arguments(block)
    return Fix("trail", block, label(block.name)).remediation(
        [set_argument(block, name, "true") for name in names],
        arguments=", ".join(f"{name} = true" for name in names),
        validation="enable_log_file_validation" in names,
    )
