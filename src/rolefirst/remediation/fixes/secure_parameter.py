"""A secret in a plain SSM parameter: the parameter is encrypted."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.edits import set_argument
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """An edit of the type, when it is the value that lies open; other sinks have no safe place."""
    landed = "value" in block.names() and block.at("value") == finding.location
    if block.type != "aws_ssm_parameter" or not landed:
        return None
    edit = set_argument(block, "type", '"SecureString"')
    return Fix("secure_parameter", block, label(block.name)).remediation([edit])
