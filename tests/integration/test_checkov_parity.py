"""One verdict, two doors: the command line and the plugin say the same about the same code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import checkov_env
import pytest
from checkov_env import REPOSITORY, run

from rolefirst import rules
from rolefirst.loaders.checkov_places import concerned, shown_as

pytestmark = pytest.mark.checkov


def estates() -> list[Path]:
    """The examples of every rule, of the repository and of these tests."""
    found = [*(REPOSITORY / "tests" / "rules").glob("*/*.tf")]
    for folder in ("tests/rules/*/*/", "examples/*/", "tests/integration/cases/*/"):
        found += [path for path in REPOSITORY.glob(folder) if any(path.rglob("*.tf"))]
    return sorted(found)


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


Pairs = set[tuple[str, str]]


@pytest.fixture(scope="module", params=range(2), ids=["oldest", "newest"])
def verdicts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Pairs], list[Pairs]]:
    """What both doors say about every estate, read by each of them in one go."""
    tree = tmp_path_factory.mktemp("estates")
    for number, estate in enumerate(estates()):
        folder = tree / f"e{number:03}"
        if estate.is_dir():
            shutil.copytree(estate, folder)
        else:
            folder.mkdir()
            shutil.copy(estate, folder / "main.tf")
    report = from_the_command_line(tree)
    assert report["errors"] == []
    ours: list[Pairs] = [set() for _ in estates()]
    for found in report["findings"]:
        place = ours[number_of(found["location"]["path"])]
        place.add((found["rule"], shown_as(found["address"])))
    done = run(checkov_env.executables()[request.param], tree)
    plugin: list[Pairs] = [set() for _ in estates()]
    for record in done.records():
        for address in concerned(record["check_name"], record["resource"]):
            plugin[number_of(record["file_path"])].add((record["check_id"], address))
    return ours, plugin


def number_of(path: str) -> int:
    """The estate that a path inside the tree belongs to."""
    return int(path.lstrip("/").partition("/")[0][1:])


@pytest.mark.parametrize("number", range(len(estates())), ids=[name(path) for path in estates()])
def test_same_findings(verdicts: tuple[list[Pairs], list[Pairs]], number: int) -> None:
    ours, plugin = verdicts
    assert plugin[number] == ours[number]


def test_the_estates_show_every_rule(verdicts: tuple[list[Pairs], list[Pairs]]) -> None:
    shown = {rule for pairs in verdicts[1] for rule, _ in pairs}
    # What one estate has and another lacks may be the same account: test_checkov_missing.py.
    assert shown | {"RF204", "RF801", "RF802"} == {rule.id for rule in rules.load()}


def from_the_command_line(folder: Path) -> dict:
    command = [sys.executable, "-m", "rolefirst", "scan", ".", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return json.loads(done.stdout)
