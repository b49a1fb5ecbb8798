"""IAM users that the code names, to give them rights or a key, and does not declare.

Each is read like a declared user of which nothing but the name is known, so that whoever judges
users judges these as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from rolefirst.findings import Location
from rolefirst.iam.grants import Naming, undeclared_users
from rolefirst.iam.principals import said_in
from rolefirst.iam.users import USER, source_order
from rolefirst.project import ABSENT, Block, Project, Value, unknown

#: A name that is all variable: whoever sets it says who the user is.
_VARIABLE = re.compile(r"\$\{var\.[^{}]*\}")


class Undeclared(Block):
    """A user that ``places`` name, and no block declares. ``whose`` is its name."""

    __slots__ = ("argument", "places", "whose")

    def __init__(self, places: tuple[Block, ...], argument: str, whose: Value) -> None:
        """Stand where the first place stands; ``argument`` is the one that holds the name."""
        place, said = places[0], said_in(whose)
        address = f"{place.address} {said}".rstrip()
        super().__init__(
            "resource", USER, said, address, place.root, place.location, place.call_chain
        )
        self.places = places
        self.argument = argument
        self.whose = whose

    @property
    def shown(self) -> str:
        """How the code names the user; empty when it does not."""
        if self.whose.text is not None:
            return self.whose.text
        return re.sub(r"^\$\{([^{}]*)\}$", r"\1", self.name)

    @property
    def of_module(self) -> bool:
        """True when a module whose code is not in the tree declares it."""
        return self.places[0].kind == "module"

    @property
    def called(self) -> str:
        """What to put behind "the user"."""
        if self.of_module:
            return f"of {self.places[0].address}"
        return f"that {self.shown} names" if self.shown == self.name[2:-1] else self.shown

    @property
    def unsure(self) -> str:
        """Why the code does not tell who it is; empty when it does."""
        if self.of_module:
            return ""
        found = any(r.target.kind in ("data", "module") for r in self.whose.references)
        told = self.name and (found or not _VARIABLE.fullmatch(self.name))
        return "" if told else self.whose.why

    @property
    def elsewhere(self) -> str:
        """Why what the code says about the user is not all."""
        if self.of_module:
            return f"{self.places[0].address} declares the user, and its code is not in the tree"
        named = f" {self.shown}" if self.shown else ""
        return f"the user{named} is not declared here, nor are all of its policies"

    def read(self, name: str) -> Value:
        """The name is known, and what has to be written to be there is not."""
        if name == "name":
            return self.whose
        if name == "permissions_boundary" and self.of_module:
            return self.places[0][name]
        return unknown(f"the user {self.shown} is not declared here") if name == "tags" else ABSENT

    def names(self) -> Iterable[str]:
        """The name alone."""
        return ("name",)

    def at(self, name: str) -> Location:
        """Where the user is named."""
        return self.location

    def source(self) -> str:
        """No code declares it."""
        return ""

    @property
    def provider(self) -> Block | None:
        """The provider configuration of the place."""
        return self.places[0].provider

    @property
    def comment(self) -> str:
        """What stands above the place is about something else."""
        return ""


def undeclared(project: Project) -> tuple[Undeclared, ...]:
    """Every user that policies or groups are given to and that is not declared, in source order."""
    memo = ("undeclared users", "", "")
    if memo not in project.memo:
        found = map(_user, undeclared_users(project))
        project.memo[memo] = tuple(sorted(found, key=source_order))
    return cast("tuple[Undeclared, ...]", project.memo[memo])


def _user(namings: Iterable[Naming]) -> Undeclared:
    listed = sorted(namings, key=_first)
    places = tuple(dict.fromkeys(naming.block for naming in listed))
    return Undeclared(places, listed[0].argument, listed[0].value)


def _first(naming: Naming) -> tuple[bool, tuple[str, int, int, int, str]]:
    """The module that declares the user comes before what gives it something."""
    return naming.block.kind != "module", source_order(naming.block)
