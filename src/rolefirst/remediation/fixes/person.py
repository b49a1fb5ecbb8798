"""An IAM user for a person: a permission set with the user's policies, and how the person moves."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from rolefirst.facts import facts_of
from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.remediation import remediate
from rolefirst.remediation.attachments import names
from rolefirst.remediation.edits import remove_block
from rolefirst.remediation.fixes.writing import Fix, here, user_for_command
from rolefirst.remediation.names import names_for

#: What belongs to one user and goes with it: an ``aws_iam_user_`` or a key.
_OWN = (
    "aws_iam_access_key",
    "aws_iam_user_group_membership",
    "aws_iam_user_login_profile",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_iam_user_ssh_key",
)
_REPEATED = {"count", "for_each"}


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """The code of the decision; what belongs to the user goes when nothing else reads it."""
    decision = finding.decision
    if decision is None or decision.template != "identity_center":
        return None
    facts = facts_of(block, decision, project, {})
    written = remediate(decision, facts)
    label = names_for(decision.template, facts).label
    own = [block, *_belonging(block, project)] if block.type == USER else []
    removals = _removals(own, written.terraform, project)
    steps = Fix("person", block, label).remediation(
        removals,
        cli_user=user_for_command(block if block.type == USER else None),
        own=", ".join(each.address for each in own) or block.address,
        group=f"{label}_group",
    )
    directory = posixpath.dirname(block.location.path)
    return replace(
        written,
        steps=steps.steps,
        applicability="review",
        file=posixpath.join(directory, f"{label}.tf"),
        edits=steps.edits,
    )


def _belonging(user: Block, project: Project) -> Iterator[Block]:
    for type in _OWN:
        for block in project.find(user, "resource", type):
            if names(block["user"], user):
                yield block


def _removals(own: list[Block], terraform: str, project: Project) -> list[Edit | None]:
    """The end of the user and all that belongs to it; not one that somebody still needs."""
    addresses = {block.address for block in own}
    needed = any(
        reader.address not in addresses or here(block) in terraform.partition("\n\n")[2]
        for block in own
        for reader in (*project.readers(block), block)
    )
    if not own or needed or any(_REPEATED & {*block.names()} for block in own):
        return [None]
    return [remove_block(block) for block in own]
