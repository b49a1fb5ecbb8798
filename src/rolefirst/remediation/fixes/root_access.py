"""Root keys of member accounts are not removed centrally: the feature of IAM that does it."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.fixes.lines import with_member
from rolefirst.remediation.fixes.organization import organization_of, reference, trusting
from rolefirst.remediation.fixes.writing import Fix, free_label
from rolefirst.rules.rf202_root_keys_not_removed_centrally import FEATURES


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """The feature in the resource that is there, or that resource; IAM needs trusted access."""
    organization = organization_of(block, project)
    edits = trusting(organization, "iam.amazonaws.com") if organization else []
    label = free_label("root_access", block, project, FEATURES)
    there = next((each for each in project.resources(FEATURES) if each.root == block.root), None)
    if there is not None:
        edits.append(with_member(there, "enabled_features", '"RootCredentialsManagement"'))
    return Fix("root_access", block, label).remediation(
        edits,
        terraform=there is None,
        changed=there.address if there is not None else "",
        organization=reference(organization),
    )
