"""The blocks of one directory, before any module is instantiated.

A ``Definition`` is a block as written, with the override files merged over it; its arguments are
found without being parsed.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from rolefirst.findings import Location, ScanError
from rolefirst.loaders.hcl import jsonsyntax
from rolefirst.loaders.hcl.arguments import Argument, Offsets, Report, json_body, read_body
from rolefirst.loaders.hcl.parser import ExpressionError
from rolefirst.loaders.hcl.scanner import Span, Stray
from rolefirst.loaders.hcl.source import Source

Key = tuple[str, str, str]
#: Arguments, or where they stand: a tuple, because a big estate has a hundred thousand of them.
Part = dict[str, list[Argument]] | tuple[Source, int, int]
_DOTTED = re.compile(rb"\b(?:data\.[A-Za-z_][\w-]*|[A-Za-z_][\w-]*)\.[A-Za-z_][\w-]*")
_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "output": 1, "variable": 1}
_LABELS |= {"provider": 1}


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
            case "data":
                return f"data.{self.type}.{self.name}"
            case "variable":
                return f"var.{self.name}"
            case _:
                return f"{self.kind}.{self.name}"


@dataclass(slots=True)
class Directory:
    """All definitions of one directory."""

    path: str
    sources: list[Source]
    definitions: list[Definition] = field(default_factory=list)
    by_key: dict[Key, Definition] = field(default_factory=dict)
    by_type: dict[str, dict[str, list[Definition]]] = field(default_factory=dict)
    _mentions: dict[str, list[Definition]] | None = None
    _by_place: dict[int, list[Definition]] | None = None

    def of(self, kind: str, type: str = "") -> Iterator[Definition]:
        """The definitions of a kind, and of a type when one is given."""
        types = self.by_type.get(kind, {})
        for found in [types.get(type, [])] if type else list(types.values()):
            yield from found

    def get(self, kind: str, type: str, name: str) -> Definition | None:
        """One definition, or None."""
        return self.by_key.get((kind, type, name))

    def mentions(self, dotted: str) -> list[Definition]:
        """The definitions whose text contains a traversal such as ``aws_iam_user.ci``."""
        if self._mentions is None:
            self._mentions = self._index()
        return self._mentions.get(dotted, [])

    def _index(self) -> dict[str, list[Definition]]:
        index: dict[str, list[Definition]] = defaultdict(list)
        source, data = None, b""
        for definition in self.definitions:
            if definition.source is not source:  # its bytes may have to be read again
                source, data = definition.source, definition.source.data
            text = data[definition.start : definition.end]
            for dotted in {raw.decode("ascii", "replace") for raw in _DOTTED.findall(text)}:
                index[dotted].append(definition)
        return index

    def at(self, source: Source, offset: int) -> Definition | None:
        """The definition whose text contains a byte offset."""
        if self._by_place is None:
            self._by_place = defaultdict(list)
            for definition in sorted(self.definitions, key=lambda found: found.start):
                self._by_place[id(definition.source)].append(definition)
        found = self._by_place.get(id(source), [])
        index = bisect.bisect_right(found, offset, key=lambda definition: definition.start) - 1
        return found[index] if index >= 0 and offset < found[index].end else None


def load(path: str, sources: list[Source], errors: list[ScanError]) -> Directory:
    """Index the blocks of a directory. Text that is no block is reported once per file."""
    directory = Directory(path, sources)
    overrides: list[Definition] = []
    for source in sources:
        name = source.path.rsplit("/", 1)[-1]
        stem = name.split(".", 1)[0]
        read = _json if name.endswith(".json") else _native
        is_override = stem == "override" or stem.endswith("_override")
        for definition in read(source, errors):
            if is_override:
                overrides.append(definition)
            else:
                _add(directory, definition)
    for definition in overrides:
        base = directory.by_key.get((definition.kind, definition.type, definition.name))
        if base is None:
            _add(directory, definition)
        else:
            base.parts += definition.parts
    return directory


def _add(directory: Directory, definition: Definition) -> None:
    directory.definitions.append(definition)
    types = directory.by_type.setdefault(definition.kind, {})
    types.setdefault(definition.type, []).append(definition)
    directory.by_key.setdefault((definition.kind, definition.type, definition.name), definition)


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
    if keyword in ("resource", "data", "ephemeral"):
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
