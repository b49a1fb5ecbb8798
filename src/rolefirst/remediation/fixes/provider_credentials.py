"""A provider, backend or remote state that signs with a static key: the key is taken out."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.project import Block, Project
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.lines import rewritten
from rolefirst.remediation.fixes.writing import Fix
from rolefirst.rules.static_credentials import ARGUMENTS


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """Edits that leave the default chain of credentials: environment, profile, role."""
    place = {"terraform": ("backend",), "data": ("config",)}.get(block.kind, ())
    held = block.body() if not place else block.get("backend", 0, "s3")
    if block.kind == "data":
        held = block["config"]
    names = [name for name in ARGUMENTS if not held.get(name).absent]
    edits = rewritten(block, dict.fromkeys(names), place, "switch") if names else [None]
    written = Fix("provider_credentials", block, label(finding.address))
    return written.remediation(edits, place=finding.address, backend=block.kind == "terraform")
