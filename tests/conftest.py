"""What all tests share: no test reaches the network or sees the developer's environment."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Refuse every connection except to this machine's own sockets."""
    if request.node.get_closest_marker("online"):
        return

    def refuse(_self: socket.socket, address: Any, *_: Any) -> NoReturn:
        raise AssertionError(f"a test tried to connect to {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the variables that Terraform, AWS and terminals listen to."""
    for name in tuple(os.environ):
        if name.startswith(("AWS_", "TF_", "TFC_", "ROLEFIRST_", "GITHUB_", "GITLAB_")):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def git(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs git in a folder, as somebody without any settings, and gives what it prints."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")

    def call(folder: Path, *arguments: str) -> str:
        done = subprocess.run(
            ("git", *arguments), cwd=folder, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return call
