"""Files that are wrong, or meant to harm: the neighbours are still judged, and nothing hangs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

Make = Callable[..., Any]

KEY = 'resource "aws_iam_access_key" "key" {\n  user = "ci"\n}\n'


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < seconds


@pytest.mark.parametrize(
    ("argument", "line"),
    [
        ('user = "a" "b"', 3),
        ("user = [1,\n    2\n    3]", 5),
        ("user = 1 +", 3),
        ("user = {{ name }}", 3),
        ("user = {% if x %}", 3),
        ("user = @x", 3),
        ("user = <<EOT\nfine ${ 1 ! }\nEOT", 4),
        ("user = <<EOT\n\n\nfine ${ [1, } \nEOT", 6),
        ("user = 'ci'", 3),
        ("}{", 3),
        ("just words", 3),
        ("user : 1", 3),
    ],
)
def test_an_argument_that_is_wrong(estate: Make, argument: str, line: int) -> None:
    before, behind = 'status = "ok"', 'pgp_key = "p"'
    bad = f'resource "aws_iam_access_key" "bad" {{\n  {before}\n  {argument}\n  {behind}\n}}\n'
    tree = estate(bad + KEY)
    assert "aws_iam_access_key.key" in tree.key_addresses()
    assert "aws_iam_access_key.bad" in tree.key_addresses()
    block = tree.block("aws_iam_access_key.bad")
    assert block["status"].text == "ok"
    if "}" not in argument[:1]:
        assert block["pgp_key"].text == "p"
    user = block["user"]
    assert user.unknown or user.absent
    assert [found for _, found, _ in tree.errors][:1] == [line]


@pytest.mark.parametrize(
    "garbage",
    [
        "{{ if .Values.aws }}\n%s{{ end }}\n",
        "{%% for u in users %%}\n%s{%% endfor %%}\n",
        "<<<<<<< HEAD\n%s=======\n>>>>>>> x\n",
        "\x00\x01\n%s",
        "x = {\n%s",
        'resource "a" "b" {\n%s',
        'resource "a" "b" {\n  x = "\n}\n%s',
        "/*\n*/ */\n%s",
        'provider "aws" {\n  region = {{ .Region }}\n}\n%s',
        "# \u202e\n%s#",
    ],
    ids=range(10),
)
def test_a_key_in_a_file_with_garbage(estate: Make, garbage: str) -> None:
    tree = estate({"broken.tf": garbage % KEY, "fine.tf": KEY.replace('"key"', '"fine"')})
    assert tree.key_addresses() == ["aws_iam_access_key.fine", "aws_iam_access_key.key"]
    for block in tree.project.resources("aws_iam_access_key"):
        assert block["user"].text == "ci"


def test_garbage_is_reported_once(estate: Make) -> None:
    tree = estate(
        "}\n" * 5_000 + KEY + 'resource "aws_iam_access_key" "b" {\n' + "- -\n" * 5_000 + "}\n"
    )
    for block in tree.project.resources("aws_iam_access_key"):
        assert list(block.names()) in (["user"], [])
    assert [line for _, line, _ in tree.errors] == [1, 5005]


def test_bytes_that_are_no_utf8(estate: Make) -> None:
    tree = estate(
        {"main.tf": b'# \xe9\nlocals {\n  x = "\xe9${upper("\xe9a")}"\n}\n' + KEY.encode()}
    )
    assert tree.key_addresses() == ["aws_iam_access_key.key"]
    assert tree.local("x").text == "\udce9\udce9A"
    assert tree.errors == []


@pytest.mark.parametrize("crlf", [False, True])
@pytest.mark.parametrize("bom", [False, True])
def test_byte_order_mark_and_crlf(estate: Make, crlf: bool, bom: bool) -> None:
    text = ("\ufeff" if bom else "") + KEY + 'locals {\n  x = "ü${1 +}"\n}\n'
    tree = estate(text.replace("\n", "\r\n") if crlf else text)
    [block] = tree.project.resources("aws_iam_access_key")
    assert (block.location.line, block.location.column, block.location.end_line) == (1, 1, 3)
    assert block["user"].text == "ci"
    assert tree.local("x").unknown
    assert [line for _, line, _ in tree.errors] == [5]


@pytest.mark.parametrize(
    "expression",
    [
        "[" * 10_000 + "]" * 10_000,
        "{ a = " * 5_000 + "1" + "}" * 5_000,
        "(" * 10_000 + "1" + ")" * 10_000,
        "[" * 150 + "]" * 150,
        "!" * 5_000 + "true",
        "f(" * 3_000 + ")" * 3_000,
        '"${' * 3_000 + "1" + '}"' * 3_000,
        "a" + ".b" * 20_000,
        "a" + "[0]" * 3_000,
        "a" + " + 1" * 5_000,
        "a ? b : " * 3_000 + "c",
        "[" + "1," * 20_000 + "]",
        '"' + "$${" * 20_000 + '"',
        "<<EOT\n" + "${x} " * 20_000 + "\nEOT",
        "<<EOT\n" + "${" * 20_000 + "\nEOT",
        "[for a in " * 1_000 + "[]" + " : a]" * 1_000,
    ],
    ids=range(16),
)
def test_deep_and_long_expressions(estate: Make, expression: str) -> None:
    with within(20):
        tree = estate(f"locals {{\n  x = {expression}\n}}\n{KEY}")
        value = tree.local("x")
        assert tree.key_addresses() == ["aws_iam_access_key.key"]
        assert value.unknown or not value.unknown
        list(value.deep_references())


def test_deep_blocks(estate: Make) -> None:
    with within(20):
        deep = "a {\n" * 3_000 + "x = 1\n" + "}\n" * 3_000
        tree = estate(f'resource "aws_iam_access_key" "deep" {{\n{deep}}}\n{KEY}')
        value = tree.block("aws_iam_access_key.deep")["a"]
        assert "nested too deeply" in value.why


@pytest.mark.parametrize(
    "link",
    [
        "[local.a{0}, local.a{0}]",
        "{{ x = local.a{0}, y = local.a{0} }}",
        "concat(local.a{0}, local.a{0})",
        'format("%s%s", join("", local.a{0}), "x")',
        "jsonencode([local.a{0}, local.a{0}])",
        '"${{local.a{0}}}${{local.a{0}}}"',
        "merge({{ x = local.a{0} }}, {{ y = [local.a{0}, local.a{0}] }})",
        "flatten([local.a{0}, local.a{0}])",
        "[for x in [1, 2, 3] : local.a{0}]",
        'replace("xx", "x", join("", [local.a{0}]))',
    ],
)
def test_values_that_double(estate: Make, link: str) -> None:
    links = "".join(f"  a{n} = {link.format(n + 1)}\n" for n in range(35))
    text = f'locals {{\n{links}  a35 = ["x", aws_iam_access_key.key.secret]\n}}\n{KEY}'
    with within(20):
        value = estate(text).local("a0")
        list(value.deep_references())
        assert not value.known


def test_loops_inside_each_other(estate: Make) -> None:
    loops = "[for x in range(1000) : " * 6 + "x" + "]" * 6
    with within(20):
        assert "too many" in estate(f"locals {{\n  x = {loops}\n}}\n{KEY}").local("x").why


def test_many_module_calls(estate: Make) -> None:
    calls = "".join(f'module "m{n}" {{\n  source = "../%s"\n}}\n' for n in range(8))
    files = {f"d{n}/main.tf": calls.replace("%s", f"d{n + 1}") for n in range(7)}
    with within(60):
        tree = estate({**files, "d7/main.tf": KEY})
        assert tree.key_addresses()
        assert any("module instances" in message for _, _, message in tree.errors)


def test_many_errors(estate: Make) -> None:
    blocks = "".join(
        f'resource "aws_iam_access_key" "k{n}" {{\n  user = 1 +\n}}\n' for n in range(2_000)
    )
    with within(30):
        tree = estate(blocks)
        for block in tree.project.resources("aws_iam_access_key"):
            assert block["user"].unknown
    assert len(tree.errors) == 2_000
    assert tree.errors[7][1] == 3 * 7 + 2


def test_many_suspects(estate: Make) -> None:
    block = 'variable "v{}" {{\n  default = "AKIAABCDEFGHIJKLMNOP"\n}}\n'
    with within(20):
        tree = estate("".join(block.format(n) for n in range(5_000)))
        assert len(list(tree.project.suspects())) == 5_000


def test_a_name_without_end(estate: Make) -> None:
    with within(10):
        tree = estate(KEY + f'output "o" {{\n  value = "{"a-" * 200_000}"\n}}\n')
        assert "aws_iam_access_key.key" in tree.key_addresses()
        (key,) = tree.project.resources("aws_iam_access_key")
        assert list(tree.project.readers(key)) == []


def test_a_reference_behind_a_minus_sign(estate: Make) -> None:
    tree = estate(KEY + 'output "o" {\n  value = [1 -aws_iam_access_key.key.id]\n}\n')
    (key,) = tree.project.resources("aws_iam_access_key")
    assert [block.address for block in tree.project.readers(key)] == ["output.o"]
