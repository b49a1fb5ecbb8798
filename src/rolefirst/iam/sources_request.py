"""Whether a condition holds for a request, as far as it is about where the request comes from.

A request is not one address but a kind of caller: somebody on the internet, somebody in a VPC of
their own.
"""

from __future__ import annotations

import enum
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rolefirst.iam.patterns import NO, YES, Verdict, glob, maybe
from rolefirst.iam.statements import UNNAMED, Condition, Text, Texts

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SOURCE_IP = "aws:sourceip"
VPC_SOURCE_IP = "aws:vpcsourceip"
ADDRESSES = frozenset({SOURCE_IP, VPC_SOURCE_IP})
#: What the endpoint says that a request came through; AWS fills them in and nobody can forge them.
ENDPOINT_OWNER = frozenset({"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"})
ENDPOINT = ENDPOINT_OWNER | {"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"}
NETWORK = ADDRESSES | ENDPOINT
#: What looks like the source and is not: AWS fills in the first four when a service calls on its
#: own behalf, the last two are written by whoever sends the request.
_LOOK_ALIKE = frozenset(
    {
        *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
        *("aws:useragent", "aws:referer"),
    }
)
_MISSPELT = re.compile(r"source-?(?:ip|vpc)|vpc-?source")
VIA_SERVICE = "aws:viaawsservice"
CALLED_VIA = frozenset({"aws:calledvia", "aws:calledviafirst", "aws:calledvialast"})
_MFA = "aws:multifactorauth"
_PRINCIPAL = "aws:principal"
PRINCIPAL_ARN = "aws:principalarn"
_TAG = "aws:principaltag/"
#: Nobody holds a wider block: who lists one lists the internet.
_WIDEST = {4: 8, 6: 16}
#: Addresses that never reach AWS from outside. The documentation ranges stand for public ones.
_PRIVATE_4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("127.0.0.0/8", "169.254.0.0/16"),
    )
)
_PRIVATE_6 = tuple(ipaddress.IPv6Network(text) for text in ("fc00::/7", "fe80::/10", "::1/128"))
_POSITIVE = {"ipaddress", "stringequals", "stringlike", "arnequals", "arnlike", "bool", "null"}


class Part(enum.Enum):
    """What a request carries in a key when it is no particular text."""

    OTHER = "what no list names, unless it names everything"
    LISTED = "what the list names"
    CHOSEN = "what suits the caller"


@dataclass(frozen=True, slots=True)
class Request:
    """A kind of request. What ``values`` does not hold of the network keys is absent from it.

    ``family`` is the version of the public address. ``tags`` are those of the principal, by keys
    in lower case; None when they cannot be told.
    """

    values: Mapping[str, Part | str]
    family: int = 4
    tags: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator taken apart: ``ForAnyValue:StringNotEqualsIfExists``."""

    base: str
    negated: bool
    if_exists: bool
    quantifier: str

    @property
    def known(self) -> bool:
        """False for what is no operator on text, addresses, ARNs or booleans."""
        return self.base in _POSITIVE


def operator(test: str) -> Operator:
    """Take an operator apart; IAM reads it without case."""
    quantifier, _, name = test.casefold().rpartition(":")
    if_exists = name.endswith("ifexists")
    name = name.removesuffix("ifexists").replace("equalsignorecase", "equals")
    return Operator(name.replace("not", "", 1), "not" in name, if_exists, quantifier)


def is_source(condition: Condition) -> bool:
    """The condition speaks of where a request comes from, or is meant to."""
    key = condition.variable.casefold()
    return key in NETWORK or is_look_alike(key)


def is_look_alike(key: str) -> bool:
    """A key (in lower case) that seems to say where a user calls from and does not."""
    return key in _LOOK_ALIKE or (key not in NETWORK and bool(_MISSPELT.search(key)))


def fits(condition: Condition) -> bool:
    """The operator compares what the network key holds: addresses, or text."""
    base = operator(condition.test).base
    if base == "null":
        return True
    if condition.variable.casefold() in ADDRESSES:
        return base == "ipaddress"
    return base.startswith(("string", "arn"))


def holds(condition: Condition, request: Request, deny: bool) -> Verdict:
    """Whether a condition of an Allow or a Deny statement holds for a request.

    What the caller can choose holds in an Allow and does not in a Deny.
    """
    if UNNAMED in (condition.test, condition.variable):
        return maybe("a condition whose key or operator is unknown")
    key, op = condition.variable.casefold(), operator(condition.test)
    chosen = NO if deny else YES
    if (key in NETWORK and not fits(condition)) or not op.known:
        return chosen
    if key.startswith(_MFA) and not deny:
        return YES  # a second factor says nothing of where from
    value = _value(key, request)
    if value is Part.CHOSEN:
        return chosen
    if value is None:
        # Whoever has the key is this principal, in whatever words.
        return maybe(f"whether {condition.variable} fits the condition") if deny else YES
    if op.base == "null":
        wanted = {text.text.casefold() for text in condition.values}
        return _answer(("false" if value else "true") in wanted)
    if not value:
        return _answer(op.if_exists or op.quantifier == "forallvalues" or _missing(op))
    found = _matches(condition, op, value, request)
    return found if not op.negated or found.why else _answer(found == NO)


def _answer(yes: bool) -> Verdict:
    return YES if yes else NO


def _missing(op: Operator) -> bool:
    """A negated operator holds when the request has no such key, unless some value must differ."""
    return op.negated and op.quantifier != "foranyvalue"


def _value(key: str, request: Request) -> Part | str | None:
    """What the request carries; empty for nothing, None for what cannot be told."""
    if key in request.values:
        return request.values[key]
    if key in NETWORK or key in CALLED_VIA or key.startswith(_MFA):
        return ""
    if key.startswith(_TAG):
        return None if request.tags is None else request.tags.get(key.removeprefix(_TAG), "")
    return None if key.startswith(_PRINCIPAL) else Part.CHOSEN


def _matches(condition: Condition, op: Operator, value: Part | str, request: Request) -> Verdict:
    """Whether one of the values is what the request carries."""
    key = condition.variable.casefold()
    if key in ADDRESSES:
        public = key == SOURCE_IP
        return _answer(_has_address(condition.values, value, request.family, public))
    if value is Part.LISTED:
        return _answer(bool(condition.values))
    likes = op.base in ("stringlike", "arnlike", "arnequals")
    if value is Part.OTHER:
        return _answer(likes and any(is_everything(text) for text in condition.values))
    doubt = "a part of the principal's name" if UNNAMED in str(value) else ""
    for text in condition.values:
        # Which account it is, is not in the code: of an ARN only the last part is compared.
        pattern = text.text.rsplit(":", 1)[-1] if key == PRINCIPAL_ARN else text.text
        same = pattern.casefold() == str(value).casefold()
        # Two unknown names are written alike and need not be the same.
        same = same and not (text.why and UNNAMED in pattern)
        if same or (likes and glob(pattern, str(value))):
            return YES
        doubt = doubt or text.why
    return maybe(doubt)


def _has_address(values: Texts, value: Part | str, family: int, public: bool) -> bool:
    """An unknown list names some addresses, and not those of a stranger."""
    found = [network for network in networks(values) if network.version == family]
    if value is Part.OTHER:
        return any(is_wide(network) for network in found)
    return any(text.why for text in values) or any(
        not (public and is_private(network)) for network in found
    )


def networks(values: Iterable[Text]) -> tuple[Network, ...]:
    """The known address ranges, neighbours joined: two halves are the whole internet."""
    v4: list[ipaddress.IPv4Network] = []
    v6: list[ipaddress.IPv6Network] = []
    for text in values:
        try:
            network = ipaddress.ip_network(text.text.strip(), strict=False)
        except ValueError:
            continue  # unknown, or no address: it names nobody
        if isinstance(network, ipaddress.IPv4Network):
            v4.append(network)
        else:
            v6.append(network)
    return (*ipaddress.collapse_addresses(v4), *ipaddress.collapse_addresses(v6))


def is_wide(network: Network) -> bool:
    """So wide that a stranger has an address in it."""
    return network.prefixlen < _WIDEST[network.version] and not is_private(network)


def is_private(network: Network) -> bool:
    """No address of it is public, so it never stands in ``aws:SourceIp``."""
    if isinstance(network, ipaddress.IPv4Network):
        return any(network.subnet_of(private) for private in _PRIVATE_4)
    return any(network.subnet_of(private) for private in _PRIVATE_6)


def is_everything(text: Text) -> bool:
    """A pattern that any VPC, endpoint or organization fits: ``*``, ``vpc-*``, any account."""
    pattern = text.text.casefold()
    if text.why or not pattern:
        return False
    if pattern.startswith("arn:"):
        account, _, resource = pattern.split(":", 4)[-1].partition(":")
        return set(account) <= {"*"} and resource in ("", "*", "vpc/*", "vpc/vpc-*")
    return set(pattern) <= {"*", "?"} or pattern in ("vpc-*", "vpce-*", "o-*", "o-*/*")
