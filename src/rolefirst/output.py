"""Where text goes: standard output or a file, whole or not at all."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rolefirst.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def write(text: str, output: str | None = None) -> None:
    """Write to ``output``, or to standard output. Raises UsageError and BrokenPipeError."""
    data = text.encode("utf-8", "backslashreplace")
    if output is None:
        _print(data)
        return
    from pathlib import Path

    path = Path(output)
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a device or a pipe is written to; only a file is replaced
        else:
            _replace(path, data)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None


def _print(data: bytes) -> None:
    """Bytes on standard output, flushed here so that no failure is left to the interpreter."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered would fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise UsageError(f"standard output: cannot be written: {error.strerror}") from None


def _replace(path: Path, data: bytes) -> None:
    """A complete file takes the place of what was there, with the mode any new file has."""
    import tempfile

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".rolefirst-")
    temporary = path.parent / name
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
