"""Whether a service control policy denies root, and whether it leaves root sessions alone.

Denying root is asked as two requests: the root user of a member account creates an access key, and
a root session (sts:AssumeRoot) deletes one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rolefirst.iam.statements import Condition, Document, Statement, Texts

#: True, False, or why neither can be told.
Told = bool | str
_ACCOUNT = "111122223333"
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")
#: What limits a statement to accounts; to which accounts a policy speaks is a matter of attachment.
_ACCOUNTS = ("aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths")
_WILD = ("arnlike", "arnequals", "stringlike")
_EXACT = ("stringequals", "stringequalsignorecase")
_NEGATED = {
    "arnnotlike": "arnlike",
    "arnnotequals": "arnequals",
    "stringnotlike": "stringlike",
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
}


@dataclass(frozen=True, slots=True)
class Denial:
    """``root``: the policy denies the root user. ``sessions``: it denies root sessions, too."""

    root: Told
    sessions: Told


def denial_of(document: Document) -> Denial:
    """Ask both of every statement."""
    whole: Told = document.why or False
    statements = document.statements
    return Denial(
        _any([*(_denies(item, "iam:createaccesskey", False) for item in statements), whole]),
        _any([*(_denies(item, "iam:deleteaccesskey", True) for item in statements), whole]),
    )


def _any(answers: Iterable[Told]) -> Told:
    answers = list(answers)
    return True if True in answers else next((answer for answer in answers if answer), False)


def _all(answers: Iterable[Told]) -> Told:
    answers = list(answers)
    if False in answers:
        return False
    return next((answer for answer in answers if answer is not True), True)


def _denies(statement: Statement, action: str, session: bool) -> Told:
    """Whether a statement is a Deny that is about root and covers the request."""
    if statement.allows and not statement.effect.why:
        return False
    more: Told = statement.why or False
    about_root = [_is_about_root(item) for item in statement.conditions]
    return _all(
        [
            statement.effect.why or True,
            _covers_action(statement, action),
            _contains(statement.resources, lambda text: text == "*") or more,
            _any([*about_root, more]),
            more or True,
            *(_holds(item, session) for item in statement.conditions),
        ]
    )


def _covers_action(statement: Statement, action: str) -> Told:
    def covers(pattern: str) -> bool:
        return _like(pattern.lower(), action)

    if not statement.not_actions:
        return _contains(statement.actions, covers) if statement.actions else statement.why or False
    exempt = _contains(statement.not_actions, covers)
    return exempt if isinstance(exempt, str) else not exempt


def _contains(texts: Texts, test: Callable[[str], bool]) -> Told:
    return _any([test(text.text) if not text.why else text.why for text in texts])


def _is_about_root(condition: Condition) -> Told:
    """Whether a condition picks root out; one that leaves others out holds for root by chance."""
    if condition.variable.lower() != "aws:principalarn" or _operator(condition) in _NEGATED:
        return False
    return _holds(condition, session=False)


def _holds(condition: Condition, session: bool) -> Told:
    """Whether a condition holds for root."""
    variable = condition.variable.lower()
    if variable == "aws:principalarn":
        return _names_root(condition)
    if variable == "aws:assumedroot":
        return _tells_sessions(condition, session)
    if variable in _ACCOUNTS:
        return True
    return f"it depends on {condition.variable}"


def _operator(condition: Condition) -> str:
    return condition.test.lower().rpartition(":")[2].removesuffix("ifexists")


def _names_root(condition: Condition) -> Told:
    operator = _operator(condition)
    negated = operator in _NEGATED
    operator = _NEGATED.get(operator, operator)
    if operator not in (*_WILD, *_EXACT):
        return f"it compares aws:PrincipalArn by {condition.test}"
    wild = operator in _WILD
    answers: list[Told] = []
    for value in condition.values:
        matches = _is_root(value.text, wild)
        answers.append(matches if matches or not value.why else value.why)
    found = _any(answers)
    return not found if negated and not isinstance(found, str) else found


def _is_root(pattern: str, wild: bool) -> bool:
    """Whether a pattern matches the root user of an account; an unknown number is any number."""
    pattern = _PLACEHOLDER.sub(_ACCOUNT, pattern)
    named = pattern.split(":")[4] if pattern.count(":") > 4 else ""
    account = named if named.isdecimal() else _ACCOUNT
    roots = [f"arn:{partition}:iam::{account}:root" for partition in _PARTITIONS]
    return any(_like(pattern, root) if wild else pattern == root for root in roots)


def _tells_sessions(condition: Condition, session: bool) -> Told:
    """``aws:AssumedRoot`` is ``true`` in a root session and missing otherwise."""
    if any(value.why for value in condition.values) or not condition.values:
        return "the value of aws:AssumedRoot is unknown"
    true = any(value.text.lower() == "true" for value in condition.values)
    operator = _operator(condition)
    if operator == "null":
        return session is not true
    if operator in _NEGATED:
        return not (session and true)
    if operator not in ("bool", *_EXACT, "stringlike"):
        return f"it compares aws:AssumedRoot by {condition.test}"
    return true if session else condition.test.lower().endswith("ifexists")


def _like(pattern: str, text: str) -> bool:
    """IAM knows ``*`` and ``?``; a bracket is a bracket."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))
