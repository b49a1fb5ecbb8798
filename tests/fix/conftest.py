"""Small trees to fix, in and out of git."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fix_trees import TASK, UNUSED

from rolefirst import cli


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key that goes and one that needs a look; the command line runs in it."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "task.tf").write_text(TASK)
    (folder / "unused.tf").write_text(UNUSED)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def git(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The tree as a repository in which all is committed; runs git in it."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")

    def call(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=tree, capture_output=True, text=True, check=True
        )
        return done.stdout

    call("init", "-q", ".")
    call("add", "-A")
    call("commit", "-qm", "all")
    return call


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """The command line without a process of its own."""

    def call(*arguments: str) -> Outcome:
        capfd.readouterr()
        try:
            code = cli.main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
