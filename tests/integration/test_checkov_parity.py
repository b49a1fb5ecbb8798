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


@pytest.fixture(scope="module")
def newest() -> Path:
    return checkov_env.executables()[-1]


@pytest.mark.parametrize("estate", estates(), ids=name)
def test_same_findings(estate: Path, newest: Path, tmp_path: Path) -> None:
    check(estate, newest, tmp_path)


@pytest.mark.parametrize(
    "estate",
    [path for path in estates() if "cases" in path.parts or "examples" in path.parts],
    ids=name,
)
def test_same_findings_in_the_oldest_checkov(estate: Path, tmp_path: Path) -> None:
    check(estate, checkov_env.executables()[0], tmp_path)


def check(estate: Path, checkov: Path, tmp_path: Path) -> None:
    folder = tmp_path / "estate"
    if estate.is_dir():
        shutil.copytree(estate, folder)
    else:
        folder.mkdir()
        shutil.copy(estate, folder / "main.tf")
    report = from_the_command_line(folder)
    assert report["errors"] == []
    done = run(checkov, folder)
    plugin = {
        (record["check_id"], address)
        for record in done.records()
        for address in concerned(record["check_name"], record["resource"])
    }
    assert plugin == {(f["rule"], shown_as(f["address"])) for f in report["findings"]}


def from_the_command_line(folder: Path) -> dict:
    command = [sys.executable, "-m", "rolefirst", "scan", ".", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return json.loads(done.stdout)
