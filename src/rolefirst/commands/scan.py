"""``rolefirst scan``: judge folders and report, and ``exceptions check``: the register alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from rolefirst import __version__
from rolefirst.commands import trees

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from rolefirst.config import Config
    from rolefirst.findings import Location, ScanResult, Severity
    from rolefirst.output import Progress
    from rolefirst.project import Project


def run(options: argparse.Namespace) -> int:
    """Scan every folder, write the reports and return the exit code."""
    from dataclasses import replace

    from rolefirst.errors import InputError
    from rolefirst.merge import below, merge
    from rolefirst.output import Progress, complain
    from rolefirst.scan import gate

    folders = trees.folders(options.paths)
    config = trees.configuration(options, folders)
    reports = _reports(options)
    results: list[ScanResult] = []
    projects: list[tuple[str, Project]] = []
    failed = False
    for folder in folders:
        try:
            with Progress() as told:
                result, project = _judged(folder, options, config, told)
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
    result = _known(merge(results), folders, options)
    result = replace(result, notices=(*config.notices, *result.notices))
    fail_on = _fail_on(options, config)
    if results:
        _write(result, projects, folders, reports, fail_on, options)
    return 2 if failed else gate(result, fail_on, options.strict or config.strict)


def _fail_on(options: argparse.Namespace, config: Config) -> Severity | None:
    """The least severity that fails; None for a report that is no gate."""
    from rolefirst.config import severity

    if options.fail_on == "none":
        return None
    return severity(options.fail_on, "--fail-on") if options.fail_on else config.fail_on


def _judged(
    folder: str, options: argparse.Namespace, config: Config, progress: Progress
) -> tuple[ScanResult, Project | None]:
    """One tree, as far as it is asked for."""
    result, project = trees.judge(folder, options, config, progress)
    if options.fixes:
        from rolefirst.fix.complete import with_edits

        result = with_edits(result, project)
    if options.command == "exceptions":
        from rolefirst.register_commands import about_exceptions

        result = about_exceptions(result)
    if options.changed_since is not None:
        result = _changed(result, folder, options, config)
    return result, project


def _changed(
    result: ScanResult, folder: str, options: argparse.Namespace, config: Config
) -> ScanResult:
    """Without what the tree had before and no change has touched."""
    from argparse import Namespace

    from rolefirst import changes, git
    from rolefirst.snapshot import copies, snapshot

    base = git.merge_base(folder, options.changed_since)
    if not result.findings and not result.undetermined:
        return result
    plain = {**vars(options), "changed_since": None, "exceptions_ref": None}
    # Values are part of the code: a change that turns a key on in a variable file makes it.
    with snapshot(folder, base) as before, copies(options.var_file, folder, base) as values:
        old, _ = trees.judge(str(before), Namespace(**{**plain, "var_file": values}), config)
    touched = changes.read(git.diff(folder, base))
    return changes.only_new(result, touched, old, options.changed_since, _below(folder))


def _known(result: ScanResult, folders: Sequence[str], options: argparse.Namespace) -> ScanResult:
    """Without what the baseline knows."""
    if options.baseline is None:
        return result
    from rolefirst import baseline

    name = options.baseline
    known = baseline.read(_bytes(name, trees.approved_at(options)), name)

    top = folders[0] if len(folders) == 1 else "."
    return baseline.apply(result, known, name, _below(top))


def _below(top: str) -> Callable[[str], bool]:
    """Whether a root module's folder is still there."""
    return lambda root: os.path.isdir(os.path.join(top, root))


def _bytes(name: str, ref: str | None) -> bytes:
    """The baseline's file. Raises UsageError."""
    from rolefirst.errors import UsageError

    if ref is not None:
        from rolefirst import git

        data = git.show(ref, name)
        if data is None:
            hint = "A change cannot add its own findings to what is known: merge the file first."
            raise UsageError(f"--baseline {name}: there is no such file at {ref}", hint)
        return data
    from rolefirst.loaders.hcl.files import read

    try:
        return read(name)
    except OSError as error:
        raise UsageError(f"--baseline {name}: cannot be read: {error.strerror}") from None


# --- reports -----------------------------------------------------------------------------------


def _reports(options: argparse.Namespace) -> list[tuple[str, str | None]]:
    """Format and file of every report that is asked for. Raises UsageError."""
    from rolefirst.arguments import FORMATS
    from rolefirst.errors import UsageError

    found: list[tuple[str, str | None]] = [(options.format, options.output)]
    for each in options.report:
        format, equals, file = each.partition("=")
        if not equals or not file or format not in FORMATS:
            hint = f"Write FORMAT=FILE; the formats are {', '.join(FORMATS)}."
            raise UsageError(f"--report {each}: is no format and file", hint)
        found.append((format, file))
    files = [os.path.realpath(file) for _, file in found if file not in (None, "-", os.devnull)]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice}: two reports cannot be one file", "Name another file.")
    return found


def _write(
    result: ScanResult,
    projects: Sequence[tuple[str, Project]],
    folders: Sequence[str],
    wanted: Sequence[tuple[str, str | None]],
    fail_on: Severity | None,
    options: argparse.Namespace,
) -> None:
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
        color=False,
        detail=reports.Detail.SUMMARY if options.quiet else detail,
        version=__version__,
        base=from_here(folders[0]) if len(folders) == 1 else "",
        fail_on=fail_on,
    )
    for format, file in wanted:
        shown = context
        if file is None:
            width = output.width() or context.width
            shown = replace(context, color=output.colors(), width=width)
        output.write(reports.render(format, result, shown), file)


def from_here(folder: str) -> str:
    """A folder as seen from the working directory, which in CI is the repository."""
    relative = os.path.relpath(folder)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return (os.path.abspath(folder) if outside else relative).replace(os.sep, "/")
