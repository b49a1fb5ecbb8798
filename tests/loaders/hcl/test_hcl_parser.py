"""Text → Expression: the quick ways agree with python-hcl2, and offsets are exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolefirst.loaders.hcl import reader
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    ExpressionError,
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
    shift,
)
from rolefirst.loaders.hcl.parser import _parse, blanked, parse, template

KEYWORDS = {"true", "false", "null", "for", "in", "if", "else", "endif", "endfor", "for_each"}
words = st.from_regex(r"\A[a-zA-Z_][a-zA-Z0-9_-]{0,5}\Z").filter(lambda w: w not in KEYWORDS)


@given(
    st.one_of(
        st.text(st.characters(exclude_characters='"\\$%\n', exclude_categories=["Cs"])).map(
            '"{}"'.format
        ),
        st.integers().map(str),
        st.from_regex(r"\A-?[0-9]{1,4}\.[0-9]{1,4}\Z"),
        st.sampled_from(["true", "false", "null"]),
        st.lists(words, min_size=1, max_size=5).map(".".join),
    )
)
@settings(max_examples=300, deadline=None)
def test_quick_ways(text: str) -> None:
    assert parse(text) == _parse(text)


def names(node: Expression) -> Iterator[Name]:
    match node:
        case Name():
            yield node
        case Attribute(source, _):
            yield from names(source)
        case Index(source, key):
            yield from (*names(source), *names(key))
        case Splat(source, path):
            yield from names(source)
            for step in path:
                if not isinstance(step, str):
                    yield from names(step)
        case Call(_, nodes, _) | Template(nodes) | List(nodes) | Opaque(nodes, _):
            for inner in nodes:
                yield from names(inner)
        case Object(items):
            for key, value in items:
                yield from (*names(key), *names(value))
        case Conditional(condition, yes, no):
            yield from (*names(condition), *names(yes), *names(no))
        case Binary(_, left, right):
            yield from (*names(left), *names(right))
        case Unary(_, operand):
            yield from names(operand)
        case For():
            for part in (node.collection, node.key, node.value, node.condition):
                if part is not None:
                    yield from names(part)


#: Every kind of node, with names that say themselves where they stand.
PLACES = [
    "[aa, bb]",
    "{ k = aa, (bb) = cc }",
    "aa ? bb : cc",
    "[for x in aa : bb if cc]",
    "{ for x, y in aa : bb => cc... if dd }",
    "f(aa, bb...)",
    "aa[bb].c[*].d",
    "aa.*.b[cc].d",
    "aa.0.b",
    "!aa && bb || cc == dd",
    "-(aa + bb * cc)",
    '"x ${aa} é ${bb[cc]} ${"${dd}"}"',
    '"%{ if aa }x%{ endif }"',
    '{\n  # comment\n  k = aa // c\n  "${bb}" = [\n    cc,\n  ]\n}',
    "<<EOT\né ${aa}\n  ${ bb ? cc : dd }\n%{ if ee }%{ endif }\nEOT",
    "<<-EOT\n    é ${aa}\n      ${  [ bb ]\n      }\n      %{ for x in cc }%{ endfor }\n    EOT",
    "jsonencode(<<-EOT\n\t${aa}\n\t${~ {\n k = bb } ~}\n\tEOT\n)",
    "<<-EOT\r\n  x\r\n  ${aa}\r\n  EOT",
]


@pytest.mark.parametrize("text", PLACES)
def test_offsets(text: str) -> None:
    for read in (parse, reader.parse):
        found = [name for name in names(read(text)) if len(name.name) == 2]
        assert found
        for name in found:
            assert text[name.offset : name.offset + 2] == name.name


@pytest.mark.parametrize("text", PLACES)
def test_shift(text: str) -> None:
    node = parse(text)
    moved = [(name.name, name.offset - 7) for name in names(shift(node, 7))]
    assert moved == [(name.name, name.offset) for name in names(node)]


A, X = Name("a", 0), Literal("x")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ('"a\\n\\t\\"\\\\\\u00e9\\U0001F600"', Literal('a\n\t"\\é😀')),
        ('"$${x} %%{y}"', Literal("${x} %{y}")),
        ('"$ % $$ 100%"', Literal("$ % $$ 100%")),
        ('""', Literal("")),
        ("-5", Literal(-5)),
        ("-15", Literal(-15)),
        ("1.5e3", Literal(1500.0)),
        ("1e3", Literal(1000.0)),
        ("a[0]", Index(A, Literal(0))),
        ("a.0", Index(A, Literal(0))),
        ('a["x"]', Index(A, X)),
        ("a[*].b[0]", Splat(A, ("b", Literal(0)))),
        ("a.*.b[0]", Index(Splat(A, ("b",)), Literal(0))),
        ("a.*.b[0].c", Attribute(Index(Splat(A, ("b",)), Literal(0)), "c")),
        ("a.*.b.0", Splat(A, ("b", Literal(0)))),
        ("a[*]", Splat(A, ())),
        ("f()", Call("f", ())),
        ("f(a...)", Call("f", (Name("a", 2),), True)),
        ("provider::aws::f(1)", Call("provider::aws::f", (Literal(1),))),
        ("{ a = 1, b : 2 }", Object(((Literal("a"), Literal(1)), (Literal("b"), Literal(2))))),
        ("{ (a) = 1 }", Object(((Name("a", 3), Literal(1)),))),
        ("{ true = 1 }", Object(((Literal("true"), Literal(1)),))),
        ("{ null = 1 }", Object(((Literal("null"), Literal(1)),))),
        ("{ for = 1 }", Object(((Literal("for"), Literal(1)),))),
        ("{ a = 1, in = 2 }", Object(((Literal("a"), Literal(1)), (Literal("in"), Literal(2))))),
        ("{ 1 = 2 }", Object(((Literal(1), Literal(2)),))),
        ("{ a.b = c.d }", Object(((Attribute(Name("a", 2), "b"), Attribute(Name("c", 8), "d")),))),
        ('{ "x" = 1 }', Object(((X, Literal(1)),))),
        ("[for x in a : x]", For("", "x", Name("a", 10), None, Name("x", 14), None)),
        ("[for x in [] : x]", For("", "x", List(()), None, Name("x", 15), None)),
        ("[\n for k, v in\n a :\n k\n]", For("k", "v", Name("a", 16), None, Name("k", 21), None)),
        ("[for a in a : a if a]", For("", "a", Name("a", 10), None, Name("a", 14), Name("a", 19))),
        (
            "{for k, v in a : k => v...}",
            For("k", "v", Name("a", 13), Name("k", 17), Name("v", 22), None, True),
        ),
        ("10 - 3 - 2", Binary("-", Binary("-", Literal(10), Literal(3)), Literal(2))),
        ("1 + 2 * 3", Binary("+", Literal(1), Binary("*", Literal(2), Literal(3)))),
        ("a -1", Binary("-", A, Literal(1))),
        ("!a && a", Binary("&&", Unary("!", Name("a", 1)), Name("a", 6))),
        ("(\n a\n && a\n)", Binary("&&", Name("a", 3), Name("a", 9))),
        ("a ? 1 : a ? 2 : 3", Conditional(A, Literal(1), shift(parse("a ? 2 : 3"), 8))),
        ('"${a}"', Template((Name("a", 3),))),
        (r'"${f(\"x\")}"', Template((Call("f", (X,)),))),
        ("<<EOT\nEOT", Literal("")),
        ("<<EOT\na\n\nEOT", Literal("a\n\n")),
        ("<<E\na\nE", Literal("a\n")),
        ("<<-EOT\n    a\n      b\n\n    EOT", Literal("a\n  b\n\n")),
        ("<<-EOT\n  a\n    EOT", Literal("a\n")),
        ("<<EOT\r\n  a\r\nEOT", Literal("  a\r\n")),
        ("<<EOT\na\\n $${x} \"q\"\nEOT", Literal('a\\n ${x} "q"\n')),
    ],
)  # fmt: skip
def test_nodes(text: str, node: Expression) -> None:
    assert parse(text) == node
    assert reader.parse(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("!!a", Unary("!", Unary("!", Name("a", 2)))),
        ("--1", Literal(1)),
        ("core::max(1)", Call("max", (Literal(1),))),
        ("é.ü", Attribute(Name("é", 0), "ü")),
        ("(a\n.b)", Attribute(Name("a", 1), "b")),
        ("a[ * ].b", Splat(A, ("b",))),
        ("{for k, v\nin a\n: k\n=> v}", For("k", "v", Name("a", 13), Name("k", 17), Name("v", 22), None)),
    ],
)  # fmt: skip
def test_what_python_hcl2_refuses(text: str, node: Expression) -> None:
    assert parse(text) == reader.parse(text) == node


def test_python_hcl2_sees_no_text_and_no_comment() -> None:
    text = '[f("é ${"x"}"), /* " */ <<EOT\n"\nEOT\n, a # "\n]'
    assert blanked(text) == '[f("________"),         "_________"\n, a    \n]'


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("[1,\n 2\n 3]", 8),
        ("a b", 2),
        ("", 0),
        ("1\ny = 2", None),
        ("<<EOT\nfine\n  ${ 1 + }\nEOT", 19),
        ('"${', None),
        ("9" * 400, None),
        ("1e999", None),
        ("f(" + "x" * 500_000, 0),
        ("[" * 10_000 + "]" * 10_000, None),
        ("(" * 3_000 + "1" + ")" * 3_000, None),
        ('"a\\"', 0),
        ("<<EOT\na", 0),
        ('"${' * 20 + "a" + '}"' * 20, None),
    ],
    ids=range(14),
)
def test_refused(text: str, offset: int | None) -> None:
    for read in (parse, reader.parse):
        with pytest.raises(ExpressionError) as error:
            read(text)
        if offset is not None:
            assert error.value.offset == offset


def offset_of_error(read: Callable[[str], Expression], text: str) -> int:
    try:
        read(text)
    except ExpressionError as error:
        return error.offset
    return 0


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text(text: str) -> None:
    for read in (parse, reader.parse, template):
        assert 0 <= offset_of_error(read, text) <= len(text)
