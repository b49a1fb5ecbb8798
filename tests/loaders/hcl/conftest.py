"""Small trees of Terraform for the tests of the HCL loader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from rolefirst.loaders.hcl import load
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.project import Block, Value

Files = dict[str, str | bytes]
#: What makes a directory worth reading.
KEY = '\nresource "aws_iam_access_key" "key" {\n  user = "ci"\n}\n'


class Estate:
    """A tree on disk and the project over it."""

    def __init__(self, top: Path, var_files: Iterable[Path] = ()) -> None:
        self.top = top
        self.project: HclProject = load(top, tuple(var_files))

    def blocks(self, kind: str, directory: str = ".") -> list[Block]:
        """The blocks of a kind in every instance of a directory."""
        instances = self.project.tree.instances().get(directory, [])
        return [
            block
            for instance in instances
            for definition in instance.directory.of(kind)
            for block in instance.blocks(definition)
        ]

    def local(self, name: str, directory: str = ".") -> Value:
        """The value of a local of the first instance of a directory."""
        found = [block for block in self.blocks("local", directory) if block.name == name]
        return found[0]["value"]

    def key_addresses(self) -> list[str]:
        """The addresses of all access keys."""
        return sorted(block.address for block in self.project.resources("aws_iam_access_key"))

    def block(self, address: str) -> Block:
        """The block at an address, whichever directory it stands in."""
        for kind in ("resource", "data", "module", "output", "variable", "provider", "local"):
            for path in self.project.tree.instances():
                for block in self.blocks(kind, path):
                    if block.address == address:
                        return block
        raise KeyError(address)

    @property
    def errors(self) -> list[tuple[str, int, str]]:
        """What could not be read, plainly."""
        return [(e.path, e.line, e.message) for e in self.project.errors]


Make = Callable[..., Estate]


@pytest.fixture
def estate(tmp_path: Path) -> Make:
    """Write files and load them: ``estate({"main.tf": "…"})``."""

    def make(files: Files | str, *var_files: str) -> Estate:
        for name, text in ({"main.tf": files} if isinstance(files, str) else files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return Estate(tmp_path, [tmp_path / name for name in var_files])

    return make


@pytest.fixture
def local(estate: Make) -> Callable[..., Value]:
    """The value of ``local.x = <expression>``, with more code around it."""

    def value(expression: str, more: str = "", files: Files | None = None) -> Value:
        text = f"locals {{\n  x = {expression}\n}}\n{more}{KEY}"
        return estate({"main.tf": text, **(files or {})}).local("x")

    return value


@pytest.fixture
def load_tree() -> Callable[[Path], Estate]:
    """Load a tree that is there."""
    return Estate
