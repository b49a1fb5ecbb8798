"""The register of exceptions counts inside checkov as it does on the command line."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import checkov_env
import pytest
from checkov_env import REPOSITORY, run

pytestmark = pytest.mark.checkov
KEYS = ("aws_iam_access_key.a", "aws_iam_access_key.b")
REGISTER = "access-key-exceptions.yaml"


@pytest.fixture
def checkov() -> Path:
    return checkov_env.executables()[-1]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example with an exception, in force today."""
    folder = tmp_path / "exception"
    shutil.copytree(REPOSITORY / "examples" / "exception", folder)
    change(folder, "2026-11-02", str(date.today() - timedelta(days=1)))
    change(folder, "2027-10-31", str(date.today() + timedelta(days=300)))
    return folder


def change(folder: Path, old: str, new: str, name: str = REGISTER) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_a_covered_key_is_skipped(checkov: Path, example: Path) -> None:
    done = run(checkov, example)

    assert {("RF101", key) for key in KEYS} <= done.pairs("skipped")
    assert {pair for pair in done.pairs() if pair[0][:3] in ("RF1", "RF9")} == set()


def test_a_contradiction_fails_on_the_key(checkov: Path, example: Path) -> None:
    change(example, "203.0.113.16/28", "203.0.113.0/24", "main.tf")
    done = run(checkov, example)

    assert {(rule, key) for rule in ("RF101", "RF904") for key in KEYS} <= done.pairs()
    assert "203.0.113.0/24" in done.text("RF904", KEYS[0])
    assert f"({REGISTER}:" in done.text("RF904", KEYS[0])


def test_an_entry_without_a_key_is_shown_on_the_nearest_block(checkov: Path, example: Path) -> None:
    change(example, "aws_iam_access_key.b", "aws_iam_access_key.c")
    done = run(checkov, example)

    assert {("RF101", KEYS[1])} <= done.pairs()
    assert "exception.EXC-2026-004-B" in str(done.records())
    assert "RF903" in {rule for rule, _ in done.pairs()}


def test_a_register_that_cannot_be_read_fails(checkov: Path, example: Path) -> None:
    (example / REGISTER).write_text("exceptions: [", encoding="utf-8")
    done = run(checkov, example)

    assert {("RF101", key) for key in KEYS} <= done.pairs()
    assert "not valid YAML" in str(done.records())
