"""What ``rolefirst exceptions`` does beside scanning: it writes an entry, and shows them all."""

from __future__ import annotations

import os
import posixpath
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

from rolefirst import git, limits
from rolefirst.config import Config, nearest
from rolefirst.decision.catalogue import extend
from rolefirst.decision.hints import key_modules
from rolefirst.decision.keys import Key, keys
from rolefirst.errors import UsageError
from rolefirst.exceptions.compare import compare
from rolefirst.exceptions.entries import STEPS, Entry, Register
from rolefirst.exceptions.matching import keys_of
from rolefirst.exceptions.reading import read
from rolefirst.exceptions.registers import at_ref, beside, named, root_below
from rolefirst.exceptions.review import Review, Since, with_since
from rolefirst.exceptions.writing import ASKED, SCHEMA, Draft, appended, next_id
from rolefirst.findings import RuleInfo, ScanError, ScanResult
from rolefirst.loaders import hcl
from rolefirst.loaders.hcl import Survey
from rolefirst.loaders.hcl.files import REGISTER
from rolefirst.loaders.hcl.files import read as read_file
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.output import tell, write
from rolefirst.project import Project
from rolefirst.reports.terminal import escape
from rolefirst.rules.exception_drafts import draft_values
from rolefirst.rules.exception_points import incomplete
from rolefirst.rules.exception_review import review
from rolefirst.snapshot import copies, snapshot

#: A notice about a comment beside the code that is for another rule.
_OTHER_SKIP = re.compile(r"skip of (?!RF9)")
_REASONS = tuple(f"alternatives_considered.{step}" for step in STEPS)


def about_exceptions(result: ScanResult) -> ScanResult:
    """What a scan says about exceptions: theirs alone, and which findings yield to them."""

    def concerned(rule: RuleInfo) -> bool:
        return rule.id.startswith("RF9")

    return replace(
        result,
        findings=tuple(f for f in result.findings if concerned(f.rule)),
        undetermined=tuple(u for u in result.undetermined if concerned(u.rule)),
        suppressed=tuple(
            f for f in result.suppressed if f.suppression and f.suppression.kind == "exception"
        ),
        notices=_notices(result),
    )


def _notices(result: ScanResult) -> tuple[ScanError, ...]:
    return tuple(n for n in result.notices if not _OTHER_SKIP.match(n.message))


def schema() -> None:
    """Print what editors complete a register with."""
    write(files("rolefirst.exceptions").joinpath(SCHEMA).read_text("utf-8"))


def new(
    address: str,
    path: str,
    file: str | None,
    settings: Iterable[str],
    config: Config,
    var_files: Iterable[str] = (),
) -> None:
    """Write an entry for a key. Raises RolefirstError."""
    found, project = _tree(path, config, var_files)
    key = _key(address, project)
    there = file is None or Path(file).exists()
    registers = named(file, found.top) if file and there else beside(found.top, found.registers)
    _refuse_second(address, key, registers if there else (), project)
    register = file or _beside(path, found.registers, key.block.root)
    old = _bytes(register)
    root = root_below(register, found.top, key.block.root)
    entries = read(old, register).entries if old is not None else ()
    values, hints = draft_values(key, project)
    values |= _set(settings)
    id = values.pop("id", "") or next_id(entries, date.today().year)
    draft = Draft(id, address, root, values, hints)
    if sys.stdin.isatty() and sys.stderr.isatty():
        draft = replace(draft, values={**values, **_answers(draft)})
    data = appended(old, draft, register)
    write(data.decode("utf-8"), register)
    entry = read(data, register).entries[-1]
    points = incomplete(entry, date.today(), config.limits)
    for error in project.errors:
        tell(f"{error.path}:{error.line}: {error.message}; the entry may lack what is there")
    open_points = dict.fromkeys(point.element for point in points)
    rest = f"; still to be written: {', '.join(open_points)}" if open_points else ""
    tell(f"{entry.location}: wrote exception {id} for {address}{rest}")


def reviewed(
    result: ScanResult,
    project: Project | None,
    folder: str,
    file: str | None,
    config: Config,
    var_files: Iterable[str] = (),
    since: str | None = None,
) -> Review:
    """What a scan says about exceptions, and what has changed since a ref. Raises UsageError."""
    made = review(project, replace(result, notices=_notices(result)), date.today())
    if since is None:
        return made
    top = os.path.realpath(folder)
    commit = git.merge_base(top, since)
    there, notices = _keys_at(commit, top, since, config, var_files)
    here = {_named(key): key.block.location for key in keys(project)} if project else {}
    # A named register may be new.
    is_new = file is not None and git.show(commit, file) is None
    old = () if is_new else at_ref(commit, top, file, config.exclude)
    problems = (problem for register in old for problem in register.problems)
    changed = Since(
        since,
        commit,
        compare(old, made.registers),
        tuple((*name, at) for name, at in here.items() if name not in there),
        tuple(name for name in there if name not in here),
    )
    return with_since(made, changed, (*notices, *problems))


def _keys_at(
    commit: str, top: str, ref: str, config: Config, var_files: Iterable[str]
) -> tuple[tuple[tuple[str, str], ...], tuple[ScanError, ...]]:
    """The keys that the code of a commit makes, and what cannot be read there.

    Nobody can mend a commit, so that the latter is no error of the scan.
    """
    with snapshot(top, commit) as folder, copies(var_files, top, commit) as values:
        _, project = _tree(str(folder), config, values)
        there = tuple(_named(key) for key in keys(project))
    unread = (
        ScanError(e.path, e.line, f"at {ref} its keys cannot be told: {e.message}")
        for e in project.errors
    )
    return there, tuple(unread)


def _tree(path: str, config: Config, var_files: Iterable[str]) -> tuple[Survey, HclProject]:
    found = hcl.survey(path, key_modules(config.rows), config.exclude)
    project = hcl.project(found, [Path(name) for name in var_files])
    extend(project, config.rows)
    limits.judge_by(project, config.limits)
    return found, project


def _named(key: Key) -> tuple[str, str]:
    return key.block.root, key.block.address


def _key(address: str, project: Project) -> Key:
    """The key at an address, in the one root module that has it."""
    roots = dict.fromkeys(key.block.root for key in keys(project))
    found = {root: keys_of(Entry("", key=address, root=root), project) for root in roots}
    having = [root for root in found if found[root]]
    if "." in having or len(having) == 1:
        return found["." if "." in having else having[0]][0]
    if having:
        raise UsageError(
            f"{address} is in several root modules: {', '.join(having)}",
            "Name the folder of one of them as PATH.",
        )
    addresses = dict.fromkeys(key.block.address for key in keys(project))
    hint = nearest(address, addresses) if addresses else "There is no key at all."
    raise UsageError(f"there is no key {address}", hint)


def _refuse_second(address: str, key: Key, registers: Iterable[Register], project: Project) -> None:
    for register in registers:
        for entry in register.entries:
            if entry.key and any(one.block is key.block for one in keys_of(entry, project)):
                where = f"{entry.location}: exception {entry.name}"
                raise UsageError(f"{where} is for {address} already", "Edit that one.")


def _beside(path: str, folders: Iterable[str], root: str) -> str:
    """The register nearest to a root module; a new one in the scanned folder."""
    top = Path(path).parent if Path(path).is_file() else Path(path)
    parents = root
    while parents not in folders and parents != ".":
        parents = posixpath.dirname(parents) or "."
    return (top / parents / REGISTER).as_posix()


def _bytes(register: str) -> bytes | None:
    try:
        return read_file(register)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{register}: cannot be read: {error.strerror}") from None


def _set(settings: Iterable[str]) -> dict[str, str]:
    """The elements that the command line sets."""
    valid = ("id", *ASKED, *_REASONS)
    values = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = f"alternatives_considered.{name}" if name in STEPS else name
        if not equals or not value.strip():
            raise UsageError(f"--set {setting}: write ELEMENT=VALUE")
        if name not in valid:
            raise UsageError(f"--set {name}: there is no such element", nearest(name, valid))
        values[name] = value.strip()
    return values


def _answers(draft: Draft) -> dict[str, str]:
    """What somebody at a terminal says about the elements that the code leaves open."""
    answers = {}
    for name in (*_REASONS, *ASKED):
        if name in draft.values:
            tell(f"{name}: {draft.values[name]}")
            continue
        asked = draft.hints.get(name) or ASKED[name]
        print(f"{name} ({escape(asked)}): ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            break
        if line.strip():
            answers[name] = line.strip()
    return answers
