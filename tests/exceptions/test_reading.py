"""What a register may look like: every mistake has its line and what to do about it."""

from __future__ import annotations

import json
import os
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from keys_that_stay import KEY, REGISTER, Run, entry, register, write

from rolefirst import cli
from rolefirst.exceptions import nodes
from rolefirst.exceptions.entries import STEPS
from rolefirst.exceptions.reading import FIELDS, ROTATION, read

SCHEMA = json.loads(
    files("rolefirst.exceptions").joinpath("access-key-exceptions.schema.json").read_text("utf-8")
)


def problems(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [f"{item.path}:{item.line}: {item.message}" for item in read(data, "r.yaml").problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("exceptions: [", "2: not valid YAML, did not find expected node content: mend it"),
        ("a: b: c\n", "1: not valid YAML, mapping values are not allowed in this context: mend it"),
        ("--- {}\n--- {}\n", "2: not valid YAML, but found another document: mend it"),
        ("exceptions:\n- \x01\n", "0: not valid YAML, it has control characters: take them out"),
        (b"exceptions:\n- id: \xff\n", "2: not UTF-8: save the file as UTF-8"),
        ("- a\n", "1: the register is no table: write its elements as name: value"),
        ("exception: []\n", "1: the register has no element 'exception': did you mean exceptions?"),
        ("x: 1\n", "1: the register has no element 'x': take it out"),
        ("? [a]\n: 1\n", "1: the register has no element 'a list or table': take it out"),
        ("exceptions: {}\n", "1: exceptions is no list: start each entry with a dash"),
        ("exceptions:\n- a\n", "2: an entry is no table: write its elements as name: value"),
        ("exceptions:\n- id: a\n  id: b\n", "3: an entry has id twice, first in line 2: keep one"),
        ("exceptions: []\nexceptions: []\n",
         "2: the register has exceptions twice, first in line 1: keep one"),
        ("exceptions:\n- id: &a x\n", "2: anchors and aliases are not read: write the value out"),
        ("exceptions:\n- *a\n", "2: anchors and aliases are not read: write the value out"),
        ("exceptions:\n- <<: {id: a}\n", "2: an entry has no element '<<': take it out"),
        ("exceptions:\n- id: 7\n", "2: id is no text: write words, or put it in quotes"),
        ("exceptions:\n- id: a b\n",
         "2: id is not only letters, digits and ._/-: write it like EXC-2030-001"),
        ("exceptions:\n- key: scales\n",
         "2: key is not an address: write it like aws_iam_access_key.ci"),
        ("exceptions:\n- key: a.b[x]\n",
         "2: key is not an address: write it like aws_iam_access_key.ci"),
        ("exceptions:\n- owner: yes\n", "2: owner is no text: write words, or put it in quotes"),
        ("exceptions:\n- owner: [a]\n", "2: owner is no text: write words, or put it in quotes"),
        ("exceptions:\n- owner: !!python/name:os.system a\n",
         "2: owner is no text: write words, or put it in quotes"),
        ("exceptions:\n- permissions: s3:Put\n",
         '2: permissions is no list: write it as ["s3:PutObject"]'),
        ("exceptions:\n- source:\n  - 1\n",
         "3: an item of source is no text: write words, or put it in quotes"),
        ("exceptions:\n- rotation: 60\n",
         "2: rotation is no table: write its elements as name: value"),
        ("exceptions:\n- rotation: {day: 60}\n",
         "2: rotation has no element 'day': did you mean days?"),
        ("exceptions:\n- rotation: {days: '60'}\n",
         "2: rotation.days is no whole number from 1: write it as 60"),
        ("exceptions:\n- rotation: {days: 0}\n",
         "2: rotation.days is no whole number from 1: write it as 60"),
        ("exceptions:\n- rotation: {days: 0x10}\n",
         "2: rotation.days is no whole number from 1: write it as 60"),
        ("exceptions:\n- alternatives_considered: {role: x}\n",
         "2: alternatives_considered has no element 'role': did you mean iam_role?"),
        ("exceptions:\n- expires: 2030-02-30\n", "2: expires is no date: write it as 2030-12-31"),
        ("exceptions:\n- expires: 20301231\n", "2: expires is no date: write it as 2030-12-31"),
        ("exceptions:\n- expires: 2030-12-31 12:00:00\n",
         "2: expires is no date: write it as 2030-12-31"),
        ("exceptions:\n- root: ../other\n",
         "2: root does not lead below the register's own folder: write it like prod/eu"),
        ("exceptions:\n- root: a/../../b\n",
         "2: root does not lead below the register's own folder: write it like prod/eu"),
        ("exceptions:\n- root: /etc\n",
         "2: root does not lead below the register's own folder: write it like prod/eu"),
        ("exceptions:\n- purpose: " + "x" * 2001 + "\n",
         "2: purpose has more than 2,000 characters: say it shorter, link the rest"),
        ("exceptions:\n- permissions: [" + "a," * 501 + "]\n",
         "2: permissions has more than 500 items: use fewer"),
        ("[" * 100_000, "1: nested too deeply: a register is a list of entries"),
        ("#" * (nodes.MAX_SIZE + 1),
         "0: larger than 1,000,000 bytes, not read: split the register"),
    ],
    ids=range(41),
)  # fmt: skip
def test_every_mistake_has_its_line_and_what_to_do(text: str | bytes, problem: str) -> None:
    assert problems(text) == [f"r.yaml:{problem}"]


def test_an_alias_bomb_costs_nothing() -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a,*a]\n" for n in range(1000))

    assert problems(bomb) == ["r.yaml:1: anchors and aliases are not read: write the value out"]


def test_all_mistakes_of_an_entry_are_said() -> None:
    assert len(problems("exceptions:\n- id: 1\n  key: 2\n  typo: 3\n  expires: 4\n")) == 4


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "exceptions:\n", "exceptions: []\n"])
def test_an_empty_register_is_one(text: str) -> None:
    found = read(text.encode(), "r.yaml")

    assert (found.entries, found.problems) == ((), ())


def test_a_mark_in_front_and_other_line_ends_are_text() -> None:
    text = register(entry()).replace("\n", "\r\n")
    plain = read(register(entry()).encode(), "r.yaml")

    assert read(b"\xef\xbb\xbf" + text.encode(), "r.yaml").entries == plain.entries


def test_elements_know_their_lines() -> None:
    text = (
        "exceptions:\n"
        "  - id: A\n"
        "    rotation:\n"
        "      days: 60\n"
        "    purpose: >\n"
        "      two\n"
        "      lines\n"
        "  - {id: B, expires: 2030-12-31}\n"
    )
    first, second = read(text.encode(), "r.yaml").entries

    assert (first.location.line, first.location.end_line) == (2, 8)
    assert first.at("rotation.days").line == 4
    assert first.at("rotation.how").line == 3, "where it belongs"
    assert first.at("audit") == first.location
    assert first.purpose == "two lines"
    assert second.expires == date(2030, 12, 31)
    assert second.at("expires").column == 13


def test_the_schema_names_what_is_read() -> None:
    made = SCHEMA["$defs"]["entry"]["properties"]

    assert set(made) == set(FIELDS)
    assert set(made["rotation"]["properties"]) == set(ROTATION)
    assert set(made["alternatives_considered"]["properties"]) == set(STEPS)


def plain(data: str) -> Any:
    """As an editor sees it: dates are texts."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, match) for tag, match in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(data, Loader=loader)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"root": "prod/eu"},
        {"key": 'module.a["x.y"].module.b[0].aws_iam_access_key.c["*"]'},
        {"key": "module.ci[*].aws_iam_access_key.this"},
        {"id": "a"},
        {"rotation": {"days": 1, "how": "x"}},
    ],
)
def test_both_accept(changes: dict[str, Any]) -> None:
    text = register(entry(**changes))

    assert problems(text) == []
    jsonschema.validate(plain(text), SCHEMA)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "-a"},
        {"id": "a" * 65},
        {"key": "x"},
        {"key": "a.b c"},
        {"key": "a.b[-1]"},
        {"root": "../x"},
        {"root": "/x"},
        {"root": "a\\b"},
        {"purpose": 7},
        {"purpose": "x" * 2001},
        {"permissions": "s3:PutObject"},
        {"permissions": [1]},
        {"source": {"a": "b"}},
        {"rotation": {"days": "x", "how": "y"}},
        {"rotation": {"days": 0, "how": "y"}},
        {"rotation": {"days": 100_000, "how": "y"}},
        {"rotation": {"days": 1, "how": "y", "x": "y"}},
        {"alternatives_considered": {**entry()["alternatives_considered"], "x": "y"}},
        {"approved_on": "yesterday"},
        {"expires": 2030},
        {"owners": "x"},
    ],
)
def test_both_refuse(changes: dict[str, Any]) -> None:
    text = register(entry(**changes))

    assert problems(text) != []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(text), SCHEMA)


def test_the_schema_is_a_schema(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["exceptions", "schema"]) == 0
    assert json.loads(capfd.readouterr().out) == SCHEMA
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


# --- in a scan ---


def test_a_malformed_entry_covers_nothing_and_the_others_are_judged(tree: Path, run: Run) -> None:
    write(tree, KEY + '\nresource "aws_iam_access_key" "b" {\n  user = "b"\n}\n', "main.tf")
    second = entry(id="EXC-2", key="aws_iam_access_key.b", expires="soon")
    write(tree, register(entry(), second))
    done = run("scan")

    assert done.code == 2
    assert done.errors == [(REGISTER, 41, "expires is no date: write it as 2030-12-31")]
    assert list(done.covered) == ["aws_iam_access_key.scales"]
    assert "RF101" in done.rules("aws_iam_access_key.b")


def test_a_register_that_is_no_file(tree: Path, run: Run) -> None:
    os.mkfifo(tree / REGISTER)
    done = run("scan")

    assert done.code == 2
    assert done.errors == [(REGISTER, 0, "cannot be read: not a regular file, not read")]


def test_a_link_out_of_the_tree_is_not_read(tree: Path, run: Run, tmp_path_factory: Any) -> None:
    outside = write(tmp_path_factory.mktemp("outside"), register(entry()))
    (tree / REGISTER).symlink_to(outside)
    done = run("scan")

    assert done.code == 2
    assert done.covered == {}
    assert "leads out of the scanned folder" in done.errors[0][2]


@pytest.mark.parametrize("name", ["nope.yaml", ".", "/dev/null/x"])
def test_a_named_register_that_cannot_be_read(tree: Path, run: Run, name: str) -> None:
    done = run("scan", "--exceptions", name)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: --exceptions {name}: cannot be read: ")


def test_another_name_is_no_register(tree: Path, run: Run) -> None:
    write(tree, register(entry()), f"old-{REGISTER}")

    assert run("scan").covered == {}


def test_key_material_in_a_register_is_not_shown(tree: Path, run: Run) -> None:
    write(tree, register(entry(audit="AKIAIOSFODNN7EXAMPLQ", purpose="x AKIAIOSFODNN7EXAMPLQ")))
    text = run("scan").out

    assert "IOSFODNN7" not in text


def test_a_clean_tree_imports_nothing_for_registers(tree: Path) -> None:
    import subprocess
    import sys

    (tree / "main.tf").write_text('resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n')
    code = (
        "import sys; from rolefirst import cli; cli.main(['scan', '.']); "
        "print([name for name in sys.modules if 'yaml' in name or 'rolefirst.exceptions.' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
