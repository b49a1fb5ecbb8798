"""Nothing looks for unused keys: an analyzer of the account or of the organization."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.fixes.organization import TYPE, organization_of, reference, trusting
from rolefirst.remediation.fixes.writing import Fix, free_label
from rolefirst.rules.rf802_unused_access_not_analyzed import ANALYZER


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """For the organization where it is managed, which needs trusted access; else the account."""
    organization = organization_of(block, project) if block.type == TYPE else None
    edits = trusting(organization, "access-analyzer.amazonaws.com") if organization else []
    written = Fix(
        "unused_access_analyzer", block, free_label("unused_access", block, project, ANALYZER)
    )
    return written.remediation(edits, organization=reference(organization))
