"""Expressions of other people's code: repeated as terraform fmt lays them out, or refused."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from rolefirst.remediation.expressions import in_template, is_literal, layout

FORMATTED = [
    ("var.x", "var.x"),
    ('"${var.x}"', "var.x"),
    ('"${ var.x }-up"', '"${var.x}-up"'),
    ('[ "a","b" ,]', '["a", "b", ]'),
    ("f( a,b ... )", "f(a, b...)"),
    ("a==b?!c:-1", "a == b ? !c : -1"),
    ("a-1", "a-1"),
    ("a -1", "a - 1"),
    ("{a=1,b={}}", "{ a = 1, b = {} }"),
    ("[for x in [1]:x if x>0]", "[for x in [1] : x if x > 0]"),
    ("x . y [ 0 ] [*].z", "x.y[0][*].z"),
    ("merge(\r\n  a,\r\n    b)", "merge(\n    a,\n  b)"),
    (
        '{\na=1\nlong    =   2\n\n"k"=[\n1\n]\n}',
        '{\n    a    = 1\n    long = 2\n\n    "k" = [\n      1\n    ]\n  }',
    ),
    (
        "jsonencode({\n# why\nA=[{\nB=1\n}]\n})",
        "jsonencode({\n    # why\n    A = [{\n      B = 1\n    }]\n  })",
    ),
    ("<<EOF\n  ${var.x}\n EOF", "<<EOF\n  ${var.x}\n EOF"),
]
REFUSED = [
    "",
    "var.",
    "f(a",
    "f(a))",
    '"a" }\n\nresource "evil" "e" {',
    'x"',
    '"${a',
    "each.value",
    '"x-${each.key}"',
    "x[count.index]",
    "a\u202eb",
    '"a\x1b[31m"',
    "a /* b */",
    "[\n1, # why\n2,\n]",
    '"%{ if a }b%{ endif }"',
    "<<EOF\nno end",
    "{ {.Go} }",
    '"AKIA' + "Q" * 16 + '"',
    "[" * 100 + "]" * 100,
    "x" * 20_001,
]


@pytest.mark.parametrize(("written", "expected"), FORMATTED)
def test_layout(written, expected):
    assert layout(written) == expected


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_repeated_is_refused(text):
    assert layout(text) is None
    assert in_template(text) is None


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")
def test_terraform_lays_them_out_alike():
    code = "\n".join(
        f'resource "x" "y{number}" {{\n  a = {layout(written)}\n}}\n'
        for number, (written, _) in enumerate(FORMATTED)
    )
    done = subprocess.run(
        ["terraform", "fmt", "-"], input=code, capture_output=True, text=True, check=True
    )
    assert done.stdout == code


def test_one_line():
    assert layout("[1]", one_line=True) == "[1]"
    assert layout("[\n1\n]", one_line=True) is None


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("var.x", "${var.x}"),
        ('"a-${var.x}"', "a-${var.x}"),
        ('"${var.x}"', "${var.x}"),
        ('"a" == "b" ? x : "c"', '${"a" == "b" ? x : "c"}'),
        ('"a$${b}"', "a$${b}"),
    ],
)
def test_inside_of_a_string(text, inner):
    assert in_template(text) == inner


def test_literals():
    assert is_literal('"a\\"b"')
    assert is_literal("<<EOF\nx\nEOF")
    assert not is_literal('"${a}"')
    assert not is_literal('"a" == "b"')
    assert not is_literal("<<EOF\n${x}\nEOF")
    assert not is_literal("jsonencode({})")
