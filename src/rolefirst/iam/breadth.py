"""Rights that are far wider than any one job: everything, or everything of a service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.iam.effective import Held, Permissions, Request
from rolefirst.iam.grants import Grant
from rolefirst.iam.patterns import ANY, Target, Truth, Verdict, all_of, maybe
from rolefirst.iam.statements import Text, Texts

_EVERYTHING = Target(ANY, ANY)
_ANY_ACTION = Request(f"{ANY}:{ANY}", _EVERYTHING)
#: Who may do all of IAM and all of the rest is an administrator, whatever little is left out.
_ADMIN = (
    Request(f"iam:{ANY}", Target("iam", f"{ANY}/{ANY}"), {"aws:requestedregion": "us-east-1"}),
    _ANY_ACTION,
)
#: Single actions that are as wide as a service when nothing says for what.
_SWEEPING = {
    "sts:AssumeRole on every role": Request("sts:AssumeRole", Target("iam", f"role/{ANY}")),
    "iam:PassRole on every role, to any service": Request(
        "iam:PassRole", Target("iam", f"role/{ANY}"), {"iam:passedtoservice": ANY}
    ),
}
#: Services whose every action reaches nothing but the service: tickets to AWS.
_HARMLESS = frozenset({"support", "supportplans"})
_SERVICE = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Breadth:
    """One far too wide right.

    ``held`` is None for a policy whose text is not known here. ``service`` is the service that it
    holds as a whole, ``*`` for all of them, empty for a single action.
    """

    what: str
    verdict: Verdict
    grant: Grant
    held: Held | None = None
    service: str = ""


def administrator(permissions: Permissions) -> Breadth | None:
    """The statement that makes an administrator; the best candidate where it cannot be told."""
    found = [
        Breadth(
            "every action on every resource",
            all_of(permissions.allowed_by(held, request) for request in _ADMIN),
            held.grant,
            held,
        )
        for held in permissions.allows
    ]
    best = max(found, key=_certainty, default=None)
    return best if best is not None and best.verdict.truth is not Truth.NO else None


def broad_rights(permissions: Permissions) -> tuple[Breadth, ...]:
    """Everything that is wide without making an administrator, the certain ones first."""
    found = [*_of_full(permissions), *_of_statements(permissions)]
    possible = [item for item in found if item.verdict.truth is not Truth.NO]
    return tuple(sorted(possible, key=_certainty, reverse=True))


def _certainty(item: Breadth) -> tuple[Truth, bool]:
    """The surest first, and one that exists before one that may not."""
    return item.verdict.truth, not item.grant.block.doubt


def _of_full(permissions: Permissions) -> Iterator[Breadth]:
    """Policies of AWS for a whole service, unless a boundary or a deny takes it all away."""
    for grant in permissions.full:
        name = grant.arn.rpartition("/")[2]
        verdict = permissions.leaves(_ANY_ACTION)
        if verdict.truth is Truth.NO and _some_service(permissions):
            verdict = maybe(f"what the permissions boundary leaves of {name}")
        yield Breadth(f"the policy {name} of AWS", verdict, grant)


def _some_service(permissions: Permissions) -> bool:
    """Whether denies and boundary leave any whole service."""
    within = permissions.boundary.statements if permissions.boundary is not None else ()
    named = _services(tuple(text for s in within for text in (*s.actions, *s.resources)))
    requests = (Request(f"{service}:{ANY}", Target(service)) for service in named)
    return any(permissions.leaves(request).truth is not Truth.NO for request in requests)


def _of_statements(permissions: Permissions) -> Iterator[Breadth]:
    for held in permissions.allows:
        yield from _of_statement(held, permissions)


def _of_statement(held: Held, permissions: Permissions) -> Iterator[Breadth]:
    statement = held.statement
    everything = permissions.allowed_by(held, _ANY_ACTION)
    if everything.truth is not Truth.NO:
        what = "every action but those in NotAction" if statement.not_actions else "every action"
        yield Breadth(f"{what}, on every resource", everything, held.grant, held, ANY)
        return
    within = permissions.boundary.statements if permissions.boundary is not None else ()
    texts = (
        *statement.actions,
        *statement.resources,
        *(text for s in within for text in (*s.actions, *s.resources)),
    )
    for service in _services(texts):
        request = Request(f"{service}:{ANY}", Target(service))
        verdict = permissions.allowed_by(held, request)
        yield Breadth(f"{service}:*", verdict, held.grant, held, service)
    for what, request in _SWEEPING.items():
        yield Breadth(what, permissions.allowed_by(held, request), held.grant, held)


def _services(texts: Texts) -> list[str]:
    """The services that actions and ARNs name, in order."""
    named = dict.fromkeys(name for text in texts if (name := _service(text)))
    return [name for name in named if name not in _HARMLESS]


def _service(text: Text) -> str:
    """The service of ``s3:*`` or of ``arn:aws:s3:::*``; empty where any is meant."""
    parts = text.text.lower().split(":")
    named = parts[2] if parts[0] == "arn" and len(parts) > 2 else parts[0].rstrip("*")
    return named if _SERVICE.fullmatch(named) else ""
