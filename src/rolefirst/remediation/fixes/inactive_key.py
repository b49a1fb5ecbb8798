"""An inactive key that is still declared: its block goes, unless something reads it."""

from __future__ import annotations

from rolefirst.findings import Finding, Remediation
from rolefirst.iam.users import user_of
from rolefirst.project import Block, Project
from rolefirst.remediation.edits import remove_block
from rolefirst.remediation.filters import label
from rolefirst.remediation.fixes.writing import Fix, user_for_command


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """The removal of the block. Several instances of it share its text: they go by hand."""
    readers = [reader.address for reader in project.readers(block)]
    alone = not readers and not {"count", "for_each"} & {*block.names()} and not block.call_chain
    return Fix("inactive_key", block, label(block.name)).remediation(
        [remove_block(block) if alone else None],
        cli_user=user_for_command(user_of(block, project)),
        readers=", ".join(dict.fromkeys(readers)),
    )
