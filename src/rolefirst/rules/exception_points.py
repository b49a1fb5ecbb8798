"""What can be said about an exception without looking at the code: what it lacks, and its end."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rolefirst.exceptions.entries import STEPS, Entry
from rolefirst.findings import Location
from rolefirst.iam.sources_request import Network, is_wide
from rolefirst.limits import Limits
from rolefirst.rules.owners import PLACEHOLDERS, squeezed

_TEXTS = ("purpose", "audit", "owner", "deactivation", "approved_by")
#: What stands for an element in proposals, and what people write to have written something.
_EMPTY = PLACEHOLDERS | {
    *("doesnotapply", "later", "notpossible", "notapplicablehere", "seeabove", "tobedone"),
    *("serviceaction", "tobedetermined", "whatthekeyisfor", "whereandhowoftenitsuseisreviewed"),
    *("whenorbywhateventitisswitchedoff", "somebodyelse", "whyitcannotserve"),
}
#: How a text starts that is still to be written.
_STARTS = re.compile(r"(?:todo|tbd|fixme|xxx)\b", re.IGNORECASE)
_ACTION = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z0-9*?]+", re.IGNORECASE)
#: So much of a wrong item is shown: it can be long.
_SHOWN = 60
_NAMED = re.compile(r"vpce?-[0-9a-z]+|\d{12}|o-[0-9a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is wrong with an element of an entry, and where."""

    element: str
    text: str
    place: Location


def point(element: str, text: str, entry: Entry) -> Point:
    """Something wrong with an element; ``rotation.days`` belongs to ``rotation``."""
    return Point(element.partition(".")[0], text, entry.at(element))


def incomplete(entry: Entry, today: date, limits: Limits) -> Iterator[Point]:
    """What an exception needs and this one does not have."""
    for name in ("id", "key"):
        if not getattr(entry, name):
            yield _missing(name, entry)
    for step in STEPS:
        name = f"alternatives_considered.{step}"
        yield from _text(name, entry.alternatives.get(step, ""), entry)
        if " " not in entry.alternatives.get(step, " "):
            yield point(name, f"{name} does not say why", entry)
    for name in _TEXTS:
        yield from _text(name, getattr(entry, name), entry)
    yield from _listed("permissions", entry.permissions, entry)
    yield from _listed("source", entry.source, entry)
    yield from _rotation(entry, limits)
    if entry.owner and squeezed(entry.approved_by) == squeezed(entry.owner):
        yield point("approved_by", "approved_by is the owner: somebody else approves", entry)
    for name in ("approved_on", "expires"):
        if getattr(entry, name) is None:
            yield _missing(name, entry)
    if entry.approved_on is not None and entry.approved_on > today:
        text = f"approved_on is in the future: {entry.approved_on}"
        yield point("approved_on", text, entry)


def overdue(entry: Entry, today: date, limits: Limits) -> Iterator[Point]:
    """Why the time of an exception is over, or longer than it may be."""
    if entry.expires is None:
        return
    if entry.expires < today:
        yield point("expires", f"it expired on {entry.expires}", entry)
    if entry.approved_on is not None:
        days = (entry.expires - entry.approved_on).days
        if days > limits.exception_days:
            text = f"it lasts {days} days from its approval, the limit is {limits.exception_days}"
            yield point("expires", text, entry)


def network(text: str) -> Network | None:
    """A range, or one address; None for anything else."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _missing(name: str, entry: Entry) -> Point:
    return point(name, f"{name} is missing", entry)


def _text(name: str, text: str, entry: Entry) -> Iterator[Point]:
    if not text:
        yield _missing(name, entry)
    elif _STARTS.match(text):
        yield point(name, f"{name} is still to be written", entry)
    elif _says_nothing(text):
        yield point(name, f'{name} says nothing ("{text}")', entry)


def _says_nothing(text: str) -> bool:
    words = squeezed(text)
    return not words or words in _EMPTY


def _listed(name: str, items: tuple[str, ...], entry: Entry) -> Iterator[Point]:
    if not items:
        yield _missing(name, entry)
    for item in items:
        why = _no_action(item) if name == "permissions" else _no_source(item)
        if why:
            yield point(name, f'{name}: "{item[:_SHOWN]}" {why}', entry)


def _no_action(item: str) -> str:
    if item in ("*", "*:*"):
        return "is everything, which is no limit"
    if not _ACTION.fullmatch(item) or squeezed(item) in _EMPTY:
        return "is no action such as s3:PutObject"
    return ""


def _no_source(item: str) -> str:
    if _NAMED.fullmatch(item):
        return ""
    found = network(item)
    if found is None:
        return "is no range such as 203.0.113.0/24, and no VPC or endpoint"
    return "is so wide that a stranger has an address in it" if is_wide(found) else ""


def _rotation(entry: Entry, limits: Limits) -> Iterator[Point]:
    if entry.days is None:
        yield _missing("rotation.days", entry)
    elif entry.days > limits.rotation_days:
        text = f"rotation.days is {entry.days}, the limit is {limits.rotation_days}"
        yield point("rotation.days", text, entry)
    yield from _text("rotation.how", entry.how, entry)
