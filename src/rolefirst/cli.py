"""The command line: parses arguments, calls, writes. It decides nothing.

Exit codes: 0 clean, 1 findings at or above ``--fail-on``, 2 not trustworthy (usage,
configuration, unreadable input, a crashed rule). 2 beats 1. Reports go to standard output or
``--output``, everything else to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rolefirst import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from rolefirst.config import Config
    from rolefirst.findings import Location, ScanResult
    from rolefirst.project import Project

_EPILOG = (
    "Exit codes: 0 clean; 1 findings at or above --fail-on; 2 the scan is not trustworthy: wrong "
    "usage or configuration, a file or block that cannot be read, a rule that crashed."
)


def entry() -> None:
    """The ``rolefirst`` command."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    if options.command is None:
        _parser().print_help(sys.stderr)
        return 2
    from rolefirst.errors import RolefirstError

    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except RolefirstError as error:
        _complain(error)
        return 2
    except BrokenPipeError:
        # Whoever read the report has gone (`| head`): nothing can be said, so nothing was shown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rolefirst",
        description="Find every long-lived AWS access key in Terraform, who uses it, and what "
        "should stand there instead.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"rolefirst {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    scan = commands.add_parser("scan", help="check folders of Terraform code", epilog=_EPILOG)
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

    explain = commands.add_parser("explain", help="show a rule's page")
    explain.set_defaults(run=_explain)
    explain.add_argument("rule", metavar="RULE", help="such as RF301 or rotation_missing")

    listing = commands.add_parser("rules", help="list the rules")
    listing.set_defaults(run=_rules)
    return parser


# --- scan ------------------------------------------------------------------------------------


def _scan(options: argparse.Namespace) -> int:
    from pathlib import Path

    from rolefirst.scan import gate, merge

    config = _config(options)
    results: list[ScanResult] = []
    projects: list[Project] = []
    failed = False
    for path in options.paths:
        from rolefirst.errors import InputError

        try:
            result, project = _scan_one(Path(path), options, config)
        except InputError as error:
            _complain(error)
            failed = True
            continue
        results.append(result)
        projects.append(project)
    result = merge(results)
    if results:
        _write(_report(result, projects, options), options.output)
    fail_on = config.fail_on
    if options.fail_on:
        from rolefirst.config import severity

        fail_on = severity(options.fail_on, "--fail-on")
    code = gate(result, fail_on, options.strict or config.strict)
    return 2 if failed else code


def _scan_one(
    path: Path, options: argparse.Namespace, config: Config
) -> tuple[ScanResult, Project]:
    """One tree. Rules and templates are loaded only when there is something to judge."""
    from pathlib import Path

    from rolefirst.decision.catalogue import KEY_MODULE_HINTS, may_make_key
    from rolefirst.findings import ScanResult
    from rolefirst.loaders.hcl import KeyModules, load

    modules = KeyModules(KEY_MODULE_HINTS, may_make_key)
    project = load(path, [Path(name) for name in options.var_file], modules)
    if not project.relevant:
        return ScanResult(project.files, 0, 0, errors=tuple(project.errors)), project
    from datetime import date

    from rolefirst import rules
    from rolefirst.facts import with_remediation
    from rolefirst.scan import Settings, allow, scan

    settings = Settings(
        severities=config.severities,
        disabled=config.disabled,
        inline_protected=config.inline_protected,
        today=date.today(),
    )
    result = scan(project, rules.load(), settings)
    return with_remediation(allow(result, config.allow_unparsed), project), project


def _config(options: argparse.Namespace) -> Config:
    from pathlib import Path

    from rolefirst import config

    if not options.config and not os.path.isfile(config.NAME):
        return config.Config()
    from rolefirst import rules

    path = Path(options.config or config.NAME)
    return config.load(path, [rule.id for rule in rules.load()])


def _report(
    result: ScanResult, projects: list[Project], options: argparse.Namespace
) -> str:
    from rolefirst import reports

    def excerpt(location: Location, count: int) -> str:
        found = (project.line_text(location, count) for project in projects)
        return next((text for text in found if text), "")

    terminal = not options.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    context = reports.ReportContext(excerpt=excerpt, color=terminal, version=__version__)
    return reports.render(options.format, result, context)


def _write(text: str, output: str | None) -> None:
    """The whole report or nothing: a file is replaced only once it is complete."""
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        return
    import tempfile

    from rolefirst.errors import UsageError

    folder = os.path.dirname(os.path.abspath(output))
    name = ""
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".rolefirst-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, output)
    except OSError as error:
        if name and os.path.exists(name):
            os.unlink(name)
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None


# --- explain and rules -----------------------------------------------------------------------


def _explain(options: argparse.Namespace) -> int:
    from rolefirst import rules
    from rolefirst.errors import UsageError
    from rolefirst.rules.base import page

    wanted = options.rule.casefold()
    for rule in rules.load():
        if wanted in (rule.id.casefold(), rule.name):
            print(page(rule))
            return 0
    raise UsageError(f"there is no rule {options.rule!r}", "rolefirst rules lists them.")


def _rules(_: argparse.Namespace) -> int:
    from rolefirst import rules

    for rule in rules.load():
        print(f"{rule.id}  {rule.severity.label:8}  {rule.name:28}  {rule.info.title}")
    return 0


def _complain(error: Exception) -> None:
    print(f"error: {getattr(error, 'message', error)}", file=sys.stderr)
    if hint := getattr(error, "hint", ""):
        print(f"hint: {hint}", file=sys.stderr)
