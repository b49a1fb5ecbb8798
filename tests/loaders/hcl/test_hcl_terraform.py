"""What Terraform makes of an expression, both readers make of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rolefirst.loaders.hcl import parser, reader
from rolefirst.loaders.hcl.evaluate import MAX_STEPS, Scope, evaluate
from rolefirst.loaders.hcl.expressions import Expression
from rolefirst.project import Hop, Location, Value, unknown

#: Expressions and their values, as Terraform 1.11 computes them.
VALUES: dict[str, object] = {
    # quoted templates
    '"a ${~ "x" ~} b"': "axb",
    '"  ${~"x"~}  ${~"z"~}  "': "xz",
    '"a\\u00e9\\n${"x"~}  ${"y"}  ${~"z"}"': "aé\nxyz",
    '"${1 ~}\\n 2"': "12",
    '"a ${\n"x"\n} b"': "a x b",
    '"$${"': "${",
    '"%%{"': "%{",
    '"$${a ${"y"}}"': "${a y}",
    '"$$${ %%%{ $ % $$ 100%"': "$${ %%{ $ % $$ 100%",
    '"${"${"x"}"}"': "x",
    '"a${"b"}c\\"${ "d\\"" }"': 'abc"d"',
    '"${1}"': 1,
    '"${ {\n a = 1\n b = 2\n}.a }"': 1,
    '"${[\n1,\n# c }\n2][1]}"': 2,
    '"${/* } */ 1}"': 1,
    '"${# }\n1}"': 1,
    '"${1 # }\n}"': 1,
    '"${upper(\n"a")}"': "A",
    # heredocs
    "<<EOT\nEOT": "",
    "<<EOT\n  a\n EOT": "  a\n",
    '<<EOT\n\\n \\u00e9 "\nEOT': '\\n \\u00e9 "\n',
    "<<EOT\n$${ %%{ $$${ x } $$$${ $ % $$ 100%\nEOT": "${ %{ $${ x } $$${ $ % $$ 100%\n",
    '<<EOT\n\\${1} ${"x"}\nEOT': "\\1 x\n",
    "<<-EOT\n    a\n  b\n EOT": "  a\nb\n",
    "<<-EOT\n    a\n\n  \n      b\n EOT": "a\n\n  \n  b\n",
    "<<-EOT\n   \n   \n  EOT": "   \n   \n",
    "<<-EOT\n\ta\n  b\nEOT": "a\n b\n",
    '<<-EOT\n    ${"x"}\n  b\n EOT': "  x\nb\n",
    '<<-EOT\n${"x"}\n  b\n EOT': "x\n  b\n",
    '<<-EOT\n    a ${ [\n"x"\n][0] }\n    b\n    EOT': "a x\nb\n",
    # strip markers in heredocs reach to the end of the line, before the margin is measured
    '<<EOT\n    a ${"x" ~}\n    y\n    z\nEOT': "    a x    y\n    z\n",
    '<<EOT\n    a\n    ${~ "x" ~}\n    y\nEOT': "    a\nx    y\n",
    '<<EOT\na ${"x" ~}  \n\n  y\nEOT': "a x\n  y\n",
    '<<-EOT\n    ${~ "x" }\n    y\n EOT': "x\n    y\n",
    '<<-EOT\n    a ${"x" ~}\n    y\n    z\n EOT': "a x    y\nz\n",
    '<<-EOT\n    ${"x" ~}\n  y\nEOT': "x  y\n",
    '<<-EOT\n    a\n    ${"x"}${"y"}\n     ${"z" ~} \nEOT': "a\nxy\n z",
    # carriage returns are text like any other
    "<<EOT\r\n  a\r\nEOT": "  a\r\n",
    "<<-EOT\r\n  a\r\n\r\n    b\r\n  EOT": "a\r\n\r\n  b\r\n",
    '<<-EOT\r\n    a ${"x" ~}\r\n    y\r\n    EOT': "a x    y\r\n",
    "[\r\n1, # c\r\n2\r\n]": [1, 2],
    # objects
    '{ ("bb") = 1, 1 = 2, true = 3, null = 4 }': {"bb": 1, "1": 2, "true": 3, "null": 4},
    '{ (true ? "a" : "b") = 1, "c${"d"}" = 2 }': {"a": 1, "cd": 2},
    '{ a = 1 /* x */, "b" : 2 # c\n é = 3\n}': {"a": 1, "b": 2, "é": 3},
    "{ if = 1, in = 2, for = 3 }": {"if": 1, "in": 2, "for": 3},
    "{ a = <<A\nx\nA\n b = 1 }": {"a": "x\n", "b": 1},
    "{for k, v in {a=1} :\n k\n=>\nv}": {"a": 1},
    "{for k in [1] : k => k... if true}": {"1": [1]},
    # the rest
    "[ <<A\nx\nA\n, <<B\ny\nB\n]": ["x\n", "y\n"],
    "[for i\n,j\nin\n[1]: i]": [0],
    "max(\n1,\n2,\n)": 2,
    "max([1,2]...\n)": 2,
    "core::max(1, 2)": 2,
    "[{a=[1,2]}].0.a.1": 2,
    "[[1,2]] [0] .1": 2,
    "[1,2][ * ]": [1, 2],
    "[{a=[1]}].*.a[0]": [1],
    "[{a=[1]}][*].a[0]": [1],
    "(\n{a={b=1}}\n.a\n.b)": 1,
    "/* c */ 1 // d": 1,
    "1 /* a\n */ + 1": 2,
    "(1\n+\n2)": 3,
    "(true\n ? 1\n : 2)": 1,
    "5 % 3 * 2 - 1": 3,
    "1 + 2 == 3 && true || false": True,
    "!!true": True,
    "- -5": 5,
    "1--1": 2,
    "-[1][0]": -1,
    "1.5e-2": 0.015,
    "9007199254740993": 9007199254740993,
}  # fmt: skip


class NoNames:
    """Nothing has a name."""

    def resolve(self, root: str, path: list[str | Value]) -> tuple[Value, int] | None:
        return None

    def hop(self, offset: int) -> Hop:
        return Hop(Location("x.tf", 1), "")

    def file(self, name: str, arguments: list[Value]) -> Value:
        return unknown("no files")


@pytest.mark.parametrize("read", [parser.parse, parser._parse, reader.parse])
@pytest.mark.parametrize("text", VALUES)
def test_value(read: Callable[[str], Expression], text: str) -> None:
    value = evaluate(read(text), Scope(NoNames(), {}, [MAX_STEPS]))
    assert value.plain() == VALUES[text]
    assert type(value.plain()) is type(VALUES[text])


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")
def test_terraform_says_so(tmp_path: Path) -> None:
    outputs = (f'output "o{n}" {{\n  value = {text}\n}}\n' for n, text in enumerate(VALUES))
    (tmp_path / "main.tf").write_bytes("".join(outputs).encode())
    for command in (["apply", "-auto-approve"], ["output", "-json"]):
        done = subprocess.run(
            ["terraform", *command, "-no-color"], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [said[f"o{n}"]["value"] for n in range(len(VALUES))] == list(VALUES.values())
