"""Functions and expressions of which a part is unknown: what stays known, and what it is made of.

``shape`` writes a value down: ``?`` is unknown, ``?{…}`` an object and ``?[…]`` a list of which
there may be more, and of a reference only the attribute is shown.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rolefirst.loaders.hcl.combine import any_member, either
from rolefirst.project import ABSENT, State, Value, known, unknown

Local = Callable[..., Value]
KEY = "aws_iam_access_key.key"
MORE = 'variable "x" {}\n'


def shape(value: Value) -> str:
    mark = "?" if value.state is State.UNKNOWN else ""
    own = ",".join(reference.attribute or "whole" for reference in value.references)
    if isinstance(value.data, dict):
        members = ", ".join(f"{name}: {shape(m)}" for name, m in value.data.items())
        return f"{mark}{{{members}}}{own}"
    if isinstance(value.data, tuple):
        return f"{mark}[{', '.join(map(shape, value.data))}]{own}"
    return f"?{own}" if mark else repr(value.data)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        # branches
        ('var.x ? "a" : "b"', "?"),
        ('var.x ? "a" : "a"', "'a'"),
        ("var.x ? { a = 1 } : { a = 1, b = 2 }", "?{a: 1, b: ?}"),
        ("var.x ? { a = 1 } : null", "?{a: ?}"),
        ("var.x ? { a = 1 } : var.x", "?{a: ?}"),
        ("var.x ? [1] : [2, 3]", "?[1, 2, 3]"),
        ("(var.x ? { a = KEY.id } : { a = KEY.secret }).a", "?id,secret"),
        # members of what is not told apart
        ("[KEY.id, KEY.secret][var.x]", "?id,secret"),
        ("{ a = { b = 1 }, c = { b = 1 } }[var.x]", "?{b: 1}"),
        ('[for n in var.x : { a = "eu", b = n }]', "?[{a: 'eu', b: ?}]"),
        ("[for n in var.x : { b = n }][0].b", "?"),
        ("[for n in var.x : KEY.secret]", "?[?secret]"),
        ("[for n in var.x : n]", "?"),
        ("{ for n in var.x : n => KEY.secret }", "?[?secret]"),
        ("[for v in [1, 2] : v if var.x]", "?[?, ?]"),
        ("{ for k, v in { a = 1 } : k => v if var.x }", "?{a: ?}"),
        ("{ for k, v in { a = KEY.id } : var.x => v }", "?[?id]"),
        # lists
        ("concat([1], var.x)", "?[1, ?]"),
        ("concat([KEY.id], [1])", "[?id, 1]"),
        ("flatten([[KEY.id], [[1]]])", "[?id, 1]"),
        ("flatten([for n in var.x : [KEY.id, n]])", "?[?id]"),
        ("reverse([KEY.id, 1])", "[1, ?id]"),
        ("slice([KEY.id, 1, 2], 1, 3)", "[1, 2]"),
        ("slice([KEY.id, 1], var.x, 2)", "?[?id]"),
        ("list(KEY.id, 1)", "[?id, 1]"),
        ("values(merge(var.x, { a = KEY.id }))", "?[?id]"),
        ("KEY[*].id", "[?id]"),
        ("length(KEY[*])", "1"),
        ("[for n in var.x : KEY][*].id", "?[?id]"),
        # objects
        ("merge({ a = { b = 1 } }, var.x)", "?{a: ?{b: ?}}"),
        ("merge(var.x, { a = { b = 1 } })", "?{a: {b: 1}}"),
        ('zipmap(["a"], [KEY.id])', "{a: ?id}"),
        ("zipmap(var.x, [KEY.id])", "?[?id]"),
        ('zipmap(["a"], var.x)', "{a: ?}"),
        ('lookup({ a = KEY.id }, "a")', "?id"),
        ("lookup({ a = KEY.id }, var.x, 1)", "?id"),
        # the first of several
        ("try(KEY.id, KEY.secret)", "?id"),
        ("try(var.x.y, KEY.secret)", "?secret"),
        ("try(null, 1)", "1"),
        ('coalesce("", KEY.id)', "?id"),
        ("coalesce(var.x, KEY.id)", "?id"),
        ('coalesce("a${var.x}", KEY.id)', "?"),
        ("coalescelist([], [1])", "[1]"),
        ("coalescelist(null, [])", "None"),
        # text and back
        ('yamlencode({ a = KEY.id, b = "c" })', "?{a: ?id, b: 'c'}"),
        ('yamldecode(yamlencode({ a = KEY.id, b = "c" })).b', "'c'"),
        ("jsondecode(jsonencode([KEY.id]))[0]", "?id"),
        ("jsondecode(jsonencode({ a = 1 }))", "{a: 1}"),
        ('jsondecode("x${KEY.id}")', "?id"),
        # what only tells about a value
        ("length(KEY.id)", "?"),
        ("sha256(KEY.secret)", "?"),
        ('KEY.id == "x"', "?"),
        ("!KEY.id", "?"),
        ('KEY.id == "x" && true', "?"),
        ("KEY.id + 1", "?id"),
    ],
)
def test_what_stays_known(local: Local, expression: str, wanted: str) -> None:
    assert shape(local(expression.replace("KEY", KEY), MORE)) == wanted


def test_a_secret_has_no_members(local: Local) -> None:
    """What was put into text that is not read again may be any part of it."""
    value = local(f'jsondecode(base64decode("x${{jsonencode({{ a = {KEY}.secret }})}}")).a')

    assert shape(value) == "?secret"


def test_nonsensitive_is_a_place_on_the_trail(local: Local) -> None:
    value = local(f"nonsensitive({{ a = {KEY}.secret, b = 1 }})")
    (reference,) = [reference for _, reference in value.deep_references()]

    assert [hop.label for hop in reference.trail] == ["nonsensitive()", "local.x"]


def test_either_of_equal_values_is_that_value() -> None:
    assert either("why", [known("a"), known("a")]) == known("a")
    assert either("why", [known("a"), ABSENT]) == unknown("why")
    assert either("why", []) == unknown("why")


def test_any_member_is_never_known() -> None:
    assert any_member(known((known("a"),)), "why") == unknown("why")
    assert any_member(known(()), "why") == unknown("why")
    assert any_member(unknown("none"), "why") == unknown("why")
