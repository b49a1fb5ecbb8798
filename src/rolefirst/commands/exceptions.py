"""``rolefirst exceptions``: write, check and show the register of keys that stay."""

from __future__ import annotations

import argparse

from rolefirst import __version__
from rolefirst.commands import scan, trees
from rolefirst.errors import UsageError


def run(options: argparse.Namespace) -> int:
    """Do what the action asks for. Raises UsageError without one."""
    if options.action is None:
        raise UsageError("exceptions: name an action", "rolefirst exceptions --help lists them.")
    if options.action == "check":
        return scan.run(options)
    if options.action == "report":
        return _report(options)
    from rolefirst.register_commands import new, schema

    if options.action == "schema":
        schema()
        return 0
    new(
        options.address,
        options.path,
        options.exceptions,
        options.set,
        trees.configuration(options),
        options.var_file,
    )
    return 0


def _report(options: argparse.Namespace) -> int:
    """A report and no gate: 2 when it is not to be trusted, else 0."""
    from rolefirst.output import Progress, write
    from rolefirst.register_commands import reviewed
    from rolefirst.reports import ReportContext
    from rolefirst.reports.exceptions_report import render

    (folder,) = trees.folders([options.path])
    config = trees.configuration(options, [folder])
    with Progress() as told:
        result, project = trees.judge(folder, options, config, told)
    file, since = options.exceptions, options.since
    made = reviewed(result, project, folder, file, config, options.var_file, since)
    context = ReportContext(
        excerpt=lambda _location, _count: "",
        color=False,
        version=__version__,
        base=scan.from_here(folder),
    )
    write(render(options.format, made, context), options.output)
    return 2 if made.errors else 0
