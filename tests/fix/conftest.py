"""Small trees to fix, in and out of git."""

from __future__ import annotations

import functools
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
def committed(tree: Path, git: Callable[..., str]) -> Callable[..., str]:
    """The tree as a repository in which all is committed; runs git in it."""
    git(tree, "init", "-q", ".")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "all")
    return functools.partial(git, tree)


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
