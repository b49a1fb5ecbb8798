"""Small estates: files → project → key, flow and decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rolefirst.decision.hints import key_modules
from rolefirst.loaders import hcl
from rolefirst.project import Project

USER = 'resource "aws_iam_user" "u" {\n  name = "svc"\n}\n'
KEY = 'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'


@pytest.fixture
def estate(tmp_path: Path) -> Callable[[str | Mapping[str, str]], Project]:
    """The project of some files; a text alone is a root module with the user and key ``k``."""
    number = iter(range(100))

    def make(files: str | Mapping[str, str]) -> Project:
        root = tmp_path / f"estate{next(number)}"
        named = {"main.tf": USER + KEY + files} if isinstance(files, str) else files
        for name, text in named.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        project = hcl.load(root, modules=key_modules())
        list(project.resources("aws_iam_access_key"))
        assert project.errors == []
        return project

    return make
