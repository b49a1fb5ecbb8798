"""A user with more rights than it needs: how to find out which it does."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix, user_for_command


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """Steps alone: what a user needs stands in CloudTrail and not in the code."""
    places = dict.fromkeys(related.label for related in finding.related)
    return Fix("rights", block, label(block.name or block.kind)).remediation(
        cli_user=user_for_command(block), places=", ".join(places)
    )
