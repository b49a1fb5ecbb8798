"""Every rule against its fixtures and against the examples in its own documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst import rules, testing
from rolefirst.rules.base import Rule

HERE = Path(__file__).parent
REQUIRED = ("bad", "good", "unknown")
RULES = rules.load()


def folder_of(rule: Rule) -> Path:
    return HERE / type(rule).__module__.rpartition(".")[2]


def fixtures() -> list[object]:
    """Each file of a rule's folder is a fixture by itself, and so is each folder in it."""
    return [
        pytest.param(rule, fixture, id=f"{folder_of(rule).name}/{fixture.name}")
        for rule in RULES
        if folder_of(rule).is_dir()
        for fixture in sorted(folder_of(rule).iterdir())
        if fixture.is_dir() or fixture.suffix == ".tf"
    ]


def by_stem(rule: Rule) -> str:
    return folder_of(rule).name


@pytest.mark.parametrize(("rule", "fixture"), fixtures())
def test_fixture(rule: Rule, fixture: Path) -> None:
    assert testing.mismatches(testing.read(fixture), rule) == []


@pytest.mark.parametrize("section", ["Bad", "Good"])
@pytest.mark.parametrize("rule", RULES, ids=by_stem)
def test_example_in_docstring(rule: Rule, section: str) -> None:
    files = testing.example(rule, section)
    claimed = {marker.kind for file in files.items() for marker in testing.markers(*file)}

    assert claimed == ({"expect"} if section == "Bad" else set())
    assert testing.mismatches(files, rule) == []


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("rule", RULES, ids=by_stem)
def test_fixture_is_there_and_says_something(rule: Rule, name: str) -> None:
    # A fixture that takes more than one file is a folder.
    found = [
        path for path in (folder_of(rule) / f"{name}.tf", folder_of(rule) / name) if path.exists()
    ]
    assert len(found) == 1, f"{rule.id} has no fixture {name}"

    kinds = {
        marker.kind
        for file in testing.read(found[0]).items()
        for marker in testing.markers(*file)
        if marker.rule == rule.id and marker.kind != "todo"
    }
    may = {
        "bad": [{"expect"}],
        "good": [set()],
        # A rule that needs no value shows here that an unknown one does not silence it.
        "unknown": [{"undetermined"}, {"expect"}, {"undetermined", "expect"}],
    }
    assert kinds in may[name]


def test_no_fixture_without_a_rule() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name[:2] == "rf"}

    assert folders <= {by_stem(rule) for rule in RULES}
