"""Reading what is on the command line: the configuration, the folders, one tree after the other.

Loaders, rules and templates are imported when there is something to judge: most trees that a gate
sees hold no key.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from rolefirst.config import Config
    from rolefirst.exceptions.registers import Chosen
    from rolefirst.findings import ScanResult
    from rolefirst.loaders.hcl import Survey
    from rolefirst.output import Progress
    from rolefirst.project import Project
    from rolefirst.rules.base import Rule


def configuration(options: argparse.Namespace, paths: Sequence[str] = ()) -> Config:
    """The configuration that is named, or the one that lies here. Raises RolefirstError.

    With a git ref it is what that ref holds, when the file is of the repository of ``paths``.
    """
    from rolefirst import config
    from rolefirst.errors import UsageError

    _check_var_files(options.var_file)
    if options.config == "":
        raise UsageError("--config: the name is empty", "Leave it out, or set the variable.")
    name = options.config or config.NAME
    ref = approved_at(options)
    if ref is not None:
        for path in paths:
            _refuse_inner_repository(path)
        if any(_same_repository(name, path) for path in paths):
            return _approved(name, ref)
    if not options.config and not os.path.isfile(name):
        return config.Config()
    from pathlib import Path

    from rolefirst import rules

    return config.load(Path(name), [rule.id for rule in rules.load()])


def _refuse_inner_repository(folder: str) -> None:
    """A ref of a submodule is its own, and a change can make any folder a submodule."""
    from rolefirst import git
    from rolefirst.errors import UsageError

    outer, inner = git.root("."), git.root(folder)
    if outer is not None and inner is not None and inner.startswith(os.path.join(outer, "")):
        hint = "Start rolefirst in that repository, or leave the ref out."
        raise UsageError(f"{folder} is in a repository of its own inside of this one", hint)


def _same_repository(file: str, folder: str) -> bool:
    """Whether a change of the scanned code may be one of the file, too."""
    from rolefirst import git

    top = git.root(os.path.dirname(file) or ".")
    return top is not None and top == git.root(folder)


def _approved(name: str, ref: str) -> Config:
    """The configuration in a commit, and a notice when the work tree has another."""
    from dataclasses import replace
    from pathlib import Path

    from rolefirst import config, git, rules
    from rolefirst.findings import ScanError
    from rolefirst.loaders.hcl.files import read

    data = git.show(ref, name)
    there = read(name) if os.path.isfile(name) else None
    ids = [rule.id for rule in rules.load()]
    loaded = config.Config() if data is None else config.load(Path(name), ids, data)
    if data == there:
        return loaded
    text = f"this change edits the configuration: what counts is that of {ref}"
    return replace(loaded, notices=(ScanError(name, 0, text),))


def _check_var_files(names: Iterable[str]) -> None:
    """A variable file that is not there is wrong usage, also where no variable is asked for."""
    from rolefirst.errors import UsageError

    for name in names:
        if not os.path.isfile(name):
            raise UsageError(f"--var-file {name}: there is no such file")
        if not os.access(name, os.R_OK):
            raise UsageError(f"--var-file {name}: cannot be read")


def folders(paths: Iterable[str]) -> list[str]:
    """The folders to scan, each once: callers such as pre-commit name the files of one folder."""
    found: dict[str, str] = {}
    for path in paths:
        folder = os.path.dirname(path) or "." if os.path.isfile(path) else path
        found.setdefault(os.path.realpath(folder), folder)
    return list(found.values())


def judge(
    path: str, options: argparse.Namespace, config: Config, progress: Progress | None = None
) -> tuple[ScanResult, Project | None]:
    """One tree; without a project when nothing in it concerns any rule. Raises RolefirstError."""
    from rolefirst.decision.hints import key_modules
    from rolefirst.findings import ScanError, ScanResult
    from rolefirst.loaders import hcl
    from rolefirst.scan import Settings, allow, scan

    found = hcl.survey(path, key_modules(config.rows), config.exclude)
    notices = [ScanError(*notice) for notice in found.notices]
    chosen = _registers(found, options, config)
    if chosen is None and getattr(options, "action", "") == "check":
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
    result = with_remediation(scan(project, rules.load(), settings, progress), project)
    return allow(result, project.errors, config.allow_unparsed), project


def _registers(found: Survey, options: argparse.Namespace, config: Config) -> Chosen | None:
    """The registers that count; a tree without one does not pay for any."""
    file, ref = options.exceptions, approved_at(options)
    # An empty name is a mistake (a variable that is not set) and not the same as none.
    if not found.registers and file is None and ref is None:
        return None
    from rolefirst.exceptions.registers import choose

    chosen = choose(found.top, found.registers, file, ref, config.exclude)
    asked = found.registers or file is not None or options.exceptions_ref is not None
    # Who asks only for what is new has not asked for a register.
    return chosen if asked or chosen.registers else None


def approved_at(options: argparse.Namespace) -> str | None:
    """The git ref whose register and baseline count: a change must not approve itself."""
    ref: str | None = options.exceptions_ref
    since: str | None = options.changed_since
    return since if ref is None else ref


def rule(name: str) -> Rule:
    """The rule of an id or a name. Raises UsageError."""
    from rolefirst import rules

    wanted = name.casefold()
    loaded = rules.load()
    for each in loaded:
        if wanted in (each.id.casefold(), each.name):
            return each
    from rolefirst.config import nearest
    from rolefirst.errors import UsageError

    names = [name for each in loaded for name in (each.id, each.name)]
    raise UsageError(f"there is no rule {name!r}", nearest(name, names))
