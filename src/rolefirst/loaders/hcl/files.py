"""Which files of a tree Terraform reads, and their bytes.

Terraform reads ``*.tf`` and ``*.tf.json`` of a directory and skips names that start with a dot;
OpenTofu prefers ``x.tofu`` over ``x.tf``. ``.terraform/`` holds downloaded copies and is out.
Sources: https://developer.hashicorp.com/terraform/language/files,
https://opentofu.org/docs/language/files/
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from rolefirst.findings import ScanError

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
#: Files above this size are refused: nobody writes them by hand.
MAX_SIZE = 20_000_000
#: Folders deeper than this are refused.
MAX_DEPTH = 100


def walk(root: Path, errors: list[ScanError]) -> Iterator[tuple[str, list[str]]]:
    """Each directory below ``root`` with the names of its Terraform files, in sorted order.

    Directories are relative, with ``/``, ``.`` for the root itself. Symbolic links are followed
    as long as they stay inside the root; what is reached twice is read once, under its real name
    where there is one.
    """
    top = os.path.realpath(root)
    pending = [(".", top, 0)]
    links: list[tuple[str, str, int]] = []
    seen: set[str] = set()
    while pending or links:
        relative, path, depth = pending.pop() if pending else links.pop(0)
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        if depth > MAX_DEPTH:
            errors.append(ScanError(relative, 0, f"more than {MAX_DEPTH} folders deep, not read"))
            continue
        names, folders = _entries(relative, path, top, errors)
        for name, linked in reversed(folders):
            child = name if relative == "." else f"{relative}/{name}"
            (links if linked else pending).append((child, os.path.join(path, name), depth + 1))
        if names:
            yield relative, names


def _entries(
    relative: str, path: str, top: str, errors: list[ScanError]
) -> tuple[list[str], list[tuple[str, bool]]]:
    names: list[str] = []
    folders: list[tuple[str, bool]] = []
    try:
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        errors.append(ScanError(relative, 0, f"cannot be listed: {error.strerror}"))
        return names, folders
    for entry in found:
        name = entry.name
        if name.startswith(".") or name.endswith("~"):
            continue
        if name.endswith(SUFFIXES):
            names.append(name)
        elif entry.is_dir():
            linked = entry.is_symlink()
            if not linked or os.path.realpath(entry.path).startswith(top + os.sep):
                folders.append((name, linked))
    chosen = set(names)
    return [n for n in names if not _superseded(n, chosen)], folders


def _superseded(name: str, names: set[str]) -> bool:
    """OpenTofu ignores ``x.tf`` beside ``x.tofu``, and ``x.tf.json`` beside ``x.tofu.json``."""
    for terraform, tofu in ((".tf", ".tofu"), (".tf.json", ".tofu.json")):
        if name.endswith(terraform):
            return name.removesuffix(terraform) + tofu in names
    return False


def read(path: str | Path) -> bytes:
    """The bytes of a regular file. Raises OSError, whose ``strerror`` can be shown to users."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file, not read")
        if status.st_size > MAX_SIZE:
            raise OSError(0, f"larger than {MAX_SIZE // 1_000_000} MB, not read")
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read()
    finally:
        os.close(descriptor)
