"""Edits: exact to the byte, valid, formatted, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checks import TERRAFORM, unformatted
from hypothesis import given, settings
from hypothesis import strategies as st

from rolefirst.findings import Edit
from rolefirst.loaders import hcl
from rolefirst.loaders.hcl.definitions import read
from rolefirst.loaders.hcl.source import Source
from rolefirst.project import Block
from rolefirst.remediation import edits
from rolefirst.remediation.edits import (
    append_block,
    block_replaced,
    remove_argument,
    remove_block,
    set_argument,
    without,
)

KEY = 'resource "aws_iam_access_key" "k" {\n  user = "k"\n}\n'
SECRET = "aws_iam_access_key.k.secret"
ID = "aws_iam_access_key.k.id"
ADDRESSES = ("aws_iam_access_key.k",)


def block_in(folder: Path, code: str, address: str = "aws_lambda_function.f") -> Block:
    """A block of a tree whose main.tf is this code."""
    (folder / "key.tf").write_text(KEY)
    (folder / "main.tf").write_bytes(code.encode("utf-8", "surrogateescape"))
    project = hcl.load(folder)
    key = next(iter(project.resources("aws_iam_access_key")))
    kinds = {"local": "local", "output": "output", "variable": "variable"}
    first = address.partition(".")[0]
    kind = kinds.get(first, "resource")
    type_ = "" if first in kinds else first
    return next(b for b in project.find(key, kind, type_) if b.address == address)


def applied(code: str, edit: Edit | None) -> str | None:
    """The code after an edit; None when there is none."""
    if edit is None:
        return None
    data = code.encode("utf-8", "surrogateescape")
    text = edit.text.encode("utf-8", "surrogateescape")
    return (data[: edit.start] + text + data[edit.end :]).decode("utf-8", "surrogateescape")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for code ``before`` and ``after`` edits: what was formatted has to be so still."""
    folder = tmp_path_factory.mktemp("written")
    yield folder
    bad = unformatted(folder) if TERRAFORM else set()
    assert [
        each for each in bad if each.stem == "after" and each.with_stem("before") not in bad
    ] == []


@pytest.fixture
def change(
    tmp_path: Path, written: Path, request: pytest.FixtureRequest
) -> Callable[..., str | None]:
    """Code after an edit of its block, whatever its line ends are."""

    def call(
        code: str, make: Callable[[Block], Edit | None], address: str = "aws_lambda_function.f"
    ) -> str | None:
        new = applied(code, make(block_in(tmp_path, code, address)))
        windows = code.replace("\n", "\r\n")
        again = applied(windows, make(block_in(tmp_path, windows, address)))
        assert again == (None if new is None else new.replace("\n", "\r\n"))
        if new:
            name = f"{request.node.originalname}_{len(list(written.iterdir()))}"
            (written / name).mkdir()
            for when, text in (("before", code), ("after", new)):
                data = text.encode("utf-8", "surrogateescape")
                (written / name / f"{when}.tf").write_bytes(data)
        return new

    return call


def function(body: str) -> str:
    """A block with this body between other code."""
    return f'locals {{ a = 1 }}\n\nresource "aws_lambda_function" "f" {{{body}}}\n\n# end\n'


# --- whole blocks ----------------------------------------------------------------------------

OTHER = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
THIS = 'resource "aws_lambda_function" "f" {\n  a = 1\n}\n'


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (THIS, ""),
        (f"{OTHER}\n{THIS}", OTHER),
        (f"{THIS}\n{OTHER}", OTHER),
        (f"{OTHER}\n{THIS}\n{OTHER}", f"{OTHER}\n{OTHER}"),
        (f"{OTHER}\n# why\n// more\n{THIS}\n{OTHER}", f"{OTHER}\n{OTHER}"),
        (f"# file\n\n# why\n{THIS}\n{OTHER}", f"# file\n\n{OTHER}"),
        (f"{OTHER}{THIS}\n{OTHER}", f"{OTHER}\n{OTHER}"),
        (f"{OTHER}\n{THIS}{OTHER}", f"{OTHER}\n{OTHER}"),
        (f"{OTHER}\n\n{THIS}\n\n{OTHER}", f"{OTHER}\n\n\n{OTHER}"),
        (f"{OTHER}\n{THIS.rstrip()} # tail\n\n{OTHER}", f"{OTHER}\n{OTHER}"),
        (f"{OTHER}\n{THIS.rstrip()}", OTHER),
        ("\ufeff" + THIS + "\n" + OTHER, "\ufeff" + OTHER),
        (f"/* x */ {THIS}", None),
        (f"{THIS.rstrip()} {OTHER}", None),
        (f"# é\n\n# ü\n{THIS}\n# \udcff\n{OTHER}", f"# é\n\n# \udcff\n{OTHER}"),
    ],
)
def test_a_block_goes_with_its_comment(
    change: Callable[..., str | None], code: str, expected: str | None
) -> None:
    assert change(code, remove_block) == expected


def test_a_local_goes_alone(change: Callable[..., str | None]) -> None:
    code = f"locals {{\n  # why\n  a = {SECRET}\n\n  b = [\n    1,\n  ]\n}}\n"
    expected = "locals {\n  b = [\n    1,\n  ]\n}\n"
    assert change(code, remove_block, "local.a") == expected
    expected = f"locals {{\n  # why\n  a = {SECRET}\n}}\n"
    assert change(code, remove_block, "local.b") == expected
    assert change(f"{expected}\n{OTHER}", remove_block, "local.a") == OTHER


def test_a_block_is_replaced(change: Callable[..., str | None]) -> None:
    expected = f'# stays\nresource "x" "y" {{\n}}\n{OTHER}'
    new = 'resource "x" "y" {\n}\n'
    assert change(f"# stays\n{THIS}{OTHER}", lambda b: block_replaced(b, new)) == expected


# --- new arguments ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("}", None),
        ("", "\n  role = x\n"),
        (" a = 1 ", "\n  a    = 1\n  role = x\n"),
        (' handler = "}" ', '\n  handler = "}"\n  role    = x\n'),
        ("\n", "\n  role = x\n"),
        ("\n  runtime = 1\n", "\n  runtime = 1\n  role    = x\n"),
        ("\n  runtime = 1 # c\n", "\n  runtime = 1 # c\n  role    = x\n"),
        ("\n  a = 1\n", "\n  a = 1\n\n  role = x\n"),
        ("\n  runtime = 1\n\n  a = 1\n", "\n  runtime = 1\n  role    = x\n\n  a = 1\n"),
        (
            "\n  runtime = 1\n\n  tags = {\n    a = 1\n  }\n",
            "\n  runtime = 1\n  role    = x\n\n  tags = {\n    a = 1\n  }\n",
        ),
        ("\n  provider = aws.b\n", "\n  provider = aws.b\n\n  role = x\n"),
        (
            "\n  a = 1\n\n  lifecycle {\n    b = 1\n  }\n",
            "\n  a = 1\n\n  role = x\n\n  lifecycle {\n    b = 1\n  }\n",
        ),
        (
            "\n  a = 1\n  lifecycle {\n    b = 1\n  }\n",
            "\n  a = 1\n\n  role = x\n\n  lifecycle {\n    b = 1\n  }\n",
        ),
        (
            "\n  lifecycle {\n    b = 1\n  }\n",
            "\n  role = x\n\n  lifecycle {\n    b = 1\n  }\n",
        ),
        ("\n\trun = 1\n", "\n\trun = 1\n\n\trole = x\n"),
        ("\n  text = <<EOT\nrole = 1\nEOT\n", "\n  text = <<EOT\nrole = 1\nEOT\n\n  role = x\n"),
        ("\n  role = [ # c\n    1\n  ] # d\n", "\n  role = x # d\n"),
        ("\n  role   = y\n  handle = 1\n", "\n  role   = x\n  handle = 1\n"),
    ],
)
def test_an_argument_is_set(
    change: Callable[..., str | None], body: str, expected: str | None
) -> None:
    if expected is None:
        code = 'resource "aws_lambda_function" "f" {\n  a = 1\n'  # never closed
        assert change(code, lambda b: set_argument(b, "role", "x")) is None
        return
    new = change(function(body), lambda b: set_argument(b, "role", "x"))
    assert new == function(expected)


def test_an_expression_of_several_lines_is_indented(change: Callable[..., str | None]) -> None:
    text = 'jsonencode({\n  a = <<EOT\nx\nEOT\n  b = <<-EOT\n    x\n  EOT\n\n  c = "d"\n})'
    inner = text.replace("\n  ", "\n    ").replace("\n})", "\n  })")
    assert change(function("\n  runtime = 1\n"), lambda b: set_argument(b, "p", text)) == function(
        f"\n  runtime = 1\n\n  p = {inner}\n"
    )
    assert change(function("\n  p = 1\n"), lambda b: set_argument(b, "p", text)) == function(
        f"\n  p = {inner}\n"
    )
    assert change(
        function("\n  p   = 1\n  run = 1\n"), lambda b: set_argument(b, "p", "[\n  1,\n]")
    ) == function("\n  p = [\n    1,\n  ]\n  run = 1\n")


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("tags.role", "\n  tags = {}\n", "\n  tags = { role = x }\n"),
        ("tags.role", "\n  tags = { a = 1 }\n", "\n  tags = { a = 1, role = x }\n"),
        (
            "tags.role",
            "\n  tags = {\n    long = 1\n  }\n",
            "\n  tags = {\n    long = 1\n    role = x\n  }\n",
        ),
        ("tags.a", "\n  tags = { a : 1, b = 2 }\n", "\n  tags = { a : x, b = 2 }\n"),
        (
            ("tags", "a.b/c"),
            '\n  tags = {\n    "longer" = 1\n  }\n',
            '\n  tags = {\n    "longer" = 1\n    "a.b/c"  = x\n  }\n',
        ),
        (("tags", 'a"'), "\n  tags = {}\n", None),
        (("a.b",), "\n  tags = {}\n", None),
        (
            "env.vars.a",
            "\n  env {\n    vars = { a = 1 }\n  }\n",
            "\n  env {\n    vars = { a = x }\n  }\n",
        ),
        ("env.role", "\n  env {\n  }\n", "\n  env {\n    role = x\n  }\n"),
        ("env.role", "\n  env {}\n", "\n  env {\n    role = x\n  }\n"),
        ("env.role", "\n  env {}\n  env {}\n", None),
        ("tags.role", "\n  tags = merge(a, {})\n", None),
        ("tags.role", "\n", None),
    ],
)
def test_an_argument_inside_of_another_is_set(
    change: Callable[..., str | None], name: edits.Path, body: str, expected: str | None
) -> None:
    new = change(function(body), lambda b: set_argument(b, name, "x"))
    assert new == (None if expected is None else function(expected))


def test_a_local_has_one_argument(change: Callable[..., str | None]) -> None:
    code = "locals {\n  a = { b = 1 }\n}\n"
    expected = "locals {\n  a = { b = 2 }\n}\n"
    assert change(code, lambda b: set_argument(b, "value.b", "2"), "local.a") == expected
    assert change(code, lambda b: set_argument(b, "other", "2"), "local.a") is None
    assert change(code, lambda b: append_block(b, "x {}"), "local.a") is None
    assert change(code, lambda b: remove_argument(b, "value"), "local.a") is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "\n  life {\n    a = 1\n  }\n"),
        ("\n", "\n  life {\n    a = 1\n  }\n"),
        ("\n  a = 1\n", "\n  a = 1\n\n  life {\n    a = 1\n  }\n"),
        ("\n  a = 1\n  # c\n", "\n  a = 1\n  # c\n\n  life {\n    a = 1\n  }\n"),
        (" a = 1 ", "\n  a = 1\n\n  life {\n    a = 1\n  }\n"),
    ],
)
def test_a_nested_block_comes_last(
    change: Callable[..., str | None], body: str, expected: str
) -> None:
    new = change(function(body), lambda b: append_block(b, "life {\n  a = 1\n}\n"))
    assert new == function(expected)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a", "\n  a = 1\n", ""),
        ("a", " a = 1 ", ""),
        ("a", "\n  # why\n  a = 1\n\n  b = 1\n", "\n  b = 1\n"),
        ("a", "\n  # both\n  a = 1\n  b = 1\n", "\n  # both\n  b = 1\n"),
        ("a", "\n  b = 1\n\n  a {\n    c = 1\n  }\n", "\n  b = 1\n"),
        ("a.b", "\n  a = { b = 1, c = 2 }\n", "\n  a = { c = 2 }\n"),
        ("a.c", "\n  a = { b = 1, c = 2 }\n", "\n  a = { b = 1 }\n"),
        ("a.c", "\n  a = { c = 2 }\n", "\n  a = {}\n"),
        ("a", "\n  b = 1\n", None),
        ("a", "\n  a {}\n  a {}\n", None),
    ],
)
def test_an_argument_is_removed(
    change: Callable[..., str | None], name: str, body: str, expected: str | None
) -> None:
    new = change(function(body), lambda b: remove_argument(b, name))
    assert new == (None if expected is None else function(expected))


# --- members that refer to a key ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{{ A = {ID}, B = {SECRET} }}", "{}"),
        (f"{{ A = {ID}, B = {SECRET}, C = 1 }}", "{ C = 1 }"),
        (f"{{ C = 1, A = {ID}, B = {SECRET} }}", "{ C = 1 }"),
        (f"{{ C = 1, A = {ID}, D = 2, B = {SECRET} }}", "{ C = 1, D = 2 }"),
        (f"{{\n    A = {ID}\n    B = {SECRET}\n  }}", "{}"),
        (f"{{\n    A = {ID}\n    C = 1 # c\n    B = {SECRET}\n  }}", "{\n    C = 1 # c\n  }"),
        (
            f"{{\n    C = 1\n\n    # the key\n    A = {ID}\n    B = {SECRET} # x\n  }}",
            "{\n    C = 1\n  }",
        ),
        (f"{{\n    # aws\n    A = {ID}\n    R = 1\n  }}", "{\n    # aws\n    R = 1\n  }"),
        (f'{{ "A" : "${{{SECRET}}}", B = 1 }}', "{ B = 1 }"),
        (f"{{ A = base64encode({SECRET}), B = 1 }}", "{ B = 1 }"),
        ("{ A = aws_iam_access_key.k[0].secret, B = 1 }", "{ B = 1 }"),
        (f"[{SECRET}]", "[]"),
        ("[aws_iam_access_key.k, a.b]", "[a.b]"),
        (f'{{ A = try({SECRET}, ""), B = true ? {ID} : null }}', "{}"),
        (f'{{ A = join("", {ID}), B = one(aws_iam_access_key.k[*].id) }}', "{}"),
        (f'["a", {SECRET}, "b"]', '["a", "b"]'),
        (f'["a", {SECRET}]', '["a"]'),
        (f"[\n    1,\n    {SECRET},\n  ]", "[\n    1,\n  ]"),
        (f'[{{ name = "a", value = {SECRET} }}]', "[]"),
        (
            f'[\n    {{\n      name  = "a"\n      value = {SECRET}\n    }},\n'
            '    { name = "b", value = 1 },\n  ]',
            '[\n    { name = "b", value = 1 },\n  ]',
        ),
        (
            f"jsonencode([{{ environment = [{{ name = 1, value = {ID} }}] }}])",
            "jsonencode([{ environment = [] }])",
        ),
        (f"merge(local.x, {{ A = {ID} }}, {{ B = {SECRET} }})", "merge(local.x, {}, {})"),
        (f"{{ a = {{ A = {ID} }} }}", "{ a = {} }"),
        # None of these can be cut out without taking something else away.
        (f'{{ A = "x-${{{SECRET}}}" }}', None),
        (f"{{ A = sha1({SECRET}) }}", None),
        (f"{{ ({SECRET}) = 1 }}", None),
        (f"[for x in [1] : {SECRET}]", None),
        (f"true ? {{ A = {SECRET} }} : {{}}", None),
        (f"{{ A = {SECRET}, B = f({ID}) }}", None),
        (SECRET, None),
        (f'{{ A = try({SECRET}, "x") }}', None),
        (f"{{ A = {ID} == 1 ? {ID} : null }}", None),
        ("{ A = other.k.secret }", None),
        ("{ A = aws_iam_access_key.k2.secret }", None),
        ('{ A = "aws_iam_access_key.k.secret" }', None),
    ],
)
def test_members_that_hold_the_key_go(
    change: Callable[..., str | None], before: str, after: str | None
) -> None:
    code = function(
        f"\n  environment {{\n    v = {before.replace(chr(10), chr(10) + '  ')}\n  }}\n"
    )
    new = change(code, lambda b: without(b, "environment.v", ADDRESSES))
    if after is not None:
        after = after.replace("\n", "\n  ")
        after = function(f"\n  environment {{\n    v = {after}\n  }}\n")
    assert new == after


def test_nested_blocks_that_hold_the_key_go(change: Callable[..., str | None]) -> None:
    kept = '  env {\n    name  = "b"\n    value = 1\n  }\n'
    gone = f'  env {{\n    name  = "a"\n    value = {SECRET}\n  }}\n'
    code = function(f"\n{gone}\n{kept}")
    assert change(code, lambda b: without(b, "env", ADDRESSES)) == function(f"\n{kept}")
    more = gone.replace("\n  }", "\n    other = 1\n    x {}\n  }")
    assert change(function(f"\n{more}"), lambda b: without(b, "env", ADDRESSES)) is None


def test_an_instance_is_not_its_neighbour(change: Callable[..., str | None]) -> None:
    code = function(
        '\n  v = { A = aws_iam_access_key.k["a"].id, B = aws_iam_access_key.k["b"].id }\n'
    )
    expected = function('\n  v = { B = aws_iam_access_key.k["b"].id }\n')
    assert change(code, lambda b: without(b, "v", ['aws_iam_access_key.k["a"]'])) == expected
    code = function("\n  v = { A = aws_iam_access_key.k[each.key].id }\n")
    assert change(code, lambda b: without(b, "v", ['aws_iam_access_key.k["a"]'])) is None
    assert change(code, lambda b: without(b, "v", ADDRESSES)) == function("\n  v = {}\n")


def test_json_and_overridden_blocks_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text(
        '{"resource": {"aws_iam_access_key": {"k": {"user": "a"}}}}'
    )
    (tmp_path / "o.tf").write_text('resource "aws_iam_access_key" "o" {\n  user = "o"\n}\n')
    (tmp_path / "override.tf").write_text('resource "aws_iam_access_key" "o" {\n  user = "p"\n}\n')
    blocks = list(hcl.load(tmp_path).resources("aws_iam_access_key"))
    assert len(blocks) == 2
    for block in blocks:
        assert remove_block(block) is None
        assert set_argument(block, "user", "x") is None
        assert block_replaced(block, "x {}") is None
        assert append_block(block, "x {}") is None
        assert remove_argument(block, "user") is None
        assert without(block, "user", ADDRESSES) is None


# --- properties --------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "role", "runtime", "environment"])
VALUES = st.sampled_from(
    ["1", SECRET, f'"x-${{{SECRET}}}"', f"{{ A = {SECRET}, B = 1 }}", "[\n    1, # c\n  ]", "{}"]
)
LINES = st.one_of(
    st.builds(lambda n, v: f"  {n} = {v}", NAMES, VALUES),
    st.builds(lambda n, v: f"  {n}   =  {v} # é", NAMES, VALUES),
    st.sampled_from(
        ["", "  # comment", "  /* x */", "  nest {\n    a = 1\n  }", "  t = <<E\n}\nE"]
    ),
)
MAKERS = st.sampled_from(
    [
        remove_block,
        lambda b: set_argument(b, "role", "x"),
        lambda b: set_argument(b, "environment", "{\n  a = 1\n}"),
        lambda b: remove_argument(b, "runtime"),
        lambda b: append_block(b, "nest {\n}"),
        lambda b: without(b, "environment", ADDRESSES),
        lambda b: block_replaced(b, 'resource "c" "d" {}'),
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(LINES, max_size=6), st.sampled_from(["\n", "\r\n"]), MAKERS)
def test_other_blocks_stay_as_they_are(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    newline: str,
    make: Callable[[Block], Edit | None],
) -> None:
    code = function("\n" + "".join(f"{line}\n" for line in lines)).replace("\n", newline)
    edit = make(block_in(tmp_path_factory.mktemp("tree"), code))
    new = applied(code, edit)
    if edit is None or new is None:
        return
    before = {d.mention: code.encode()[d.start : d.end] for d in definitions(code)}
    after = {d.mention: new.encode()[d.start : d.end] for d in definitions(new)}
    before.pop("aws_lambda_function.f")
    after.pop("aws_lambda_function.f", None)
    after.pop("c.d", None)
    assert before == after
    assert ("\r\n" in new) == ("\r\n" in code)
    assert newline == "\n" or "\n" not in new.replace("\r\n", "")


def definitions(code: str) -> list:
    """The blocks of a text; it has nothing else."""
    errors: list = []
    found = list(read(Source("main.tf", code.encode()), errors))
    assert errors == []
    return found
