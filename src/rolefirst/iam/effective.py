"""What a user may do: policies of every kind, within the permissions boundary, minus denies.

A request is asked of each statement, and the answer is three-valued: what the code leaves open is a
doubt with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from rolefirst.iam.grants import Grant, grants_of, policies_in
from rolefirst.iam.managed import Managed, managed
from rolefirst.iam.narrowing import holds, strikes
from rolefirst.iam.own import Own, own_things
from rolefirst.iam.patterns import (
    ANY,
    NO,
    YES,
    Target,
    Truth,
    Verdict,
    all_of,
    any_of,
    covers,
    matches,
    maybe,
    opposite,
)
from rolefirst.iam.statements import Document, Statement
from rolefirst.project import Block, Project


@dataclass(frozen=True, slots=True)
class Request:
    """One thing somebody might do. Without a ``target`` any resource is good enough for it.

    ``context`` has the condition keys whose value the request would have, in lower case.
    """

    action: str
    target: Target | None = None
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """A statement that a user has, and the policy it stands in."""

    grant: Grant
    statement: Statement


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a request is allowed, and by which statement."""

    request: Request
    verdict: Verdict
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Permissions:
    """The rights of a user.

    ``boundary`` is None without one. ``full`` are the policies of AWS with broad rights whose text
    is not known here, and ``unread`` says of which policies the code does not have it all.
    """

    allows: tuple[Held, ...]
    denies: tuple[Statement, ...]
    boundary: Boundary | None
    full: tuple[Grant, ...]
    unread: tuple[str, ...]
    own: Own

    def allowed(self, request: Request) -> Answer:
        """The best answer that one of the statements gives."""
        answers = [Answer(request, self.allowed_by(held, request), held) for held in self.allows]
        return max(answers, key=_certainty, default=Answer(request, NO))

    def allowed_by(self, held: Held, request: Request) -> Verdict:
        """Whether one statement gives a right that nothing takes away."""
        given = gives(held.statement, request)
        if given.truth is Truth.NO:
            return given
        return all_of([given, self.leaves(request)])

    def leaves(self, request: Request) -> Verdict:
        """Whether denies and the boundary let a request through, if something allows it."""
        capped = self.boundary.allows(request) if self.boundary is not None else YES
        return all_of([opposite(denied(self.denies, request)), capped])


def _certainty(answer: Answer) -> tuple[Truth, bool]:
    """The surest first, and what exists before what may not."""
    doubtful = answer.held is not None and answer.held.grant.block.doubt != ""
    return answer.verdict.truth, not doubtful


@dataclass(frozen=True, slots=True)
class Boundary:
    """What the permissions boundary leaves of the rights. ``why`` says why it may leave more."""

    statements: tuple[Statement, ...]
    why: str = ""

    def allows(self, request: Request) -> Verdict:
        """Whether the boundary lets a request through."""
        given = any_of([*(gives(s, request) for s in self.statements), maybe(self.why)])
        return all_of([given, opposite(denied(self.statements, request))])


def permissions_of(user: Block, project: Project) -> Permissions:
    """The rights of a declared user, worked out once per scan."""
    memo = ("permissions", user.root, user.address)
    if memo not in project.memo:
        project.memo[memo] = _permissions(user, project)
    return cast("Permissions", project.memo[memo])


def _permissions(user: Block, project: Project) -> Permissions:
    own = own_things(user, project)
    held: list[Held] = []
    full: list[Grant] = []
    unread: list[str] = []
    for grant in grants_of(user, project):
        document, kind = _read(grant)
        held += (Held(grant, own.named_in(s)) for s in _statements(document))
        if kind is Managed.BROAD:
            full.append(grant)
        if kind is Managed.UNKNOWN:
            unread.append(_unread(grant))
        elif document is not None and document.why:
            unread.append(f"{grant.label}: {document.why}")
    return Permissions(
        tuple(h for h in held if h.statement.allows),
        tuple(h.statement for h in held if h.statement.effect.text == "Deny"),
        _boundary(user, own, project),
        tuple(full),
        tuple(dict.fromkeys(unread)),
        own,
    )


def _read(grant: Grant) -> tuple[Document | None, Managed]:
    if grant.document is not None:
        return grant.document, Managed.READ
    return managed(grant.arn)


def _unread(grant: Grant) -> str:
    if not grant.why:
        return f"{grant.label}: not in the code"
    what = f"a policy of {grant.block.address}" if grant.why == grant.label else grant.label
    return f"{what}: {grant.why}"


def _statements(document: Document | None) -> Iterable[Statement]:
    return document.statements if document is not None else ()


def _boundary(user: Block, own: Own, project: Project) -> Boundary | None:
    grants = policies_in(user, "permissions_boundary", project)
    if not grants:
        return None
    document, kind = _read(grants[0])
    statements = tuple(own.named_in(s) for s in _statements(document))
    if kind in (Managed.READ, Managed.NARROW):
        why = document.why if document is not None else ""
    else:
        why = _unread(grants[0])
    return Boundary(statements, f"the permissions boundary: {why}" if why else "")


def gives(statement: Statement, request: Request) -> Verdict:
    """Whether a statement by itself allows a request."""
    effect = statement.effect
    if effect.text != "Allow":
        return maybe(effect.why)
    return all_of(_applies(statement, request, request.target, holds(statement, request.context)))


def denied(statements: Iterable[Statement], request: Request) -> Verdict:
    """Whether a statement takes a right away wherever the request may be made."""
    return any_of(
        all_of(
            _applies(
                statement,
                request,
                request.target or Target(ANY, ANY),
                strikes(statement, request.context),
            )
        )
        for statement in statements
        if statement.effect.text == "Deny"
    )


def _applies(
    statement: Statement, request: Request, target: Target | None, conditions: Verdict
) -> Iterator[Verdict]:
    yield _acts(statement, request.action)
    yield _reaches(statement, target)
    yield conditions
    if statement.why:  # there may be a condition among what cannot be read
        yield maybe(statement.why)


def _acts(statement: Statement, action: str) -> Verdict:
    if statement.not_actions:
        return opposite(any_of(matches(item, action) for item in statement.not_actions))
    listed = (matches(item, action) for item in statement.actions)
    return any_of([*listed, maybe(statement.why)])


def _reaches(statement: Statement, target: Target | None) -> Verdict:
    if statement.not_resources:
        excluded = target or Target(ANY, ANY)
        return opposite(any_of(covers(item, excluded) for item in statement.not_resources))
    if target is None:
        return YES if statement.resources else maybe(statement.why)
    listed = (covers(item, target) for item in statement.resources)
    return any_of([*listed, maybe(statement.why)])
