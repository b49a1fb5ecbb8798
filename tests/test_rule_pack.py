"""The rules as a set: ids, titles, documentation."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from rolefirst import rules
from rolefirst.rules.base import SECTIONS, Rule

#: Every id that was ever given out, with its name. Lines are added, never changed or taken away.
IDS = Path(__file__).parent / "rules" / "ids.txt"
RULES = rules.load()


def by_id(rule: Rule) -> str:
    return rule.id


def test_ids_and_names_are_unique_and_sorted() -> None:
    ids = [rule.id for rule in RULES]

    assert ids == sorted(set(ids))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_list_of_ids_only_grows() -> None:
    listed = IDS.read_text(encoding="utf-8").splitlines()

    assert len({line.split()[0] for line in listed}) == len(listed), "an id is listed twice"
    assert sorted(listed) == [f"{rule.id} {rule.name}" for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_module_is_called_after_the_rule(rule: Rule) -> None:
    stem = type(rule).__module__.rpartition(".")[2]

    assert stem == f"{rule.id.lower()}_{rule.name}"


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_title_states_the_problem(rule: Rule) -> None:
    lines = (inspect.getdoc(rule) or "").splitlines()
    title = lines[0]

    assert 0 < len(title) <= 80
    assert not title.endswith(".")
    assert title[0].isupper()
    assert not re.match(r"(?:Ensure|Check|Verify|Make sure)\b", title)
    assert lines[1] == "", "the title is one line"
    assert rule.info.title == title


def test_titles_are_unique() -> None:
    assert len({rule.info.title for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_sections_are_complete_and_in_order(rule: Rule) -> None:
    doc = inspect.getdoc(rule) or ""
    prose = re.sub(r"^```.*?^```$", "", doc, flags=re.DOTALL | re.MULTILINE)

    assert tuple(re.findall(r"^## (.+)$", prose, re.MULTILINE)) == SECTIONS
    for section in re.split(r"^## .+$", doc, flags=re.MULTILINE)[1:]:
        assert section.strip()


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_references_are_links(rule: Rule) -> None:
    references = (inspect.getdoc(rule) or "").rpartition("## References\n")[2]

    assert all(re.fullmatch(r"- https://\S+", line) for line in references.strip().splitlines())


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_examples_are_fenced_hcl(rule: Rule) -> None:
    doc = inspect.getdoc(rule) or ""

    for section in ("Bad", "Good"):
        assert f"## {section}\n```hcl\n" in doc


def test_importing_the_package_loads_no_rule() -> None:
    code = "import sys, rolefirst.rules; print([m for m in sys.modules if 'rules.' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("attribute", ["id", "name"])
def test_two_rules_with_one_mark_are_refused(
    attribute: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = RULES[:2]
    monkeypatch.setattr(type(second), attribute, getattr(first, attribute))

    with pytest.raises(ValueError, match="two rules are called"):
        rules.load()


def test_a_module_holds_exactly_one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = ModuleType("rolefirst.rules.rf105_access_key_two_active")
    monkeypatch.setattr("importlib.import_module", lambda _: empty)

    with pytest.raises(ValueError, match="defines 0 rules"):
        rules.load()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "R1"}, "not of the form"),
        ({"name": "Not Snake"}, "not in snake_case"),
        ({"__doc__": "Only a title"}, "docstring lacks Why"),
    ],
)
def test_an_incomplete_rule_is_refused_at_import(changes: dict[str, str], message: str) -> None:
    doc = "A title\n\n" + "\n".join(f"## {section}\n-" for section in SECTIONS)
    members = {"__doc__": doc, "id": "RF999", "name": "some_rule", "severity": 1, **changes}

    with pytest.raises(TypeError, match=message):
        type("Incomplete", (Rule,), members)
