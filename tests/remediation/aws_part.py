"""The AWS part of proven trees, for ``terraform validate``: without any other provider.

Blocks of other providers are left out, and what referred to them is a value that nobody knows. The
trees of one template become the modules of one root, so that Terraform starts once for all.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path

from checks import write_tree

from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.scanner import Span

_OURS = ("aws_", "terraform_")
_LOCAL = re.compile(r'source\s*=\s*"\.')
_VARIABLE = re.compile(r'(?m)^variable "(\w+)"')
#: A call of a local module: all but its closing brace, and the folder.
_CALL = re.compile(
    r'(?m)^(module "\w+" \{\n(?:(?!\}).*\n)*?  source += "(\.[^"]*)"\n(?:(?!\}).*\n)*)\}\n'
)
_ROOT = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}
"""
_UNKNOWN = 'variable "unknown" {\n  type = any\n}\n'


def roots(trees: Iterable[tuple[str, Path]], folder: Path) -> dict[str, Path]:
    """A root module for each template that calls all its trees."""
    made: dict[str, Path] = {}
    for template, tree in trees:
        root = folder / template.replace("/", "_")
        if template not in made:
            made[template] = root
            write_tree(root, {"main.tf": _ROOT, "unknown.tf": _UNKNOWN})
        name = f"shape_{tree.parent.name}"
        aws_part(tree, root / name)
        call = f'\nmodule "{name}" {{\n  source = "./{name}"\n}}\n'
        with (root / "main.tf").open("a") as file:
            file.write(_with_inputs(call, root))
    return made


def aws_part(tree: Path, target: Path) -> None:
    """Write the AWS part of a tree, deepest modules first: calls pass what those ask for."""
    folders = {tree, *(file.parent for file in tree.rglob("*.tf"))}
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        texts: list[str] = []
        gone: list[str] = []
        for file in sorted(folder.glob("*.tf")):
            _split(file.read_bytes(), texts, gone)
        place = target / folder.relative_to(tree)
        text = _forget("\n".join(texts), gone)
        write_tree(place, {"main.tf": _with_inputs(text, place), "unknown.tf": _UNKNOWN})


def _split(data: bytes, texts: list[str], gone: list[str]) -> None:
    """The blocks that stay, as text, and the names of those that do not."""
    for block in scanner.blocks(data):
        assert isinstance(block, Span)
        text = data[block.start : block.end].decode("utf-8") + "\n"
        kind = block.labels[0] if block.labels else ""
        if block.keyword in ("resource", "data") and not kind.startswith(_OURS):
            gone.append(("data." if block.keyword == "data" else "") + ".".join(block.labels))
        elif block.keyword == "module" and not _LOCAL.search(text):
            gone.append(f"module.{kind}")
        elif block.keyword == "terraform":
            texts += [text] if "configuration_aliases" in text else []
        elif block.keyword != "provider" or kind == "aws":
            texts.append(text)


def _forget(text: str, gone: list[str]) -> str:
    """Replace what refers to blocks that are not there; nothing depends on them."""
    if not gone:
        return text
    names = "|".join(map(re.escape, gone))
    reference = rf"(?<![\w.])(?:{names})(?![\w-])(?:\.[\w-]+|\.\*|\[[^\[\]]*\])*"
    text = re.sub(reference, "var.unknown", text)
    return re.sub(r"(?m)^ *depends_on +=.*var\.unknown.*\n", "", text)


def _with_inputs(text: str, folder: Path) -> str:
    """The code with the variables passed that its modules ask for and nobody gives them yet."""

    def passed(call: re.Match[str]) -> str:
        asked = _VARIABLE.findall(_text_of(folder / call[2]))
        given = set(re.findall(r"(?m)^  (\w+) += ", call[0]))
        more = "".join(f"\n  {name} = var.unknown\n" for name in asked if name not in given)
        return f"{call[1]}{more}}}\n"

    return _CALL.sub(passed, text)


def _text_of(folder: Path) -> str:
    return "".join(file.read_text("utf-8") for file in sorted(folder.glob("*.tf")))


def has_registry(root: Path) -> bool:
    """Whether ``terraform init`` reaches the AWS provider."""
    return not _run(f"terraform -chdir={root} init -backend=false -input=false -no-color")


def invalid(root: Path, command: str | None) -> str:
    """What ``terraform validate``, or the command in its place, says against a root module."""
    chdir = f"terraform -chdir={root}"
    if command is None:
        initialized = _run(f"{chdir} init -backend=false -input=false -no-color")
        return initialized or _run(f"{chdir} validate -no-color")
    return _run(f"{chdir} get -no-color") or _run(f"{command} {root}")


def _run(command: str) -> str:
    """What a command says when it fails."""
    done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr or "failed") if done.returncode else ""
