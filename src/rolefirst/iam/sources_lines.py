"""Every statement that decides from where a user's key works, and what of them cannot be read."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from rolefirst.iam.documents import document_of
from rolefirst.iam.grants import Grant, account_of, grants_of, policies_in
from rolefirst.iam.patterns import NO, Verdict, maybe
from rolefirst.iam.sources_request import (
    ENDPOINT,
    NETWORK,
    PRINCIPAL_ARN,
    SOURCE_IP,
    VIA_SERVICE,
    VPC_SOURCE_IP,
    Part,
    Request,
    is_source,
)
from rolefirst.iam.sources_scope import ANY, applies, is_deny
from rolefirst.iam.statements import UNNAMED, Condition, Statement, Text
from rolefirst.iam.undeclared import Undeclared
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project

SCP = "aws_organizations_policy"
_SCP_ATTACHMENT = "aws_organizations_policy_attachment"
_AWS_MANAGED = re.compile(r"arn:aws[\w-]*:iam::aws:policy/(?:[\w-]+/)*(?P<name>[\w+=,.@-]+)")
#: Policies of AWS that give so much that any narrower condition leaves something open.
_EVERYTHING = ("AdministratorAccess", "PowerUserAccess")
#: What stands for the rights that are not in the code: a resource policy, for one, may give any.
ANYTHING = Statement(Text("Allow"), actions=ANY, resources=ANY)


class Layer(enum.Enum):
    """Where a statement stands. An action is possible when each layer leaves it open."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of one policy. ``doubt`` says why it may not be in force."""

    statement: Statement
    grant: Grant
    layer: Layer
    doubt: str = ""

    @property
    def denies(self) -> bool:
        """A Deny that takes something away from a stranger: always, or because of the source.

        What depends on something else, on a second factor say, limits no source.
        """
        return is_deny(self.statement) and (self.limits or not self.statement.conditions)

    @property
    def limits(self) -> bool:
        """It asks where a request comes from, or means to."""
        return any(is_source(condition) for condition in self.statement.conditions)

    @property
    def readable(self) -> bool:
        """Whether it limits the source stands in the code, whatever else about it does not."""
        named = (text for c in self.statement.conditions for text in (c.test, c.variable))
        hidden = self.statement.why or self.statement.effect.why
        return not hidden and all(UNNAMED not in text for text in named)

    def applies(self, request: Request) -> Verdict:
        """Whether it is in force and its conditions hold."""
        known = applies(self.statement, request)
        return maybe(self.doubt) if self.doubt and known != NO else known


@dataclass(frozen=True, slots=True)
class Lines:
    """What decides about a principal. ``unread`` names policies whose text is not in the code."""

    all: tuple[Line, ...]
    unread: tuple[str, ...] = ()

    @property
    def denies(self) -> tuple[Line, ...]:
        """The Deny statements that count."""
        return tuple(line for line in self.all if line.denies)

    def allows(self, layer: Layer) -> tuple[Line, ...]:
        """The Allow statements of a layer, with those whose effect is unknown."""
        found = (line for line in self.all if line.layer is layer)
        return tuple(line for line in found if line.statement.allows)


def lines_of(principal: Block, project: Project) -> Lines:
    """All policies of a user or role: its own, its groups', its boundary and attached SCPs."""
    found: list[Line] = []
    unread: list[str] = []
    granted = [(Layer.IDENTITY, grant, "") for grant in grants_of(principal, project)]
    bounds = policies_in(principal, "permissions_boundary", project)
    granted += [(Layer.BOUNDARY, grant, "") for grant in bounds]
    granted += [(Layer.ORGANIZATION, *item) for item in _organization(principal, project)]
    for layer, grant, doubt in granted:
        doubt = doubt or _doubt(grant.block, principal)
        document = grant.document
        statements = document.statements if document else _of_aws(grant)
        if not statements or (document and document.why):
            unread.append(_named(grant, layer, document.why if document else ""))
        if grant.block.root == principal.root:  # elsewhere the same address is another block
            statements = tuple(_spelled(statement, principal) for statement in statements)
        found += [Line(statement, grant, layer, doubt) for statement in statements]
    if isinstance(principal, Undeclared):
        unread.append(principal.elsewhere)
    elif not granted and project.is_library(principal.root):
        unread.append("what whoever calls this module attaches to the user")
    return Lines(tuple(found), tuple(dict.fromkeys(unread)))


def _spelled(statement: Statement, principal: Block) -> Statement:
    """The statement with the principal's ARN in place of the references to it."""
    reference = f"${{{principal.address}.arn}}"
    own = Text(f"arn:aws:iam:::{tail_of(principal)}")

    def spelled(condition: Condition) -> Condition:
        if condition.variable.casefold() != PRINCIPAL_ARN:
            return condition
        values = (own if text.text == reference else text for text in condition.values)
        return replace(condition, values=tuple(values))

    return replace(statement, conditions=tuple(map(spelled, statement.conditions)))


def _named(grant: Grant, layer: Layer, why: str) -> str:
    kind = "the permissions boundary" if layer is Layer.BOUNDARY else "a policy"
    return f"{kind} that is not readable here ({why or grant.label or 'unknown'})"


def _of_aws(grant: Grant) -> tuple[Statement, ...]:
    """A policy of AWS allows something and denies nothing by source."""
    found = _AWS_MANAGED.fullmatch(grant.label)
    if not found:
        return ()
    if found["name"] in _EVERYTHING:
        return (ANYTHING,)
    actions = (Text(UNNAMED, f"the actions of {found['name']} are not in the code"),)
    return (Statement(Text("Allow"), actions=actions, resources=ANY),)


def _doubt(block: Block, principal: Block) -> str:
    """Why a block may not exist, unless it exists with its user."""
    over = (reference.target for _, reference in block["for_each"].deep_references())
    return "" if block.doubt == principal.doubt or principal in over else block.doubt


# --- service control policies ----------------------------------------------------------------


def _organization(principal: Block, project: Project) -> Iterator[tuple[Grant, str]]:
    """SCPs about sources. None binds the management account, where they are usually managed."""
    for grant in _policies_of_organization(project):
        block = grant.block
        beside = block.root == principal.root and account_of(block) == account_of(principal)
        yield grant, "whether the SCP reaches this account (never the management account)" * beside


def _policies_of_organization(project: Project) -> tuple[Grant, ...]:
    memo = ("source SCPs", "", "")
    if memo not in project.memo:
        project.memo[memo] = tuple(_attached(project))
    return cast("tuple[Grant, ...]", project.memo[memo])


def _attached(project: Project) -> Iterator[Grant]:
    """The SCPs that are attached to something and speak of sources."""
    attached = {
        (reference.target.root, reference.target.address)
        for block in project.resources(_SCP_ATTACHMENT)
        for _, reference in block["policy_id"].deep_references()
    }
    for block in project.resources(SCP):
        kind = block["type"]
        if (block.root, block.address) not in attached or not (
            kind.absent or kind.text == "SERVICE_CONTROL_POLICY"
        ):
            continue
        document = document_of(block["content"])
        if any(is_source(c) for statement in document.statements for c in statement.conditions):
            yield Grant(block, block.address, frozenset(), document)


# --- requests --------------------------------------------------------------------------------


def strangers(principal: Block) -> tuple[Request, ...]:
    """Who has stolen a key: on the internet by IPv4 and IPv6, and behind an endpoint of a VPC of
    their own, in which they choose the private addresses.
    """
    here, tags = _who(principal), _tags(principal)
    endpoint: dict[str, Part | str] = dict.fromkeys(ENDPOINT, Part.OTHER)
    endpoint[VPC_SOURCE_IP] = Part.CHOSEN
    return (
        Request({**here, SOURCE_IP: Part.OTHER}, 4, tags),
        Request({**here, SOURCE_IP: Part.OTHER}, 6, tags),
        Request({**here, **endpoint}, 4, tags),
    )


def request_with(principal: Block, values: Mapping[str, Part | str], family: int = 4) -> Request:
    """A request of the principal that carries these keys."""
    return Request({**_who(principal), **values}, family, _tags(principal))


def insider(principal: Block) -> Request:
    """Whoever stands where the key may be used."""
    return request_with(principal, dict.fromkeys(NETWORK, Part.CHOSEN))


def tail_of(principal: Block) -> str:
    """The last part of the principal's ARN, such as ``user/team/ci``."""
    kind = "user" if principal.type == USER else "role"
    path = principal["path"].text if not principal["path"].absent else "/"
    name = principal["name"].text
    return f"{kind}{path if path is not None else f'/{UNNAMED}/'}{name or UNNAMED}"


def _who(principal: Block) -> dict[str, Part | str]:
    kind = "user" if principal.type == USER else "assumedrole"
    return {
        VIA_SERVICE: "false",
        "aws:principalisawsservice": "false",
        "aws:principaltype": kind,
        PRINCIPAL_ARN: tail_of(principal),
    }


def _tags(principal: Block) -> Mapping[str, str] | None:
    tags = principal["tags"]
    if tags.absent:
        return {}
    if not isinstance(tags.data, dict) or not tags.known:
        return None
    return {key.casefold(): str(value.data) for key, value in tags.data.items()}


def grants_in(lines: Iterable[Line]) -> tuple[Grant, ...]:
    """The policies of some statements, each once."""
    return tuple(dict.fromkeys(line.grant for line in lines))
