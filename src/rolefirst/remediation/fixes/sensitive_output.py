"""A secret in a plain output: the output is made sensitive."""

from __future__ import annotations

import re

from rolefirst.decision.flow import exits
from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.edits import set_argument
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix

#: The whole value, opened on purpose.
_OPEN = re.compile(r"nonsensitive\(([^()]*)\)")


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """Edits of the output that the finding names; ``block`` is the key it shows."""
    found = (item.block for item in exits(block, project) if item.block.kind == "output")
    output = next((each for each in found if each.name == finding.attribute), None)
    if output is None:
        return None
    value = _OPEN.fullmatch(output.expression("value").strip())
    edits: list[Edit | None] = [set_argument(output, "sensitive", "true")]
    if value is not None:
        edits.append(set_argument(output, "value", value[1].strip()))
    written = Fix("sensitive_output", output, label(output.name))
    return written.remediation(edits, safe=True, output=output.name, open=value is not None)
