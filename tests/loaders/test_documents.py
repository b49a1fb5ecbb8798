"""CI files, scripts and READMEs beside the code: which are read, and within which limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst.loaders import documents


def found(top: Path) -> dict[str, str]:
    return {document.path: document.kind for document in documents.find(str(top))}


def write(top: Path, *names: str) -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text\n", encoding="utf-8")


def test_kinds(tmp_path: Path) -> None:
    write(
        tmp_path,
        ".github/workflows/a.yml",
        ".gitlab-ci.yml",
        "ci/Jenkinsfile",
        "Makefile",
        "bin/run.sh",
        "README.md",
        "concourse/pipelines/deploy.yml",
        "main.tf",
        "values.yaml",
    )
    assert found(tmp_path) == {
        ".github/workflows/a.yml": "ci",
        ".gitlab-ci.yml": "ci",
        "ci/Jenkinsfile": "ci",
        "Makefile": "script",
        "bin/run.sh": "script",
        "README.md": "readme",
        "concourse/pipelines/deploy.yml": "ci",
    }


def test_other_peoples_folders_and_links_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "vendor/a.sh", ".git/b.sh", ".terraform/modules/x/README.md", "own.sh")
    (tmp_path / "link.sh").symlink_to(tmp_path / "own.sh")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert found(tmp_path) == {"own.sh": "script"}


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.sh", "b.sh", "c.sh")
    monkeypatch.setattr(documents, "MAX_DOCUMENTS", 2)
    assert list(found(tmp_path)) == ["a.sh", "b.sh"]
    monkeypatch.setattr(documents, "MAX_BYTES", 2)
    assert [document.text for document in documents.find(str(tmp_path))] == ["te", "te"]


def test_a_deep_tree_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/a.sh", "b/b.sh", "z/z.sh")
    monkeypatch.setattr(documents, "MAX_ENTRIES", 4)
    assert "z/z.sh" not in found(tmp_path)


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_bytes(b"\xff\x00\n")
    (document,) = documents.find(str(tmp_path))
    assert document.text == "\ufffd\x00\n"
