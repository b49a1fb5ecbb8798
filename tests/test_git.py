from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rolefirst import git as asked
from rolefirst.errors import UsageError

Run = Callable[..., str]


@pytest.fixture
def run(git: Run) -> Run:
    return git


@pytest.fixture
def tree(tmp_path: Path, run: Run) -> Path:
    """A repository whose first commit is called ``base``."""
    run(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text("a\nb\nc\n")
    (tmp_path / "other.tf").write_text("x\n")
    (tmp_path / "infra" / "link.tf").symlink_to("/etc/passwd")
    run(tmp_path, "add", ".")
    run(tmp_path, "commit", "-q", "-m", "first")
    run(tmp_path, "tag", "base")
    return tmp_path


def test_a_file_of_a_commit(tree: Path) -> None:
    (tree / "infra" / "main.tf").write_text("changed\n")
    assert asked.show("base", str(tree / "infra" / "main.tf")) == b"a\nb\nc\n"
    assert asked.show("base", str(tree / "infra" / "gone.tf")) is None
    assert asked.show("base", str(tree / "gone" / "main.tf")) is None


def test_a_folder_that_is_gone(tree: Path, run: Run) -> None:
    run(tree, "rm", "-rq", "infra")
    assert asked.show("base", str(tree / "infra" / "main.tf")) == b"a\nb\nc\n"


def test_a_link_is_no_file(tree: Path) -> None:
    assert asked.show("base", str(tree / "infra" / "link.tf")) is None


def test_every_file_below_a_folder(tree: Path, run: Run) -> None:
    (tree / "infra" / "empty.tf").write_bytes(b"")
    (tree / "infra" / "ä \n.tf").write_bytes(b"\0\n\n")
    run(tree, "add", ".")
    run(tree, "commit", "-q", "-m", "second")
    assert dict(asked.files(str(tree / "infra"), "HEAD")) == {
        "main.tf": b"a\nb\nc\n",
        "empty.tf": b"",
        "ä \n.tf": b"\0\n\n",
    }


def test_the_diff_is_of_the_folder_and_knows_renames(tree: Path, run: Run) -> None:
    run(tree, "mv", "infra/main.tf", "infra/renamed.tf")
    (tree / "other.tf").write_text("y\n")
    text = asked.diff(str(tree / "infra"), "base").decode()
    assert "rename to renamed.tf" in text
    assert "@@" not in text
    assert "other.tf" not in text


def test_what_is_not_committed(tree: Path) -> None:
    (tree / "infra" / "main.tf").write_text("changed\n")
    (tree / "infra" / "new.tf").write_text("new\n")
    names = ["main.tf", "new.tf", "link.tf"]
    assert asked.dirty(str(tree / "infra"), names) == ("main.tf", "new.tf")
    assert asked.dirty(str(tree / "infra"), []) == ()


def test_the_merge_base(tree: Path, run: Run) -> None:
    base = run(tree, "rev-parse", "HEAD")
    run(tree, "checkout", "-q", "-b", "topic")
    (tree / "other.tf").write_text("y\n")
    run(tree, "commit", "-q", "-am", "topic")
    assert asked.merge_base(str(tree), "main") == base


@pytest.mark.parametrize("ref", ["nothing", "--output=x", "-h", "", "main:other.tf", "a\nb"])
def test_what_names_no_commit_is_wrong_usage(tree: Path, ref: str) -> None:
    with pytest.raises(UsageError):
        asked.commit(str(tree), ref)


def test_without_a_repository(tmp_path: Path) -> None:
    assert asked.root(str(tmp_path)) is None
    assert asked.dirty(str(tmp_path), ["a"]) == ()
    with pytest.raises(UsageError, match="not in a git repository"):
        asked.commit(str(tmp_path), "main")


def test_unrelated_histories_have_no_base(tree: Path, run: Run) -> None:
    run(tree, "checkout", "-q", "--orphan", "lonely")
    run(tree, "commit", "-q", "--allow-empty", "-m", "lonely")
    with pytest.raises(UsageError) as raised:
        asked.merge_base(str(tree), "base")
    assert "fetch-depth" in raised.value.hint


def test_no_program_of_the_repository_runs(tree: Path, run: Run) -> None:
    marker = tree / "ran"
    script = tree / "script.sh"
    script.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(0o755)
    (tree / ".gitattributes").write_text("*.tf diff=evil\n")
    for name in ("diff.evil.textconv", "diff.evil.command", "core.fsmonitor", "diff.external"):
        run(tree, "config", name, str(script))
    (tree / "other.tf").write_text("y\n")
    asked.diff(str(tree), "base")
    list(asked.files(str(tree), "base"))
    assert not marker.exists()


@pytest.mark.parametrize("bare", ["true", "false"])
def test_committed_files_are_no_repository(tree: Path, run: Run, tmp_path: Path, bare: str) -> None:
    """git takes a folder with HEAD, objects and refs for a repository, and runs what it names."""
    evil = tree / "infra"
    run(tree, "init", "-q", "--bare", "-b", "main", str(evil))
    marker = tmp_path / "ran"
    (evil / ".gitattributes").write_text("*.tf filter=evil\n")
    (evil / "config").write_text(
        f"[core]\nrepositoryformatversion=0\nbare={bare}\n"
        + ("worktree=.\n" if bare == "false" else "")
        + f'[filter "evil"]\nclean="touch {marker}; cat"\n'
    )
    tree_id = run(evil, "--git-dir=.", "write-tree")
    forged = run(evil, "--git-dir=.", "commit-tree", "-m", "forged", tree_id)
    run(evil, "--git-dir=.", "update-ref", "refs/tags/base", forged)
    assert asked.root(str(evil)) == str(tree.resolve())
    assert asked.commit(str(evil), "base") == run(tree, "rev-parse", "base")
    assert asked.show("base", str(evil / "main.tf")) == b"a\nb\nc\n"
    asked.diff(str(evil), "base")
    assert asked.dirty(str(evil), ["main.tf"]) == ()
    assert not marker.exists()


def test_an_attribute_hides_no_line(tree: Path) -> None:
    (tree / ".gitattributes").write_text("*.tf binary\n")
    (tree / "other.tf").write_text("y\n")
    assert b"\n+y\n" in asked.diff(str(tree), "base")


def test_hunks_are_not_joined(tree: Path, run: Run) -> None:
    run(tree, "config", "diff.interHunkContext", "9")
    (tree / "infra" / "main.tf").write_text("A\nb\nC\n")
    assert asked.diff(str(tree), "base").count(b"@@ -") == 2


def test_a_blob_that_is_missing(tree: Path, run: Run) -> None:
    blob = run(tree, "rev-parse", "base:other.tf")
    (tree / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(UsageError, match="has no object"):
        list(asked.files(str(tree), "base"))


def test_a_folder_is_no_file(tree: Path) -> None:
    assert asked.show("base", str(tree / "infra")) is None


def test_git_is_missing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))
    with pytest.raises(UsageError, match="git cannot be started"):
        asked.commit(str(tree), "base")
