"""The command line: it calls the command and ends with its exit code.

Exit codes: 0 clean, 1 findings at or above ``--fail-on``, 2 not trustworthy (usage,
configuration, unreadable input, a crashed rule). 2 beats 1. Reports go to standard output or
``--output``, everything else to standard error. Whoever closes standard output early (``| head``)
has read enough: the exit code is what it would have been.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Sequence

from rolefirst.arguments import parse

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

#: The module of each command.
_MODULES = {
    "scan": "scan",
    "fix": "fix",
    "exceptions": "exceptions",
    "baseline": "baseline",
    "explain": "rules",
    "rules": "rules",
    "completion": "completion",
}


def entry() -> None:
    """The ``rolefirst`` command."""
    # One short run makes many objects and few cycles: looking for them costs a tenth of it.
    gc.set_threshold(50_000, 20, 20)
    sys.excepthook = _crash
    try:
        sys.exit(main(sys.argv[1:]))
    finally:
        _flush()


def _flush() -> None:
    """What argparse has printed is still buffered, and may have lost its reader."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        from rolefirst.output import discard

        discard()


def _crash(
    type: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Python ends with 1 for what nobody caught; here that would say that there are findings."""
    sys.__excepthook__(type, error, traceback)
    sys.exit(2)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = parse(arguments)
    from rolefirst.errors import RolefirstError

    command = importlib.import_module(f"rolefirst.commands.{_MODULES[options.command]}")
    try:
        code: int = command.run(options)
    except RolefirstError as error:
        from rolefirst.output import complain

        complain(error)
        return 2
    return code


if __name__ == "__main__":
    entry()
