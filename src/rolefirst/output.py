"""Where text goes: a report to standard output or a file, a complaint to standard error.

A file is written whole or not at all. Standard output may be closed at any time by whoever reads
it (``| head``): that is no failure, the rest is not wanted.
"""

from __future__ import annotations

import os
import sys
import time

from rolefirst.errors import RolefirstError, UsageError

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

#: Seconds before the first word on what is being done, and between two.
_PATIENCE, _PAUSE = 1.0, 0.1


def write(text: str | bytes, output: str | None = None) -> None:
    """Write to ``output``, or to standard output (``-`` too). Raises UsageError."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if output in (None, "-"):
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
    if sys.stdout is None:  # closed before the start (`>&-`)
        return
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except OSError as error:
        discard()
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"standard output: cannot be written: {error.strerror}") from None


def discard() -> None:
    """Let go of what is still buffered: it would fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(error: RolefirstError) -> None:
    """One line each for what is wrong and what to do."""
    tell(f"error: {error.message}")
    if error.hint:
        tell(f"hint: {error.hint}")


def tell(text: str) -> None:
    """A line on standard error; a name in it steers no terminal and no log, and is no secret."""
    from rolefirst.reports import mask
    from rolefirst.reports.terminal import escape, inert

    if sys.stderr is not None:  # print would take standard output instead
        print(inert(escape(mask(text))), file=sys.stderr)


class Progress:
    """What a long scan is doing, for a person who waits at a terminal; silent everywhere else.

    One line on standard error, which is gone when the scan is done.
    """

    __slots__ = ("_next", "_shown")

    def __enter__(self) -> Progress:
        """Start to count the time: who waits for less than a second needs no word."""
        terminal = sys.stderr is not None and sys.stderr.isatty()
        silent = not terminal or os.environ.get("TERM") == "dumb"
        self._next = float("inf") if silent else time.monotonic() + _PATIENCE
        self._shown = False
        return self

    def __call__(self, doing: str) -> None:
        """Say what is being done, not more often than anybody can read."""
        now = time.monotonic()
        if now < self._next:
            return
        from rolefirst.reports.terminal import escape, fit

        self._next = now + _PAUSE
        self._shown = True
        sys.stderr.write(f"\r\x1b[K{fit(escape(doing), 79)}")
        sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def colors() -> bool:
    """Whether standard output is a terminal that shows colors, and nobody objects."""
    dumb = os.environ.get("TERM") == "dumb"
    return _terminal() and not dumb and not os.environ.get("NO_COLOR")


def width() -> int:
    """The columns of the terminal behind standard output; 0 where there is none to ask."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns if _terminal() else 0
    except OSError:
        return 0


def _terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


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
