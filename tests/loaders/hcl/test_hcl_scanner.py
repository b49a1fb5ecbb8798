"""The scanner: exact on what it should understand, calm about everything else."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.scanner import Span, Stray

SAMPLE = b"""\
# a comment with { and "
resource "aws_iam_user" "ci" { /* } */
  name = "ci-${var.env}-%{ if true }}%{ endif }"
  tags = merge(local.tags, { "a" = "}" })
  policy = <<-EOT
    { "Version": "${"}"}" }
    EOT
  nested { // }
    x = [for k, v in { a = 1 } : "${k}\\"}"]
  }
}
data "a" "b" {}
"""


def assert_spans(found: list[Span | Stray], start: int, end: int) -> None:
    """In order, inside the bounds and not over each other."""
    position = start
    for item in found:
        assert position <= item.start < end
        if isinstance(item, Stray):
            position = item.start + 1
            continue
        assert item.start < item.inner <= item.inner_end <= item.end <= end
        position = item.end


TOKENS = st.sampled_from(
    [
        *(b'" { } [ ] ( ) ${ %{ $${ \\ = # // /* */ a ~ locals{ \x27 \x00 \xe9'.split(b" ")),
        *(b"\n", b"\r\n", b" ", b"<<EOT\n", b"<<-E\n", b"EOT\n", b"E\n", b"x = "),
        *(b'resource "a" "b" {\n', b"\xef\xbb\xbf", "ü".encode()),
    ]
)


@given(st.one_of(st.binary(max_size=400), st.lists(TOKENS, max_size=80).map(b"".join)))
@example(b'resource "a" "b" {')
@example(b"x = {")
@settings(max_examples=400, deadline=2000)
def test_any_bytes(data: bytes) -> None:
    found = list(scanner.blocks(data))
    assert_spans(found, 0, len(data))
    for item in found:
        if isinstance(item, Span):
            assert_spans(list(scanner.body(data, item.inner, item.inner_end)), item.inner, item.end)
    assert_spans(list(scanner.body(data, 0, len(data))), 0, len(data))


@given(st.integers(0, len(SAMPLE)), st.integers(0, 6), TOKENS)
@settings(max_examples=300, deadline=2000)
def test_mutated_code(at: int, cut: int, new: bytes) -> None:
    data = SAMPLE[:at] + new + SAMPLE[at + cut :]
    found = list(scanner.blocks(data))
    assert_spans(found, 0, len(data))
    for item in found:
        if isinstance(item, Span):
            assert_spans(list(scanner.body(data, item.inner, item.inner_end)), item.inner, item.end)


# --- a small grammar of valid code -----------------------------------------------------------

name = st.from_regex(r"\A[a-z_][a-z0-9_-]{0,6}\Z").filter(lambda word: not word.endswith("-"))
raw_text = st.sampled_from(
    [
        *("", "a b", "}", "{", "]", "#no", "//no", "/*no", "<<EOT", "é", '\\"', "\\\\", "\\n"),
        *("$.", "%.", "$${x}", "%%{x}", "'", "$ {"),
    ]
)


def strings(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    template = st.builds("${{{}}}".format, inner)
    part = st.one_of(raw_text, template)
    return st.lists(part, max_size=3).map(lambda parts: '"' + "".join(parts) + '"')


def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quoted = strings(inner)
    items = st.lists(inner, max_size=3)
    return st.one_of(
        quoted,
        items.map(lambda found: "[" + ", ".join(found) + "]"),
        items.map(lambda found: "[\n" + "".join(f"  {i}, # c }}\n" for i in found) + "]"),
        st.builds("f({}, {})".format, inner, inner),
        st.builds("{{ a = {}, /* }} */ {} = 1 }}".format, inner, name),
        st.builds("{{\n  // it's\n  a = {}\n}}".format, inner),
        st.builds("{} == {} ? 1 : 2".format, inner, inner),
        st.builds("({}\n)".format, inner),
    )


expression = st.recursive(
    st.one_of(st.sampled_from(["1", "true", "null", "var.a", "a.b[0].c", "a.*.b"]), strings(name)),
    extend,
    max_leaves=6,
)
heredoc_line = st.sampled_from(
    [
        "",
        "  text",
        "} }",
        '"',
        "EOTX",
        "EOT EOT",
        "EOT,",
        "EOT)",
        "${var.a}",
        "# c",
        "/*",
        "\t{",
        "é",
    ]
)
heredoc = st.builds(
    lambda mark, lines, margin: (
        f"<<{mark}EOT\n" + "".join(f"{x}\n" for x in lines) + margin + "EOT"
    ),
    st.sampled_from(["", "-"]),
    st.lists(heredoc_line, max_size=4),
    st.sampled_from(["", "  ", "\t"]),
)
trail = st.sampled_from(["", " ", "  # c }", " // {", " /* } */", " /* a */ # b"])
blank = st.sampled_from(
    ["", "\n", '# comment { "\n', "// it's }\n", '/* {\n "*/\n', "  \n", "/**/\n", "\t# é\n"]
)


@st.composite
def attributes(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Name, text before the expression, the expression, text behind it."""
    key = draw(name)
    value = draw(st.one_of(expression, heredoc))
    behind = "" if value.endswith("EOT") else draw(trail)
    return key, draw(st.sampled_from([" = ", "=", "\t=  "])), value, behind


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """Text of a body and (keyword, exact text) of what is in it."""
    text, found = draw(blank), []
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            key, equals, value, behind = draw(attributes())
            text += f"  {key}{equals}{value}{behind}\n"
            found.append((key, value))
        else:
            key = draw(name)
            labels = draw(st.sampled_from(["", ' "x"', ' "a" b', '"y"', ' /* { */ "z"']))
            inner = f"{key}{labels} {{\n {draw(name)} = {draw(expression)}\n}}"
            text += f"{inner}{draw(trail)}\n"
            found.append((key, inner))
        text += draw(blank)
    return text, found


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[tuple[str, tuple[str, ...], str, list]]]:
    text, found = draw(blank), []
    for _ in range(draw(st.integers(0, 4))):
        keyword = draw(name)
        labels = draw(st.lists(st.sampled_from(["a", "b-c", "é", "x y", "}"]), max_size=2))
        inside, items = draw(bodies())
        head = keyword + "".join(f' "{label}"' for label in labels)
        block = f"{head} {{\n{inside}}}"
        found.append((keyword, tuple(labels), block, items))
        text += block + draw(trail) + "\n" + draw(blank)
    return text, found


@given(documents(), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=400, deadline=3000)
def test_recovers_generated_blocks(
    document: tuple[str, list[tuple[str, tuple[str, ...], str, list]]],
    crlf: bool,
    bom: bool,
    latin: bool,
) -> None:
    text, expected = document
    encoding = "latin-1" if latin else "utf-8"

    def encode(part: str) -> bytes:
        return (part.replace("\n", "\r\n") if crlf else part).encode(encoding)

    data = (b"\xef\xbb\xbf" if bom else b"") + encode(text)
    found = list(scanner.blocks(data))

    assert not [item for item in found if isinstance(item, Stray) or item.problem]
    assert [data[item.start : item.end] for item in found] == [encode(b) for _, _, b, _ in expected]
    for item, (keyword, labels, _, items) in zip(found, expected, strict=True):
        assert isinstance(item, Span)
        raw = tuple(x.encode("utf-8", "surrogateescape").decode(encoding) for x in item.labels)
        assert (item.keyword, raw) == (keyword, labels)
        inside = list(scanner.body(data, item.inner, item.inner_end))
        assert len(inside) == len(items)
        for part, (key, exact) in zip(inside, items, strict=True):
            assert isinstance(part, Span)
            start, end = (part.inner, part.inner_end) if part.attribute else (part.start, part.end)
            assert (part.keyword, data[start:end]) == (key, encode(exact))


# --- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ('"${lookup(var.m, "a")}"', None),
        (r'"${lookup(var.m, \"a}\")}"', None),
        ('"a" # "', '"a"'),
        ('"a" /* b */ // c', '"a"'),
        ('"a" /* b */ + 1', None),
        ('"a # b"', None),
        ("[1, # }\n 2]", None),
        ("<<EOF\nEOF2\n EOF3\nEOF", None),
        ("<<-EOF\n x\n  EOF", None),
        ("<<EOF\n a\nEOF,\nEOF", None),
        ("f(<<EOF\n}\nEOF\n)", None),
        ('"$${"', None),
        ('"%%{ if"', None),
        ('"$$"', None),
        ('"\\\\"', None),
        ("a /* } */ == b", None),
    ],
)
def test_expression_range(text: str, inner: str | None) -> None:
    data = f"x {{\n  v = {text}\n  w = 1\n}}\n".encode()
    [block] = scanner.blocks(data)
    assert isinstance(block, Span)
    first, second = scanner.body(data, block.inner, block.inner_end)
    assert isinstance(first, Span)
    assert isinstance(second, Span)
    assert data[first.inner : first.inner_end].decode() == (inner or text)
    assert data[second.inner : second.inner_end] == b"1"


def headers(data: bytes) -> list[str]:
    spans = [item for item in scanner.blocks(data) if isinstance(item, Span)]
    return [" ".join((item.keyword, *item.labels)) for item in spans]


@pytest.mark.parametrize(
    "garbage",
    [
        b"{{ if .Values.x }}\n",
        b"{% for u in users %}\n",
        b"}}}\n",
        b"]\n)\n",
        b'"""\n',
        b"x = {\n",
        b"x = [\n",
        b"x = (\n",
        b"<<EOT\n",
        b"<<<<<<< HEAD\n",
        b"=======\n",
        b"\x00\xff\xfe\n",
        b'resource "a" "broken" {\n  x = {\n}\n',
        b'resource "a" "broken" {\n  x = "${"\n  y = foo(\n}\n',
        b'resource "a" "broken" {\n  x = <<EOT\n',
        b'resource "a" "broken" {\n  /* {\n}\n',
    ],
)
def test_neighbours_of_garbage(garbage: bytes) -> None:
    before, after = b'data "a" "before" {}\n', b'data "a" "after" {\n  x = 1\n}\n'
    found = headers(before + garbage + after)
    assert found[0] == "data a before"
    assert "data a after" in found


def test_unclosed_blocks_end_at_the_next_header() -> None:
    data = b'resource "a" "x" {\n  b = {\n}\nresource "a" "y" {\n}\nresource "a" "z" {\n'
    found = [item for item in scanner.blocks(data) if isinstance(item, Span)]
    assert [item.labels[1] for item in found] == ["x", "y", "z"]
    assert [bool(item.problem) for item in found] == [True, False, True]


def test_comments_between_labels() -> None:
    assert headers(b'resource/* { */"a" /* "x" */ "b"/**/{\n}\n') == ["resource a b"]


def test_stray_bracket_behind_an_attribute() -> None:
    data = b"x = 1)\ny = 2\n"
    found = list(scanner.body(data, 0, len(data)))
    assert [isinstance(item, Stray) for item in found] == [False, True, False]


N = 20_000


@pytest.mark.parametrize(
    "data",
    [
        b'resource "a" "b" {\n' * N,
        b'a "x" ' * N,
        b"resource " + b'"a" ' * N + b"\n",
        b'"' * N * 5,
        b'"${' * N,
        b"x = " + b"(" * N + b"]" * N,
        b"x = [\n" * N,
        b"/*" * N,
        b"/* * " * N + b"{",
        b"a /**/ " * N,
        b"<<EOT\n" * N,
        b'x = "' + b"\\a" * N + b"\n",
        b'x = "' + b"$" * N + b"\n",
        b"a {\n" * N,
        b"a" * N * 5,
        b" " * N * 5 + b"x",
        b"{" * N + b"}" * N,
    ],
    ids=range(17),
)
def test_hostile_text_costs_its_length(data: bytes) -> None:
    start = time.perf_counter()
    for item in scanner.blocks(data):
        if isinstance(item, Span) and len(data) < 200_000:
            list(scanner.body(data, item.inner, min(item.inner_end, item.inner + 2000)))
    list(scanner.body(data, 0, len(data)))
    assert time.perf_counter() - start < 5


def test_spans_do_not_touch() -> None:
    found = [item for item in scanner.blocks(SAMPLE) if isinstance(item, Span)]
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len(re.findall(rb"(?m)^[a-z]", SAMPLE)) == len(found)
