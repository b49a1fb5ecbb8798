"""A user with two active keys: how to find out which one can go."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.iam.users import user_of
from rolefirst.project import Block, Project
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix, user_for_command


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """Steps alone: which key is the one that is not needed, no code says."""
    user = user_of(block, project)
    return Fix("second_key", block, label(block.name)).remediation(cli_user=user_for_command(user))
