"""What the type of a variable adds to its value: ``optional(string, "x")``.

Source: https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rolefirst.loaders.hcl.expressions import Call, Expression, List, Literal, Object
from rolefirst.project import ABSENT, Data, State, Value


def completed(
    constraint: Expression, value: Value, evaluate: Callable[[Expression], Value]
) -> Value:
    """The value with the attributes that are left out of its objects, or are null in them."""
    if value.state is not State.KNOWN:
        return value
    data: Data = value.data
    match constraint:
        case Call("object", (Object(items),)) if isinstance(data, dict):
            data = dict(data)
            for key, inner in items:
                name = str(key.value) if isinstance(key, Literal) else ""
                if name in data or _is_optional(inner):
                    data[name] = _attribute(inner, data.get(name, ABSENT), evaluate)
        case Call("map", (inner,)) if isinstance(data, dict):
            data = {name: completed(inner, member, evaluate) for name, member in data.items()}
        case Call("list" | "set", (inner,)) if isinstance(data, tuple):
            data = tuple(completed(inner, member, evaluate) for member in data)
        case Call("tuple", (List(inners),)) if isinstance(data, tuple):
            typed = tuple(completed(*pair, evaluate) for pair in zip(inners, data, strict=False))
            data = typed + data[len(typed) :]
    return replace(value, data=data)


def _is_optional(constraint: Expression) -> bool:
    return isinstance(constraint, Call) and constraint.name == "optional"


def _attribute(
    constraint: Expression, value: Value, evaluate: Callable[[Expression], Value]
) -> Value:
    match constraint:
        case Call("optional", (inner, *default)):
            if value.absent and default:
                value = evaluate(default[0])
            return completed(inner, value, evaluate)
    return completed(constraint, value, evaluate)
