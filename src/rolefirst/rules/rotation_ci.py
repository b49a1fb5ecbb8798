"""What CI files say about the age of a key: how often the code is applied, and by whom replaced.

A scheduled ``terraform apply -replace=ADDRESS`` is rotation that stands in no Terraform file. A
file counts for the root module whose directory it names, or for the top of its repository when it
names none.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from rolefirst.findings import Location, Related
from rolefirst.iam.users import user_argument, user_of
from rolefirst.project import Block, Document, Project
from rolefirst.rules.rotation_schedule import longest_gap
from rolefirst.rules.rotation_verdict import Period, Rotation, Verdict

#: A file without any of these says nothing about a key.
_TELLING = re.compile(r"terraform|tofu|terragrunt|create-access-key")
_COMMENT = re.compile(r"^[ \t]*(?:#|//)[^\n]*|[ \t]#[^\n\"']*$", re.MULTILINE)
_APPLY = re.compile(r"\b(?:terraform|tofu|terragrunt)\b[^\n]{0,300}?\bapply\b")
#: The address in ``-replace=ADDRESS`` and ``terraform taint ADDRESS``, quotes and all.
_REPLACE = re.compile(
    r"(?:\s--?replace[= ]{1,3}|\b(?:terraform|tofu|terragrunt)\b[^\n]{0,200}?\btaint\s{1,9})"
    r"(?P<address>'[^'\n]{1,300}'|\"(?:[^\"\\\n]|\\.){1,300}\"|[^\s'\"]{1,300})"
)
_NEW_KEY = re.compile(
    r"\biam\s{1,9}create-access-key\b[^\n]{0,200}?--user-name[= ]{1,3}(\S{1,128})"
)
_CRON = re.compile(
    r"\bcron(?::[ \t]*|[ \t]*\()(?:\"([^\"\n]{1,99})\"|'([^'\n]{1,99})'|([^\n\"']{1,99}))"
)
#: Runs on a schedule that is kept outside the file.
_SCHEDULED = re.compile(
    r"CI_PIPELINE_SOURCE\s*==\s*[\"']schedule|^\s*(?:-\s*)?schedules?\s*:?\s*$", re.MULTILINE
)
_DIRECTORY = re.compile(
    r"(?:-chdir=|\bworking[-_]directory:[ \t]*|\bTF_ROOT:[ \t]*|\bcd[ \t]+)[\"']?([^\s\"';&]+)"
)


@dataclass(frozen=True, slots=True)
class _File:
    """What a CI file says. ``every`` is None when the schedule is not in it, or there is none."""

    document: Document
    text: str
    scheduled: bool
    every: float | None
    directories: frozenset[str]

    def concerns(self, root: str) -> bool | None:
        """Whether it works on a root module; None when it computes the directory."""
        if not self.directories:
            return root == posixpath.normpath(_top(self.document.path))
        if root in self.directories:
            return True
        return None if any("$" in name or "{" in name for name in self.directories) else False

    def place(self, position: int) -> Related:
        """Where in the file something stands; the text is as long as the document's."""
        line = self.text.count("\n", 0, position) + 1
        return Related(Location(self.document.path, line), self.document.path)


def apply_interval(root: str, project: Project) -> tuple[float, Related] | None:
    """How many days pass between two applies at most, and where that is said."""
    found = [
        (file.every, file.place(match.start()))
        for file in _files(project)
        if file.every is not None and file.concerns(root) and (match := _APPLY.search(file.text))
    ]
    return min(found, key=lambda item: item[0], default=None)


def replaced(key: Block, project: Project) -> Iterator[Rotation]:
    """The CI files that replace the key by its address."""
    for file in _files(project):
        for match in _REPLACE.finditer(file.text):
            if _bare(match["address"]) == key.address and file.concerns(key.root) is not False:
                yield _replacement(file, file.place(match.start()), key)


def remade(key: Block, project: Project) -> tuple[Related, str] | None:
    """The CI file that makes keys for the user of a key, and what it does."""
    user = user_of(key, project)
    name = (user["name"] if user is not None else key[user_argument(key)]).text
    for file in _files(project):
        for match in _NEW_KEY.finditer(file.text):
            if name and file.scheduled and _bare(match[1]) == name:
                place = file.place(match.start())
                return place, f"{place.label} makes keys for this user on a schedule"
    return None


def _replacement(file: _File, place: Related, key: Block) -> Rotation:
    if not file.scheduled:
        reason = f"{place.label} replaces the key only when someone starts it: it has no schedule"
        return Rotation(Verdict.INEFFECTIVE, reason, place)
    if file.concerns(key.root) is None:
        reason = f"{place.label} replaces {key.address} in a directory that it computes"
        return Rotation(Verdict.UNKNOWN, reason, place)
    why = "" if file.every is not None else f"the schedule of {place.label} is not in the file"
    return Rotation(Verdict.ROTATES, "", place, Period(file.every, why, applied=False))


def _bare(word: str) -> str:
    """A word of a command line without its quotes."""
    return word.strip("\"'").replace('\\"', '"')


def _files(project: Project) -> tuple[_File, ...]:
    memo = ("ci files", "", "")
    if memo not in project.memo:
        project.memo[memo] = tuple(
            _read(document)
            for document in project.documents()
            if document.kind == "ci" and _TELLING.search(document.text)
        )
    return cast("tuple[_File, ...]", project.memo[memo])


def _read(document: Document) -> _File:
    text = _COMMENT.sub(lambda match: " " * len(match[0]), document.text)
    crons = ["".join(found).strip() for found in _CRON.findall(text)]
    gaps = [gap for cron in crons if (gap := longest_gap(cron)) is not None]
    top = _top(document.path)
    directories = _DIRECTORY.findall(text)
    return _File(
        document,
        text,
        bool(crons) or bool(_SCHEDULED.search(text)),
        min(gaps, default=None),
        frozenset(posixpath.normpath(posixpath.join(top, name)) for name in directories),
    )


def _top(path: str) -> str:
    """The directory that paths in a CI file start from: that of the repository."""
    steps = path.split("/")[:-1]
    hidden = next((i for i, step in enumerate(steps) if step.startswith(".")), len(steps))
    return "/".join(steps[:hidden])
