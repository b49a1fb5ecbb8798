"""What a statement reaches: whether a Deny covers what an Allow gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.iam.patterns import NO, YES, Verdict, all_of, any_of, glob, maybe, opposite
from rolefirst.iam.sources_request import Request, holds
from rolefirst.iam.statements import Statement, Text, Texts

ANY: Texts = (Text("*"),)
#: Actions that AWS answers without the network keys: perimeter policies leave them out, and
#: security groups do the work.
NO_NETWORK_KEYS = (
    *("es:es*", "neptune-db:*", "kafka-cluster:*", "elasticfilesystem:client*"),
    *("rds-db:connect", "s3-outposts:*", "dax:getitem", "dax:batchgetitem", "dax:query"),
    *("dax:scan", "dax:putitem", "dax:updateitem", "dax:deleteitem", "dax:batchwriteitem"),
    "dax:conditioncheckitem",
)


@dataclass(frozen=True, slots=True)
class Right:
    """One action on one resource, as an Allow writes them; patterns both."""

    action: Text
    resource: Text


def is_deny(statement: Statement) -> bool:
    """True for what is known to deny."""
    return statement.effect.text == "Deny"


def applies(statement: Statement, request: Request) -> Verdict:
    """Whether the conditions of a statement hold for a request."""
    deny = is_deny(statement)
    known = all_of(holds(condition, request, deny) for condition in statement.conditions)
    why = statement.why or statement.effect.why
    return maybe(why) if why and known != NO else known


def rights(allow: Statement) -> Iterator[Right]:
    """Everything that an Allow gives."""
    for action in allow.actions or ANY:
        for resource in allow.resources or ANY:
            yield Right(action, resource)


def covers(statement: Statement, right: Right) -> Verdict:
    """Whether a statement speaks of all of a right."""
    return all_of((_covers_action(statement, right.action), _covers_resource(statement, right)))


def meets(statement: Statement, right: Right) -> Verdict:
    """Whether a statement speaks of some of a right."""
    actions = (
        any_of(overlap(action, right.action) for action in statement.actions)
        if statement.actions
        else all_of(opposite(_within(right.action, text)) for text in statement.not_actions)
    )
    resources = any_of(overlap(item, right.resource) for item in statement.resources or ANY)
    return all_of((actions, resources))


def is_exempt(action: Text) -> bool:
    """AWS does not fill in the network keys for this action."""
    return any(glob(pattern, action.text) for pattern in NO_NETWORK_KEYS)


def overlap(one: Text, other: Text) -> Verdict:
    """Whether one of two patterns lies within the other."""
    return any_of((_within(one, other), _within(other, one)))


def _covers_action(statement: Statement, action: Text) -> Verdict:
    if not statement.not_actions:
        return any_of(_within(action, outer) for outer in statement.actions)
    left_out = [text for text in statement.not_actions if not is_exempt(text)]
    return all_of(opposite(overlap(text, action)) for text in left_out)


def _covers_resource(statement: Statement, right: Right) -> Verdict:
    if not statement.not_resources:
        return any_of(_within(right.resource, outer) for outer in statement.resources or ANY)
    return all_of(opposite(overlap(text, right.resource)) for text in statement.not_resources)


def _within(inner: Text, outer: Text) -> Verdict:
    if outer.text == "*" or (inner.text == outer.text and inner.comparable):
        return YES
    if inner.why or outer.why:
        return maybe(inner.why or outer.why)
    return YES if glob(outer.text, inner.text) else NO
