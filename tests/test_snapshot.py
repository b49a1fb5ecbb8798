"""A folder as it was in a commit, as files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rolefirst.errors import UsageError
from rolefirst.snapshot import copies, snapshot

Commit = Callable[[str], str]


def tree_of(folder: Path, *entries: str) -> str:
    done = subprocess.run(
        ("git", "mktree"), cwd=folder, input="\n".join(entries), capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, git: Callable[..., str]) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


@pytest.fixture
def blob(repository: Path, git: Callable[..., str]) -> str:
    (repository / "f").write_text("x\n")
    return git(repository, "hash-object", "-w", "f")


@pytest.fixture
def commit(repository: Path, git: Callable[..., str]) -> Commit:
    return lambda tree: git(repository, "commit-tree", tree, "-m", "x")


def test_the_files_are_there_and_gone(repository: Path, blob: str, commit: Commit) -> None:
    inner = tree_of(repository, f"100644 blob {blob}\tb.tf", f"120000 blob {blob}\tlink")
    outer = tree_of(repository, f"040000 tree {inner}\ta", f"100755 blob {blob}\tc.tf")
    with snapshot(str(repository), commit(outer)) as folder:
        files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
        assert files == {"a/b.tf", "c.tf"}
        assert (folder / "a" / "b.tf").read_text() == "x\n"
    assert not folder.exists()


def test_a_tree_does_not_lead_out(repository: Path, blob: str, commit: Commit, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", os.fspath(repository.parent))
    inner = tree_of(repository, f"100644 blob {blob}\towned")
    outer = tree_of(repository, f"040000 tree {inner}\t..", f"100644 blob {blob}\tc.tf")
    with snapshot(str(repository), commit(outer)) as folder:
        assert [path.name for path in folder.iterdir()] == ["c.tf"]
    assert not (repository.parent / "owned").exists()


def test_a_name_that_is_too_long_is_said(repository: Path, blob: str, commit: Commit) -> None:
    tree = tree_of(repository, f"100644 blob {blob}\t{'a' * 300}")
    with (
        pytest.raises(UsageError, match="cannot be copied"),
        snapshot(str(repository), commit(tree)),
    ):
        pass


def test_copies_of_files(repository: Path, git: Callable[..., str], tmp_path: Path) -> None:
    inside, new, outside = repository / "a.tfvars", repository / "b.tfvars", tmp_path / "c.tfvars"
    inside.write_text("old\n")
    git(repository, "add", "a.tfvars")
    git(repository, "commit", "-qm", "x")
    for file in (inside, new, outside):
        file.write_text("new\n")
    with copies(map(str, (inside, new, outside)), str(repository), "HEAD") as found:
        assert [Path(each).read_text() for each in found] == ["old\n", "new\n"]
        assert [Path(each).name for each in found] == ["a.tfvars", "c.tfvars"]
    assert outside.exists()
    assert not Path(found[0]).exists()
