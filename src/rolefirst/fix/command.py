"""What ``rolefirst fix`` does with a scan: the diff to standard output, the rest beside it.

Exit codes: 0 nothing to fix, or all of it written; 1 there is something to fix; 2 trouble.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rolefirst.errors import RolefirstError
from rolefirst.findings import Finding, ScanResult
from rolefirst.fix.complete import with_edits
from rolefirst.fix.diff import title, unified
from rolefirst.fix.plan import Plan, plan
from rolefirst.fix.write import write
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.output import complain
from rolefirst.output import write as show
from rolefirst.project import Project
from rolefirst.reports import mask
from rolefirst.reports.terminal import escape

#: The fix of a key ends what other rules find about it, so it comes first.
_FIRST = ("RF101", "RF106", "RF102", "RF103")


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the fixes is wanted: up to a stage, of these rules (of all when there are none).

    ``every`` takes those that need review; ``written`` asks for files instead of a diff.
    """

    stage: str
    rules: tuple[str, ...] = ()
    every: bool = False
    written: bool = False
    quiet: bool = False


def run(result: ScanResult, project: Project | None, folder: str, choice: Choice) -> int:
    """Show or write the fixes of a scan and return the exit code. Raises UsageError."""
    result = with_edits(result, project)
    for error in result.errors:
        complain(RolefirstError(f"{error.path}:{error.line}: {mask(error.message)}"))
    if not isinstance(project, HclProject):
        return 2 if result.errors else 0
    findings = _chosen(result.findings, choice.rules)
    safe = [finding for finding in findings if _is_safe(finding)]
    wanted = safe if choice.written and not choice.every else findings
    made = plan(wanted, project.bytes_of, project.paths_in, choice.stage)
    if choice.written:
        return _write(
            made, plan(findings, project.bytes_of, project.paths_in), result, folder, choice
        )
    _show(made, folder)
    _explain(made, choice)
    if result.errors:
        return 2
    return 1 if made.files else 0


def _chosen(findings: Iterable[Finding], rules: Sequence[str]) -> list[Finding]:
    found = [f for f in findings if not rules or f.rule.id in rules or f.rule.name in rules]
    order = {rule: index for index, rule in enumerate(_FIRST)}
    return sorted(found, key=lambda finding: order.get(finding.rule.id, len(order)))


def _is_safe(finding: Finding) -> bool:
    return finding.remediation is not None and finding.remediation.applicability == "safe"


def _show(made: Plan, folder: str) -> None:
    text, hidden = unified(made, lambda path: _place(folder, path))
    if sys.stdout is not None and sys.stdout.isatty():
        text = "\n".join(map(_shown, text.split("\n")))
    show(text.encode("utf-8", "surrogateescape"))
    for path in hidden:
        _say(f"notice: the diff of {path} hides key material and cannot be applied: use --write")


def _shown(line: str) -> str:
    """A line for a terminal, which keeps its tabs."""
    return "\t".join(map(escape, line.split("\t")))


def _place(folder: str, path: str) -> str:
    """A path of the tree as seen from here, where the diff is applied."""
    place = os.path.relpath(Path(folder, path)).replace(os.sep, "/")
    return path if place.startswith("../") else place


def _write(made: Plan, whole: Plan, result: ScanResult, folder: str, choice: Choice) -> int:
    if result.errors:
        _say("Nothing was written: what cannot be read may need what would be changed.")
        return 2
    write(made, folder)
    for change in made.files:
        verb = (
            "created" if change.before is None else "deleted" if change.after is None else "changed"
        )
        _say(f"{verb} {change.path}")
    _explain(made, choice)
    left = [finding for finding in whole.findings if finding not in made.findings]
    left = [finding for finding in left if not choice.every and not _is_safe(finding)]
    for finding in left:
        _say(f"left for review (--all writes it too): {title(finding)}")
    return 1 if left or made.notices else 0


def _explain(made: Plan, choice: Choice) -> None:
    """The checklist: what the code alone does not do, and in which order."""
    for notice in made.notices:
        _say(f"notice: {notice}")
    for finding in () if choice.quiet else made.findings:
        _say(f"\n{title(finding)}")
        remedy = finding.remediation
        for number, step in enumerate(remedy.steps if remedy is not None else (), 1):
            _say(f"  {number}. {mask(step)}")


def _say(line: str) -> None:
    if sys.stderr is not None:
        head = "\n" if line.startswith("\n") else ""
        print(head + escape(line.removeprefix("\n")), file=sys.stderr)
