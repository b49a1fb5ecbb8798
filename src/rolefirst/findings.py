"""The vocabulary of a scan: what a rule says and what a report shows.

Everything here is frozen plain data. Nothing in this module reads a file, knows a rule or knows
how a report looks.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.IntEnum):
    """How bad a finding is. Ordered, so that ``severity >= fail_on`` is the gate."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The word used in reports and on the command line."""
        return self.name.lower()


class Confidence(enum.IntEnum):
    """How sure a rule or a decision is."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        """The word used in reports."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A span of one file.

    ``path`` is relative to the scanned root and uses ``/``. Lines and columns start at 1; columns
    count characters; the end column is exclusive.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 1

    def __str__(self) -> str:
        """``path:line``, the form editors and terminals turn into a link."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class CallSite:
    """One ``module`` block on the way from the root module to a block."""

    address: str
    location: Location


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to the finding, with a few words on why."""

    location: Location
    label: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact a decision rests on. ``kind`` groups them: data-flow, policy, name, comment …"""

    kind: str
    text: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Consumer:
    """A place where key material ends. ``carries`` is the value class that arrives there."""

    address: str
    attribute: str
    carries: str
    location: Location
    category: str = "unknown"
    type: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A step of the decision order that was not taken, and why."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What should stand in place of a key.

    ``category`` says who uses the key, ``alternative`` what to use instead; both are words of the
    catalogue. ``template`` names the remediation template. ``question`` is what to ask, and whom,
    when the code cannot tell; ``unless`` says what would make another step the right one. ``role``
    is the address of a role that is already there for it.
    """

    category: str
    alternative: str
    confidence: Confidence
    summary: str
    template: str
    consumers: tuple[Consumer, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    question: str = ""
    unless: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes ``start`` to ``end`` of a file of the scanned tree, and what should stand there.

    ``path`` is as in a ``Location``. ``stage`` is when it may be applied without an outage:
    ``add`` at once (with the new code), ``switch`` when the new code is there, ``remove`` when
    nobody signs in with the key any more.
    """

    path: str
    start: int
    end: int
    text: str
    stage: str = "add"


@dataclass(frozen=True, slots=True)
class Remediation:
    """Terraform to put in place of the problem and the steps that avoid an outage.

    ``terraform`` is new code and belongs into ``file``, a path as in a ``Location``; ``edits``
    change the code that is there. ``applicability`` is ``safe`` (nothing in it had to be assumed)
    or ``review``.
    """

    template: str
    terraform: str
    steps: tuple[str, ...]
    applicability: str
    file: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count.

    ``kind`` is inline, exception, config, baseline or unchanged (since a commit).
    """

    kind: str
    reason: str
    location: Location | None = None
    until: str = ""

    @property
    def old(self) -> bool:
        """Nobody decided about this finding: it was there before. Reports for people count it."""
        return self.kind in ("baseline", "unchanged")


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a report has to know about a rule."""

    id: str
    name: str
    title: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place.

    ``root`` is the directory of the root module, relative to the scanned root (``.`` for itself).
    ``attribute`` narrows the address where one block can have several findings of one rule; with
    rule, root and address it makes the fingerprint, which knows no line numbers.
    """

    rule: RuleInfo
    severity: Severity
    confidence: Confidence
    root: str
    address: str
    location: Location
    message: str
    attribute: str = ""
    call_chain: tuple[CallSite, ...] = ()
    related: tuple[Related, ...] = ()
    decision: Decision | None = None
    remediation: Remediation | None = None
    suppression: Suppression | None = None

    @property
    def fingerprint(self) -> str:
        """Stable identity: 32 hexadecimal digits that survive moved lines and renamed files."""
        return _digest(self.rule.id, self.root, self.address, self.attribute)


def _digest(*parts: str) -> str:
    import hashlib  # lazy: 4 ms of every start, and only reports ask for it

    # A name may hold a lone surrogate ("\ud800" in HCL), which only an escape can encode.
    identity = "\0".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.sha256(identity).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Undetermined:
    """The rule could not decide. Never counted as a pass."""

    rule: RuleInfo
    root: str
    address: str
    location: Location
    reason: str

    @property
    def fingerprint(self) -> str:
        """Stable identity as that of a finding, and never the same as one."""
        return _digest(self.rule.id, self.root, self.address, "", "undetermined")


@dataclass(frozen=True, slots=True, order=True)
class ScanError:
    """Something that could not be read or a rule that crashed: the scan is not trustworthy.

    ``line`` is 0 when the problem concerns the whole file.
    """

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything a report may show. Same input, same result: no clock, no environment."""

    files: int
    blocks: int
    keys: int
    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Undetermined, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    errors: tuple[ScanError, ...] = ()
    notices: tuple[ScanError, ...] = ()
