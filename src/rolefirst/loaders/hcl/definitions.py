"""The blocks of one file, before any module is instantiated.

A ``Definition`` is a block as written, with the override files merged over it; its arguments are
found without being parsed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.findings import Location, ScanError
from rolefirst.loaders.hcl import jsonsyntax
from rolefirst.loaders.hcl.arguments import Argument, Offsets, Report, json_body, read_body
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.scanner import Span, Stray
from rolefirst.loaders.hcl.source import Source

#: Arguments, or where they stand: a tuple, because a big estate has a hundred thousand of them.
Part = dict[str, list[Argument]] | tuple[Source, int, int]
_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "action": 2, "module": 1}
_LABELS |= {"output": 1, "variable": 1, "provider": 1}


@dataclass(slots=True)
class Definition:
    """One block of one directory. ``parts`` are the block and what override files put over it."""

    kind: str
    type: str
    name: str
    source: Source
    start: int
    end: int
    parts: tuple[Part, ...]
    _arguments: dict[str, list[Argument]] | None = None

    @property
    def location(self) -> Location:
        """Where the block is written."""
        return self.source.location(self.start, self.end)

    def arguments(self, report: Report) -> dict[str, list[Argument]]:
        """Its arguments; an override replaces what it names."""
        if self._arguments is None:
            arguments: dict[str, list[Argument]] = {}
            for part in self.parts:
                arguments.update(part if isinstance(part, dict) else read_body(*part, report))
            self._arguments = arguments
        return self._arguments

    @property
    def mention(self) -> str:
        """The traversal by which other blocks name it."""
        match self.kind:
            case "resource":
                return f"{self.type}.{self.name}"
            case "data" | "ephemeral" | "action":
                return f"{self.kind}.{self.type}.{self.name}"
            case "variable":
                return f"var.{self.name}"
            case _:
                return f"{self.kind}.{self.name}"


def read(source: Source, errors: list[ScanError]) -> Iterator[Definition]:
    """The definitions of a file, in source order; what cannot be read goes to ``errors``.

    Text that is no block is reported once per file.
    """
    return (_json if source.path.endswith(".json") else _native)(source, errors)


def _native(source: Source, errors: list[ScanError]) -> Iterator[Definition]:
    stray = False
    for item in source.blocks():
        if isinstance(item, Stray):
            if not stray:
                line, _ = source.position(item.start)
                errors.append(ScanError(source.path, line, "text outside of any block, not read"))
            stray = True
            continue
        if item.problem:
            line, _ = source.position(item.start)
            errors.append(ScanError(source.path, line, item.problem))
        yield from _definitions(source, item, errors)


def _definitions(source: Source, item: Span, errors: list[ScanError]) -> Iterator[Definition]:
    def report(path: str, line: int, message: str) -> None:
        errors.append(ScanError(path, line, message))

    if item.keyword == "locals":
        for name, found in read_body(source, item.inner, item.inner_end, report).items():
            for argument in found:
                yield _local(name, argument)
        return
    expected = _LABELS.get(item.keyword, len(item.labels))
    if len(item.labels) < expected:
        line, _ = source.position(item.start)
        report(source.path, line, f"a {item.keyword} block needs {expected} labels")
        return
    kind, type_, name = map(sys.intern, _names(item.keyword, item.labels))
    definition = Definition(
        kind,
        type_,
        name,
        source,
        item.start,
        item.end,
        ((source, item.inner, item.inner_end),),
    )
    if kind == "provider":
        definition.name = _alias(definition)
    yield definition


def _names(keyword: str, labels: tuple[str, ...]) -> tuple[str, str, str]:
    if keyword in ("resource", "data", "ephemeral", "action"):
        return keyword, labels[0], labels[1]
    if keyword == "provider":
        return keyword, labels[0], ""
    return keyword, "", labels[0] if labels else ""


def _alias(definition: Definition) -> str:
    """A provider block goes by its alias, empty for the default configuration."""
    found = definition.arguments(lambda *_: None).get("alias", [])
    try:
        value = getattr(found[0].expression(), "value", "") if found else ""
    except ExpressionError:
        return ""
    return value if isinstance(value, str) else ""


def _json(source: Source, errors: list[ScanError]) -> Iterator[Definition]:
    data = source.data.removeprefix(b"\xef\xbb\xbf")
    text = data.decode("utf-8", "surrogateescape")
    offsets = Offsets(text, len(source.data) - len(data))
    try:
        members = jsonsyntax.read(text)
    except jsonsyntax.JsonError as error:
        errors.append(ScanError(source.path, error.line, str(error)))
        return
    for block in jsonsyntax.blocks(members):
        start, end = offsets(block.start), offsets(block.end)
        missing = _LABELS.get(block.keyword, 0) - len(block.labels)
        if missing > 0 or not isinstance(block.value, dict):
            if block.value is not None:
                line, _ = source.position(start)
                message = f"{block.keyword}: not an object behind its labels, not read"
                errors.append(ScanError(source.path, line, message))
            continue
        arguments = json_body(source, block.members, offsets)
        if block.keyword == "locals":
            for name, found in arguments.items():
                yield _local(name, found[0])
            continue
        kind, type_, name = _names(block.keyword, block.labels)
        definition = Definition(kind, type_, name, source, start, end, (arguments,))
        if kind == "provider":
            definition.name = _alias(definition)
        yield definition


def _local(name: str, argument: Argument) -> Definition:
    """A local value is a definition whose one argument is ``value``."""
    parts = ({"value": [argument]},)
    return Definition("local", "", name, argument.source, argument.start, argument.end, parts)
