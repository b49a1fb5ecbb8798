"""What is missing from a whole tree, through both doors.

In the tree of the parity test some estate has it. Here none does: every rule about something that
is missing speaks on its own bad example.
"""

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
RULES = ("RF202", "RF203", "RF204", "RF801", "RF802", "RF803")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("missing")
    for rule in RULES:
        (estate,) = (REPOSITORY / "tests" / "rules").glob(f"{rule.lower()}_*/bad.tf")
        (folder / rule).mkdir()
        shutil.copy(estate, folder / rule / "main.tf")
    return folder


def from_the_command_line(tree: Path) -> set[tuple[str, str, str]]:
    command = [sys.executable, "-m", "rolefirst", "scan", ".", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    return {
        (found["location"]["path"], found["rule"], shown_as(found["address"]))
        for found in json.loads(done.stdout)["findings"]
    }


@pytest.mark.parametrize("number", range(2), ids=["oldest", "newest"])
def test_same_findings(tree: Path, number: int) -> None:
    plugin = {
        (record["file_path"].lstrip("/"), record["check_id"], address)
        for record in run(checkov_env.executables()[number], tree).records()
        for address in concerned(record["check_name"], record["resource"])
    }
    assert plugin == from_the_command_line(tree)
    assert {(f"{rule}/main.tf", rule) for rule in RULES} <= {found[:2] for found in plugin}
