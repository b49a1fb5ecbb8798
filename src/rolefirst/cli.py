"""The command line: calls and writes. It decides nothing.

Exit codes: 0 clean, 1 findings at or above ``--fail-on``, 2 not trustworthy (usage,
configuration, unreadable input, a crashed rule). 2 beats 1. Reports go to standard output or
``--output``, everything else to standard error. Whoever closes standard output early (``| head``)
has read enough: the exit code is what it would have been.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from rolefirst import __version__
from rolefirst.arguments import parse

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from types import TracebackType

    from rolefirst.config import Config
    from rolefirst.exceptions.registers import Chosen
    from rolefirst.findings import Location, ScanResult
    from rolefirst.loaders.hcl import Survey
    from rolefirst.project import Project
    from rolefirst.rules.base import Rule

#: Formats for programs, which may apply what a remediation changes; for people it is `fix`.
_WITH_EDITS = ("json", "sarif")


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

    commands = {
        "scan": _scan,
        "fix": _fix,
        "exceptions": _exceptions,
        "explain": _explain,
        "rules": _rules,
    }
    try:
        return commands[options.command](options)
    except RolefirstError as error:
        from rolefirst.output import complain

        complain(error)
        return 2


# --- scan ------------------------------------------------------------------------------------


def _scan(options: argparse.Namespace) -> int:
    from rolefirst.errors import InputError
    from rolefirst.merge import below, merge
    from rolefirst.output import complain, write
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
            complain(error)
            failed = True
            continue
        # One tree is its own root; of several each needs its name, or main.tf is anybody's.
        prefix = folder.replace(os.sep, "/") if len(folders) > 1 else "."
        outside = (*options.var_file, options.exceptions)
        results.append(below(result, prefix, outside) if len(folders) > 1 else result)
        if project is not None:
            projects.append((prefix, project))
    result = merge(results)
    if options.command == "exceptions":
        from rolefirst.register_commands import about_exceptions

        result = about_exceptions(result)
    if results:
        write(_report(result, projects, folders, options), options.output)
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


def _from_here(folder: str) -> str:
    """A folder as seen from the working directory, which in CI is the repository."""
    relative = os.path.relpath(folder)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return (os.path.abspath(folder) if outside else relative).replace(os.sep, "/")


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
    from rolefirst.decision.hints import key_modules
    from rolefirst.findings import ScanError, ScanResult
    from rolefirst.loaders import hcl
    from rolefirst.scan import Settings, allow, scan

    found = hcl.survey(path, key_modules(config.rows), config.exclude)
    notices = [ScanError(*notice) for notice in found.notices]
    chosen = _registers(found, options, config)
    if chosen is None and options.command == "exceptions":
        notices.append(ScanError(".", 0, "no register of exceptions here: nothing was checked"))
    if not found.matters and chosen is None:
        unread = [ScanError(*error) for error in found.errors]
        if not found.files and not unread:
            nothing = "no Terraform file in this folder: nothing was checked"
            notices.append(ScanError(path, 0, nothing))
        result = ScanResult(found.files, 0, 0, notices=tuple(notices))
        return allow(result, unread, config.allow_unparsed), None
    from datetime import date
    from pathlib import Path

    from rolefirst import limits, rules
    from rolefirst.decision.catalogue import extend
    from rolefirst.exceptions.entries import judge_by
    from rolefirst.facts import with_remediation

    settings = Settings(
        severities=config.severities,
        disabled=config.disabled,
        inline_protected=config.inline_protected,
        today=date.today(),
        notices=(*notices, *(chosen.notices if chosen else ())),
    )
    project = hcl.project(found, [Path(name) for name in options.var_file])
    extend(project, config.rows)
    limits.judge_by(project, config.limits)
    if chosen is not None:
        judge_by(project, chosen.registers, date.today())
    result = with_remediation(scan(project, rules.load(), settings), project)
    if getattr(options, "format", "") in _WITH_EDITS:
        from rolefirst.fix.complete import with_edits

        result = with_edits(result, project)
    return allow(result, project.errors, config.allow_unparsed), project


def _registers(found: Survey, options: argparse.Namespace, config: Config) -> Chosen | None:
    """The registers that count; a tree without one does not pay for any."""
    file, ref = options.exceptions, options.exceptions_ref
    # An empty name is a mistake (a variable that is not set) and not the same as none.
    if not found.registers and file is None and ref is None:
        return None
    from rolefirst.exceptions.registers import choose

    return choose(found.top, found.registers, file, ref, config.exclude)


def _fix(options: argparse.Namespace) -> int:
    config = _config(options)
    _check_var_files(options.var_file)
    rules = _rule_ids(options.rule)
    (folder,) = _folders([options.path])
    result, project = _scan_one(folder, options, config)
    from rolefirst.fix import command

    choice = command.Choice(options.stage, rules, options.all, options.write, options.quiet)
    return command.run(result, project, folder, choice)


def _rule_ids(names: Iterable[str]) -> tuple[str, ...]:
    """The ids of rules that go by an id or a name. Raises UsageError."""
    return tuple(_rule(name).id for name in names)


def _config(options: argparse.Namespace) -> Config:
    from rolefirst import config

    if not options.config and not os.path.isfile(config.NAME):
        return config.Config()
    from pathlib import Path

    from rolefirst import rules

    path = Path(options.config or config.NAME)
    return config.load(path, [rule.id for rule in rules.load()])


def _report(
    result: ScanResult,
    projects: list[tuple[str, Project]],
    folders: Sequence[str],
    options: argparse.Namespace,
) -> str:
    from dataclasses import replace

    from rolefirst import output, reports

    def excerpt(location: Location, count: int) -> str:
        if not location.path:
            return ""
        for folder, project in projects:
            path = os.path.relpath(location.path, folder).replace(os.sep, "/")
            if text := project.line_text(replace(location, path=path), count):
                return text
        return ""

    detail = reports.Detail.FULL if options.verbose else reports.Detail.NORMAL
    context = reports.ReportContext(
        excerpt=excerpt,
        color=not options.output and output.colors(),
        detail=reports.Detail.SUMMARY if options.quiet else detail,
        version=__version__,
        base=_from_here(folders[0]) if len(folders) == 1 else "",
    )
    if not options.output and (width := output.width()):
        context = replace(context, width=width)
    return reports.render(options.format, result, context)


# --- exceptions ------------------------------------------------------------------------------


def _exceptions(options: argparse.Namespace) -> int:
    from rolefirst.errors import UsageError

    if options.action is None:
        raise UsageError("exceptions: name an action", "rolefirst exceptions --help lists them.")
    if options.action == "check":
        return _scan(options)
    from rolefirst.register_commands import new, schema

    if options.action == "schema":
        schema()
        return 0
    _check_var_files(options.var_file)
    new(
        options.address,
        options.path,
        options.exceptions,
        options.set,
        _config(options),
        options.var_file,
    )
    return 0


# --- explain and rules -----------------------------------------------------------------------


def _explain(options: argparse.Namespace) -> int:
    from rolefirst.output import write
    from rolefirst.reports.rule_list import single

    write(single(_rule(options.rule), options.format))
    return 0


def _rule(name: str) -> Rule:
    """The rule of an id or a name. Raises UsageError."""
    from rolefirst import rules

    wanted = name.casefold()
    loaded = rules.load()
    for rule in loaded:
        if wanted in (rule.id.casefold(), rule.name):
            return rule
    from rolefirst.config import nearest
    from rolefirst.errors import UsageError

    names = [name for rule in loaded for name in (rule.id, rule.name)]
    raise UsageError(f"there is no rule {name!r}", nearest(name, names))


def _rules(options: argparse.Namespace) -> int:
    from rolefirst import rules
    from rolefirst.output import write
    from rolefirst.reports.rule_list import listing

    write(listing(rules.load(), options.format))
    return 0


if __name__ == "__main__":
    entry()
