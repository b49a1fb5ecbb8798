"""Small estates: files → project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rolefirst.loaders import hcl
from rolefirst.project import Project

ANCHOR = 'resource "aws_iam_user" "anchor" {\n  name = "anchor"\n}\n'


@pytest.fixture
def estate(tmp_path: Path) -> Callable[[str | Mapping[str, str]], Project]:
    """The project of some files. A user makes the folder worth reading."""
    number = iter(range(100))

    def make(files: str | Mapping[str, str]) -> Project:
        root = tmp_path / f"estate{next(number)}"
        named = {"main.tf": files} if isinstance(files, str) else files
        for name, text in {**named, "anchor.tf": ANCHOR}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        project = hcl.load(root)
        list(project.resources("aws_iam_user"))
        assert project.errors == []
        return project

    return make
