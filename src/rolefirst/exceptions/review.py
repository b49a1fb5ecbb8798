"""What an architect has to see of the exceptions, as plain data.

``rolefirst.rules.exception_review`` makes it. Nothing is escaped here: whoever prints it does that
for where it goes.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from rolefirst.exceptions.compare import Change
from rolefirst.exceptions.entries import Entry, Register
from rolefirst.findings import (
    CallSite,
    Decision,
    Finding,
    Location,
    Related,
    ScanError,
    Undetermined,
)

#: Days before its end in which an exception is to be renewed or its key to go.
SOON_DAYS, LATER_DAYS = 30, 60
#: What can be said about a claim.
HOLDS, CONTRADICTED, OPEN = "holds", "contradicted", "cannot be told"
_COUNTED = ((CONTRADICTED, CONTRADICTED), (HOLDS, "hold"), (OPEN, OPEN))


class Status(enum.Enum):
    """How an exception stands, the worst first."""

    CONTRADICTED = "contradicted"
    EXPIRED = "expired"
    INVALID = "not valid"
    ORPHANED = "orphaned"
    UNKNOWN = "key not told"
    SOON = f"ends within {SOON_DAYS} days"
    LATER = f"ends within {LATER_DAYS} days"
    VALID = "valid"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an exception says about one element, beside the evidence and the places of it."""

    element: str
    claim: str
    at: Location
    verdict: str
    evidence: str
    places: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the decision order: what the code says about it, and what the exception says."""

    name: str
    verdict: str
    code: str
    entry: str


@dataclass(frozen=True, slots=True)
class ReviewedKey:
    """One key of an exception; of an exception that has no key, its claims alone.

    ``doubt`` says why it may not exist. ``findings`` are what else is wrong with the key, its user
    and its consumers.
    """

    claims: tuple[Claim, ...]
    steps: tuple[Step, ...]
    address: str = ""
    location: Location = field(default=Location("", 0))
    call_chain: tuple[CallSite, ...] = ()
    doubt: str = ""
    decision: Decision | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One exception. ``reasons`` say why it covers nothing, or what is odd about it.

    ``lasts`` is how many days there are from its approval to its end.
    """

    entry: Entry
    status: Status
    reasons: tuple[str, ...]
    days_left: int | None
    lasts: int | None
    keys: tuple[ReviewedKey, ...]

    def verdicts(self) -> str:
        """The verdicts of all claims, counted."""
        found = Counter(claim.verdict for key in self.keys for claim in key.claims)
        shown = [f"{found[verdict]} {words}" for verdict, words in _COUNTED if found[verdict]]
        return ", ".join(shown)


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since a commit. ``ref`` is how the commit was named.

    Keys are root module and address, with the place of those that are there now.
    """

    ref: str
    commit: str
    changes: tuple[Change, ...] = ()
    added: tuple[tuple[str, str, Location], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """Everything on the page. ``bare`` are the keys without exception, as RF101 found them."""

    today: date
    keys: int = 0
    registers: tuple[Register, ...] = ()
    exceptions: tuple[Reviewed, ...] = ()
    bare: tuple[Finding, ...] = ()
    dormant: tuple[Undetermined, ...] = ()
    errors: tuple[ScanError, ...] = ()
    notices: tuple[ScanError, ...] = ()
    since: Since | None = None

    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many exceptions stand how, and how many keys have none; the end of the header.

        Who ends within 30 days ends within 60 as well.
        """
        found = Counter(item.status for item in self.exceptions)
        found[Status.LATER] += found[Status.SOON]
        found[Status.VALID] += found[Status.LATER]
        always = (
            *(Status.VALID, Status.SOON, Status.LATER),
            *(Status.EXPIRED, Status.CONTRADICTED, Status.INVALID, Status.ORPHANED),
        )
        rare = (status for status in (Status.UNKNOWN, Status.WITHDRAWN) if found[status])
        rows = ((status.value, found[status]) for status in (*always, *rare))
        return (*rows, ("keys without exception", len(self.bare)))


def with_since(made: Review, since: Since, notices: Iterable[ScanError]) -> Review:
    """The review with what has changed, and what cannot be told about it."""
    return replace(made, since=since, notices=(*made.notices, *notices))


def approval(entry: Entry) -> str:
    """Who has let the key stay, until when, and how it ends."""
    by = f"approved by {entry.approved_by}" if entry.approved_by else "approved by nobody"
    on = f" on {entry.approved_on}" if entry.approved_on else ""
    ends = f"; ends on {entry.expires}" if entry.expires else ""
    off = f"; to switch it off: {entry.deactivation}" if entry.deactivation else ""
    return f"{by}{on}{ends}{off}"
