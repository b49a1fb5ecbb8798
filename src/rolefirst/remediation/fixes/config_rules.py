"""What AWS Config should watch: the age of keys, and keys of root."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst import limits
from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.edits import set_argument
from rolefirst.remediation.expressions import is_reference
from rolefirst.remediation.filters import Safe
from rolefirst.remediation.fixes.writing import Fix, free_label, here
from rolefirst.rules import config_rules
from rolefirst.rules.rf204_root_key_check_missing import CHECK as ROOT
from rolefirst.rules.rf803_key_age_not_monitored import CHECK as AGE

_ORGANIZATION = "aws_config_organization_managed_rule"
#: By identifier: the label, the name in AWS and what the rule says.
_RULES = {
    ROOT: ("root_access_key", "iam-root-access-key-check", "whether root has access keys"),
    AGE: ("access_keys_rotated", "access-keys-rotated", "which access keys are too old"),
}


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """A stricter age where a rule is too lax; else the rule, for as many accounts as the others."""
    identifier = ROOT if finding.rule.id == "RF204" else AGE
    label, name, what = _RULES[identifier]
    days = 0 if identifier == ROOT else limits.of(project).rotation_days
    lax = next(_lax(block, days, project), None) if days else None
    if lax is not None:
        parameters = f'jsonencode({{ {config_rules.AGE} = "{days}" }})'
        edit = set_argument(lax, "input_parameters", parameters)
        free = free_label(label, block, project)
        return Fix("config_rules", lax, free).remediation(
            [edit], terraform=False, days=days, changed=lax.address, name=lax["name"].text or ""
        )
    organization = block.type.startswith("aws_config_organization")
    type = _ORGANIZATION if organization else config_rules.CONFIG_RULE
    needed = _needed(block, organization, project)
    return Fix("config_rules", block, free_label(label, block, project, type)).remediation(
        safe=identifier == ROOT and needed is not None,
        terraform=True,
        type=type,
        organization=organization,
        name=name,
        identifier=identifier,
        what=what,
        days=days,
        recorder=needed,
    )


def _lax(block: Block, days: int, project: Project) -> Iterator[Block]:
    """The rules of the same root module that let a key grow older, and say so themselves."""
    for item in config_rules.holding(AGE, project):
        age = config_rules.key_age(item.block).data
        written = item.block.root == block.root and item.block["input_parameters"].known
        if written and isinstance(age, int) and age > days:
            yield item.block


def _needed(block: Block, organization: bool, project: Project) -> Safe | None:
    """The recorder, or the organization, that has to be there before the rule."""
    type = "aws_organizations_organization" if organization else "aws_config_configuration_recorder"
    found = (here(each) for each in project.find(block, "resource", type))
    return next((Safe(name) for name in found if is_reference(name)), None)
