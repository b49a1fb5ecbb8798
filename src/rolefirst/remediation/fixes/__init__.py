"""Fixes for what is wrong beside a key: one module per subject, imported when a finding needs it.

A module ``<subject>`` has ``fix(finding, block, project)``, which gives the code and the steps that
mend the finding, or None where there is nothing useful to write. ``block`` is the one of the
finding's address. What takes the place of a key itself is not here but in ``remediate``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project

__all__ = ["FIXES", "fix_for"]

#: Rule → the module that mends what it finds.
FIXES: Mapping[str, str] = MappingProxyType(
    {
        "RF105": "second_key",
        "RF106": "inactive_key",
        "RF107": "person",
        "RF201": "root_key",
        "RF202": "root_access",
        "RF203": "root_denial",
        "RF204": "config_rules",
        "RF301": "rotation",
        "RF302": "rotation_period",
        "RF303": "rotation",
        "RF304": "rotation",
        "RF401": "owner_tags",
        "RF402": "owner_tags",
        "RF501": "rights",
        "RF502": "rights",
        "RF503": "rights",
        "RF601": "source_restriction",
        "RF602": "source_restriction",
        "RF603": "source_restriction",
        "RF701": "sensitive_output",
        "RF702": "secure_parameter",
        "RF704": "leaked_key",
        "RF705": "provider_credentials",
        "RF801": "trail",
        "RF802": "unused_access_analyzer",
        "RF803": "config_rules",
    }
)


def fix_for(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """What mends a finding on ``block``; None where code and commands have nothing to offer."""
    name = FIXES.get(finding.rule.id)
    if name is None:
        return None
    module = import_module(f"{__name__}.{name}")
    return cast("Remediation | None", module.fix(finding, block, project))
