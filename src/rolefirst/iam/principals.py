"""How code names a user, role or group: by reference, or by the same name.

Two arguments mean the same principal when they share one of the keys that they are given here.
"""

from __future__ import annotations

from rolefirst.iam.modules import declares_user
from rolefirst.iam.statements import UNNAMED
from rolefirst.iam.users import USER
from rolefirst.project import Block, Value

#: The block's address, or its type and name.
Key = tuple[str, str]
#: Attributes that hand on the name of a principal.
_NAMES = ("name", "id", "")


def said_in(value: Value) -> str:
    """A name in a form that is equal for equal names: unknown parts are named, case is not kept.

    Empty when a part of it has no name in the code.
    """
    if value.text is not None:
        return value.text.casefold()
    text = value.data if value.unknown and isinstance(value.data, str) else ""
    return "" if UNNAMED in text else text


def spellings(principal: Block) -> tuple[Key, ...]:
    """What an argument that names the principal may hold."""
    said = said_in(principal["name"])
    address: Key = ("address", principal.address)
    return (address, (principal.type, said)) if said else (address,)


def named_by(value: Value, type: str) -> list[Key]:
    """The principals of a type that an argument names, by block and by name."""
    found = (key for _, member in value.walk() for key in named_in(member, type))
    return list(dict.fromkeys(found))


def named_in(value: Value, type: str) -> list[Key]:
    """The principals that one member of an argument names."""
    targets = (
        reference.target
        for reference in value.references
        if reference.target.type == type
        and reference.target.kind == "resource"
        and (reference.attribute in _NAMES or value.unknown)
    )
    blocks = [target for target in targets if not _differ(value, target["name"])]
    if blocks:
        return [("address", block.address) for block in blocks]
    if type == USER:  # whatever the output is called, the module has one user
        calls = (reference.target for reference in value.references if value.unknown)
        if modules := [call for call in calls if declares_user(call)]:
            return [("address", call.address) for call in modules]
    said = said_in(value)
    return [(type, said)] if said else []


def _differ(one: Value, other: Value) -> bool:
    """True for names that are known and not the same: a longer one that was made from another."""
    if one.text is None or other.text is None:
        return False
    return one.text.casefold() != other.text.casefold()
