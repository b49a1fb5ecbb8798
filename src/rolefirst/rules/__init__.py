"""The rules: one module ``rf101_some_name.py`` each. The folder is the list."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from rolefirst.rules.base import Rule

_MODULE = re.compile(r"rf\d{3}_\w+")


def load() -> tuple[Rule, ...]:
    """Every rule of this folder, by id. Importing the package alone imports none of them."""
    rules: list[Rule] = []
    seen: dict[str, Rule] = {}
    for found in pkgutil.iter_modules(__path__):
        if not _MODULE.fullmatch(found.name):
            continue
        rule = _rule_of(importlib.import_module(f"{__name__}.{found.name}"))
        for mark in (rule.id, rule.name):
            if mark in seen:
                raise ValueError(f"two rules are called {mark}: {type(seen[mark])}, {type(rule)}")
            seen[mark] = rule
        rules.append(rule)
    return tuple(sorted(rules, key=lambda rule: rule.id))


def _rule_of(module: ModuleType) -> Rule:
    """The one rule a module defines."""
    from rolefirst.rules.base import Rule

    classes = [
        member
        for member in vars(module).values()
        if isinstance(member, type)
        and issubclass(member, Rule)
        and member.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise ValueError(f"{module.__name__} defines {len(classes)} rules instead of one")
    return classes[0]()
