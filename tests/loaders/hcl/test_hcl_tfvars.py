"""Variable files: which are read, in which order, and what happens when they are no good."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]

MAIN = """
variable "v" {
  default = "default"
}
locals {
  v = var.v
}
resource "aws_iam_access_key" "key" {}
"""


def test_each_file_beats_those_before_it(estate: Make) -> None:
    order = [
        ("terraform.tfvars", 'v = "1"\n'),
        ("terraform.tfvars.json", '{"v": "2"}'),
        ("a.auto.tfvars", 'v = "3"\n'),
        ("b.auto.tfvars.json", '{"v": "4"}'),
        ("c.auto.tfvars", 'v = "5"\n'),
    ]
    files = {"main.tf": MAIN}
    assert estate(files).local("v").text == "default"
    for name, text in order:
        files[name] = text
        assert estate(files).local("v").text in text
    files["prod.tfvars"] = 'v = "6"'
    assert estate(files).local("v").text == "5"
    assert estate(files, "prod.tfvars").local("v").text == "6"
    assert estate(files, "prod.tfvars", "a.auto.tfvars").local("v").text == "3"


def test_values(estate: Make) -> None:
    text = (
        '\ufeff# comment\r\nv = {\r\n  a = ["x", 1]\r\n  b = null\r\n}\r\n"w" = <<E\r\nt\r\nE\r\n'
    )
    tree = estate({"main.tf": MAIN, "terraform.tfvars": text})
    assert tree.local("v").plain() == {"a": ["x", 1], "b": None}
    assert tree.errors == []


def test_a_module_is_not_set_by_a_file(estate: Make) -> None:
    tree = estate(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n}\n',
            "m/main.tf": MAIN,
            "m/terraform.tfvars": 'v = "1"\n',
            "terraform.tfvars": 'v = "2"\n',
        }
    )
    assert tree.local("v", "m").text == "default"


def test_null_and_not_nullable(estate: Make) -> None:
    strict = MAIN.replace('"default"\n', '"default"\n  nullable = false\n')
    files = {"terraform.tfvars": "v = null\n"}
    assert estate({"main.tf": MAIN, **files}).local("v").absent
    assert estate({"main.tf": strict, **files}).local("v").text == "default"


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("terraform.tfvars", 'a = "b"\nv = 1 +\nw = 2\n', 2, "variable v: not valid HCL"),
        ("terraform.tfvars", 'v = "x"\n}}}\n', 2, "neither an argument nor a block"),
        ("terraform.tfvars", "v = " + "[" * 9_000 + "]" * 9_000, 1, "nested too deeply"),
        ("terraform.tfvars.json", "{", 0, "not valid JSON"),
        ("terraform.tfvars.json", "[]", 0, "not a JSON object"),
        ("terraform.tfvars.json", b"\xff", 0, "not valid JSON"),
        ("terraform.tfvars.json", '{"v": ' + "[" * 20_000, 0, "not valid JSON"),
        ("terraform.tfvars.json", '{"v": ' + "[" * 900 + "]" * 900 + "}", 0, "not valid JSON"),
        ("x.auto.tfvars", "v = <<E\n", 1, "variable v: not valid HCL"),
    ],
    ids=range(9),
)
def test_bad_files(estate: Make, name: str, text: str | bytes, line: int, message: str) -> None:
    tree = estate({"main.tf": MAIN, name: text})
    tree.local("v").known  # noqa: B018
    [(path, found, said)] = tree.errors
    assert (path, found) == (name, line)
    assert message in said


def test_functions_and_names_are_not_known_there(estate: Make) -> None:
    tree = estate({"main.tf": MAIN, "terraform.tfvars": 'v = [var.x, file("main.tf")]\n'})
    assert tree.local("v").get(0).unknown
    assert tree.local("v").get(1).unknown


def test_missing_var_file_is_an_error(estate: Make) -> None:
    tree = estate({"main.tf": MAIN}, "missing.tfvars")
    assert tree.local("v").text == "default"
    [(path, _, message)] = tree.errors
    assert path.endswith("missing.tfvars")
    assert "cannot be read" in message


def test_json_numbers_and_nesting(estate: Make) -> None:
    value = {"a": [1, 2.5, True, None, {"b": "${x}"}]}
    tree = estate({"main.tf": MAIN, "terraform.tfvars.json": json.dumps({"v": value})})
    assert tree.local("v").plain() == value
