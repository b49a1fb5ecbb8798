"""No service control policy denies root: one that does, and one against new keys beside it."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.expressions import is_reference
from rolefirst.remediation.filters import Safe
from rolefirst.remediation.fixes.organization import organization_of
from rolefirst.remediation.fixes.writing import Fix, free_label, here
from rolefirst.rules.rf203_root_not_denied import ATTACHMENT, POLICY


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """A new policy for the root of the organization, or the attachment that one lacks."""
    label = free_label("deny_root", block, project, POLICY, ATTACHMENT, "aws_iam_policy_document")
    written = Fix("root_denial", block, label)
    if "root sessions" in finding.message:
        return written.remediation(terraform=False)
    places = {related.location for related in finding.related}
    idle = [each for each in project.find(block, "resource", POLICY) if each.location in places]
    name = here(idle[0]) if idle else f"aws_organizations_policy.{label}"
    if not is_reference(name) or (idle and {"count", "for_each"} & {*idle[0].names()}):
        return None
    return written.remediation(
        terraform=True,
        attached=bool(idle),
        policy=Safe(name),
        target=_root(block, project),
    )


def _root(block: Block, project: Project) -> Safe | None:
    """The root of the organization, as code beside the block names it."""
    for kind, prefix in (("resource", ""), ("data", "")):
        organization = organization_of(block, project, kind)
        if organization is not None:
            return Safe(f"{prefix}{here(organization)}.roots[0].id")
    return None
