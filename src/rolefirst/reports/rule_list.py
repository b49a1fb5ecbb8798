"""The rules themselves as a report: the list and a rule's page, as text or as JSON.

The JSON is a list of objects (of a single rule one object) whose members stay: ``id``, ``name``,
``severity``, ``summary``, ``docs`` (the page in the repository) and, of a single rule, ``page``
(Markdown).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from rolefirst.rules.base import Rule, page


def listing(rules: Iterable[Rule], format: str) -> str:
    """All rules, one line or one object each."""
    if format == "json":
        return _json([_entry(rule) for rule in rules])
    return "".join(
        f"{rule.id}  {rule.severity.label:8}  {rule.name:28}  {rule.info.title}\n" for rule in rules
    )


def single(rule: Rule, format: str) -> str:
    """One rule with its documentation."""
    return _json({**_entry(rule), "page": page(rule)}) if format == "json" else page(rule) + "\n"


def _entry(rule: Rule) -> dict[str, str]:
    stem = type(rule).__module__.rpartition(".")[2]
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": rule.severity.label,
        "summary": rule.info.title,
        "docs": f"docs/rules/{stem}.md",
    }


def _json(document: object) -> str:
    return json.dumps(document, indent=2) + "\n"
