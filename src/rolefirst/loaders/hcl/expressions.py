"""The expressions of HCL as plain data.

python-hcl2 parses; ``parse`` turns its tree into these nodes, which is all that the evaluator
knows. ``offset`` counts characters from the start of the expression's text.
Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

from __future__ import annotations

from dataclasses import dataclass

from rolefirst.project import Scalar


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
