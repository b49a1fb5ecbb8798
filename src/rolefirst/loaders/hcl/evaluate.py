"""Expression → Value: what the code states, what it does not, and where it came from.

The evaluator knows no module and no file. Names are resolved by the ``Scope`` it is given, which
is the module instance (``modules.py``) with the loop variables of the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from rolefirst.loaders.hcl import functions
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
from rolefirst.project import ABSENT, Hop, Reference, State, Value, known, unknown

#: Elements of one ``for`` that are evaluated; more are unknown.
MAX_LOOP = 1_000
#: Steps of one argument; a hostile nest of loops ends here.
MAX_STEPS = 200_000
MAX_TRAIL = 30


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

    def inner(self, **variables: Value) -> Scope:
        """The scope of a loop's body."""
        return Scope(self.names, {**self.variables, **variables}, self.steps)


def evaluate(node: Expression, scope: Scope) -> Value:
    """The value of an expression in a scope."""
    scope.steps[0] -= 1
    if scope.steps[0] < 0:
        return unknown("the expression takes too many steps to evaluate")
    match node:
        case Literal(value):
            return ABSENT if value is None else known(value)
        case Template(parts):
            if len(parts) == 1:
                return evaluate(parts[0], scope)
            return functions.concatenate([evaluate(part, scope) for part in parts])
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
            return _binary(operator, evaluate(left, scope), evaluate(right, scope))
        case Unary(operator, operand):
            return _unary(operator, evaluate(operand, scope))
        case Opaque(parts, reason):
            values = [evaluate(part, scope) for part in parts]
            return unknown(f"{reason} is not computed", functions.references(values))


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
        return _select_all(evaluate(current, scope), path)
    if current.name in scope.variables:
        return _select_all(scope.variables[current.name], path)
    resolved = scope.names.resolve(current.name, path)
    if resolved is None:
        return unknown(f"{current.name} is not known here")
    value, used = resolved
    return extend(_select_all(value, path[used:]), scope.names.hop(current.offset))


def extend(value: Value, hop: Hop) -> Value:
    """The same value with one more place on the trail of every reference in it."""
    members = value.data
    if isinstance(members, tuple):
        changed = tuple(extend(member, hop) for member in members)
        members = members if all(a is b for a, b in zip(changed, members)) else changed  # noqa: B905
    elif isinstance(members, dict):
        renewed = {name: extend(member, hop) for name, member in members.items()}
        same = all(renewed[name] is member for name, member in members.items())
        members = members if same else renewed
    if members is value.data and not value.references:
        return value
    trails = tuple(
        reference
        if len(reference.trail) >= MAX_TRAIL or (reference.trail and reference.trail[-1] == hop)
        else replace(reference, trail=(*reference.trail, hop))
        for reference in value.references
    )
    return replace(value, data=members, references=trails)


def _select_all(value: Value, path: list[str | Value]) -> Value:
    for step in path:
        value = select(value, step)
    return value


def select(value: Value, step: str | Value) -> Value:
    """One member. Of an unknown whole object it is unknown, and refers to the member."""
    key = step if isinstance(step, str) else step.data
    if not isinstance(step, str) and not step.known:
        references = functions.references([value, step])
        return unknown(step.why or value.why, references)
    if value.unknown:
        return _select_unknown(value, key)
    if isinstance(value.data, dict):
        return value.data.get(str(key), ABSENT)
    if isinstance(value.data, tuple):
        return _select_item(value.data, key)
    return ABSENT


def _select_item(items: tuple[Value, ...], key: object) -> Value:
    if isinstance(key, str) and key.isdecimal():
        key = int(key)
    if isinstance(key, int) and not isinstance(key, bool):
        return items[key] if -len(items) <= key < len(items) else ABSENT
    if isinstance(key, str) and items:  # Terraform 0.11: x.secret of a counted resource
        return select(items[0], key)
    return ABSENT


def _select_unknown(value: Value, key: object) -> Value:
    if isinstance(value.data, dict) and str(key) in value.data:
        return value.data[str(key)]
    found = []
    for reference in value.references:
        instance = not reference.attribute and not isinstance(key, str)
        if instance or getattr(reference.target, "each_unknown", False) and _is_key(reference, key):
            found.append(reference)  # an instance of a resource whose count is unknown
            continue
        attribute = f"{reference.attribute}.{key}" if reference.attribute else str(key)
        found.append(replace(reference, attribute=attribute))
    if len(found) == 1 and not value.references[0].attribute:
        target, name = found[0].target, found[0].attribute
        if name in _written(found[0]):
            return replace(target[name], references=(found[0],))
    return replace(value, data=None, references=tuple(found))


def _is_key(reference: Reference, key: object) -> bool:
    return not reference.attribute and isinstance(key, str) and "-" in key


def _written(reference: Reference) -> set[str]:
    """The arguments that stand in the code; those of a module call are not its attributes."""
    target = reference.target
    return set(target.names()) if target.kind in ("resource", "data") else set()


def _splat(value: Value, path: tuple[str | Expression, ...], scope: Scope) -> Value:
    steps = [step if isinstance(step, str) else evaluate(step, scope) for step in path]
    if value.unknown:
        return _select_all(value, list(steps))
    if value.absent:
        return known(())
    items = value.data if isinstance(value.data, tuple) else (value,)
    return known(tuple(_select_all(item, list(steps)) for item in items))


# --- the rest --------------------------------------------------------------------------------


def _call(name: str, arguments: tuple[Expression, ...], expand: bool, scope: Scope) -> Value:
    values = [evaluate(argument, scope) for argument in arguments]
    if expand and values:
        last = values.pop()
        if last.unknown or not isinstance(last.data, tuple):
            return unknown(last.why or f"{name}() is not computed", functions.references([last]))
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
            members[functions.text(name.data)] = value
        else:
            lost += [name, value]
    if lost:
        reason = lost[0].why or "a key of the object is unknown"
        return Value(State.UNKNOWN, members, reason, functions.references(lost))
    return known(members)


def _conditional(condition: Expression, yes: Expression, no: Expression, scope: Scope) -> Value:
    test = evaluate(condition, scope)
    if test.known and isinstance(test.data, (bool, str)):
        return evaluate(yes if test.data in (True, "true") else no, scope)
    branches = [evaluate(yes, scope), evaluate(no, scope)]
    if branches[0] == branches[1]:
        return branches[0]
    reason = test.why or "the condition is unknown"
    return unknown(reason, functions.references(branches))


def _for(node: For, scope: Scope) -> Value:
    collection = evaluate(node.collection, scope)
    pairs = _pairs(collection)
    if pairs is None or len(pairs) > MAX_LOOP:
        element = select(collection, unknown(collection.why or "too many items to evaluate"))
        once = _body(node, unknown(element.why, element.references), element, scope)
        values = [value for value in once if value is not None]
        return unknown(collection.why or "too many items", functions.references(values))
    results = [_body(node, key, value, scope) for key, value in pairs]
    reason = next((r[2].why for r in results if r[2] is not None and r[2].unknown), "")
    if reason:
        kept = [part for result in results for part in result if part is not None]
        return unknown(reason, functions.references(kept))
    chosen = [(key, value) for key, value, test in results if test is None or test.data is True]
    if node.key is None:
        return known(tuple(value for _, value in chosen))
    return _for_object(chosen, node.grouping)


def _for_object(chosen: list[tuple[Value | None, Value]], grouping: bool) -> Value:
    members: dict[str, Value] = {}
    for key, value in chosen:
        if key is None or not key.known or isinstance(key.data, (tuple, dict)):
            values = [part for pair in chosen for part in pair if part is not None]
            return unknown(key.why if key else "", functions.references(values))
        name = functions.text(key.data)
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
    inner = scope.inner(**({node.key_name: key} if node.key_name else {}), **{node.value_name: value})
    test = evaluate(node.condition, inner) if node.condition else None
    if test is not None and test.data is False:
        return None, ABSENT, test
    return evaluate(node.key, inner) if node.key else None, evaluate(node.value, inner), test


def _binary(operator: str, left: Value, right: Value) -> Value:
    if operator in ("&&", "||"):
        decisive = operator == "||"
        if decisive in (left.data, right.data) and (
            (left.known and left.data is decisive) or (right.known and right.data is decisive)
        ):
            return known(decisive)
    if operator in ("==", "!=") and (left.absent or right.absent):
        if left.unknown or right.unknown:
            return unknown(left.why or right.why, functions.references([left, right]))
        return known((left.absent == right.absent) == (operator == "=="))
    if not (left.known and right.known):
        return unknown(left.why or right.why, functions.references([left, right]))
    try:
        return functions.from_plain(_compute(operator, left.plain(), right.plain()))
    except (TypeError, ValueError, ArithmeticError):
        return unknown(f"{operator} cannot be computed for these operands")


def _compute(operator: str, left: object, right: object) -> object:
    if operator in ("==", "!="):
        return (left == right and type(left) is type(right) or _numbers(left, right)) == (
            operator == "=="
        )
    if operator in ("&&", "||"):
        return (left and right) if operator == "&&" else (left or right)
    a, b = _number(left), _number(right)
    match operator:
        case "<":
            return a < b
        case ">":
            return a > b
        case "<=":
            return a <= b
        case ">=":
            return a >= b
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
        case "%":
            return a % b
    raise ValueError(operator)


def _numbers(left: object, right: object) -> bool:
    numeric = (int, float)
    both = isinstance(left, numeric) and isinstance(right, numeric)
    return both and not isinstance(left, bool) and not isinstance(right, bool) and left == right


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError("not a number")
    return value if isinstance(value, (int, float)) else float(value)


def _unary(operator: str, value: Value) -> Value:
    if operator == "!" and isinstance(value.data, bool) and value.known:
        return known(not value.data)
    if operator == "-" and isinstance(value.data, (int, float)) and value.known:
        return known(-value.data)
    return unknown(value.why or f"{operator} cannot be computed", functions.references([value]))
