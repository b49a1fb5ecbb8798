"""Small trees to scan, and the command line as a function and as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rolefirst import cli

SOURCE = Path(__file__).parents[2] / "src"

CLEAN = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
KEY = """\
resource "aws_iam_user" "ci" {
  name = "ci"
  tags = { Owner = "platform-team@example.com" }
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}

resource "github_actions_secret" "k" {
  repository      = "app"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.ci.secret
}
"""
#: A user without an owner: one finding (RF401, medium) and nothing else.
USER = 'resource "aws_iam_user" "someone" {\n  name = "someone"\n}\n'
#: An owner that nobody can know: one undetermined result (RF401) and nothing else.
UNKNOWN = (
    'variable "owner" {\n  type = string\n}\n'
    'resource "aws_iam_user" "u" {\n  name = "u"\n  tags = { Owner = var.owner }\n}\n'
    'provider "aws" {}\n'
)
#: A key that only a default keeps from being made: one undetermined result (RF101).
DORMANT = (
    'variable "ci_users" {\n  default = {}\n}\n'
    'resource "aws_iam_access_key" "ci" {\n  for_each = var.ci_users\n  user     = each.key\n}\n'
)
BROKEN = 'resource "aws_iam_user" "broken" {\n  name = "broken"\n  tags = {\n'

TREES = {
    "clean": {"main.tf": CLEAN},
    "key": {"main.tf": KEY},
    "user": {"main.tf": USER},
    "unknown": {"main.tf": UNKNOWN},
    "dormant": {"main.tf": DORMANT},
    "broken": {"good.tf": KEY, "zz.tf": BROKEN},
}


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one folder per tree; the command line runs inside of it."""
    for tree, files in TREES.items():
        for name, text in files.items():
            file = tmp_path / tree / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


@pytest.fixture
def spawn() -> Callable[..., Outcome]:
    """The command line as users start it; ``python`` are options of the interpreter."""

    def call(
        *arguments: str, python: tuple[str, ...] = (), path: Path | None = None, **environment: str
    ) -> Outcome:
        done = subprocess.run(
            [sys.executable, *python, "-m", "rolefirst", *arguments],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([*([str(path)] if path else []), str(SOURCE)]),
                **environment,
            },
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Outcome(
            done.returncode,
            done.stdout.decode("utf-8", "surrogateescape"),
            done.stderr.decode("utf-8", "surrogateescape"),
        )

    return call
