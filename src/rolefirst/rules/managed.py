"""Whether something that a service should have is there, for rules about what is missing.

A service is managed where a resource of it is declared; a data source manages nothing. Such a rule
speaks once per root module, and not about a module that is made to be called from elsewhere: a
module with one Config rule need not hold all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rolefirst.findings import Location
from rolefirst.project import Block, Project


@dataclass(frozen=True, slots=True)
class Held:
    """A block that has what a rule asks for, or may have it: ``why`` says what is unknown.

    ``wide``: it holds for the whole organization, wherever it is declared.
    """

    block: Block
    why: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a root module has it.

    ``why`` says why that cannot be told; ``here``: because of the root module's own code.
    """

    there: bool
    why: str = ""
    here: bool = False


def deployed(blocks: Iterable[Block], project: Project) -> list[Block]:
    """Those blocks that are applied from this tree."""
    return [block for block in blocks if not project.is_library(block.root)]


def signs(project: Project, *types: str) -> list[Block]:
    """One block per root module that shows a service is managed there, of the type named first."""
    blocks = deployed(project.resources(*types), project)
    return first_of_each_root(blocks, lambda block: types.index(block.type))


def first_of_each_root(blocks: Iterable[Block], rank: Callable[[Block], int]) -> list[Block]:
    """Of every root module the block with the lowest rank; one that certainly exists goes first."""

    def order(block: Block) -> tuple[bool, int, Location, str]:
        return bool(block.doubt), rank(block), block.location, block.address

    found: dict[str, Block] = {}
    for block in sorted(blocks, key=order):
        found.setdefault(block.root, block)
    return [found[root] for root in sorted(found)]


def presence(sign: Block, held: Iterable[Held], project: Project, modules: str) -> Presence:
    """Whether the root module of ``sign`` has one of ``held``.

    A remote module whose name or source matches ``modules`` may bring it along.
    """
    own: list[str] = []
    others: list[str] = []
    for item in held:
        block = item.block
        why = item.why or block.doubt
        certain = not why and (block.root == sign.root or not project.is_library(block.root))
        if block.root == sign.root:
            if certain:
                return Presence(True)
            own.append(f"{block.address}: {why}")
        elif item.wide and certain:
            return Presence(True)
        else:
            reason = why or "the code does not say whether that is the same account"
            others.append(f"{block.address} in {block.location.path}: {reason}")
    pattern = re.compile(modules, re.IGNORECASE)
    for call in project.modules():
        source = call["source"].text or ""
        if call.root == sign.root and pattern.search(f"{call.name} {source}"):
            own.append(f"{call.address} may have it, and its code is not in this tree")
    return Presence(False, next(iter((*own, *others)), ""), here=bool(own))


def on_condition(sign: Block) -> str:
    """What a message adds when it is open whether the service is managed here at all."""
    return f" (if {sign.address} exists: {sign.doubt})" if sign.doubt else ""
