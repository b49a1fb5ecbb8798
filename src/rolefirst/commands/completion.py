"""``rolefirst completion``: what makes a shell complete commands, options and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import shtab

from rolefirst.output import write

_FILES = {"FILE", "PATH", "FORMAT=FILE"}


def run(options: argparse.Namespace) -> int:
    """Print the script for one shell."""
    for action in _actions(options.root):
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    write(shtab.complete(options.root, options.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every argument of every command."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from _actions(each)
