"""A key that is written into the code: what to do, and in which order."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix
from rolefirst.rules.key_material import material_in


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """Steps alone: the code cannot know where the key should come from instead."""
    if not any(item.key_id or item.secret for item in material_in(block, project)):
        return None  # an example of AWS's documentation is nobody's key
    return Fix("leaked_key", block, label(block.name or block.kind)).remediation()
