"""The command line as a function, inside of a folder with a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from keys_that_stay import KEY, Outcome, Run

from rolefirst import cli


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """A command with its report as JSON where it has one."""

    def call(*arguments: str) -> Outcome:
        capfd.readouterr()
        form = () if "new" in arguments else ("--format", "json")
        try:
            code = cli.main([*arguments, *form])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the key; the command line runs inside of it."""
    (tmp_path / "main.tf").write_text(KEY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
