"""Readings of a tree in which the defaults of root variables are unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
TYPE = "aws_iam_access_key"


def key(more: str) -> str:
    return f'resource "{TYPE}" "key" {{\n  user = "ci"\n{more}}}\n'


def variable(name: str, default: str) -> str:
    return f'variable "{name}" {{\n  default = {default}\n}}\n'


def doubts(tree: Any) -> list[list[str]]:
    """Of both readings: why the keys that are in them may not exist."""
    return [
        [block.doubt for block in reading.resources(TYPE)]
        for reading in tree.project.without_defaults()
    ]


@pytest.mark.parametrize(
    "more",
    [
        "  count = var.v\n",
        "  count = var.v > 0 ? 1 : 0\n",
        "  count = local.v\n",
        "  count = 1 - (var.v == 0 ? 1 : 0)\n",
        '  for_each = toset(slice(["a"], 0, var.v))\n',
        "  for_each = var.v == 0 ? {} : { a = 1 }\n",
        '  for_each = { for name in ["a"] : name => name if var.v > 0 }\n',
        "  for_each = local.names\n",
    ],
)
def test_a_default_that_is_off_is_open(estate: Make, more: str) -> None:
    local = 'locals {\n  v     = var.v\n  names = local.v > 0 ? ["a"] : []\n}\n'
    tree = estate(variable("v", "0") + local + key(more))

    assert tree.key_addresses() == []
    why = "var.v has only its default (main.tf:1)"
    assert doubts(tree) == [[why], [why]]
    assert tree.errors == []


@pytest.mark.parametrize(
    "more",
    [
        "  count = 0\n",
        "  count = false && var.v > 0 ? 1 : 0\n",
        "  count = var.v == 0 ? 0 : 0\n",
        "  for_each = {}\n",
        "  for_each = toset([])\n",
    ],
)
def test_what_the_code_fixes_is_fixed(estate: Make, more: str) -> None:
    tree = estate(variable("v", "0") + key(more))

    assert doubts(tree) == [[], []]


def test_a_default_that_is_on_is_opened_last(estate: Make) -> None:
    on_and_off = variable("on", "true") + variable("off", "false")
    both = estate(on_and_off + key("  count = var.on && var.off ? 1 : 0\n"))

    (first,), _ = doubts(both)
    assert first == "var.off has only its default (main.tf:4)"


def test_a_default_that_is_on_may_be_what_switches_off(estate: Make) -> None:
    tree = estate(variable("disabled", "true") + key("  count = var.disabled ? 0 : 1\n"))

    assert doubts(tree) == [[], ["var.disabled has only its default (main.tf:1)"]]


@pytest.mark.parametrize(
    ("name", "text"),
    [("terraform.tfvars", "v = 0\n"), ("x.auto.tfvars.json", '{"v": 0}')],
)
def test_what_a_file_sets_is_known(estate: Make, name: str, text: str) -> None:
    tree = estate({"main.tf": variable("v", "0") + key("  count = var.v\n"), name: text})

    assert doubts(tree) == [[], []]


def test_a_default_inside_a_module_is_fixed_by_its_caller(estate: Make) -> None:
    child = variable("on", "false") + key("  count = var.on ? 1 : 0\n")
    call = 'module "m" {\n  source = "./m"\n}\n'

    assert doubts(estate({"main.tf": call, "m/main.tf": child})) == [[], []]


def test_calls_that_are_not_made_are_followed(estate: Make) -> None:
    call = 'module "{0}" {{\n  source = "./{0}"\n{1}}}\n'
    tree = estate(
        {
            "main.tf": variable("n", "0")
            + call.format("outer", "  count = var.n\n")
            + call.format("never", "  count = 0\n"),
            "outer/main.tf": call.format("inner", '  for_each = toset(["a"])\n'),
            "outer/inner/main.tf": key(""),
            "never/main.tf": key(""),
        }
    )

    assert tree.key_addresses() == []
    why = "var.n has only its default (main.tf:1)"
    assert doubts(tree) == [[why], [why]]
    assert tree.errors == []


def test_a_reading_leaves_the_project_as_it_is(estate: Make) -> None:
    tree = estate(
        variable("v", "0") + key("  count = var.v\n") + key("").replace('key" {', 'k2" {')
    )
    doubts(tree)

    assert tree.key_addresses() == [f"{TYPE}.k2"]
