"""A key that works from anywhere: one Deny for every request from outside of its networks."""

from __future__ import annotations

from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.iam.grants import Grant
from rolefirst.iam.sources import Standing, edits_itself, restriction_of
from rolefirst.iam.sources_use import over_denials
from rolefirst.iam.users import user_of
from rolefirst.project import Block, Project
from rolefirst.remediation.attachments import names
from rolefirst.remediation.edits import remove_block
from rolefirst.remediation.fixes.lines import with_member
from rolefirst.remediation.fixes.writing import Fix, free_label, instances, user_for_command

_INLINE = "aws_iam_user_policy"
_EXCLUSIVE = "aws_iam_user_policies_exclusive"
_REPEATED = frozenset({"count", "for_each"})
#: Condition keys whose values are answers to the variables.
_NETWORKS = ("aws:sourceip", "aws:sourcevpc")
_NAME = "deny-outside-source"
#: What the new code is made of; its names end with ``_source``.
_MADE = (_INLINE, "aws_iam_policy_document")


def fix(finding: Finding, block: Block, project: Project) -> Remediation | None:
    """A policy beside the user; a broken one that does nothing else goes when it is there."""
    user = user_of(block, project)
    if user is None:
        return None
    found = restriction_of(user, project)
    label = free_label(user.name, user, project, *_MADE, suffixes=["source"])
    escapes = found.standing is Standing.ESCAPES
    if escapes or edits_itself(user, project):
        written = Fix("source_elsewhere", user, label, "source")
        return written.remediation(role=escapes, reason=found.reason)
    beside = instances(user)
    if beside is None:
        return None
    broken, reason = _broken(user, project)
    edits = [_removal(grant, user, project) for grant in broken]
    removed = bool(edits) and None not in edits
    lists = _exclusive(user, project)
    policy = f"{_INLINE}.{label}_source.name"
    once = not any(_REPEATED & {*each.names()} for each in (user, *lists))
    listing = [with_member(each, "policy_names", policy) if once else None for each in lists]
    policies = ", ".join(dict.fromkeys(grant.label for grant in broken))
    meta, name = beside
    return Fix("source_restriction", user, label, "source").remediation(
        [*(edits if removed else ()), *listing],
        name=_free_name(user, project),
        meta=meta,
        user=name,
        cli_user=user_for_command(user),
        exclusive=", ".join(each.address for each in lists),
        broken=policies,
        removed=policies if removed else "",
        reason=reason,
        listed=", ".join(_listed(broken)),
    )


def _listed(grants: tuple[Grant, ...]) -> list[str]:
    """The networks that the policies name today."""
    texts = (
        text.text
        for grant in grants
        for statement in (grant.document.statements if grant.document is not None else ())
        for condition in statement.conditions
        if condition.variable.casefold() in _NETWORKS
        for text in condition.values
        if not text.why
    )
    return list(dict.fromkeys(texts))


def _broken(user: Block, project: Project) -> tuple[tuple[Grant, ...], str]:
    """The policies whose condition does not do what it should, and why."""
    found = restriction_of(user, project)
    if found.standing is Standing.INEFFECTIVE:
        return found.grants, found.reason
    denial = next(over_denials(user, project), None)
    return (denial.grants, denial.reason) if denial is not None else ((), "")


def _removal(grant: Grant, user: Block, project: Project) -> Edit | None:
    """The end of an inline policy of this user that only denies, and that nothing refers to."""
    block, document = grant.block, grant.document
    if block.type != _INLINE or block.call_chain != user.call_chain:
        return None
    if document is None or document.why or not document.statements:
        return None
    if any(statement.allows or statement.effect.why for statement in document.statements):
        return None
    if _REPEATED & {*block.names()} or any(True for _ in project.readers(block)):
        return None
    # With what takes its place: beside that, an inverted Deny would let nothing through.
    return remove_block(block, "add")


def _free_name(user: Block, project: Project) -> str:
    """A name in AWS that no inline policy beside the user has: one would overwrite the other."""
    taken = {each["name"].text for each in project.find(user, "resource", _INLINE)}
    numbered = (f"{_NAME}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (_NAME, *numbered) if name not in taken)


def _exclusive(user: Block, project: Project) -> list[Block]:
    """The lists of the user's inline policies that take every other one away."""
    lists = project.find(user, "resource", _EXCLUSIVE)
    return [block for block in lists if names(block["user_name"], user)]
