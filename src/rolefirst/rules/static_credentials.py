"""Whether the arguments of a provider or backend are a long-lived key of AWS.

What is written need not be one: providers are pointed at emulators and at stores of other vendors,
which take any words or keys of their own, and a variable may be empty in every deployment.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.decision import catalogue
from rolefirst.decision.flow import carried
from rolefirst.project import Block, Carries, Project, Value
from rolefirst.rules.key_material import examples

#: The arguments that sign, in the order in which they are looked at.
ARGUMENTS = ("access_key", "secret_key")
#: Only these could be a key; "test", "mock" and "<your key>" are none.
_SHAPES = {
    "access_key": re.compile(r"AKIA[A-Z2-7]{16}"),
    "secret_key": re.compile(r"[A-Za-z0-9/+]{40}"),
}
#: A provider that is not to check its key with AWS has no key of AWS.
_UNCHECKED = ("skip_credentials_validation", "skip_requesting_account_id")
_AWS_HOST = re.compile(r"(?:^|[./])(?:amazonaws\.com(?:\.cn)?|api\.aws)(?:[:/]|$)")
_VARIABLE = re.compile(r"\$\{(var\.[\w-]+)\}")
#: Vault makes these for the run and takes them back after it.
_LEASED = frozenset({"vault_aws_access_credentials"})


class Kind(enum.Enum):
    """What an argument that should hold a part of a key holds."""

    STATIC = "static"
    UNKNOWN = "unknown"
    OTHER = "no long-lived key of AWS"
    UNSET = "unset"


@dataclass(frozen=True, slots=True)
class Part:
    """One argument: ``origin`` says where its value comes from, or why it is unknown.

    ``key`` is the resource or module call that makes the key, if the code does.
    """

    argument: str
    kind: Kind
    origin: str = ""
    key: Block | None = None


def parts(arguments: Value, project: Project) -> list[Part]:
    """The arguments that hold, or may hold, a long-lived key of AWS; an object's members."""
    if arguments.get("token").data not in (None, "") or _elsewhere(arguments):
        return []
    found = [_part(name, arguments.get(name), project) for name in ARGUMENTS]
    if any(part.kind is Kind.OTHER for part in found):
        return []
    return [part for part in found if part.kind is not Kind.UNSET]


def _part(name: str, value: Value, project: Project) -> Part:
    if value.data in (None, "") and not value.unknown:
        return Part(name, Kind.UNSET)
    for _, reference in value.deep_references():
        target = reference.target
        if carried(reference, project) is not Carries.OTHER:
            return Part(name, Kind.STATIC, f"from {target.address}", target)
        if target.type in _LEASED:
            return Part(name, Kind.OTHER)
        if target.type in _stores(project):
            return Part(name, Kind.STATIC, f"from {target.address}")
    if value.text is not None:
        shaped = _SHAPES[name].fullmatch(value.text.strip())
        what = "an example " if any(examples(value.text)) else ""
        return Part(name, Kind.STATIC if shaped else Kind.OTHER, f"{what}written in the code")
    variable = _VARIABLE.fullmatch(value.data) if isinstance(value.data, str) else None
    if variable:  # unknown because it has no default: every run has to hand one in
        return Part(name, Kind.STATIC, f"from {variable[1]}")
    return Part(name, Kind.UNKNOWN, value.why)


def _stores(project: Project) -> frozenset[str]:
    """The resources and data sources that keep a secret for years."""
    stores = catalogue.of(project).stores
    readers = (row.type for store in stores for row in store.data)
    return frozenset((*(type for store in stores for type in store.types), *readers))


def _elsewhere(arguments: Value) -> bool:
    """Whether the endpoints are those of an emulator or of another vendor."""
    endpoints = list(_endpoints(arguments))
    if not endpoints or any(_AWS_HOST.search(address) for _, address in endpoints):
        return False
    unchecked = any(str(arguments.get(name).data).casefold() == "true" for name in _UNCHECKED)
    return unchecked or any(service == "sts" for service, _ in endpoints)


def _endpoints(arguments: Value) -> Iterator[tuple[str, str]]:
    """Service and address of each endpoint, as much of it as is known."""
    for name in ("endpoint", "endpoints"):
        for path, value in arguments.get(name).walk((name,)):
            if isinstance(value.data, str) and value.data:
                yield path[-1], value.data
            elif value.unknown:
                yield path[-1], ""
