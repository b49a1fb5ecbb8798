"""Each rule's fixtures notice when the rule is wrong; ``tests/mutate.py`` is the command."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from rolefirst import rules
from rolefirst.rules.base import Rule

RULES = rules.load()


@pytest.fixture(scope="module")
def mutate() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("mutate", Path(__file__).with_name("mutate.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate"] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["mutate"]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_turned_verdict_is_caught(mutate: ModuleType, rule: Rule) -> None:
    missed, _, count = mutate.survivors(rule)

    assert missed == []
    assert count >= 3


def test_fixtures_that_show_nothing_catch_nothing(
    mutate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = next(rule for rule in RULES if rule.id == "RF401")
    with ExitStack() as stack:
        good = [tree for tree in mutate.fixtures(rule, stack) if not tree.claims]
        monkeypatch.setattr(mutate, "fixtures", lambda *_: good)
        missed, _, count = mutate.survivors(rule)

    assert good
    assert missed == ["says nothing", "is sure of nothing"]
    assert count == 3


def test_a_rule_that_fails_its_fixtures_is_said(mutate: ModuleType) -> None:
    rule = next(rule for rule in RULES if rule.id == "RF402")
    with ExitStack() as stack:
        (silent, *_) = mutate.verdicts(rule, mutate.fixtures(rule, stack))
        wrong = silent.rule

    assert mutate.survivors(wrong)[0] == ["its fixtures fail as it is"]


def test_each_condition_is_negated_once(mutate: ModuleType) -> None:
    rule = next(rule for rule in RULES if rule.id == "RF402")
    mistakes = [mutant.mistake for mutant in mutate.conditions(rule)]

    assert any("not (owner.tag is None)" in mistake for mistake in mistakes)
    assert len(mistakes) == len(set(mistakes))
