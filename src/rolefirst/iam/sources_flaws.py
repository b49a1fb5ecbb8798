"""Why a statement that speaks of the source does not limit it, in words."""

from __future__ import annotations

from collections.abc import Iterable

from rolefirst.iam.patterns import NO, YES
from rolefirst.iam.sources_request import (
    ADDRESSES,
    VPC_SOURCE_IP,
    Request,
    fits,
    holds,
    is_everything,
    is_look_alike,
    is_source,
    is_wide,
    networks,
    operator,
)
from rolefirst.iam.sources_scope import applies, is_deny
from rolefirst.iam.statements import Condition, Statement


def flaw(statement: Statement, requests: Iterable[Request]) -> str:
    """Why a stranger passes; empty when the statement does its work as far as it reaches."""
    deny = is_deny(statement)
    wrong = NO if deny else YES
    for request in requests:
        if applies(statement, request) != wrong:
            continue
        conditions = sorted(statement.conditions, key=is_source, reverse=True)
        for condition in conditions:
            if holds(condition, request, deny) != wrong:
                continue
            if deny or is_source(condition):
                return _words(condition, deny)
    return ""


def _words(condition: Condition, deny: bool) -> str:
    """What is wrong with one condition that lets a stranger pass."""
    key, op = condition.variable.casefold(), operator(condition.test)
    named, test = condition.variable, condition.test
    if is_look_alike(key):
        return f"{named} does not say where a user calls from: use aws:SourceIp or aws:SourceVpc"
    if not is_source(condition):
        return f"the Deny holds only where {named} matches as well"
    if not fits(condition):
        wanted = "NotIpAddress or IpAddress" if key in ADDRESSES else "a String or Arn operator"
        return f"{test} does not compare what {named} holds: use {wanted}"
    if op.negated == deny and (wide := _wide(condition)):
        return f"{named} lists {wide}, which anybody has"
    if op.base == "null":
        return f"Null only asks whether there is an {named}: anybody can have one or do without"
    if op.negated != deny:
        turned = "refuses the listed sources and leaves the others open"
        if not deny:
            turned = "leaves everything open but the listed sources"
        return f"{test} in {'a Deny' if deny else 'an Allow'} {turned}: it is inverted"
    if op.quantifier == "foranyvalue":
        return f"{test} does not hold for a request without {named}: drop ForAnyValue"
    if key == VPC_SOURCE_IP:
        return f"{named} is a private address, which anybody has in a VPC of their own"
    return f"{test} lets every request pass that has no {named}: drop IfExists and ForAllValues"


def _wide(condition: Condition) -> str:
    """The entry of a list that names everybody; for addresses, neighbours joined."""
    if condition.variable.casefold() in ADDRESSES:
        return next((str(item) for item in networks(condition.values) if is_wide(item)), "")
    return next((text.text for text in condition.values if is_everything(text)), "")
