"""Whether an action or resource pattern of a policy covers something, as far as it is known.

Answers are three-valued and combine as in Kleene's logic: "or" takes the larger, "and" the smaller,
and a doubt carries its reason along.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rolefirst.iam.statements import UNNAMED, Text

#: Stands for whatever a name may be: no literal of a policy holds it, so only ``*`` matches it.
ANY = "\ue000" * 8
#: Stands for an unknown part of a pattern; no text holds it either.
_HOLE = "\ue001"
_PART = re.compile(r"\$\{[^{}]*\}")
#: A value of a resource or data source, or the ARN that a module makes: one thing, no pattern.
_ONE_THING = re.compile(
    r"\$\{(?:(?:module\.[^{}]*\.)?(?:data\.)?[a-z][a-z0-9]*_\w+\.[^{}]+"
    r"|module\.[^{}]*[._]arn)\}"
)
#: The end of an ARN that names everything of a service or everything of one type.
_WHOLE = re.compile(r"(?:[a-z][a-z-]*[:/])?[*/:]*\*[*/:]*")
#: Services whose names stand where others have a type: ``bucket/*`` is no type.
_UNTYPED = frozenset({"s3", "execute-api"})
_ARN_PARTS = 6


class Truth(enum.IntEnum):
    """How sure an answer is."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer, and for ``MAYBE`` what is unknown."""

    truth: Truth
    why: str = ""


YES = Verdict(Truth.YES)
NO = Verdict(Truth.NO)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The surest yes."""
    best = NO
    for verdict in verdicts:
        if verdict.truth is Truth.YES:
            return verdict
        if verdict.truth > best.truth:
            best = verdict
    return best


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The surest no."""
    worst = YES
    for verdict in verdicts:
        if verdict.truth is Truth.NO:
            return verdict
        if verdict.truth < worst.truth:
            worst = verdict
    return worst


def opposite(verdict: Verdict) -> Verdict:
    """Yes for no and the other way round; a doubt stays."""
    return Verdict(Truth(Truth.YES - verdict.truth), verdict.why)


def maybe(why: str) -> Verdict:
    """A doubt, when there is a reason for one."""
    return Verdict(Truth.MAYBE, why) if why else NO


def glob(pattern: str, text: str) -> bool:
    """IAM's wildcards, ``*`` and ``?``, without regard to case. Linear backtracking, no regex:
    a hostile pattern may hold hundreds of stars.
    """
    pattern, text = pattern.lower(), text.lower()
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    p = t = 0
    star, mark = -1, 0
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, mark = p, t
            p += 1
        elif p < len(pattern) and pattern[p] in ("?", text[t]):
            p += 1
            t += 1
        elif star >= 0:
            mark += 1
            p, t = star + 1, mark
        else:
            return False
    return not pattern[p:].strip("*")


def matches(item: Text, text: str) -> Verdict:
    """Whether a pattern with unknown parts matches: such a part may be anything, also ``*``."""
    written = _PART.sub(_HOLE, item.text) if item.why else item.text
    if glob(written, text):
        return YES
    if item.why and (not item.text or glob(_PART.sub("*", item.text), text)):
        return maybe(item.why)
    return NO


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is done to: the service and the end of the ARN.

    Without a ``tail`` it is everything the service has, or everything of one of its types.
    Partition, region and account are not compared: nobody narrows a right by them alone.
    """

    service: str
    tail: str = ""


def covers(item: Text, target: Target) -> Verdict:
    """Whether a resource pattern covers the target.

    An unknown part inside of an ARN is taken for the name of one thing. Only what is unknown as
    a whole, and no value of a resource, may be ``*``.
    """
    if item.why and (not item.text or item.text == UNNAMED or _PART.fullmatch(item.text)):
        return NO if _ONE_THING.fullmatch(item.text) else maybe(item.why)
    parts = _PART.sub(_HOLE, item.text).split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        # Cut short, and good for what follows only when it ends in a star: "*", "arn:aws:s3*".
        if not parts[-1].endswith("*"):
            return NO
        parts += ["*"] * (_ARN_PARTS - len(parts))
    if not glob(parts[0], "arn") or not glob(parts[2], target.service):
        return NO
    tail = parts[-1]
    if target.tail:
        return YES if glob(tail, target.tail) else NO
    if not _WHOLE.fullmatch(tail) or (target.service in _UNTYPED and tail.strip("*/:")):
        return NO
    return YES
