"""What ``rolefirst fix`` does with a scan: the diff to standard output, the rest beside it.

Exit codes: 0 nothing to fix, or all of it written; 1 there is something to fix; 2 trouble.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rolefirst import git
from rolefirst.decision.keys import keys
from rolefirst.errors import RolefirstError
from rolefirst.findings import Finding, ScanResult
from rolefirst.fix.complete import with_edits
from rolefirst.fix.diff import title, unified
from rolefirst.fix.plan import Plan, plan
from rolefirst.fix.write import write
from rolefirst.iam.users import user_of
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.output import complain
from rolefirst.output import write as show
from rolefirst.project import Project
from rolefirst.reports import mask
from rolefirst.reports.terminal import escape

#: The fix of a key ends what other rules find about it, so it comes first.
_FIRST = ("RF101", "RF106", "RF102", "RF103")
#: What would mend a key that is to go, and what would mend a user that goes with its key.
_OF_KEY = ("RF301", "RF302", "RF303", "RF304", "RF601", "RF602", "RF603")
_OF_USER = ("RF401", "RF402")
_LAST = "remove"
_SAVE = "Save the Terraform as "
#: Keys that one line names.
_NAMED = 20


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
    if not choice.rules:
        findings = _without_needless(findings, project)
    safe = [finding for finding in findings if _is_safe(finding)]
    wanted = safe if choice.written and not choice.every else findings
    made = plan(wanted, project.bytes_of, project.paths_in, choice.stage)
    if choice.written:
        whole = plan(findings, project.bytes_of, project.paths_in, choice.stage)
        return _write(made, whole, result, folder, choice, findings)
    _show(made, folder)
    going = _going(findings, choice)
    explain(made, findings, choice)
    if result.errors:
        return 2
    return 1 if made.files or going else 0


def _chosen(findings: Iterable[Finding], rules: Sequence[str]) -> list[Finding]:
    found = [f for f in findings if not rules or f.rule.id in rules or f.rule.name in rules]
    order = {rule: index for index, rule in enumerate(_FIRST)}
    return sorted(found, key=lambda finding: order.get(finding.rule.id, len(order)))


def _without_needless(findings: list[Finding], project: HclProject) -> list[Finding]:
    """Without what would mend a key, or its user, that RF101 asks to replace; says so once."""
    blocks = {(key.block.root, key.block.address): key.block for key in keys(project)}
    needless: set[tuple[str, str, str]] = set()
    for finding in findings:
        if finding.rule.id != "RF101" or finding.suppression is not None:
            continue
        place = finding.root, finding.address
        needless.update((rule, *place) for rule in _OF_KEY)
        key = blocks.get(place)
        user = user_of(key, project) if key is not None and key.kind == "resource" else None
        remedy, decision = finding.remediation, finding.decision
        goes = remedy and (remedy.file or remedy.edits)
        if user is not None and (goes or (decision and decision.role)):
            needless.update((rule, user.root, user.address) for rule in _OF_USER)
    left = [f for f in findings if (f.rule.id, f.root, f.address) in needless]
    if rules := sorted({f.rule.id for f in left if f.remediation is not None}):
        _say(
            f"notice: {', '.join(rules)} would mend keys that are to go, or their users: left out "
            "unless --rule names them"
        )
    return [f for f in findings if (f.rule.id, f.root, f.address) not in needless]


def _going(findings: Iterable[Finding], choice: Choice) -> tuple[Finding, ...]:
    """The findings whose fix takes something away in a later stage."""
    if choice.stage == _LAST:
        return ()
    remedies = ((finding, finding.remediation) for finding in findings)
    return tuple(
        finding
        for finding, remedy in remedies
        if remedy is not None and any(edit.stage == _LAST for edit in remedy.edits)
    )


def _is_safe(finding: Finding) -> bool:
    return finding.remediation is not None and finding.remediation.applicability == "safe"


def _show(made: Plan, folder: str) -> None:
    text, hidden = unified(made, lambda path: _place(folder, path))
    if sys.stdout is not None and sys.stdout.isatty():
        text = "\n".join(map(_shown, text.split("\n")))
    show(text.encode("utf-8", "surrogateescape"))
    for path in hidden:
        _say(
            f"notice: the diff of {path} hides key material and cannot be applied: use --write, or "
            f"apply the rest with git apply --exclude={shlex.quote(_place(folder, path))}"
        )


def _shown(line: str) -> str:
    """A line for a terminal, which keeps its tabs."""
    return "\t".join(map(escape, line.split("\t")))


def _place(folder: str, path: str) -> str:
    """A path of the tree as seen from here, where the diff is applied."""
    place = os.path.relpath(Path(folder, path)).replace(os.sep, "/")
    return path if place.startswith("../") else place


def _write(
    made: Plan, whole: Plan, result: ScanResult, folder: str, choice: Choice, found: list[Finding]
) -> int:
    if result.errors:
        _say("Nothing was written: what cannot be read may need what would be changed.")
        return 2
    write(made, folder)
    if made.files and git.root(folder) is None:
        _say("notice: this is in no git repository, so there is no way back but your own copy")
    for change in made.files:
        verb = (
            "created" if change.before is None else "deleted" if change.after is None else "changed"
        )
        _say(f"{verb} {change.path}")
    explain(made, found, choice)
    left = [finding for finding in whole.findings if finding not in made.findings]
    left = [finding for finding in left if not choice.every and not _is_safe(finding)]
    for finding in left:
        _say(f"left for review (--all writes it too): {title(finding)}")
    return 1 if left or made.notices else 0


def explain(made: Plan, findings: Iterable[Finding], choice: Choice) -> None:
    """The checklist: what the code alone does not do, and in which order."""
    for notice in made.notices:
        _say(f"notice: {notice}")
    if going := _names(_going(findings, choice)):
        _say(
            f"notice: still there: {going}. When nobody signs in with it any more, --stage remove "
            "takes it away"
        )
    by_hand = list(filter(_is_by_hand, findings))
    if by_hand:
        _say(f"notice: left to do by hand: {_names(by_hand)}")
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in () if choice.quiet else (*made.findings, *by_hand):
        alike.setdefault(tuple(_steps(finding)), []).append(finding)
    for steps, findings in alike.items():
        for number, finding in enumerate(findings):
            _say(title(finding) if number else f"\n{title(finding)}")
        for number, step in enumerate(steps, 1):
            _say(f"  {number}. {mask(step)}")


def _names(findings: Iterable[Finding]) -> str:
    names = list(dict.fromkeys(mask(finding.address) for finding in findings))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _is_by_hand(finding: Finding) -> bool:
    """Whether nothing of the way that a key goes is in edits or new code."""
    remedy = finding.remediation
    if finding.decision is None or remedy is None:
        return False
    return not remedy.edits and not remedy.file


def _steps(finding: Finding) -> Iterator[str]:
    """The steps that are left to do when the new file is there."""
    remedy = finding.remediation
    for step in remedy.steps if remedy is not None else ():
        if not (remedy and remedy.file and step.startswith(_SAVE)):
            yield step


def _say(line: str) -> None:
    if sys.stderr is not None:
        head = "\n" if line.startswith("\n") else ""
        print(head + escape(line.removeprefix("\n")), file=sys.stderr)
