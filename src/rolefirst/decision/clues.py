"""Knowledge about what speaks for a kind of consumer: words, rights and commands.

The facts are data: ``clues.yaml`` beside this file, described by ``clues.schema.json``. This module
reads them and answers; ``order.py`` weighs the answers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from rolefirst.findings import Evidence


@dataclass(frozen=True, slots=True)
class Better:
    """An alternative that fits better than the usual one of the category, and how to use it."""

    alternative: str
    template: str
    use: str


@dataclass(frozen=True, slots=True)
class Clue:
    """What a row of the file speaks for."""

    category: str
    weight: int = 1
    says: str = ""
    better: Better | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A category that something in the code speaks for.

    ``weight`` 3 is nearly proof, 2 a plain statement, 1 a mere word; 0 speaks for no category, and
    is told because a reader wants to know.
    """

    category: str
    weight: int
    evidence: Evidence
    better: Better | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """A row about policies: see the head of ``clues.yaml``."""

    clue: Clue
    only: tuple[str, ...]
    any: tuple[str, ...]
    both: tuple[str, ...]
    managed: tuple[str, ...]
    condition: str


@dataclass(frozen=True, slots=True)
class Clues:
    """All rows."""

    words: tuple[tuple[re.Pattern[str], Clue], ...]
    rights: tuple[Rights, ...]
    commands: tuple[tuple[tuple[str, ...], Clue], ...]

    def of_words(self, text: str) -> Iterator[Clue]:
        """What a name or a sentence speaks for, each category once."""
        lowered = re.sub(r"[_.\s/]+", "-", text.casefold())
        seen: set[str] = set()
        for pattern, clue in self.words:
            if clue.category not in seen and pattern.search(lowered):
                seen.add(clue.category)
                yield clue

    def of_command(self, line: str) -> Clue | None:
        """What a command line speaks for."""
        return next((c for texts, c in self.commands if any(text in line for text in texts)), None)


def allows_only(actions: Iterable[str], patterns: tuple[str, ...]) -> bool:
    """True when every action is one that the patterns name."""
    return all(any(_matches(action, pattern) for pattern in patterns) for action in actions)


def first_allowed(actions: Iterable[str], patterns: tuple[str, ...]) -> str:
    """The first action that the patterns name; empty when there is none."""
    return next((a for a in actions if any(_matches(a, pattern) for pattern in patterns)), "")


def _matches(action: str, pattern: str) -> bool:
    return fnmatchcase(action.casefold(), pattern.casefold())


def strongest(hints: Sequence[Hint]) -> Hint | None:
    """The hint that stands for the category with the most weight behind it, with that weight.

    None when two are equal. A kind of evidence counts once: five outputs that say "deploy" are one
    word, said five times.
    """
    kinds: dict[tuple[str, str], int] = defaultdict(int)
    for hint in hints:
        if not hint.weight:
            continue
        kind = hint.category, hint.evidence.kind
        kinds[kind] = max(kinds[kind], hint.weight)
    weights: dict[str, int] = defaultdict(int)
    for (category, _), weight in kinds.items():
        weights[category] += weight
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    category, weight = ranked[0]
    of_it = [hint for hint in hints if hint.category == category]
    return replace(
        max(of_it, key=lambda hint: (hint.better is not None, hint.weight)), weight=weight
    )


@cache
def packaged() -> Clues:
    """The rows that come with rolefirst."""
    import yaml  # lazy: only a scan that finds a key needs it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (Path(__file__).parent / "clues.yaml").read_text("utf-8")
    content: Mapping[str, Any] = yaml.load(text, loader)  # noqa: S506 - both loaders are safe
    return Clues(
        tuple((_pattern(row["words"]), _clue(row)) for row in content["words"]),
        tuple(_rights(row) for row in content["policies"]),
        tuple((tuple(row["text"]), _clue(row)) for row in content["commands"]),
    )


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![a-z])(?:{joined})s?(?![a-z])")


def _clue(row: Mapping[str, Any]) -> Clue:
    better = None
    if "alternative" in row:
        better = Better(row["alternative"], row["template"], row["use"])
    return Clue(row["category"], row.get("weight", 1), row.get("says", ""), better)


def _rights(row: Mapping[str, Any]) -> Rights:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(row.get(name, ()))

    return Rights(
        _clue(row),
        texts("only"),
        texts("any"),
        texts("and"),
        texts("managed"),
        row.get("condition", ""),
    )
