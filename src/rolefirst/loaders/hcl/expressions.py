"""The expressions of HCL as plain data.

Both readers (``parser.py`` and ``reader.py``) make these nodes, which are all that the evaluator
knows. ``offset`` counts characters from the start of the expression's text.
Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rolefirst.project import Scalar


class ExpressionError(ValueError):
    """The text is no HCL expression. ``offset`` counts characters from its start."""

    def __init__(self, message: str, offset: int = 0) -> None:
        """Keep the offset beside the message."""
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a bool, ``null`` or the text of a string."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Template:
    """A string with interpolations; parts are strings of text and expressions."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """The first step of a traversal: ``var``, ``aws_iam_user``, a loop variable …"""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """``source.name``"""

    source: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """``source[key]``"""

    source: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Splat:
    """``source[*]`` or ``source.*``: ``path`` is applied to every element."""

    source: Expression
    path: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``name(arguments)``; ``expand`` for a last argument followed by ``...``"""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """``[a, b]``"""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """``{ key = value }``; a bare key is a ``Literal``."""

    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``condition ? yes : no``"""

    condition: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class For:
    """``[for k, v in collection : value if condition]`` or, with ``key``, ``{for … : k => v}``."""

    key_name: str
    value_name: str
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouping: bool = False


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``"""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x`` or ``!x``"""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that is read for its references alone; ``reason`` says why it has no value."""

    parts: tuple[Expression, ...]
    reason: str


Expression = (
    Literal
    | Template
    | Name
    | Attribute
    | Index
    | Splat
    | Call
    | List
    | Object
    | Conditional
    | For
    | Binary
    | Unary
    | Opaque
)


def negated(node: Expression) -> Expression:
    """``-node``, which is a literal where that is a number."""
    if isinstance(node, Literal) and type(node.value) in (int, float):
        return Literal(-node.value)  # type: ignore[operator]
    return Unary("-", node)


def shift(node: Expression, by: int) -> Expression:
    """The same expression with its names ``by`` characters further on."""

    def all_of(nodes: tuple[Expression, ...]) -> tuple[Expression, ...]:
        return tuple(shift(inner, by) for inner in nodes)

    match node:
        case Name(name, offset):
            return Name(name, offset + by)
        case Attribute(source, name):
            return Attribute(shift(source, by), name)
        case Index(source, key):
            return Index(shift(source, by), shift(key, by))
        case Splat(source, path):
            steps = (step if isinstance(step, str) else shift(step, by) for step in path)
            return Splat(shift(source, by), tuple(steps))
        case Call(name, arguments, expand):
            return Call(name, all_of(arguments), expand)
        case Template(parts):
            return Template(all_of(parts))
        case List(items):
            return List(all_of(items))
        case Object(pairs):
            return Object(tuple((shift(key, by), shift(value, by)) for key, value in pairs))
        case Conditional(condition, yes, no):
            return Conditional(*all_of((condition, yes, no)))
        case Binary(operator, left, right):
            return Binary(operator, shift(left, by), shift(right, by))
        case Unary(operator, operand):
            return Unary(operator, shift(operand, by))
        case Opaque(parts, reason):
            return Opaque(all_of(parts), reason)
        case For():
            return replace(
                node,
                collection=shift(node.collection, by),
                key=node.key and shift(node.key, by),
                value=shift(node.value, by),
                condition=node.condition and shift(node.condition, by),
            )
        case Literal():
            return node
