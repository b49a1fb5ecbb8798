"""A key of root: how to find out whether it is there, and how it goes."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """Steps alone: Terraform cannot manage root."""
    return Fix("root_key", block, label(block.name)).remediation()
