"""``optional(type, default)`` in the type of a variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]

TYPE = """object({
    a = optional(string, "A")
    n = optional(string)
    o = optional(object({ x = optional(string, "X"), y = optional(number, 2) }), {})
    p = optional(object({ x = optional(string, "X") }))
    q = optional(object({ x = optional(string, "X"), z = string }), { z = "Z" })
    m = optional(map(object({ t = optional(string, "T") })), {})
    l = list(object({ t = optional(string, "T"), u = optional(list(string), ["u"]) }))
    s = set(object({ t = optional(string, "T") }))
    w = tuple([object({ t = optional(string, "T") }), string])
  })"""
GIVEN = """{
    a = null
    m = { k = {}, j = { t = "J" } }
    l = [{}, { t = null, u = [] }]
    s = [{}]
    w = [{}, "b"]
  }"""
#: What Terraform 1.11 makes of it.
COMPLETED = {
    "a": "A",
    "n": None,
    "o": {"x": "X", "y": 2},
    "p": None,
    "q": {"x": "X", "z": "Z"},
    "m": {"k": {"t": "T"}, "j": {"t": "J"}},
    "l": [{"t": "T", "u": ["u"]}, {"t": "T", "u": []}],
    "s": [{"t": "T"}],
    "w": [{"t": "T"}, "b"],
}
VARIABLE = f'variable "v" {{\n  type = {TYPE}\n}}\n'
LOCAL = "locals {\n  x = var.v\n}\n"
KEY = 'resource "aws_iam_access_key" "key" {\n  user = "ci"\n}\n'


def test_of_a_default(estate: Make) -> None:
    variable = f'variable "v" {{\n  type = {TYPE}\n  default = {GIVEN}\n}}\n'
    code = 'module "m" {\n  source = "./m"\n}\n'
    tree = estate({"main.tf": code, "m/main.tf": variable + LOCAL + KEY})
    assert tree.local("x", "m").plain() == COMPLETED


def test_of_a_caller(estate: Make) -> None:
    code = f'module "m" {{\n  source = "./m"\n  v = {GIVEN}\n}}\n'
    tree = estate({"main.tf": code, "m/main.tf": VARIABLE + LOCAL + KEY})
    assert tree.local("x", "m").plain() == COMPLETED


def test_of_a_variable_file(estate: Make) -> None:
    tree = estate({"main.tf": VARIABLE + LOCAL + KEY, "terraform.tfvars": f"v = {GIVEN}\n"})
    assert tree.local("x").plain() == COMPLETED


def test_of_json(estate: Make) -> None:
    code = '{"variable": {"v": {"type": "object({ a = optional(string, \\"A\\") })"}}}'
    tree = estate({"v.tf.json": code, "main.tf": LOCAL + KEY, "terraform.tfvars": "v = {}\n"})
    assert tree.local("x").plain() == {"a": "A"}


@pytest.mark.parametrize("given", ["null", '"text"', "[]", "{ b = 1 }"])
def test_of_what_does_not_fit(estate: Make, given: str) -> None:
    kind = "list(object({ a = optional(string) }))" if given == "{ b = 1 }" else TYPE
    variable = f'variable "v" {{\n  type = {kind}\n}}\n'
    tree = estate({"main.tf": variable + LOCAL + KEY, "terraform.tfvars": f"v = {given}\n"})
    assert tree.local("x").plain() in (None, "text", [], {"b": 1})
    assert tree.errors == []


def test_secret_keeps_its_reference(estate: Make) -> None:
    code = 'module "m" {\n  source = "./m"\n  v = { s = aws_iam_access_key.key.secret }\n}\n' + KEY
    inner = 'variable "v" {\n  type = object({ s = string, t = optional(string, "T") })\n}\n'
    tree = estate({"main.tf": code, "m/main.tf": inner + LOCAL + KEY})
    value = tree.local("x", "m")
    assert value.get("t").text == "T"
    assert [r.target.address for _, r in value.deep_references()] == ["aws_iam_access_key.key"]


def test_a_type_that_cannot_be_read_is_reported(estate: Make) -> None:
    variable = 'variable "v" {\n  type = object({ a = optional(string,, 1) })\n}\n'
    tree = estate({"main.tf": variable + LOCAL + KEY, "terraform.tfvars": "v = {}\n"})
    assert tree.local("x").unknown
    assert tree.errors == [("main.tf", 2, "argument type: not valid HCL")]
