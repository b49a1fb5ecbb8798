"""Who reads an output with a key: CI files, scripts and READMEs beside the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rolefirst.decision import clues
from rolefirst.decision.clues import Better, Hint
from rolefirst.decision.flow import Exit
from rolefirst.findings import Evidence, Location
from rolefirst.project import Document, Project

#: Names of outputs that are no ordinary word of a text.
_DISTINCT = re.compile(r"\w+[_-]\w+|\w{12,}")
#: What the files of a CI platform are called.
_FILES = {
    "github": re.compile(r"(?:^|/)\.github/(?:workflows|actions)/"),
    "gitlab": re.compile(r"(?:^|/)\.gitlab-ci|(?:^|/)\.gitlab/"),
}
_KEYS = re.compile(r"AWS_SECRET_ACCESS_KEY|aws-secret-access-key")
#: Places that are told of one output.
MAX_PLACES = 5


def of_documents(exits: tuple[Exit, ...], project: Project) -> Iterator[Hint]:
    """Hints from the lines that name an output of a root module which hands the key on."""
    names = [
        item.block.name
        for item in exits
        if item.block.kind == "output"
        and item.carries.usable
        and _DISTINCT.fullmatch(item.block.name)
    ]
    for name in dict.fromkeys(names):
        pattern = re.compile(
            rf"(?:(?<![\w-])|(?<=output_)|(?<=outputs_)){re.escape(name)}(?![\w-])"
        )
        found = (hint for document in project.documents() for hint in _in(document, pattern, name))
        for _, hint in zip(range(MAX_PLACES), found, strict=False):
            yield hint


def platform_in_tree(hints: Iterable[Hint], project: Project) -> Hint | None:
    """The CI platform whose files in the tree name AWS keys, unless a product is named already."""
    for hint in hints:
        clue = next(clues.packaged().of_words(hint.evidence.text), None)
        if hint.category == "ci" and clue is not None and clue.weight > 1:
            return None
    for document in project.documents():
        better = _platform(document.path) if document.kind == "ci" else None
        found = _KEYS.search(document.text) if better is not None else None
        if found is not None:
            place = Location(document.path, document.text.count("\n", 0, found.start()) + 1)
            said = "a CI file of the tree signs in with AWS keys"
            return Hint("ci", 1, Evidence("document", said, place), better)
    return None


def _platform(path: str) -> Better | None:
    """What jobs of the platform that a CI file belongs to can have instead of a key."""
    word = next((word for word, pattern in _FILES.items() if pattern.search(path)), "")
    clue = next(clues.packaged().of_words(word), None)
    return clue.better if clue is not None else None


def _in(document: Document, pattern: re.Pattern[str], name: str) -> Iterator[Hint]:
    """The first telling line of a document that names the output."""
    for match in pattern.finditer(document.text):
        start = document.text.rfind("\n", 0, match.start()) + 1
        end = document.text.find("\n", match.end())
        line = document.text[start : end if end >= 0 else len(document.text)]
        place = Location(document.path, document.text.count("\n", 0, match.start()) + 1)
        hint = _of_line(document, line, name, place)
        if hint is not None:
            yield hint
            return


def _of_line(document: Document, line: str, name: str, place: Location) -> Hint | None:
    said = f"the output {name} is read here"
    command = clues.packaged().of_command(line)
    if command is not None:
        evidence = Evidence("document", said, place)
        return Hint(command.category, command.weight, evidence, command.better)
    if document.kind == "ci":
        evidence = Evidence("document", f"{said}, in a CI file", place)
        return Hint("ci", 2, evidence, _platform(document.path))
    clue = next(clues.packaged().of_words(line.replace(name, " ")), None)
    if clue is not None:
        return Hint(clue.category, 1, Evidence("document", said, place), clue.better)
    return None
