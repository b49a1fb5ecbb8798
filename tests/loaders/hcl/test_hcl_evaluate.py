"""Expressions → values: what the code states, what it does not, and where it came from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolefirst.loaders.hcl.evaluate import MAX_STEPS, Scope, evaluate
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.functions import PARTIAL, call, from_plain
from rolefirst.loaders.hcl.parser import parse
from rolefirst.loaders.hcl.plain import PLAIN
from rolefirst.project import ABSENT, Hop, Location, Value, known, unknown

Local = Callable[..., Value]


class NoNames:
    """Nothing has a name, except ``unknown``."""

    def resolve(self, root: str, path: list[str | Value]) -> tuple[Value, int] | None:
        return (unknown("not told"), 0) if root == "unknown" else None

    def hop(self, offset: int) -> Hop:
        return Hop(Location("x.tf", 1), "")

    def file(self, name: str, arguments: list[Value]) -> Value:
        return unknown("no files")


def value_of(text: str, **variables: Value) -> Value:
    return evaluate(parse(text), Scope(NoNames(), variables, [MAX_STEPS]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # literals and templates
        ('"a"', "a"),
        ("1.50", 1.5),
        ('"${1}-${1.0}-${true}"', "1-1-true"),
        ('"${1}"', 1),
        ('"${["a"]}"', ["a"]),
        ('"$${a} %%{b}"', "${a} %{b}"),
        ("<<EOT\n  a\nEOT", "  a\n"),
        ("<<-EOT\n  a\n    ${1}\n  EOT", "a\n  1\n"),
        ('{ a = 1, "b" = 2, (upper("c")) = 3, "${1}d" = 4, 5 = 6 }',
         {"a": 1, "b": 2, "C": 3, "1d": 4, "5": 6}),
        # operators
        ("1 + 2 * 3 - 4 / 2", 5),
        ("10 - 3 - 2", 5),
        ("7 % 3", 1),
        ("-7 % 3", -1),
        ("1 / 4", 0.25),
        ("-(2)", -2),
        ("!true || 1 < 2 && 2 >= 2", True),
        ('1 == 1.0 && "1" != 1 && true != 1', True),
        ('[1, "a"] == [1, "a"]', True),
        ("null == null", True),
        ("1 == null", False),
        ('"true" && "1"', True),
        ("unknown && false", False),
        ("unknown || true", True),
        # conditionals
        ("true ? 1 : unknown", 1),
        ('"false" ? 1 : 2', 2),
        ('"1" ? 1 : 2', 1),
        ("unknown ? 1 : 1", 1),
        # selection
        ('{ a = [{ b = 1 }] }.a[0]["b"]', 1),
        ("[1, 2][1]", 2),
        ('["a"]["0"]', "a"),
        ("[[1], [2]][4 / 4][0]", 2),
        ("{ 1 = 2 }[1]", 2),
        # splats, new and old
        ("[{ a = 1 }, { a = 2 }][*].a", [1, 2]),
        ("[{ a = [1] }, { a = [2] }][*].a[0]", [1, 2]),
        ("[{ a = [1] }, { a = [2] }].*.a[0]", [1]),
        ("{ a = 1 }[*].a", [1]),
        ("null[*]", []),
        # for
        ('[for x in ["a", "b"] : upper(x)]', ["A", "B"]),
        ('[for i, x in ["a", "b"] : "${i}${x}" if i > 0]', ["1b"]),
        ("[for k, v in { b = 2, a = 1 } : k]", ["a", "b"]),
        ("{ for x in [1, 2] : x => x * 2 }", {"1": 2, "2": 4}),
        ("{ for x in [1, 2, 3] : x % 2 => x... }", {"0": [2], "1": [1, 3]}),
        ("[for x in [[1], [2]] : [for y in x : y + 1]]", [[2], [3]]),
        ("[for self in [1] : self]", [1]),
        ("[for x in null : x]", []),
        ("[for a in [1] : a]", [1]),
        # functions
        ("merge({ a = 1 }, { a = 2, b = 3 }, null)", {"a": 2, "b": 3}),
        ('try(null, "a")', "a"),
        ('try({ a = 1 }.b, "c")', "c"),
        ('coalesce("", null, "a")', "a"),
        ("one([])", None),
        ("one([1])", 1),
        ("element([1, 2, 3], 4)", 2),
        ('lookup({ a = 1 }, "b", 2)', 2),
        ('lookup({ a = 1 }, "a")', 1),
        ('join("-", ["a", 1, true])', "a-1-true"),
        ("concat([1], [], [2])", [1, 2]),
        ('toset(["b", "a", "b"])', ["b", "a"]),
        ("flatten([1, [2, [3]], []])", [1, 2, 3]),
        ("max([1, 3, 2]...)", 3),
        ('format("%s-%03d-%q-%%-%v", "a", 7, "b", [1])', 'a-007-"b"-%-[1]'),
        ('jsonencode({ b = 1, a = "<" })', '{"a":"\\u003c","b":1}'),
        ('jsondecode("{\\"a\\": [1, null]}").a[0]', 1),
        ('split(",", "a,b")', ["a", "b"]),
        ('replace("a.b", ".", "-")', "a-b"),
        ("distinct([1, true, 1, \"1\"])", [1, True, "1"]),
        ('keys({ b = 1, a = 2 })', ["a", "b"]),
        ('values({ b = 1, a = 2 })', [2, 1]),
        ('zipmap(["a"], [1])', {"a": 1}),
        ('length("ab") + length([1]) + length({ a = 1 })', 4),
        ('contains(["a"], "a")', True),
        ("range(3)", [0, 1, 2]),
        ("slice([1, 2, 3], 1, 2)", [2]),
        ('substr("hello", -3, 2)', "ll"),
        ("setsubtract([1, 2], [1])", [2]),
        ("setintersection([1, 2], [2, 3], [2])", [2]),
        ("setunion([2], [1])", [1, 2]),
        ('compact(["a", "", null])', ["a"]),
        ('base64decode(base64encode("é"))', "é"),
        ("sensitive(nonsensitive(1))", 1),
        ('tonumber("1.5") + 1', 2.5),
        ('tostring(true)', "true"),
        ('sort(["b", "a"])', ["a", "b"]),
        ('reverse([1, 2])', [2, 1]),
        ('chomp("a\\n")', "a"),
        ('trimprefix("ab", "a")', "b"),
        ('indent(2, "a\\nb")', "a\n  b"),
        ('index(["a", "b"], "b")', 1),
    ],
)  # fmt: skip
def test_known(text: str, expected: Any) -> None:
    value = value_of(text)
    assert not value.unknown, value.why
    assert value.plain() == expected
    assert type(value.plain()) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        "unknown",
        "unknown.a[0]",
        '"a ${unknown}"',
        "unknown + 1",
        "unknown == 1",
        "unknown == null",
        "!unknown",
        "-unknown",
        "unknown ? 1 : 2",
        '"no" ? 1 : 2',
        "unknown && true",
        "concat([1, 2]...)",
        "1 + null",
        "[1][null]",
        "{ for x in [1] : null => x }",
        "[1][unknown]",
        "[for x in unknown : x]",
        "[for x in [1] : x if unknown]",
        "{ for x in [1] : unknown => x }",
        "{ (unknown) = 1 }",
        "unknown[*].a",
        "join(unknown, [1])",
        'join("", unknown)',
        "element(unknown, 0)",
        "concat([1], unknown)",
        "one(unknown)",
        "one([1, 2])",
        "coalesce(unknown, 1)",
        "try(unknown, 1)",
        'lookup(unknown, "a", 1)',
        "lookup({ a = 1 }, unknown, 1)",
        "length(unknown)",
        "keys(unknown)",
        "upper(unknown)",
        "nosuchfunction(1)",
        "uuid()",
        "name",
        "name.a",
        "1 / 0",
        "1 % 0",
        '"a" * 2',
        "[1] < [2]",
        '"x ${[1]}"',
        "upper()",
        "upper([1])",
        'upper("a", "b")',
        'jsondecode("{")',
        'jsondecode("NaN")',
        'jsondecode("[1e999")',
        'format("%z", 1)',
        'format("%s")',
        "range(99999)",
        "range(0, 1, 0)",
        'replace("a", "/a/", "b")',
        "slice([1], 0, 5)",
        'tobool("maybe")',
        'tonumber("a")',
        'base64decode("%")',
        'index(["a"], "b")',
        "max([]...)",
        '"%{ if true }a%{ endif }"',
        "-true",
    ],
)
def test_unknown(text: str) -> None:
    value = value_of(text)
    assert not value.known
    assert value.why


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "{ a = 1 }.b",
        "[1][1]",
        "[1][0 - 1]",
        "try()",
        'coalesce("")',
        "element([], 0)",
        '"a".b',
    ],
)
def test_absent(text: str) -> None:
    assert value_of(text).absent


def test_merge_with_unknown() -> None:
    value = value_of('merge({ a = 1, b = 2 }, unknown, { a = "last" })')
    assert value.unknown
    assert value.get_partial("a").text == "last"
    assert value.get_partial("b").unknown
    assert value_of('merge(unknown, { a = 1 })["a"]').plain() == 1
    assert value_of('lookup(merge(unknown, { a = 1 }), "a", 2)').plain() == 1
    assert value_of('lookup(merge(unknown, { a = 1 }), "b", 2)').unknown


def test_partly_known_values_keep_what_is_known() -> None:
    assert value_of('"a-${unknown}-b"').data == "a-${…}-b"
    document = value_of("jsonencode({ Statement = [{ Effect = unknown, Action = 1 }] })")
    assert document.unknown
    assert document.get_partial("Statement").get(0, "Action").plain() == 1
    assert document.get_partial("Statement").get(0, "Effect").unknown
    assert value_of("flatten([[unknown], [1]])").get(1).plain() == 1
    assert value_of("one([unknown])").unknown


def test_loop_variables_hide_outer_names() -> None:
    assert value_of("[for unknown in [1] : unknown]").plain() == [1]
    outer = value_of("[for x in [1] : [for x in [2] : x]]", x=known(3))
    assert outer.plain() == [[2]]


plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(plain)
@settings(max_examples=300, deadline=None)
def test_json_round_trip(data: Any) -> None:
    value = from_plain(data)
    again = call("jsondecode", [call("jsonencode", [value])])
    assert again == value or (again.absent and value.absent)
    text = call("jsonencode", [value]).text
    assert text is not None
    assert json.loads(text) == data
    assert not set("<>&") & set(text)


LEAVES = st.sampled_from(
    [
        *("1", "-3", "0", "1.5", "1e300", "true", "null", '"a"', '""', '"1"', "unknown", "x"),
        *("[]", "{}", '"-1"', "99999999999999999999", '"%s"', '"/a/"', "unknown.b"),
    ]
)
NAMES = st.sampled_from([*sorted(PLAIN), *sorted(PARTIAL), "file", "nosuch"])
OPERATORS = ["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"]


def expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operator = st.sampled_from(OPERATORS)
    several = st.lists(inner, max_size=3).map(", ".join)
    return st.one_of(
        st.builds("({}) {} ({})".format, inner, operator, inner),
        st.builds("{}({})".format, NAMES, several),
        st.builds("{}([{}]...)".format, NAMES, several),
        st.builds("[{}]".format, several),
        st.builds("{{ a = {}, ({}) = {} }}".format, inner, inner, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({}).a".format, inner),
        st.builds("({})[*].a".format, inner),
        st.builds("({}).*.a[{}]".format, inner, inner),
        st.builds("({}) ? ({}) : ({})".format, inner, inner, inner),
        st.builds("[for x in {} : {} if {}]".format, inner, inner, inner),
        st.builds("{{ for k, x in {} : {} => {}... }}".format, inner, inner, inner),
        st.builds('"a${{{}}}b"'.format, inner),
        st.builds("!({})".format, inner),
        st.builds("-({})".format, inner),
    )


@given(st.recursive(LEAVES, expressions, max_leaves=8))
@settings(max_examples=800, deadline=None)
def test_any_expression(text: str) -> None:
    try:
        node = parse(text)
    except ExpressionError:
        return
    value = evaluate(node, Scope(NoNames(), {"x": known("x"), "k": ABSENT}, [2_000]))
    assert value.known or value.absent or value.why
    list(value.deep_references())
    if value.known:
        value.plain()


@pytest.mark.parametrize(
    "text",
    [
        # exponential in time
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]",
        # exponential in memory
        'replace("xxxxxxxxxx", "x", ' * 9 + '"xxxxxxxxxx"' + ")" * 9,
        "jsonencode(" * 40 + '"\\""' + ")" * 40,
        'join("{}", range(10000))'.format("x" * 10_000),
        "concat(" + ", ".join(["range(9999)"] * 50) + ")",
        "indent(100, " * 10 + '"\\n"' + ")" * 10,
        'format("%s%s%s%s%s%s%s%s", ' + ", ".join(['join("", range(10000))'] * 8) + ")",
        "distinct(concat(" + ", ".join(["range(9000)"]) + "))",
        "9" * 299 + " * " + "9" * 299 + " * " + "9" * 299,
    ],
    ids=range(9),
)
def test_budget(text: str) -> None:
    value = value_of(text)
    assert len(str(value.data)) < 20_000_000
