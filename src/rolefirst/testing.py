"""Tests for rules: fixtures that say themselves what a rule must find.

A comment marks the line on which a finding starts::

    resource "aws_iam_access_key" "ci" { # expect: RF301
      user = var.name                    # undetermined: RF105

``# expect[+3]: RF301`` speaks about the line three below (``[-1]`` the one above), for lines that
cannot carry a comment; ``# todo: RF301`` marks a known miss and fails as soon as the rule finds it.
Markers are strict both ways: a result without a marker fails, and so does a marker without a
result. Several results of one rule on one line (instances of ``count``) need one marker.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolefirst.findings import ScanResult
    from rolefirst.project import Project
    from rolefirst.rules.base import Rule

_MARKER = re.compile(
    r"(?:#|//)\s*(?P<kind>expect|undetermined|todo)(?:\[(?P<offset>[+-]\d+)\])?:"
    r"\s*(?P<ids>RF\d{3}(?:\s*,\s*RF\d{3})*)"
)
#: Something that was meant as a marker and is none would pass in silence.
_ALMOST = re.compile(r"(?:#|//)\s*(?:expect|undetermined)\b", re.IGNORECASE)
_SUFFIXES = (".tf", ".tofu", ".tfvars", "access-key-exceptions.yaml")
#: The day on which fixtures are judged: exceptions end.
TODAY = date(2026, 7, 1)


@dataclass(frozen=True, slots=True, order=True)
class Marker:
    """One claim of a fixture: ``kind`` is expect, undetermined or todo."""

    path: str
    line: int
    kind: str
    rule: str

    def __str__(self) -> str:
        """``bad.tf:3: expect: RF301``."""
        return f"{self.path}:{self.line}: {self.kind}: {self.rule}"


def markers(path: str, text: str) -> Iterator[Marker]:
    """The markers of one file. Raises ValueError for a marker that is misspelt."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = list(_MARKER.finditer(line))
        if not found and _ALMOST.search(line):
            raise ValueError(f"{path}:{number}: not a marker: {line.strip()}")
        for match in found:
            target = number + int(match["offset"] or 0)
            for rule in re.findall(r"RF\d{3}", match["ids"]):
                yield Marker(path, target, match["kind"], rule)


def read(fixture: Path) -> dict[str, str]:
    """The files of a fixture: one file by itself, or a folder with everything below it."""
    if fixture.is_file():
        return {fixture.name: fixture.read_text(encoding="utf-8")}
    return {
        file.relative_to(fixture).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(fixture.rglob("*"))
        if file.is_file()
    }


def scan(files: Mapping[str, str], *rules: Rule) -> ScanResult:
    """Scan these files, given as path and text, with these rules and no others."""
    from rolefirst.scan import scan as run

    with tempfile.TemporaryDirectory(prefix="rolefirst-") as folder:
        root = Path(folder)
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return run(load(root), rules)


def load(root: Path) -> Project:
    """A folder as a project, with the registers of exceptions in it."""
    from rolefirst.exceptions.entries import judge_by
    from rolefirst.exceptions.registers import beside
    from rolefirst.loaders import hcl

    found = hcl.survey(root)
    project = hcl.project(found)
    judge_by(project, beside(root, found.registers), TODAY)
    return project


def results(result: ScanResult) -> frozenset[Marker]:
    """What a scan found, in the words of markers."""
    found = [("expect", finding.rule.id, finding.location) for finding in result.findings]
    found += [("undetermined", item.rule.id, item.location) for item in result.undetermined]
    return frozenset(Marker(at.path, at.line, kind, rule) for kind, rule, at in found)


def mismatches(files: Mapping[str, str], rule: Rule) -> list[str]:
    """Every difference between what the files claim and what the rule says; empty when right.

    Markers of other rules are left alone, so that one fixture can serve several rules.
    """
    claims = {
        marker
        for path, text in files.items()
        if path.endswith(_SUFFIXES)
        for marker in markers(path, text)
        if marker.rule == rule.id
    }
    todo = {marker for marker in claims if marker.kind == "todo"}
    result = scan(files, rule)
    found = results(result)
    hits = {(marker.path, marker.line) for marker in found}
    problems = [f"{error.path}:{error.line}: {error.message}" for error in result.errors]
    problems += [f"{marker}: no such result" for marker in sorted(claims - todo - found)]
    problems += [f"{marker}: not marked" for marker in sorted(found - claims)]
    problems += [f"{m}: done, mark it" for m in sorted(todo) if (m.path, m.line) in hits]
    return problems


def example(rule: Rule, section: str) -> dict[str, str]:
    """The files of a section (``Bad``, ``Good``) of a rule's docstring.

    They are the Terraform of the section and the register of exceptions where it has one.
    """
    import inspect

    sections = re.split(r"^## ", inspect.getdoc(rule) or "", flags=re.MULTILINE)
    text = next((text for text in sections if text.startswith(f"{section}\n")), "")
    found = dict(re.findall(r"^```(hcl|yaml)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    if "hcl" not in found:
        raise ValueError(f"{rule.id}: section {section} holds no hcl block")
    names = {"hcl": "main.tf", "yaml": "access-key-exceptions.yaml"}
    return {names[language]: code for language, code in found.items()}
