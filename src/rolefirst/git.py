"""What git knows about a scanned folder. Reads only: nothing is checked out, fetched or written.

What is committed may be hostile, so git runs without hooks, pagers, external diffs and network,
takes every path and every name of a commit literally, and is started where the ``.git`` is: files
that look like a repository are none, whatever their configuration says. Filters run where git's own
configuration names them (git-lfs, git-crypt); no commit can do that.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from rolefirst.errors import UsageError

_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.quotePath=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)
_ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_TIMEOUT = 300
#: Bytes that are held at once, and of the largest file that any loader reads.
_BATCH, _MAX_SIZE = 64_000_000, 20_000_000
_FETCH = "A partial clone does not have it: clone without a filter."
#: A file of the tree: neither a symbolic link nor a submodule.
_FILES = (b"100644", b"100755")


def root(folder: str) -> str | None:
    """The top folder of the work tree that a folder is in; None outside of git."""
    real = Path(os.path.realpath(folder))
    return next((str(top) for top in (real, *real.parents) if (top / ".git").exists()), None)


def commit(folder: str, ref: str) -> str:
    """The id of the commit that ``ref`` names. Raises UsageError when there is none."""
    name = f"{ref}^{{commit}}".replace("\0", "")
    done = _start(folder, ("rev-parse", "--verify", "--quiet", "--end-of-options", name))
    if ref and done.returncode == 0:
        return done.stdout.decode("ascii", "replace").strip()
    hint = "Name a branch, tag or commit that is here; in CI it may have to be fetched first."
    raise UsageError(f"git does not know the ref {ref!r} in {folder}", hint)


def merge_base(folder: str, ref: str) -> str:
    """The last commit that the work tree and ``ref`` have in common. Raises UsageError."""
    done = _start(folder, ("merge-base", commit(folder, ref), "HEAD"))
    if done.returncode == 0:
        return done.stdout.decode("ascii", "replace").split()[0]
    hint = "A shallow clone does not know it: fetch the whole history (fetch-depth: 0)."
    raise UsageError(f"git finds no commit that HEAD and {ref!r} have in common", hint)


def show(ref: str, path: str) -> bytes | None:
    """A file as it is in a commit; None when it is not there. Raises UsageError.

    ``path`` is that of the file in the work tree, whether or not it is there now.
    """
    folder, name = os.path.split(os.path.abspath(path))
    while not os.path.isdir(folder):
        folder, last = os.path.split(folder)
        name = f"{last}/{name}"
    for found, mode, blob, _ in _entries(folder, commit(folder, ref), name):
        if found == name and mode in _FILES:
            return _run(folder, "cat-file", "blob", blob)
    return None


def named(folder: str, ref: str, name: str) -> Iterator[tuple[str, bytes]]:
    """Every file of a name below a folder as it is in a commit. Raises UsageError."""
    for path, mode, blob, _ in _entries(folder, commit(folder, ref)):
        if mode in _FILES and path.rpartition("/")[2] == name:
            yield path, _run(folder, "cat-file", "blob", blob)


def files(folder: str, commit: str) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder as it was in a commit, by its path there. Raises UsageError.

    A file that is too large for any loader is left out.
    """
    batch: list[tuple[str, str]] = []
    room = _BATCH
    for path, blob, size in _blobs(folder, commit):
        if room < size:
            yield from _contents(folder, batch)
            batch, room = [], _BATCH
        batch.append((path, blob))
        room -= size
    yield from _contents(folder, batch)


def _blobs(folder: str, commit: str) -> Iterator[tuple[str, str, int]]:
    for path, mode, blob, size in _entries(folder, commit):
        if mode in _FILES and size <= _MAX_SIZE:
            yield path, blob, size


def _contents(folder: str, batch: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """The contents of some blobs, by the paths they have."""
    asked = "".join(f"{blob}\n" for _, blob in batch).encode()
    answer = _run(folder, "cat-file", "--batch", stdin=asked) if asked else b""
    position = 0
    for path, _ in batch:
        end = answer.index(b"\n", position)
        size = _size(answer[position:end])
        yield path, answer[end + 1 : end + 1 + size]
        position = end + size + 2


def diff(folder: str, commit: str) -> bytes:
    """What the work tree changes below a folder, as a unified diff without context.

    A renamed file is compared with what it was. Raises UsageError.
    """
    below = _below(folder)
    # A file that .gitattributes calls binary has lines all the same.
    plain = ("--no-color", "--no-ext-diff", "--no-textconv", "--text", "--ignore-submodules=all")
    names = ("--src-prefix=a/", "--dst-prefix=b/", f"--relative={below}", "--find-renames")
    lines = ("--unified=0", "--inter-hunk-context=0")
    return _run(folder, "diff", *lines, *plain, *names, commit, "--", below or ".")


def dirty(folder: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths, relative to a folder, with changes that are not committed.

    New files have changes, and so have those that git ignores; outside of git none has. Raises
    UsageError.
    """
    kinds = ("--untracked-files=all", "--ignored=matching", "--ignore-submodules")
    options = ("--porcelain", "-z", "--no-renames", *kinds)
    if root(folder) is None:
        return ()
    below = _below(folder)
    return tuple(n for n in paths if _run(folder, "status", *options, "--", f"{below}{n}"))


def _below(folder: str) -> str:
    """What the paths of a folder's files begin with in the repository."""
    path = os.path.relpath(os.path.realpath(folder), root(folder)).replace(os.sep, "/")
    return "" if path == "." else f"{path}/"


def _entries(folder: str, commit: str, path: str = "") -> Iterator[tuple[str, bytes, str, int]]:
    """Path, mode, id and size of every file of a commit below the folder."""
    below = _below(folder)
    where = ("--", f"{below}{path}") if below or path else ()
    for entry in _run(folder, "ls-tree", "-r", "-l", "-z", commit, *where).split(b"\0"):
        head, _, name = entry.partition(b"\t")
        if name:
            mode, _, blob, size = head.split()
            # A submodule has no size, and neither has what a partial clone lacks.
            count = int(size) if size.isdigit() else 0
            yield os.fsdecode(name).removeprefix(below), mode, blob.decode("ascii"), count


def _size(head: bytes) -> int:
    """The size that ``cat-file --batch`` names for a blob. Raises UsageError."""
    words = head.split()
    if len(words) != 3:
        raise UsageError(f"git has no object {words[0].decode('ascii', 'replace')}", _FETCH)
    return int(words[2])


def _run(folder: str, *arguments: str, stdin: bytes = b"") -> bytes:
    done = _start(folder, arguments, stdin)
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
    raise UsageError(f"git {arguments[0]} failed in {folder}: {said[0]}")


def _start(
    folder: str, arguments: Iterable[str], stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    top = root(folder)
    if top is None:
        raise UsageError(f"{folder} is not in a git repository")
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    try:
        return subprocess.run(  # noqa: S603 (fixed commands, no shell)
            ["git", "--no-pager", "--literal-pathspecs", *settings, *arguments],  # noqa: S607
            cwd=top,
            env={**os.environ, **_ENVIRONMENT},
            input=stdin,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT,
        )
    except FileNotFoundError:
        hint = "Install git, or leave the option out."
        raise UsageError("git cannot be started", hint) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"git failed in {folder}: {error}") from None
