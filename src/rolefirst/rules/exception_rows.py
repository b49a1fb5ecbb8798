"""One exception point by point: what it says, and what the code says to that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rolefirst.exceptions.entries import STEPS, Entry
from rolefirst.exceptions.review import CONTRADICTED, HOLDS, OPEN, Claim, Step, approval
from rolefirst.findings import Decision
from rolefirst.iam.patterns import Truth
from rolefirst.rules.exception_check import Check
from rolefirst.rules.exception_drafts import recommended, step_of

_VERDICTS = {Truth.YES: HOLDS, Truth.NO: CONTRADICTED, Truth.MAYBE: OPEN}
#: Why there is no evidence for an element.
_SILENT = {
    "purpose": "no tag of the user in this code names a purpose",
    "audit": "who looks at its use is not in the code",
    "owner": "no tag of the user in this code names an owner",
}
_STEPS = {
    "iam_role": "IAM role",
    "identity_center": "IAM Identity Center",
    "temporary_credentials": "Temporary credentials",
}
_KEY = "Access key"
_NO_KEY = "there is no such key in the code"


def claims(
    entry: Entry, checks: Iterable[Check], points: Mapping[str, str], why: str
) -> tuple[Claim, ...]:
    """The five elements and the owner.

    ``points`` say what is wrong with an element itself; ``why`` says why nothing can be compared.
    """
    found = {check.element: check for check in checks}
    return tuple(
        _claim(element, text, entry, found.get(element), points.get(element, ""), why)
        for element, text in _said(entry).items()
    )


def _said(entry: Entry) -> dict[str, str]:
    days = f"every {entry.days} days" if entry.days is not None else ""
    return {
        "purpose": entry.purpose,
        "permissions": ", ".join(entry.permissions),
        "source": ", ".join(entry.source),
        "rotation": ": ".join(part for part in (days, entry.how) if part),
        "audit": entry.audit,
        "owner": entry.owner,
    }


def _claim(
    element: str, text: str, entry: Entry, check: Check | None, wrong: str, why: str
) -> Claim:
    at = entry.at(element)
    if wrong:
        return Claim(element, text, at, OPEN, f"the claim cannot be compared: {wrong}")
    if check is None:
        silent = why or _SILENT.get(element, "the code does not say")
        return Claim(element, text, at, OPEN, silent)
    return Claim(element, text, at, _VERDICTS[check.agrees], check.evidence, check.related)


def steps(entry: Entry, decision: Decision | None) -> tuple[Step, ...]:
    """The decision order, with the key as its last step."""
    rows = [
        Step(_STEPS[step], *_judged(step, decision), entry.alternatives.get(step, ""))
        for step in STEPS
    ]
    return (*rows, Step(_KEY, *_last(decision), approval(entry)))


def _judged(step: str, decision: Decision | None) -> tuple[str, str]:
    """What the code says about a step that comes before a key: a word, and why."""
    if decision is None:
        return OPEN, _NO_KEY
    if recommended(decision) == step:
        return "recommended", f"{decision.alternative}: {decision.summary}"
    # Several alternatives are one step: each has a reason of its own.
    found: dict[str, list[str]] = {}
    for passed in decision.passed_over:
        if step_of(passed.step) == step:
            found.setdefault(passed.reason, []).append(passed.step)
    if found:
        return "passed over", " ".join(f"{', '.join(names)}: {why}" for why, names in found.items())
    if recommended(decision):
        return "not needed", "an earlier step can serve"
    if decision.alternative == "delete-unused":
        return "not needed", "nothing uses the key"
    return OPEN, (decision.question if step == STEPS[0] else "") or "it is the same question"


def _last(decision: Decision | None) -> tuple[str, str]:
    if decision is None:
        return OPEN, _NO_KEY
    if decision.alternative == "exception":
        return "recommended", decision.summary
    if recommended(decision):
        return "not needed", f"{decision.alternative} can serve"
    if decision.alternative == "ask-owner":
        return OPEN, decision.summary
    return "not needed", decision.summary
