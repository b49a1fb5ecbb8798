"""JSON syntax: the same blocks, with exact places."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolefirst.loaders.hcl import jsonsyntax

Make = Callable[..., Any]

TEXT = """\
{
  "//": "a comment with { and \\" and ü",
  "locals": {
    "ü": "é",
    "x": "${upper(\\"a\\")}-${aws_iam_access_key.b.secret}"
  },
  "resource": {
    "aws_iam_access_key": {
      "a": {
        "//": "why",
        "user": "ü", "status": "${local.x}",
        "count": "${1 + 1}"
      },
      "b": [
        { "user": "one" }
      ]
    }
  },
  "output": { "o": { "value": "$${x}" } },
  "provider": { "aws": [
    { "region": "eu-west-1" },
    { "alias": "west" }
  ] }
}
"""


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places(estate: Make, bom: str, newline: str) -> None:
    tree = estate({"main.tf.json": bom + TEXT.replace("\n", newline)})
    places = {
        address: (tree.block(address).location.line, tree.block(address).location.end_line)
        for address in (
            "aws_iam_access_key.a[0]",
            "aws_iam_access_key.a[1]",
            "aws_iam_access_key.b",
            "output.o",
            "provider.aws",
            "provider.aws.west",
            "local.x",
        )
    }
    assert list(places.values()) == [
        (9, 13),
        (9, 13),
        (15, 15),
        (19, 19),
        (21, 21),
        (22, 22),
        (5, 5),
    ]
    block = tree.block("aws_iam_access_key.a[0]")
    assert (block.location.column, block.location.end_column) == (7, 8)
    assert (block.at("user").line, block.at("user").column) == (11, 9)
    assert (block.at("status").line, block.at("status").column) == (11, 22)
    assert block["user"].text == "ü"
    assert sorted(block.names()) == ["count", "status", "user"]
    assert tree.block("output.o")["value"].text == "${x}"
    assert tree.local("ü").text == "é"
    [reference] = tree.local("x").references
    assert reference.target.address == "aws_iam_access_key.b"
    assert [hop.location.line for hop in reference.trail] == [5]
    assert tree.errors == []


def test_nested_and_dynamic_blocks(estate: Make) -> None:
    condition = {"test": "${c.value}", "variable": "a", "values": ["b"]}
    document = {
        "statement": [{"sid": "first"}],
        "dynamic": {
            "statement": [{"for_each": ["x", "y"], "content": {"sid": "${statement.value}"}}],
            "condition": {"for_each": [1], "iterator": "c", "content": condition},
        },
    }
    user = {"provisioner": {"local-exec": {"command": "aws"}}, "lifecycle": {"a": 1}}
    content = {
        "data": {"aws_iam_policy_document": {"d": document}},
        "resource": {"aws_iam_user": {"u": user}},
    }
    tree = estate({"main.tf.json": json.dumps(content)})
    block = tree.block("data.aws_iam_policy_document.d")
    assert [block.get("statement", n, "sid").text for n in range(3)] == ["first", "x", "y"]
    assert block.get("condition", 0, "test").data == 1
    user_block = tree.block("aws_iam_user.u")
    assert user_block.get("provisioner", 0, "local-exec", "command").text == "aws"
    assert user_block.get("lifecycle", 0, "a").data == 1


def test_a_key_that_is_written_twice_makes_two_blocks(estate: Make) -> None:
    one = '"resource": {"aws_iam_access_key": {"%s": {"user": "%s"}}}'
    tree = estate({"main.tf.json": "{" + one % ("a", "x") + ",\n" + one % ("b", "y") + "}"})
    keys = {
        b.address: (b.location.line, b["user"].text)
        for b in tree.project.resources("aws_iam_access_key")
    }
    assert keys == {"aws_iam_access_key.a": (1, "x"), "aws_iam_access_key.b": (2, "y")}


@pytest.mark.parametrize(
    "content",
    [
        {"resource": {"aws_iam_access_key": {"a": {}, "b": [{}]}}},
        {"resource": [{"aws_iam_access_key": {"a": {}}}, {"aws_iam_access_key": {"b": {}}}]},
        {"resource": {"aws_iam_access_key": [{"a": {}}, {"b": {}}]}},
        {"resource": [{"aws_iam_access_key": [{"a": {}, "b": {}}]}]},
    ],
)
def test_arrays_of_blocks(estate: Make, content: object) -> None:
    for indent in (None, 2):
        tree = estate({"main.tf.json": json.dumps(content, indent=indent)})
        assert tree.key_addresses() == ["aws_iam_access_key.a", "aws_iam_access_key.b"]
        assert tree.errors == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("{\n  'a': 1}", 2, "not valid JSON"),
        ("[]", 1, "not a JSON object"),
        ("1", 1, "not a JSON object"),
        ("", 1, "not valid JSON"),
        ('{"a": "\xff"}', 1, "a: not an object"),
        ('{\n"resource": 5}', 2, "resource: not an object behind its labels"),
        ('{\n"resource": {\n"aws_iam_user": 5}}', 3, "resource: not an object"),
        ('{"resource": {"aws_iam_user": {"u": 5}}}', 1, "resource: not an object"),
        ('{"resource": ["a"]}', 1, "resource: not an object"),
        ('{"locals": 5}', 1, "locals: not an object"),
        ('{"resource": null, "module": {}, "output": []}', 0, ""),
        ('{"a":' * 300 + "1" + "}" * 300, 1, "nested more than 200 levels deep"),
        ('{"a":\n' * 150 + "1" + "}" * 150, 0, ""),
        ("[" * 100_000, 1, "nested more than 200 levels deep"),
        ('{"a": ' + "9" * 5_000 + "}", 1, "too long"),
        ('{"locals": {"x": "${"}}', 1, "argument x: a template that is never closed"),
    ],
    ids=range(16),
)
def test_bad_files(estate: Make, text: str, line: int, message: str) -> None:
    tree = estate({"bad.tf.json": text, "key.tf": 'resource "aws_iam_access_key" "key" {}\n'})
    assert tree.key_addresses() == ["aws_iam_access_key.key"]
    for block in tree.blocks("local"):
        assert block["value"].text or block["value"].unknown or block["value"].absent
    found = [(n, m) for _, n, m in tree.errors]
    assert [n for n, _ in found] == ([line] if message else [])
    assert all(message in m for _, m in found)


def test_an_argument_that_cannot_be_parsed(estate: Make) -> None:
    block = '{\n"user": "${1 +}",\n"status": "ok"}'
    tree = estate({"main.tf.json": '{"resource": {"aws_iam_access_key": {"a": ' + block + "}}}"})
    block = tree.block("aws_iam_access_key.a")
    assert block["user"].unknown
    assert block["status"].text == "ok"
    assert tree.errors == [("main.tf.json", 2, "argument user: not valid HCL")]


def test_bytes_that_are_no_utf8(estate: Make) -> None:
    tree = estate(
        {"main.tf.json": b'{"resource": {"aws_iam_access_key": {"\xe9": {},\n "b": {}}}}'}
    )
    assert tree.block("aws_iam_access_key.b").location.line == 2
    assert tree.block("aws_iam_access_key.b").location.column == 2


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(
    st.dictionaries(st.text(max_size=4), json_values, max_size=4),
    st.sampled_from([None, 1]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_members_stand_where_they_say(
    content: dict[str, Any], indent: int | None, ascii: bool
) -> None:
    text = json.dumps(content, indent=indent, ensure_ascii=ascii)

    def check(members: tuple[jsonsyntax.Member, ...], data: dict[str, Any]) -> None:
        assert [member.key for member in members] == list(data)
        for member in members:
            written = text[member.start : member.end]
            assert json.loads("{" + written + "}") == {member.key: data[member.key]}
            if isinstance(data[member.key], dict):
                check(member.members, data[member.key])
            for item, part in zip(
                member.items, data[member.key] if member.items else [], strict=True
            ):
                assert json.loads(text[item.start : item.end]) == part

    check(jsonsyntax.read(text), content)


@given(st.text(st.sampled_from('{}[]",:1 "\\n'), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    try:
        members = jsonsyntax.read(text)
    except jsonsyntax.JsonError as error:
        assert error.line >= 1  # noqa: PT017
        return
    list(jsonsyntax.blocks(members))
