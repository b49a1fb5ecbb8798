"""``docs/index.md``: every rule is in it, and it names no rule that never was."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from rolefirst import rules

REPOSITORY = Path(__file__).resolve().parent.parent
RULES = rules.load()


@lru_cache(maxsize=1)
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def practices() -> dict[str, Any]:
    text = (REPOSITORY / "docs" / "practices.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def reserved() -> set[str]:
    """Every id there is or will be, as the checkov plugin lists them without being imported."""
    text = (REPOSITORY / "checks" / "rolefirst_checkov.py").read_text(encoding="utf-8")
    (listed,) = (
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "IDS"
    )
    return set(re.findall(r"RF\d{3}", ast.unparse(listed)))


@pytest.mark.parametrize("section", ["problems", "practices"])
def test_every_rule_is_listed(section: str) -> None:
    listed = {id for row in practices()[section] for id in row["rules"]}

    assert {rule.id for rule in RULES} - listed == set()


@pytest.mark.parametrize("section", ["problems", "practices"])
def test_only_rules_are_listed_and_each_once_per_row(section: str) -> None:
    for row in practices()[section]:
        assert set(row["rules"]) - reserved() == set()
        assert len(row["rules"]) == len(set(row["rules"]))


def test_a_practice_has_a_rule_or_says_why_not() -> None:
    assert [
        row for row in practices()["practices"] if not row["rules"] and "beyond" not in row
    ] == []


def test_the_page_links_every_rule_and_no_other() -> None:
    page = generator().index(RULES, practices())
    stems = {f"{rule.id.lower()}_{rule.name}" for rule in RULES}

    assert set(re.findall(r"\(rules/(\w+)\.md\)", page)) == stems


def test_the_page_survives_a_rule_that_goes() -> None:
    page = generator().index(RULES[:1], practices())

    assert set(re.findall(r"\[(RF\d{3})\]", page)) == {RULES[0].id}
    assert "### I have an access key" in page
    assert "### Somebody uses root" not in page
    assert "| Least privilege | none |" in page
