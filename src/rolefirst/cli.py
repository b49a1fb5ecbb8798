"""The command line: parses arguments, calls, writes. It decides nothing.

Exit codes: 0 clean, 1 findings at or above ``--fail-on``, 2 not trustworthy (usage,
configuration, unreadable input, a crashed rule). 2 beats 1. Reports go to standard output or
``--output``, everything else to standard error.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rolefirst import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from rolefirst.config import Config
    from rolefirst.errors import RolefirstError
    from rolefirst.findings import Location, ScanResult
    from rolefirst.project import Project

_EPILOG = (
    "Exit codes: 0 clean; 1 findings at or above --fail-on; 2 the scan is not trustworthy: wrong "
    "usage or configuration, a file or block that cannot be read, a rule that crashed."
)


def entry() -> None:
    """The ``rolefirst`` command."""
    # One short run makes many objects and few cycles: looking for them costs a tenth of it.
    gc.set_threshold(50_000, 20, 20)
    sys.excepthook = _crash
    sys.exit(main(sys.argv[1:]))


def _crash(
    type: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Python ends with 1 for what nobody caught; here that would say that there are findings."""
    sys.__excepthook__(type, error, traceback)
    sys.exit(2)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    if options.command is None:
        _parser().print_help(sys.stderr)
        return 2
    from rolefirst.errors import RolefirstError

    try:
        code: int = options.run(options)
    except RolefirstError as error:
        _complain(error)
        return 2
    except BrokenPipeError:
        # Whoever read the report has gone (`| head`): it was not shown whole, and nobody listens.
        return 2
    return code


def _help(prog: str) -> argparse.HelpFormatter:
    """A fixed width: asking the terminal costs the import of shutil at every start."""
    return argparse.HelpFormatter(prog, width=100)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rolefirst",
        formatter_class=_help,
        description="Find every long-lived AWS access key in Terraform, who uses it, and what "
        "should stand there instead.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"rolefirst {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog="rolefirst"
    )

    scan = commands.add_parser(
        "scan", help="check folders of Terraform code", epilog=_EPILOG, formatter_class=_help
    )
    scan.set_defaults(run=_scan)
    scan.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="default: .")
    scan.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    scan.add_argument("--output", metavar="FILE", help="write the report to a file")
    scan.add_argument(
        "--fail-on",
        choices=("low", "medium", "high", "critical"),
        help="least severity that gives exit code 1; default: medium",
    )
    scan.add_argument("--strict", action="store_true", help="undetermined results fail too")
    scan.add_argument("--config", metavar="FILE", help="default: rolefirst.toml, when it is here")
    scan.add_argument(
        "--var-file",
        action="append",
        default=[],
        metavar="FILE",
        help="values for variables, as for terraform plan; may be repeated",
    )

    explain = commands.add_parser("explain", help="show a rule's page", formatter_class=_help)
    explain.set_defaults(run=_explain)
    explain.add_argument("rule", metavar="RULE", help="such as RF301 or rotation_missing")

    listing = commands.add_parser("rules", help="list the rules", formatter_class=_help)
    listing.set_defaults(run=_rules)
    return parser


# --- scan ------------------------------------------------------------------------------------


def _scan(options: argparse.Namespace) -> int:
    from rolefirst.errors import InputError
    from rolefirst.merge import below, merge
    from rolefirst.output import write
    from rolefirst.scan import gate

    config = _config(options)
    _check_var_files(options.var_file)
    results: list[ScanResult] = []
    projects: list[tuple[str, Project]] = []
    failed = False
    folders = _folders(options.paths)
    for folder in folders:
        try:
            result, project = _scan_one(folder, options, config)
        except InputError as error:
            _complain(error)
            failed = True
            continue
        # One tree is its own root; of several each needs its name, or main.tf is anybody's.
        prefix = folder.replace(os.sep, "/") if len(folders) > 1 else "."
        results.append(below(result, prefix, options.var_file) if len(folders) > 1 else result)
        if project is not None:
            projects.append((prefix, project))
    result = merge(results)
    if results:
        write(_report(result, projects, options), options.output)
    fail_on = config.fail_on
    if options.fail_on:
        from rolefirst.config import severity

        fail_on = severity(options.fail_on, "--fail-on")
    code = gate(result, fail_on, options.strict or config.strict)
    return 2 if failed else code


def _folders(paths: Iterable[str]) -> list[str]:
    """The folders to scan, each once: callers such as pre-commit name the files of one folder."""
    found: dict[str, str] = {}
    for path in paths:
        folder = os.path.dirname(path) or "." if os.path.isfile(path) else path
        found.setdefault(os.path.realpath(folder), folder)
    return list(found.values())


def _check_var_files(names: Iterable[str]) -> None:
    """A variable file that is not there is wrong usage, also where no variable is asked for."""
    from rolefirst.errors import UsageError

    for name in names:
        if not os.path.isfile(name):
            raise UsageError(f"--var-file {name}: there is no such file")
        if not os.access(name, os.R_OK):
            raise UsageError(f"--var-file {name}: cannot be read")


def _scan_one(
    path: str, options: argparse.Namespace, config: Config
) -> tuple[ScanResult, Project | None]:
    """One tree. Loaders, rules and templates are imported when there is something to judge."""
    from rolefirst.decision.hints import KEY_MODULE_HINTS
    from rolefirst.findings import ScanError, ScanResult
    from rolefirst.loaders import hcl
    from rolefirst.scan import Settings, allow, scan

    found = hcl.survey(path, hcl.KeyModules(KEY_MODULE_HINTS, _may_make_key))
    if not found.matters:
        unread = [ScanError(*error) for error in found.errors]
        nothing = ScanError(path, 0, "no Terraform file in this folder: nothing was checked")
        notices = () if found.files or unread else (nothing,)
        result = ScanResult(found.files, 0, 0, notices=notices)
        return allow(result, unread, config.allow_unparsed), None
    from datetime import date
    from pathlib import Path

    from rolefirst import rules
    from rolefirst.facts import with_remediation

    settings = Settings(
        severities=config.severities,
        disabled=config.disabled,
        inline_protected=config.inline_protected,
        today=date.today(),
    )
    project = hcl.project(found, [Path(name) for name in options.var_file])
    result = with_remediation(scan(project, rules.load(), settings), project)
    return allow(result, project.errors, config.allow_unparsed), project


def _may_make_key(source: str) -> bool:
    from rolefirst.decision.catalogue import may_make_key

    return may_make_key(source)


def _config(options: argparse.Namespace) -> Config:
    from rolefirst import config

    if not options.config and not os.path.isfile(config.NAME):
        return config.Config()
    from pathlib import Path

    from rolefirst import rules

    path = Path(options.config or config.NAME)
    return config.load(path, [rule.id for rule in rules.load()])


def _report(
    result: ScanResult, projects: list[tuple[str, Project]], options: argparse.Namespace
) -> str:
    from rolefirst import reports

    def excerpt(location: Location, count: int) -> str:
        from dataclasses import replace

        if not location.path:
            return ""
        for folder, project in projects:
            path = os.path.relpath(location.path, folder).replace(os.sep, "/")
            if text := project.line_text(replace(location, path=path), count):
                return text
        return ""

    terminal = not options.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    context = reports.ReportContext(excerpt=excerpt, color=terminal, version=__version__)
    return reports.render(options.format, result, context)


# --- explain and rules -----------------------------------------------------------------------


def _explain(options: argparse.Namespace) -> int:
    from rolefirst import rules
    from rolefirst.errors import UsageError
    from rolefirst.output import write
    from rolefirst.rules.base import page

    wanted = options.rule.casefold()
    loaded = rules.load()
    for rule in loaded:
        if wanted in (rule.id.casefold(), rule.name):
            write(page(rule) + "\n")
            return 0
    from rolefirst.config import nearest

    names = [name for rule in loaded for name in (rule.id, rule.name)]
    raise UsageError(f"there is no rule {options.rule!r}", nearest(options.rule, names))


def _rules(_: argparse.Namespace) -> int:
    from rolefirst import rules
    from rolefirst.output import write

    lines = (
        f"{rule.id}  {rule.severity.label:8}  {rule.name:28}  {rule.info.title}\n"
        for rule in rules.load()
    )
    write("".join(lines))
    return 0


def _complain(error: RolefirstError) -> None:
    """One line each for what is wrong and what to do; a name in it cannot steer the terminal."""
    from rolefirst.reports.terminal import escape

    print(f"error: {escape(error.message)}", file=sys.stderr)
    if error.hint:
        print(f"hint: {escape(error.hint)}", file=sys.stderr)


if __name__ == "__main__":
    entry()
