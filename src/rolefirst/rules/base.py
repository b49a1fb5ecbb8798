"""What a rule is.

A rule is one module ``rules/rf101_some_name.py`` with one class. Its docstring is its
documentation: the first line is the title, then ``Why``, ``Bad``, ``Good``, ``Limits`` and
``References``. Metadata are class attributes; ``check`` is a generator that does no I/O, holds no
state, catches nothing and never names a line number.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from rolefirst.findings import (
    Confidence,
    Decision,
    Finding,
    Location,
    Related,
    RuleInfo,
    Severity,
    Undetermined,
)
from rolefirst.project import Block, Project

Result = Finding | Undetermined
SECTIONS = ("Why", "Bad", "Good", "Limits", "References")


class Rule:
    """Base class: a subclass states ``id``, ``name``, ``severity``, ``resources`` and ``check``."""

    id: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    confidence: ClassVar[Confidence] = Confidence.HIGH
    #: Resource types the rule looks at; a rule with another idea overrides ``subjects``.
    resources: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Refuse a rule whose metadata or documentation is incomplete, at import."""
        if not re.fullmatch(r"RF\d{3}", cls.id):
            raise TypeError(f"{cls.__name__}: id {cls.id!r} is not of the form RF101")
        if not re.fullmatch(r"[a-z][a-z0-9_]+", cls.name):
            raise TypeError(f"{cls.id}: name {cls.name!r} is not in snake_case")
        missing = [title for title in SECTIONS if f"## {title}" not in (cls.__doc__ or "")]
        if missing:
            raise TypeError(f"{cls.id}: docstring lacks {', '.join(missing)}")

    @property
    def info(self) -> RuleInfo:
        """What reports show of the rule."""
        title = (self.__doc__ or "").strip().splitlines()[0].rstrip(".")
        return RuleInfo(self.id, self.name, title, self.severity)

    def subjects(self, project: Project) -> Iterable[Block]:
        """The blocks to check."""
        return project.resources(*self.resources)

    def check(self, block: Block, project: Project) -> Iterator[Result]:
        """Judge one block."""
        raise NotImplementedError

    def finding(
        self,
        block: Block,
        message: str,
        *,
        at: Location | None = None,
        attribute: str = "",
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        related: tuple[Related, ...] = (),
        decision: Decision | None = None,
    ) -> Finding:
        """A finding on ``block``. ``at`` defaults to the block itself."""
        return Finding(
            rule=self.info,
            severity=self.severity if severity is None else severity,
            confidence=self.confidence if confidence is None else confidence,
            root=block.root,
            address=block.address,
            location=at or block.location,
            message=message,
            attribute=attribute,
            call_chain=block.call_chain,
            related=related,
            decision=decision,
        )

    def undetermined(
        self, block: Block, reason: str, *, at: Location | None = None
    ) -> Undetermined:
        """The rule cannot tell; ``reason`` says what is missing."""
        return Undetermined(self.info, block.root, block.address, at or block.location, reason)


def page(rule: Rule) -> str:
    """The rule's documentation as Markdown: its docstring under a heading with its metadata."""
    title, _, rest = inspect.cleandoc(rule.__doc__ or "").partition("\n")
    head = f"# {rule.id} {rule.name}\n\n{title.rstrip('.')}. Severity: {rule.severity.label}.\n"
    return f"{head}{rest}".rstrip() + "\n"
