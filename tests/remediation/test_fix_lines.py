"""Several arguments of one body changed at once: exact, aligned, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst.loaders import hcl
from rolefirst.project import Block
from rolefirst.remediation.applied import applied
from rolefirst.remediation.fixes.lines import rewritten, with_member

pytest.importorskip("hcl2")


def block_of(tmp_path: Path, text: str) -> Block:
    (tmp_path / "main.tf").write_bytes(text.encode())
    return next(iter(hcl.load(tmp_path).resources("aws_iam_user")))


def user(body: str) -> str:
    return f'resource "aws_iam_user" "u" {{\n{body}}}\n'


@pytest.mark.parametrize(
    ("body", "changes", "inside", "expected"),
    [
        ("  a  = 1\n  bb = 2 # why\n", {"a": None}, (), "  bb = 2 # why\n"),
        ("  a = 1\n", {"a": None}, (), ""),
        ("  name = 1\n\n  a = 1\n\n  b {}\n", {"a": None}, (), "  name = 1\n\n  b {}\n"),
        ("  a = 1\n", {"a": "2", "longer": "3"}, (), "  a      = 2\n  longer = 3\n"),
        ("  a = [\n    1,\n  ]\n", {"a": "[2]", "bc": "3"}, (), "  a  = [2]\n  bc = 3\n"),
        ("  é  = 1\n  ab = 2\n", {"ab": None}, (), "  é = 1\n"),
        ("  a  = 1\n\n  bb = 2\n", {"a": "3", "bb": None}, (), "  a = 3\n\n"),
        ("  b { a = 1 }\n", {"a": "1", "c": "2"}, ("b",), "  b {\n    a = 1\n    c = 2\n  }\n"),
        ("  a = 1\n", {"a": "1"}, (), "  a = 1\n"),
        (
            "  # one\n  lifecycle {\n    a   = 1\n    bcd = 2\n  }\n",
            {"bcd": None},
            ("lifecycle",),
            "  # one\n  lifecycle {\n    a = 1\n  }\n",
        ),
    ],
)
def test_lines_come_go_and_stay_in_one_column(tmp_path, body, changes, inside, expected):
    for newline in ("\n", "\r\n"):
        text = user(body).replace("\n", newline)
        block = block_of(tmp_path, text)
        edits = rewritten(block, changes, inside)
        assert None not in edits
        after = applied(text.encode(), edits).decode()
        assert after == user(expected).replace("\n", newline)


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ("  a = 1\n  b {\n    c = 1\n  }\n", {"b": None}),
        ("  tags = { a = 1, b = 2 }\n", {"tags.a": None}),
        ("  b {\n    c = 1\n  }\n  b {\n    c = 2\n  }\n", {"c": "2"}),
    ],
)
def test_what_is_not_plain_is_refused(tmp_path, body, changes):
    block = block_of(tmp_path, user(body))
    inside = ("tags",) if "tags.a" in changes else ("b",) if "c" in changes else ()
    plain = {name.rpartition(".")[2]: value for name, value in changes.items()}
    assert rewritten(block, plain, inside) == [None]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("  l = []\n", "  l = [x]\n"),
        ("  l = [a.b]\n", "  l = [a.b, x]\n"),
        ("  l = [\n    a.b,\n    c,\n  ]\n", "  l = [\n    a.b,\n    c,\n    x,\n  ]\n"),
        ("  l = [\n    a.b\n  ]\n", "  l = [\n    a.b,\n    x,\n  ]\n"),
        ("  name = 1\n", "  name = 1\n  l    = [x]\n"),
    ],
)
def test_a_list_gets_a_member(tmp_path, body, expected):
    text = user(body)
    edit = with_member(block_of(tmp_path, text), "l", "x")
    assert edit is not None
    assert applied(text.encode(), [edit]).decode() == user(expected)


@pytest.mark.parametrize("list_", ["concat(a, b)", "[a] # c\n", "[for x in y : x]"])
def test_a_list_that_is_worked_out_gets_none(tmp_path, list_):
    block = block_of(tmp_path, user(f"  l = {list_.strip()}\n"))
    edit = with_member(block, "l", "x")
    assert (edit is None) is (not list_.startswith("[a]"))
