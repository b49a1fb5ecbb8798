"""Operators on values."""

from __future__ import annotations

import math

from rolefirst.loaders.hcl import combine
from rolefirst.project import Reference, State, Value, known, unknown

#: Numbers that grow beyond this are unknown.
MAX_NUMBER = 1e300
_ARITHMETIC = ("+", "-", "*", "/", "%")


def binary(operator: str, left: Value, right: Value) -> Value:
    """``left operator right``"""
    if operator in ("&&", "||"):
        decisive = operator == "||"
        truths = truth_of(left), truth_of(right)
        if decisive in truths:
            return known(decisive)
        if None not in truths:
            return known(not decisive)
    if operator in ("==", "!=") and (left.absent or right.absent):
        if left.unknown or right.unknown:
            return unknown(left.why or right.why)
        return known((left.absent == right.absent) == (operator == "=="))
    if not (left.known and right.known):
        reason = left.why or right.why or f"null {operator} is an error"
        return unknown(reason, _held(operator, left, right))
    try:
        result = _compute(operator, left.plain(), right.plain())
        if isinstance(result, (int, float)) and not abs(result) < MAX_NUMBER:
            raise ArithmeticError("too large")
    except (TypeError, ValueError, ArithmeticError):
        reason = f"{operator} cannot be computed for these operands"
        return unknown(reason, _held(operator, left, right))
    return combine.from_plain(result)


def _held(operator: str, left: Value, right: Value) -> tuple[Reference, ...]:
    """What the result is made of: a comparison tells about its operands and does not hold them."""
    return combine.references([left, right]) if operator in _ARITHMETIC else ()


def _compute(operator: str, left: object, right: object) -> object:
    if operator in ("==", "!="):
        return ((left == right and type(left) is type(right)) or _numbers(left, right)) == (
            operator == "=="
        )
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
            return _whole(a / b)
        case "%":
            return _whole(math.fmod(a, b)) if a < 0 or b < 0 else a % b
    raise ValueError(operator)


def _whole(number: float) -> float:
    """A number is not an integer or a fraction in HCL: ``4 / 2`` is a fine index."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _numbers(left: object, right: object) -> bool:
    numeric = (int, float)
    both = isinstance(left, numeric) and isinstance(right, numeric)
    return both and not isinstance(left, bool) and not isinstance(right, bool) and left == right


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError("not a number")
    return value if isinstance(value, (int, float)) else float(value)


def truth_of(value: Value) -> bool | None:
    """The bool that a value converts to; None when it is unknown or none."""
    if value.state is not State.KNOWN or isinstance(value.data, (tuple, dict)):
        return None
    if value.data in (True, "true", "1"):
        return True
    return False if value.data in (False, "false", "0") else None


def unary(operator: str, value: Value) -> Value:
    """``-x`` or ``!x``"""
    truth = truth_of(value)
    if operator == "!" and truth is not None:
        return known(not truth)
    if operator == "-" and value.known and type(value.data) in (int, float):
        return known(-value.data)  # type: ignore[operator]
    return unknown(value.why or f"{operator} cannot be computed")
