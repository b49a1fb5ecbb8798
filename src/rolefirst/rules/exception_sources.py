"""Whether a key works from the sources of its exception only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rolefirst.exceptions.entries import Entry
from rolefirst.iam.patterns import YES, Truth
from rolefirst.iam.sources import Restriction, Standing
from rolefirst.iam.sources_flaws import flaw
from rolefirst.iam.sources_lines import Line, grants_in, lines_of, strangers
from rolefirst.iam.sources_request import ADDRESSES, NETWORK, Network, operator
from rolefirst.iam.sources_scope import ANY, Right, covers, is_deny
from rolefirst.project import Block, Project
from rolefirst.rules.exception_check import Check, listed
from rolefirst.rules.exception_points import network
from rolefirst.rules.sources import holder, policies, restriction_of_key

_EVERYTHING = Right(ANY[0], ANY[0])


@dataclass(frozen=True, slots=True)
class Allowed:
    """The sources that some statements leave: ranges, names, and why there may be others."""

    networks: tuple[Network, ...] = ()
    names: tuple[str, ...] = ()
    why: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def listed(self) -> tuple[str, ...]:
        """All of them as an entry writes them."""
        return (*map(str, self.networks), *self.names)


def check(entry: Entry, key: Block, project: Project) -> Check | None:
    """Compare what is promised with the condition that binds."""
    if not entry.source:
        return None
    claim = listed(entry.source)
    restriction = restriction_of_key(key, project)
    if restriction.standing is Standing.UNKNOWN:
        return Check("source", claim, restriction.reason, Truth.MAYBE)
    if restriction.standing is not Standing.BINDS:
        return _unbound(claim, restriction)
    return _compared(claim, entry, allowed(holder(key, project), project))


def allowed(user: Block, project: Project) -> tuple[Allowed, ...]:
    """What a binding condition leaves: by each Deny that binds alone, and by all together.

    The key works from what all of them leave, so it is enough when one leaves no more than that.
    """
    limiting = [line for line in lines_of(user, project).all if line.limits]
    alone = (line for line in limiting if _binds_alone(line, user))
    return (*(_allowed([line]) for line in alone), _allowed(limiting))


def _unbound(claim: str, restriction: Restriction) -> Check:
    found = restriction.reason or "nothing in the code limits where the key works from"
    return Check("source", claim, found, Truth.NO, policies(restriction.grants))


def _compared(claim: str, entry: Entry, found: tuple[Allowed, ...]) -> Check:
    def beyond(item: Allowed) -> tuple[str, ...]:
        return tuple(_beyond(item, entry.source))

    # Certainty first; of several reasons the shortest is the easiest to mend.
    best = min(found, key=lambda item: (len(beyond(item)), item.why != ""))
    related = policies(grants_in(best.lines))
    if more := beyond(best):
        text = f"the code also allows {listed(more)}"
        return Check("source", claim, text, Truth.NO, related)
    if best.why:
        return Check("source", claim, best.why, Truth.MAYBE, related)
    return Check("source", claim, listed(best.listed), Truth.YES, related)


def _binds_alone(line: Line, user: Block) -> bool:
    statement = line.statement
    sure = is_deny(statement) and not line.doubt
    whole = sure and covers(statement, _EVERYTHING) == YES
    return whole and not flaw(statement, strangers(user))


def _allowed(lines: Iterable[Line]) -> Allowed:
    listed = tuple(lines)
    networks: dict[Network, None] = {}
    names: dict[str, None] = {}
    why = ""
    for line in listed:
        for variable, text, doubt in _values(line):
            found = network(text) if variable in ADDRESSES else None
            if doubt:
                why = why or doubt
            elif found is not None:
                networks[found] = None
            elif variable not in ADDRESSES:
                names[text] = None
    return Allowed(tuple(networks), tuple(names), why, listed)


def _values(line: Line) -> Iterator[tuple[str, str, str]]:
    """The sources a statement lets pass: the key, the value and why it is unknown."""
    for condition in line.statement.conditions:
        variable, op = condition.variable.casefold(), operator(condition.test)
        if variable not in NETWORK or op.base == "null" or op.negated != is_deny(line.statement):
            continue
        for value in condition.values:
            yield variable, value.text.strip(), value.why


def _beyond(found: Allowed, claimed: Iterable[str]) -> Iterator[str]:
    """What is allowed and not claimed."""
    ranges = [item for text in claimed if (item := network(text)) is not None]
    names = {text.casefold() for text in claimed}
    for item in found.networks:
        if not any(_within(item, outer) for outer in ranges):
            yield str(item)
    for name in found.names:
        # Of an ARN the id is what people write: arn:aws:ec2:…:vpc/vpc-0abc.
        if not {name.casefold(), name.casefold().rsplit("/", 1)[-1]} & names:
            yield name


def _within(inner: Network, outer: Network) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]
