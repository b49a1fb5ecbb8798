"""What stood in a commit, as files that loaders can read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from rolefirst import git
from rolefirst.errors import UsageError


@contextmanager
def snapshot(folder: str, commit: str) -> Iterator[Path]:
    """A temporary copy of a folder's files in a commit, gone afterwards. Raises UsageError."""
    with tempfile.TemporaryDirectory(prefix="rolefirst-") as name:
        top = Path(name)
        for path, data in git.files(folder, commit):
            # git refuses to make such a tree, and not to list one that somebody else has made.
            if _is_below(path):
                _write(top / path, data, commit)
        yield top


@contextmanager
def copies(names: Iterable[str], folder: str, commit: str) -> Iterator[list[str]]:
    """Files as they are in a commit of a folder's repository, gone afterwards. Raises UsageError.

    One that the commit does not have is left out; one that lies elsewhere is not copied.
    """
    with tempfile.TemporaryDirectory(prefix="rolefirst-") as top:
        found = []
        for number, name in enumerate(names):
            if git.root(str(Path(name).parent)) != git.root(folder):
                found.append(name)
            elif (data := git.show(commit, name)) is not None:
                copy = Path(top, str(number), Path(name).name)  # its name tells its syntax
                _write(copy, data, commit)
                found.append(str(copy))
        yield found


def _write(file: Path, data: bytes, commit: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"the files of {commit} cannot be copied: {error.strerror}") from None


def _is_below(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts
