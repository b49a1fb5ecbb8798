"""A plan on disk: every file whole, and none before it is certain that all can be written."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from rolefirst import git
from rolefirst.errors import UsageError
from rolefirst.fix.plan import FileChange, Plan

_AGAIN = "Nothing was written."


def write(plan: Plan, folder: str) -> None:
    """Make the changes of a plan below a folder. Raises UsageError, and then has changed nothing.

    A file that changed since it was scanned, that has changes which are not committed, that git
    ignores, that cannot be written or that lies outside of the folder by way of a link stops
    everything. Outside of git there is nothing to compare with, and no way back.
    """
    top = Path(os.path.realpath(folder))
    targets = [(change, _target(change, top)) for change in plan.files]
    existing = [change.path for change in plan.files if change.before is not None]
    if dirty := git.dirty(str(top), existing):
        names = ", ".join(dirty)
        raise UsageError(
            f"{names}: has changes that are not committed, or git ignores it. {_AGAIN}",
            "Commit or stash them first, so that git can tell the fix from your own work.",
        )
    prepared: list[tuple[FileChange, Path, Path | None]] = []
    try:
        for change, target in targets:
            prepared.append((change, target, _prepare(change, target)))
        _replace(prepared)
    except OSError as error:
        name = error.filename or folder
        raise UsageError(f"{name}: cannot be written: {error.strerror}. {_AGAIN}") from None
    finally:
        for _, _, temporary in prepared:
            if temporary is not None:
                temporary.unlink(missing_ok=True)


def _target(change: FileChange, top: Path) -> Path:
    """The file to write, which may be what a link inside of the folder points to."""
    target = Path(os.path.realpath(top / change.path))
    if not target.is_relative_to(top):
        raise UsageError(f"{change.path}: a link leads out of the folder. {_AGAIN}")
    problem = _problem(change, target)
    if problem:
        raise UsageError(f"{change.path}: {problem}. {_AGAIN}")
    return target


def _problem(change: FileChange, target: Path) -> str:
    """Why a file cannot be written; empty when it can."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        mode = None
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return "its folder is read-only"
    if change.before is None:
        return "" if mode is None else "is there already"
    if mode is None or not stat.S_ISREG(mode):
        return "is no file any more"
    if not os.access(target, os.W_OK) or not mode & stat.S_IWUSR:
        return "is read-only"
    if target.read_bytes() != change.before:
        return "has changed since it was scanned"
    return ""


def _prepare(change: FileChange, target: Path) -> Path | None:
    """The new content in a file beside the old; None for a file that goes away."""
    if change.after is None:
        return None
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".rolefirst-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mode(target: Path) -> int:
    """The mode of a file; that of any new file where there is none."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _replace(prepared: list[tuple[FileChange, Path, Path | None]]) -> None:
    """Put the new files in place, and the old ones back when one of them fails."""
    done: list[tuple[FileChange, Path]] = []
    try:
        for change, target, temporary in prepared:
            if temporary is None:
                target.unlink()
            elif change.before is None:
                os.link(temporary, target)  # unlike replace, it refuses what is there by now
            else:
                temporary.replace(target)
            done.append((change, target))
    except OSError:
        for change, target in reversed(done):
            _restore(change, target)
        raise


def _restore(change: FileChange, target: Path) -> None:
    if change.before is None:
        target.unlink(missing_ok=True)
    else:
        target.write_bytes(change.before)
