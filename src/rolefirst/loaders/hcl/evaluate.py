"""Expression → Value: what the code states, what it does not, and where it came from.

The evaluator knows no module and no file. Names are resolved by the ``Scope`` it is given, which
is the module instance (``modules.py``) with the loop variables of the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from rolefirst.loaders.hcl import combine, functions
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    List,
    Literal,
    Name,
    Object,
    Opaque,
    Splat,
    Template,
    Unary,
)
from rolefirst.loaders.hcl.operators import binary, truth_of, unary
from rolefirst.loaders.hcl.plain import text
from rolefirst.loaders.hcl.traversal import extend, select_all
from rolefirst.project import ABSENT, Hop, State, Value, known, unknown

#: Elements of one ``for`` that are evaluated; more are unknown.
MAX_LOOP = 1_000
#: Steps of one argument; a hostile nest of loops ends here.
MAX_STEPS = 200_000
#: Parts of one value, over all levels.
MAX_PARTS = 20_000


class Names(Protocol):
    """What resolves the first steps of a traversal."""

    def resolve(self, root: str, path: list[str | Value]) -> tuple[Value, int] | None:
        """The value of ``root.path…`` and how many steps of the path were used up."""

    def hop(self, offset: int) -> Hop:
        """The place of a name in the expression that is being evaluated."""

    def file(self, name: str, arguments: list[Value]) -> Value:
        """``file`` and ``templatefile`` inside the tree."""


@dataclass(slots=True)
class Scope:
    """Where an expression stands: its module, its loop variables, its budget of steps."""

    names: Names
    variables: Mapping[str, Value]
    steps: list[int]

    def inner(self, variables: Mapping[str, Value]) -> Scope:
        """The scope of a loop's body."""
        return Scope(self.names, {**self.variables, **variables}, self.steps)


def evaluate(node: Expression, scope: Scope) -> Value:
    """The value of an expression in a scope."""
    scope.steps[0] -= 1
    if scope.steps[0] < 0:
        return _too_much()
    value = _evaluate(node, scope)
    if value.data.__class__ in _LARGE:
        # A value that is made of itself many times over takes as many steps as it has parts.
        parts = combine.size(value, MAX_PARTS + 1)
        if parts > MAX_PARTS:
            return unknown("a value with too many parts")
        scope.steps[0] -= parts // 4
    return value


_LARGE = (tuple, dict, str)


def _too_much() -> Value:
    return unknown("the expression takes too many steps to evaluate")


def _evaluate(node: Expression, scope: Scope) -> Value:
    match node:
        case Literal(value):
            return ABSENT if value is None else known(value)
        case Template(parts):
            if len(parts) == 1:
                return evaluate(parts[0], scope)
            return combine.concatenate([evaluate(part, scope) for part in parts])
        case Name() | Attribute() | Index():
            return _traversal(node, scope)
        case Splat(source, path):
            return _splat(evaluate(source, scope), path, scope)
        case Call(name, arguments, expand):
            return _call(name, arguments, expand, scope)
        case List(items):
            return known(tuple(evaluate(item, scope) for item in items))
        case Object(items):
            return _object(items, scope)
        case Conditional(condition, yes, no):
            return _conditional(condition, yes, no, scope)
        case For():
            return _for(node, scope)
        case Binary(operator, left, right):
            return binary(operator, evaluate(left, scope), evaluate(right, scope))
        case Unary(operator, operand):
            return unary(operator, evaluate(operand, scope))
        case Opaque(parts, reason):
            values = [evaluate(part, scope) for part in parts]
            return unknown(f"{reason} is not computed", combine.references(values))


# --- traversals ------------------------------------------------------------------------------


def _traversal(node: Expression, scope: Scope) -> Value:
    """``root.a["b"][0].c``: the scope resolves what it knows, the rest selects members."""
    steps: list[Expression | str] = []
    current = node
    while isinstance(current, (Attribute, Index)):
        steps.append(current.name if isinstance(current, Attribute) else current.key)
        current = current.source
    steps.reverse()
    path = [step if isinstance(step, str) else evaluate(step, scope) for step in steps]
    if not isinstance(current, Name):
        return select_all(evaluate(current, scope), path)
    if current.name in scope.variables:
        value = select_all(scope.variables[current.name], path)
        return extend(value, scope.names.hop(current.offset))
    resolved = scope.names.resolve(current.name, path)
    if resolved is None:
        return unknown(f"{current.name} is not known here")
    value, used = resolved
    return extend(select_all(value, path[used:]), scope.names.hop(current.offset))


def _splat(value: Value, path: tuple[str | Expression, ...], scope: Scope) -> Value:
    steps = [step if isinstance(step, str) else evaluate(step, scope) for step in path]
    if value.absent:
        return known(())
    if value.unknown and not _one_block(value):
        if value.references or not isinstance(value.data, tuple):
            return select_all(value, list(steps))
        selected = tuple(select_all(item, list(steps)) for item in value.data)
        return Value(State.UNKNOWN, selected, value.reason)
    items = value.data if isinstance(value.data, tuple) else (value,)
    return known(tuple(select_all(item, list(steps)) for item in items))


def _one_block(value: Value) -> bool:
    """Whether this is a whole block that there is one of: a splat makes a list of one."""
    if len(value.references) != 1 or value.references[0].attribute:
        return False
    return not getattr(value.references[0].target, "each_unknown", "")


# --- the rest --------------------------------------------------------------------------------


def _call(name: str, arguments: tuple[Expression, ...], expand: bool, scope: Scope) -> Value:
    values = [evaluate(argument, scope) for argument in arguments]
    if expand and values:
        last = values.pop()
        if last.unknown or not isinstance(last.data, tuple):
            reason = last.why or f"{name}() is not computed"
            values.append(combine.any_member(last, reason))
        else:
            values.extend(last.data)
    if name in ("file", "templatefile", "filebase64"):
        return scope.names.file(name, values)
    return functions.call(name, values)


def _object(items: tuple[tuple[Expression, Expression], ...], scope: Scope) -> Value:
    members: dict[str, Value] = {}
    lost: list[Value] = []
    for key, expression in items:
        name, value = evaluate(key, scope), evaluate(expression, scope)
        if name.known and isinstance(name.data, (str, int, float)):
            members[text(name.data)] = value
        else:
            lost += [name, value]
    if lost:
        reason = lost[0].why or "a key of the object is unknown"
        return Value(State.UNKNOWN, members, reason, combine.references(lost))
    return known(members)


def _conditional(condition: Expression, yes: Expression, no: Expression, scope: Scope) -> Value:
    test = evaluate(condition, scope)
    truth = truth_of(test)
    if truth is not None:
        return evaluate(yes if truth else no, scope)
    reason = test.why or "the condition is unknown"
    return combine.either(reason, [evaluate(yes, scope), evaluate(no, scope)])


def _for(node: For, scope: Scope) -> Value:
    collection = evaluate(node.collection, scope)
    pairs = _pairs(collection)
    if pairs is None or len(pairs) > MAX_LOOP:
        reason = collection.why or "too many items to evaluate"
        _, value, _ = _body(node, unknown(reason), combine.any_member(collection, reason), scope)
        return combine.many(value, reason)
    results = [_body(node, key, value, scope) for key, value in pairs]
    reason = next((test.why for _, _, test in results if test is not None and test.unknown), "")
    chosen = [
        (key, value)
        for key, value, test in results
        if test is None or test.unknown or truth_of(test)
    ]
    made = _for_object(chosen, node.grouping) if node.key else known(tuple(v for _, v in chosen))
    return combine.doubtful(made, reason) if reason else made


def _for_object(chosen: list[tuple[Value | None, Value]], grouping: bool) -> Value:
    members: dict[str, Value] = {}
    for key, value in chosen:
        if key is None or not key.known or isinstance(key.data, (tuple, dict)):
            reason = (key and key.why) or "a key that is no string"
            return Value(State.UNKNOWN, tuple(value for _, value in chosen), reason)
        name = text(key.data)
        if grouping:
            before = members.get(name, known(())).data
            members[name] = known((*before, value) if isinstance(before, tuple) else (value,))
        else:
            members[name] = value
    return known(members)


def _pairs(collection: Value) -> list[tuple[Value, Value]] | None:
    if collection.absent:
        return []
    if collection.unknown:
        return None
    if isinstance(collection.data, dict):
        return [(known(key), collection.data[key]) for key in sorted(collection.data)]
    if isinstance(collection.data, tuple):
        return [(known(index), value) for index, value in enumerate(collection.data)]
    return None


def _body(
    node: For, key: Value, value: Value, scope: Scope
) -> tuple[Value | None, Value, Value | None]:
    inner = scope.inner({node.key_name: key, node.value_name: value})
    test = evaluate(node.condition, inner) if node.condition else None
    if test is not None and truth_of(test) is False:
        return None, ABSENT, test
    return evaluate(node.key, inner) if node.key else None, evaluate(node.value, inner), test
