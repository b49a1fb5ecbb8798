"""What fixes for an organization have in common: the block that declares it."""

from __future__ import annotations

from rolefirst.findings import Edit
from rolefirst.project import Block, Project
from rolefirst.remediation.expressions import is_reference
from rolefirst.remediation.filters import Safe
from rolefirst.remediation.fixes.lines import with_member
from rolefirst.remediation.fixes.writing import here

TYPE = "aws_organizations_organization"
_PRINCIPALS = "aws_service_access_principals"


def organization_of(block: Block, project: Project, kind: str = "resource") -> Block | None:
    """The organization that is declared in the module of a block, once and for sure."""
    found = [each for each in project.find(block, kind, TYPE) if is_reference(here(each))]
    once = len(found) == 1 and not {"count", "for_each"} & {*found[0].names()}
    return found[0] if once else None


def reference(organization: Block | None) -> Safe | None:
    """The organization as code beside it names it."""
    return Safe(here(organization)) if organization is not None else None


def trusting(organization: Block, principal: str) -> list[Edit | None]:
    """The edit that gives a service access to the organization; none when it has it."""
    value = organization[_PRINCIPALS]
    if any(member.text == principal for member in value.members()):
        return []
    return [with_member(organization, _PRINCIPALS, f'"{principal}"')]
