"""``rolefirst fix``: the remediation as a diff, or written."""

from __future__ import annotations

import argparse

from rolefirst.commands import trees
from rolefirst.fix import command
from rolefirst.output import Progress


def run(options: argparse.Namespace) -> int:
    """Scan one folder and show or write what would mend it."""
    config = trees.configuration(options)
    rules = tuple(trees.rule(name).id for name in options.rule)
    (folder,) = trees.folders([options.path])
    with Progress() as told:
        result, project = trees.judge(folder, options, config, told)
    choice = command.Choice(options.stage, rules, options.all, options.write, options.quiet)
    return command.run(result, project, folder, choice)
