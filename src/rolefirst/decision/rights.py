"""What the user's policies say about who uses its key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rolefirst.decision import clues
from rolefirst.decision.clues import Hint, Rights
from rolefirst.findings import Evidence
from rolefirst.iam.grants import Grant, grants_of
from rolefirst.iam.statements import Statement
from rolefirst.project import Block, Project

_BUCKET = re.compile(r"arn:[\w-]+:s3:::(?P<name>[\w.-]+)(?:/.*)?", re.DOTALL)


def of_policies(user: Block | None, project: Project) -> Iterator[Hint]:
    """Rights that only one kind of consumer needs."""
    grants = grants_of(user, project) if user is not None else ()
    for row in clues.packaged().rights:
        found = _found(row, grants)
        if found is not None:
            what, grant = found
            evidence = Evidence("policy", f"{row.clue.says} ({what})", grant.block.location)
            yield Hint(row.clue.category, row.clue.weight, evidence, row.clue.better)


def of_scope(user: Block | None, project: Project) -> Iterator[Hint]:
    """That all the user may do is inside one bucket: for whoever has to find its consumer."""
    grants = grants_of(user, project) if user is not None else ()
    if not grants or not all(map(_is_complete, grants)):
        return
    texts = [text for statement in _allowing(grants) for text in statement.resources]
    buckets = {_BUCKET.fullmatch(text.text) for text in texts}
    names = {found["name"] for found in buckets if found}
    if len(names) == 1 and None not in buckets and not any(text.why for text in texts):
        said = f"the user may do nothing outside of the bucket {names.pop()}"
        yield Hint("", 0, Evidence("policy", said, grants[0].block.location))


def _found(row: Rights, grants: Sequence[Grant]) -> tuple[str, Grant] | None:
    """What of the policies a row is about, and the policy it stands in."""
    allowed = [action for grant in grants for action in _actions(grant)]
    if row.only:
        sure = allowed and all(map(_is_complete, grants)) and clues.allows_only(allowed, row.only)
        if sure and all(_has(statement, row.condition) for statement in _allowing(grants)):
            return ", ".join(sorted(set(allowed))), grants[0]
        return None
    if row.both and not clues.first_allowed(allowed, row.both):
        return None
    for grant in grants:
        action = clues.first_allowed(_actions(grant), row.any)
        if action:
            return action, grant
        name = grant.label.rpartition("/")[2]
        if grant.document is None and name in row.managed:
            return name, grant
    return None


def _allowing(grants: Sequence[Grant]) -> list[Statement]:
    documents = (grant.document for grant in grants if grant.document is not None)
    return [s for document in documents for s in document.statements if s.allows]


def _actions(grant: Grant) -> list[str]:
    """The actions that a policy allows, as far as they are known."""
    statements = _allowing([grant])
    return [action.text for s in statements for action in s.actions if not action.why]


def _is_complete(grant: Grant) -> bool:
    """True when the policy allows nothing but what ``_actions`` lists."""
    document = grant.document
    if document is None or document.why:
        return False
    return not any(
        s.why or s.not_actions or any(action.why for action in s.actions)
        for s in document.statements
        if s.allows
    )


def _has(statement: Statement, variable: str) -> bool:
    """True when a condition of the statement tests a variable, or none is asked for."""
    return not variable or any(
        condition.variable.casefold() == variable.casefold() for condition in statement.conditions
    )
