"""Which files of a tree Terraform reads, and their bytes.

Terraform reads ``*.tf`` and ``*.tf.json`` of a directory and skips names that start with a dot;
OpenTofu prefers ``x.tofu`` over ``x.tf``. ``.terraform/`` holds downloaded copies and is out.
Sources: https://developer.hashicorp.com/terraform/language/files,
https://opentofu.org/docs/language/files/
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
#: Files that give values to variables, whether Terraform loads them by itself or is told to.
VALUES = (".tfvars", ".tfvars.json")
#: The register of exceptions, in whichever folder it lies.
REGISTER = "access-key-exceptions.yaml"
#: How people call it by mistake: it would not count, without a word.
MISNAMED_REGISTER = "access-key-exceptions.yml"
#: Files above this size are refused: nobody writes them by hand.
MAX_SIZE = 20_000_000
#: Folders deeper than this are refused.
MAX_DEPTH = 100

_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")

Report = Callable[[str, int, str], None]


def walk(
    top: str, report: Report, suffixes: tuple[str, ...] = SUFFIXES
) -> Iterator[tuple[str, list[str]]]:
    """Each directory below ``top`` (a real path) with the names of its Terraform files, sorted.

    Directories are relative, with ``/``, ``.`` for the top itself. Symbolic links to folders are
    followed as long as they stay inside; what is reached twice is read once, under its real name
    where that is one Terraform reads.
    """
    # Real folders come before linked ones, so that a folder is known by its own name.
    folders: list[tuple[str, str]] = [(".", ".")]
    links: list[tuple[str, str]] = []
    seen: set[str] = set()
    while folders or links:
        relative, real = folders.pop() if folders else links.pop(0)
        if real in seen:
            continue
        seen.add(real)
        if relative.count("/") >= MAX_DEPTH:
            report(relative, 0, f"more than {MAX_DEPTH} folders deep, not read")
            continue
        names, below = _entries(relative, top, report, suffixes)
        for name, linked in reversed(below):
            child = _join(relative, name)
            if linked is None:
                folders.append((child, _join(real, name)))
            elif linked not in seen:
                links.append((child, linked))
        if names:
            yield relative, names


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _entries(
    relative: str, top: str, report: Report, suffixes: tuple[str, ...]
) -> tuple[list[str], list[tuple[str, str | None]]]:
    """The Terraform files and the folders of a folder; of a linked one also where it leads."""
    names: list[str] = []
    folders: list[tuple[str, str | None]] = []
    try:
        with os.scandir(os.path.join(top, relative)) as entries:
            found = list(entries)
    except OSError as error:
        report(relative, 0, f"cannot be listed: {error.strerror}")
        return names, folders
    for entry in found:
        name = entry.name
        if name.startswith(".") or name.endswith("~"):
            continue
        if name.endswith(suffixes) and not _is_folder(entry):
            if not entry.is_symlink() or _inside(entry.path, top) is not None:
                names.append(name)
            else:
                message = "a symbolic link that leads out of the scanned folder, not read"
                report(_join(relative, name), 0, message)
        elif entry.is_dir(follow_symlinks=False):
            folders.append((name, None))
        elif entry.is_symlink() and _is_folder(entry):
            real = _inside(entry.path, top)
            if real is not None:
                folders.append((name, real))
    chosen = set(names)
    return sorted(n for n in names if not _superseded(n, chosen)), sorted(folders, key=_by_name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _by_name(folder: tuple[str, str | None]) -> str:
    return folder[0]


def _inside(path: str, top: str) -> str | None:
    """The real path of a link relative to ``top``; None when it leads out of it."""
    real = os.path.realpath(path)
    if real == top:
        return "."
    return real[len(top) + 1 :].replace(os.sep, "/") if real.startswith(top + os.sep) else None


def _superseded(name: str, names: set[str]) -> bool:
    """OpenTofu ignores ``x.tf`` beside ``x.tofu``, and ``x.tf.json`` beside ``x.tofu.json``."""
    for terraform, tofu in ((".tf", ".tofu"), (".tf.json", ".tofu.json")):
        if name.endswith(terraform):
            return name.removesuffix(terraform) + tofu in names
    return False


def spelled_out(data: bytes) -> bytes:
    """The same text with its ``\\u`` escapes resolved, for whoever searches it for a word.

    Terraform knows them in labels and strings, of JSON too: ``aws_iam_access\\u005fkey`` is a key.
    """
    if b"\\" not in data or not (b"\\u" in data or b"\\U" in data):
        return data
    return _ESCAPE.sub(_character, data)


def _character(found: re.Match[bytes]) -> bytes:
    code = int(found[1] or found[2], 16)
    return chr(code).encode("utf-8", "surrogatepass") if code < 0x110000 else found[0]


def read(path: str) -> bytes:
    """The bytes of a regular file. Raises OSError, whose ``strerror`` can be shown to users."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file, not read")
        if status.st_size > MAX_SIZE:
            raise OSError(0, f"larger than {MAX_SIZE // 1_000_000} MB, not read")
        data = os.read(descriptor, status.st_size + 1)
        while more := os.read(descriptor, 1 << 20):  # a file system that hands over less at once
            data += more
        return data
    finally:
        os.close(descriptor)
