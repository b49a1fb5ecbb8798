"""Where registers lie: in the work tree, in a file that a user names, or in a commit."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from rolefirst import git
from rolefirst.errors import UsageError
from rolefirst.exceptions.entries import Register
from rolefirst.exceptions.reading import read
from rolefirst.findings import ScanError
from rolefirst.loaders.hcl.files import REGISTER
from rolefirst.loaders.hcl.files import read as read_file

#: So many entries are named in a notice.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """The registers that count, and what has to be said about where they are from."""

    registers: tuple[Register, ...]
    notices: tuple[ScanError, ...]


def choose(
    top: str | Path,
    folders: Iterable[str],
    file: str | None = None,
    ref: str | None = None,
    exclude: Sequence[str] = (),
) -> Chosen:
    """The registers of these folders, or the file instead; of a commit with ``ref``.

    Raises UsageError.
    """
    if ref is None:
        found = named(file, top) if file is not None else beside(top, folders)
        return Chosen(found, tuple(_sources(found)))
    approved = at_ref(ref, top, file, exclude)
    there = named(file, top) if file is not None and Path(file).exists() else ()
    changed = there if file is not None else beside(top, folders)
    none = ScanError(".", 0, f"no register of exceptions at {ref}: no exception counts")
    said = (*_sources(approved), *_edits(_forked(approved, ref, top, file, exclude), changed))
    return Chosen(_protected(approved, changed), said if approved else (none, *said))


def beside(top: str | Path, folders: Iterable[str]) -> tuple[Register, ...]:
    """The registers of these folders, which are relative to the scanned one."""
    found = []
    for folder in sorted(folders):
        path = posixpath.normpath(f"{folder}/{REGISTER}")
        try:
            register = read(read_file(f"{top}/{path}"), path)
        except OSError as error:
            problem = ScanError(path, 0, f"cannot be read: {error.strerror}")
            register = Register(path, problems=(problem,))
        found.append(_placed(register, f"{top}/{folder}", top))
    return tuple(found)


def named(file: str, top: str | Path) -> tuple[Register, ...]:
    """The register that a user names. Raises UsageError."""
    try:
        data = read_file(file)
    except OSError as error:
        raise UsageError(f"--exceptions {file}: cannot be read: {error.strerror}") from None
    return (_placed(read(data, _shown(file, top)), _base(file, top), Path(top).resolve()),)


def at_ref(
    ref: str, top: str | Path, file: str | None = None, exclude: Sequence[str] = ()
) -> tuple[Register, ...]:
    """The registers as they are in a commit. Raises UsageError."""
    if file is not None:
        data = git.show(ref, file)
        if data is None:
            raise UsageError(f"--exceptions {file}: there is no such file at {ref}")
        return (_placed(read(data, _shown(file, top), ref), _base(file, top), Path(top).resolve()),)
    found = []
    for path, data in git.named(str(top), ref, REGISTER):
        hidden = any(part.startswith(".") for part in path.split("/"))
        if hidden or any(fnmatchcase(path, glob) for glob in exclude):
            continue  # as in the work tree
        folder = posixpath.dirname(path) or "."
        found.append(_placed(read(data, path, ref), f"{top}/{folder}", top))
    return tuple(found)


def _forked(
    approved: tuple[Register, ...],
    ref: str,
    top: str | Path,
    file: str | None,
    exclude: Sequence[str],
) -> tuple[Register, ...]:
    """The registers where the change began: what was merged since then is no edit of the change.

    Where no common commit is known, as in a shallow clone, these are the approved ones.
    """
    try:
        base = git.merge_base(str(top), ref)
    except UsageError:
        return approved
    is_new = file is not None and git.show(base, file) is None
    return () if is_new else at_ref(base, top, file, exclude)


def _protected(approved: Iterable[Register], changed: Iterable[Register]) -> tuple[Register, ...]:
    """The approved registers, which alone count, beside those that a change would put there.

    What cannot be read of those is said, too: after the merge they count.
    """
    there = {register.path: register for register in changed}
    found = []
    for register in approved:
        new = there.get(register.path, Register(register.path))
        gone = {entry.id for entry in register.entries} - {entry.id for entry in new.entries}
        found.append(replace(register, withdrawn=frozenset(gone)))
    unread = (Register(path, problems=new.problems) for path, new in there.items() if new.problems)
    return (*found, *unread)


def _sources(registers: Iterable[Register]) -> Iterator[ScanError]:
    """Which registers count."""
    for register in registers:
        count = len(register.entries)
        number = "1 exception" if count == 1 else f"{count} exceptions"
        origin = register.origin or "the work tree"
        yield ScanError(register.path, 0, f"{number}, read from {origin}")


def _edits(approved: Iterable[Register], changed: Iterable[Register]) -> Iterator[ScanError]:
    """How a change edits the registers."""
    old = {register.path: register for register in approved}
    new = {register.path: register for register in changed}
    for path in sorted(old.keys() | new.keys()):
        before = {e.name: e for e in old.get(path, Register(path)).entries}
        after = {e.name: e for e in new.get(path, Register(path)).entries}
        said = [f"{name} added" for name in after if name not in before]
        said += [f"{n} changed" for n, e in after.items() if n in before and e != before[n]]
        said += [f"{name} removed" for name in before if name not in after]
        if said:
            more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
            message = f"this change edits the register: {', '.join(said[:_SHOWN])}{more}"
            yield ScanError(path, 0, f"{message}; its entries do not count until merged")


def root_below(file: str, top: str | Path, root: str) -> str:
    """How an entry of a register names a root module of the scanned folder. Raises UsageError."""
    path = os.path.relpath(Path(top).resolve() / root, _base(file, top)).replace(os.sep, "/")
    if path.split("/")[0] == "..":
        raise UsageError(f"{file}: the root module {root} is not below the folder of this register")
    return path


def _shown(file: str, top: str | Path) -> str:
    """The path of a named register: relative to the scanned folder, as all paths of a report."""
    path = Path(file)
    if path.is_absolute():
        return file
    return os.path.relpath(path.parent.resolve() / path.name, top).replace(os.sep, "/")


def _base(file: str, top: str | Path) -> str | Path:
    """The folder from which the entries of a named register count.

    It is the register's own where that is the scanned one, lies in it or above it; a register that
    is kept elsewhere counts from the scanned folder.
    """
    own, scanned = Path(file).resolve().parent, Path(top).resolve()
    related = own in (scanned, *scanned.parents) or scanned in own.parents
    return own if related else scanned


def _placed(register: Register, folder: str | Path, top: str | Path) -> Register:
    """The same entries with their root modules relative to the scanned folder.

    Names are taken as they are: a change that makes a folder a link moves no exception.
    """

    def below(root: str | None) -> str | None:
        path = os.path.relpath(f"{folder}/{root}", top).replace(os.sep, "/")
        return None if path.split("/")[0] == ".." else path

    entries = tuple(replace(entry, root=below(entry.root)) for entry in register.entries)
    return replace(register, entries=entries)
