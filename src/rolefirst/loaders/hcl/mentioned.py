"""Whether an expression refers to an address, read from the code alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from rolefirst.loaders.hcl.expressions import Attribute, Expression, Index, Literal, Name, Splat
from rolefirst.loaders.hcl.parser import parse

#: A traversal: names, and indexes, of which one that has to be worked out is None.
Step = str | tuple[object] | None


def steps_of(node: Expression) -> list[Step]:
    """The steps of a traversal; empty for anything else."""
    match node:
        case Name(name):
            return [name]
        case Attribute(source, name) if found := steps_of(source):
            return [*found, name]
        case Index(source, key) if found := steps_of(source):
            return [*found, (str(key.value),) if isinstance(key, Literal) else None]
        case Splat(source, path) if found := steps_of(source):
            return [*found, None, *(step if isinstance(step, str) else None for step in path)]
    return []


def traversals(node: Expression) -> Iterator[list[Step]]:
    """Every traversal in an expression, those in indexes included."""
    if found := steps_of(node):
        yield found
        inner: Expression | None = node
        while isinstance(inner, (Attribute, Index, Splat)):
            if isinstance(inner, Index):
                yield from traversals(inner.key)
            inner = inner.source
        return
    for child in _children(node):
        yield from traversals(child)


def _children(node: Expression) -> Iterator[Expression]:
    for each in fields(node):
        yield from _nodes(getattr(node, each.name))


def _nodes(value: object) -> Iterator[Expression]:
    """The expressions in a field: itself, or the members of a tuple."""
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, Expression):
        yield value


class Addresses:
    """Addresses as code beside the block writes them: ``aws_iam_user.ci``, ``local.x["a"]``."""

    def __init__(self, addresses: Iterable[str]) -> None:
        """Read them once. Raises ExpressionError for what is no address."""
        self._all = [steps_of(parse(address)) for address in addresses]

    def in_expression(self, node: Expression) -> bool:
        """Whether anything in it refers, or may refer, to one of the addresses."""
        return any(self._agree(steps) is not False for steps in traversals(node))

    def is_expression(self, node: Expression) -> bool:
        """Whether it is one of the addresses, or an attribute of it, and nothing else."""
        steps = steps_of(node)
        return bool(steps) and self._agree(steps) is True

    def _agree(self, steps: list[Step]) -> bool | None:
        found = {_begins(steps, address) for address in self._all}
        return True if True in found else None if None in found else False


def _begins(steps: list[Step], address: list[Step]) -> bool | None:
    """Whether a traversal begins with an address; None when that depends on an unknown index."""
    certain: bool | None = True
    rest = list(steps)
    for wanted in address:
        if isinstance(wanted, str):
            while rest and not isinstance(rest[0], str):
                rest.pop(0)  # an instance of what the address names as a whole
            if not rest or rest.pop(0) != wanted:
                return False
        elif rest and isinstance(rest[0], tuple):
            if rest.pop(0) != wanted:
                return False
        else:
            certain = None
            if rest and rest[0] is None:
                rest.pop(0)
    return certain
