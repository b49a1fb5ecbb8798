"""Text with expressions in it: its tokens, its offsets, and what is not computed in it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolefirst.loaders.hcl import parser, reader
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Opaque,
    Template,
)
from rolefirst.loaders.hcl.templates import Part, split
from rolefirst.project import Carries, Value

both = pytest.mark.parametrize("read", [parser.parse, reader.parse], ids=["hcl2", "own"])


def test_tokens() -> None:
    text = 'é${ a }b$${c}%{ if x ~}  d\n${~ "}" }e'
    assert split(text) == [
        Part("text", "é", 0),
        Part("expression", " a ", 3),
        Part("text", "b${c}", 7),
        Part("directive", " if x ", 15),
        Part("text", "d", 23),
        Part("expression", ' "}" ', 30),
        Part("text", "e", 36),
    ]
    with pytest.raises(ExpressionError, match="never closed") as error:
        split("a ${ b")
    assert error.value.offset == 4


@given(
    st.lists(st.sampled_from([*'${}"~\\é\n \r#', "${", "%{", "$${", "a", "<<E\n"])).map("".join),
    st.booleans(),
)
@settings(max_examples=300, deadline=2000)
def test_tokens_of_any_text(text: str, by_line: bool) -> None:
    try:
        parts = split(text, by_line=by_line)
    except ExpressionError:
        return
    before = 0
    for part in parts:
        assert before <= part.offset <= len(text)
        before = part.offset
        if part.kind != "text":
            assert text[part.offset : part.offset + len(part.content)] == part.content


def c_d(start: int) -> Opaque:
    return Opaque((Attribute(Name("c", start), "d"),), "a template directive")


@both
@pytest.mark.parametrize("directive", ["if c.d", "for x in c.d", "for x, y in c.d", " if c.d "])
def test_directives_keep_what_they_refer_to(
    read: Callable[[str], Expression], directive: str
) -> None:
    end = Opaque((), "a template directive")
    at = directive.index("c.d")
    for mark in ("", "~"):
        text = f'"%{{{mark}{directive}{mark}}}${{a}}%{{ end }}"'
        start = 3 + len(mark)
        name = Name("a", len(text) - len("a}%{ end }'"))
        assert read(text) == Template((c_d(start + at), name, end))
        flush = f"<<-EOT\n  %{{{directive}}}x\n  EOT"
        assert read(flush) == Template((c_d(11 + at), Literal("x\n")))


@pytest.mark.parametrize(
    "text",
    [
        '"%{ if var.on }${aws_iam_access_key.key.secret}%{ endif }"',
        '"%{ for k in aws_iam_access_key.key.secret ~}\\n${k}%{ endfor }"',
        "<<-EOT\n    %{ if var.on ~}\n    ${aws_iam_access_key.key.secret}\n    %{ endif }\n  EOT",
        '"${~\n aws_iam_access_key.key.secret ~}$${"',
    ],
)
def test_a_secret_in_a_template_is_seen(local: Callable[..., Value], text: str) -> None:
    value = local(text, 'variable "on" {}\n')
    assert value.unknown
    assert "template directive" in value.why or "known after apply" in value.why
    carried = {reference.carries for _, reference in value.deep_references()}
    assert carried == {Carries.SECRET}


def test_template_file_with_directives(local: Callable[..., Value]) -> None:
    text = "%{ for name in names ~}\nuser ${name}\n%{ endfor }\n"
    value = local('templatefile("t.tpl", { names = ["a"] })', files={"t.tpl": text})
    assert value.why == "a template directive is not computed"


@pytest.mark.parametrize(
    "text",
    [
        '"' + "${" * 60_000,
        '"${' * 15_000 + "1" + '}"' * 15_000,
        '"${\n' * 10_000 + "a" + '\n}"' * 10_000,
        '"' + "${~a~}" * 20_000 + '"',
        '"' + "$${" * 100_000 + '"',
        "<<-A\n" + " \n" * 100_000 + "A",
        "<<-A\n" + " ${a}\n" * 20_000 + "A",
        "[\n" + "<<A\n" * 50_000,
        "[" + "/*" * 100_000,
    ],
    ids=range(9),
)
@both
def test_hostile_text_costs_its_length(read: Callable[[str], Expression], text: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(ExpressionError):
        read(text)
    assert time.perf_counter() - start < 10
