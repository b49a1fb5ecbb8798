"""Whether the conditions of a statement take anything away from the rights it gives.

A condition on where, when or how a request is made leaves the rights as they are: whoever has the
key and meets it is as powerful as without. A condition on what the request is about narrows them.
"""

from __future__ import annotations

from collections.abc import Mapping

from rolefirst.iam.patterns import NO, YES, Verdict, all_of, any_of, matches, maybe
from rolefirst.iam.statements import UNNAMED, Condition, Statement

#: Global keys about the request as such, the principal and the own account or organization.
_CIRCUMSTANCES = (
    "aws:source",
    "aws:vpc",
    "aws:principal",
    "aws:multifactorauth",
    "aws:useragent",
    "aws:referer",
    "aws:currenttime",
    "aws:epochtime",
    "aws:tokenissuetime",
    "aws:securetransport",
    "aws:username",
    "aws:userid",
    "aws:ec2instancesource",
    "aws:resourceaccount",
    "aws:resourceorg",
)
_POSITIVE = ("stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "bool")
#: A circumstance for all but the global services, whose requests name their region.
_REGION = "aws:requestedregion"
#: True for a request without the key, as ``IfExists`` is.
_OPEN = "forallvalues:"
#: What the request says where nobody asks for something special.
_USUAL = {"aws:viaawsservice": "false"}
#: What the code does not tell of a request: only ``*`` matches it.
_SOMETHING = "\ue000"
Context = Mapping[str, str]


def holds(statement: Statement, context: Context) -> Verdict:
    """Whether an Allow still gives the right. ``context`` has the keys whose value is known."""
    return all_of(_passes(condition, context) for condition in statement.conditions)


def strikes(statement: Statement, context: Context) -> Verdict:
    """Whether a Deny takes the right away for good: not only under some circumstances.

    A Deny with a negated test (unless the boundary is …) forbids what an attacker would do. One
    that asks for a value (if the tag is …) protects some things and leaves the rest.
    """
    return all_of(_forbids(condition, context) for condition in statement.conditions)


def _passes(condition: Condition, context: Context) -> Verdict:
    variable = condition.variable.lower()
    if UNNAMED in condition.variable or UNNAMED in condition.test:
        return maybe("a condition whose key or operator is unknown")
    if _is_circumstance(variable, context):
        return YES
    test = _test_of(condition)
    if test.startswith(_OPEN) or test.endswith("ifexists"):
        return YES  # true for every request that does not have the key
    if test not in _POSITIVE:
        # "not equal to" excludes little; dates, numbers and Null do limit what the request is.
        return YES if "not" in test else NO
    probe = context.get(variable, _USUAL.get(variable, _SOMETHING))
    return any_of(matches(value, probe) for value in condition.values)


def _forbids(condition: Condition, context: Context) -> Verdict:
    variable = condition.variable.lower()
    if UNNAMED in condition.variable or UNNAMED in condition.test:
        return maybe("a condition whose key or operator is unknown")
    if _is_circumstance(variable, context):
        return NO
    test = _test_of(condition).removeprefix(_OPEN).removesuffix("ifexists")
    probe = context.get(variable, _USUAL.get(variable))
    if "not" in test:
        if probe is None:
            return YES
        listed = any_of(matches(value, probe) for value in condition.values)
        return NO if listed == YES else YES if listed == NO else listed
    if probe is not None and test in _POSITIVE:
        return any_of(matches(value, probe) for value in condition.values)
    return NO


def _is_circumstance(variable: str, context: Context) -> bool:
    return variable.startswith(_CIRCUMSTANCES) or (variable == _REGION and _REGION not in context)


def _test_of(condition: Condition) -> str:
    return condition.test.lower().removeprefix("foranyvalue:")
