"""Whether a source restriction that binds locks out what the key is there for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.iam.grants import Grant
from rolefirst.iam.patterns import NO, YES, any_of
from rolefirst.iam.sources_lines import Layer, Line, Lines, lines_of, request_with
from rolefirst.iam.sources_request import (
    CALLED_VIA,
    ENDPOINT,
    ENDPOINT_OWNER,
    NETWORK,
    SOURCE_IP,
    VIA_SERVICE,
    VPC_SOURCE_IP,
    Part,
    Request,
    fits,
    is_private,
    networks,
    operator,
)
from rolefirst.iam.sources_scope import Right, is_exempt, meets, rights
from rolefirst.iam.statements import Condition, Text
from rolefirst.project import Block, Project

#: What calls other services in the user's name, or is called so on behalf of S3 and others.
_FORWARDED = ("athena", "cloudformation", "kms")
#: Services whose endpoints do not say whose they are.
_NO_ENDPOINT_OWNER = ("dynamodb", "sns", "secretsmanager", "ssm", "sts", "iam", "ec2")


@dataclass(frozen=True, slots=True)
class OverDenial:
    """What is locked out, and by which policies."""

    reason: str
    grants: tuple[Grant, ...]


def over_denials(principal: Block, project: Project) -> Iterator[OverDenial]:
    """What a restriction that binds refuses to the rightful user, the worst first."""
    lines = lines_of(principal, project)
    for check in (_locked_out, _via_service, _no_keys, _no_owner, _no_ipv6):
        yield from check(principal, lines, project)


def _locked_out(principal: Block, lines: Lines, project: Project) -> Iterator[OverDenial]:
    """The listed addresses or VPCs themselves are refused."""
    for line in (line for line in lines.all if line.limits):
        address, endpoint = _listed(line, SOURCE_IP), _listed(line, *ENDPOINT, VPC_SOURCE_IP)
        if address and endpoint and not line.denies:
            why = "an Allow asks for a public address and an endpoint at once: no request has both"
            yield OverDenial(why, (line.grant,))
        elif address and not endpoint and _only_private(address):
            why = "aws:SourceIp lists private addresses only, and it is the public address"
            yield OverDenial(f"{why}: use aws:SourceVpc or the address of the NAT", (line.grant,))
        for listed, request, named in (
            (address, _from_address(principal, address), "the listed addresses"),
            (endpoint, _from_endpoint(principal), "the listed VPCs or endpoints"),
        ):
            other = _refusing(line, request, lines) if listed else None
            if other is not None:
                why = f"{named} are refused by another Deny, which lists something else: no "
                why += "request has both a public address and a VPC; put both into one statement"
                yield OverDenial(why, tuple(dict.fromkeys((line.grant, other.grant))))


def _listed(line: Line, *keys: str) -> tuple[Condition, ...]:
    """The conditions of a statement that let what they list pass."""
    return tuple(
        condition
        for condition in line.statement.conditions
        if condition.variable.casefold() in keys
        and fits(condition)
        and operator(condition.test).negated == line.denies
        and operator(condition.test).base != "null"
    )


def _only_private(conditions: tuple[Condition, ...]) -> bool:
    values = [text for condition in conditions for text in condition.values]
    found = networks(values)
    return bool(found) and all(map(is_private, found)) and not any(text.why for text in values)


def _from_address(principal: Block, listed: tuple[Condition, ...]) -> Request:
    found = networks(text for condition in listed for text in condition.values)
    family = 6 if found and all(network.version == 6 for network in found) else 4
    return request_with(principal, {SOURCE_IP: Part.LISTED}, family)


def _from_endpoint(principal: Block) -> Request:
    return request_with(principal, dict.fromkeys((*ENDPOINT, VPC_SOURCE_IP), Part.LISTED))


def _refusing(line: Line, request: Request, lines: Lines) -> Line | None:
    """Another Deny on the same actions that refuses what this statement lists."""
    for other in lines.denies:
        shared = any_of(meets(other.statement, right) for right in rights(line.statement))
        if other is line or not other.limits or shared != YES:
            continue
        if other.applies(request) == YES and not _private_everywhere(other):
            return other
    return None


def _private_everywhere(line: Line) -> bool:
    return _only_private(_listed(line, SOURCE_IP))


def _via_service(principal: Block, lines: Lines, project: Project) -> Iterator[OverDenial]:
    """A service that calls in the user's name comes from its own network."""
    values: dict[str, Part | str] = {VIA_SERVICE: "true", SOURCE_IP: Part.OTHER}
    values.update(dict.fromkeys(CALLED_VIA, Part.CHOSEN))
    request = request_with(principal, values)
    for line, right in _refused(lines, request):
        if right.action.text == "*" or _service(right.action) in _FORWARDED:
            why = f"calls that AWS services make for the user ({right.action.text}) are refused: "
            why += 'add BoolIfExists aws:ViaAWSService "false" to the Deny'
            yield OverDenial(why, (line.grant,))


def _no_keys(principal: Block, lines: Lines, project: Project) -> Iterator[OverDenial]:
    """Actions that AWS answers without the network keys."""
    for line, right in _refused(lines, request_with(principal, {})):
        wanted = right.action.text
        # Domains outside of a VPC do see the public address.
        if is_exempt(right.action) and _service(right.action) != "es":
            why = f"AWS does not fill in the network keys for {wanted}, so the Deny always holds: "
            yield OverDenial(f"{why}leave it out with NotAction", (line.grant,))


def _no_owner(principal: Block, lines: Lines, project: Project) -> Iterator[OverDenial]:
    """Services whose endpoints do not say to which account or organization they belong."""
    for line, right in _refused(lines, request_with(principal, {})):
        named = {condition.variable.casefold() for condition in line.statement.conditions}
        if _service(right.action) in _NO_ENDPOINT_OWNER and named & NETWORK <= ENDPOINT_OWNER:
            why = f"{right.action.text} is always refused: endpoints of that service do not carry "
            yield OverDenial(f"{why}aws:VpceAccount and its like", (line.grant,))


def _no_ipv6(principal: Block, lines: Lines, project: Project) -> Iterator[OverDenial]:
    """IPv4 ranges only, where the provider configuration asks for dual-stack endpoints."""
    provider = principal.provider
    if provider is None or provider["use_dualstack_endpoint"].data is not True:
        return
    for line in (line for line in lines.all if line.limits):
        values = [text for condition in _listed(line, SOURCE_IP) for text in condition.values]
        found = networks(values)
        known = bool(found) and not any(text.why for text in values)
        if known and all(network.version == 4 for network in found):
            why = "aws:SourceIp lists no IPv6 range, and the provider uses dual-stack endpoints: "
            yield OverDenial(f"{why}requests by IPv6 are refused", (line.grant,))


def _refused(lines: Lines, request: Request) -> Iterator[tuple[Line, Right]]:
    """What the user is allowed and a limiting Deny refuses to a request."""
    for line in lines.denies:
        if not line.limits or line.applies(request) != YES:
            continue
        for allow in lines.allows(Layer.IDENTITY):
            for right in rights(allow.statement) if allow.applies(request) != NO else ():
                if not right.action.why and meets(line.statement, right) == YES:
                    yield line, right


def _service(action: Text) -> str:
    return action.text.partition(":")[0].casefold()
