"""The blocks of one directory, before any module is instantiated.

A ``Definition`` is a block as written, with the override files merged over it; its arguments are
found without being parsed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rolefirst.findings import Location, ScanError
from rolefirst.loaders.hcl import jsonsyntax, scanner
from rolefirst.loaders.hcl.expressions import Expression
from rolefirst.loaders.hcl.parser import ExpressionError, parse
from rolefirst.loaders.hcl.scanner import Span, Stray
from rolefirst.loaders.hcl.source import Source

Key = tuple[str, str, str]
_DOTTED = re.compile(rb"\b(?:data\.[A-Za-z_][\w-]*|[A-Za-z_][\w-]*)\.[A-Za-z_][\w-]*")
#: JSON syntax does not tell a nested block from an object: these are blocks.
_JSON_BLOCKS = {"lifecycle", "connection", "default_tags", "backend", "assume_role"}
_LABELS = {"resource": 2, "data": 2, "module": 1, "output": 1, "variable": 1, "provider": 1}


@dataclass(frozen=True, slots=True)
class Argument:
    """One attribute or nested block as written. ``start`` and ``end`` are byte offsets."""

    name: str
    source: Source
    start: int
    end: int
    inner: int
    inner_end: int
    labels: tuple[str, ...] = ()
    nested: bool = False
    json: object = None
    is_json: bool = False

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.source.location(self.start, self.end)

    def expression(self) -> Expression:
        """Its parsed expression. Raises ExpressionError."""
        if self.is_json:
            return jsonsyntax.expression(self.json)
        return parse(self.source.text(self.inner, self.inner_end))

    def offset(self, characters: int) -> int:
        """The byte offset of a character of the expression."""
        if self.is_json:
            return self.start
        text = self.source.text(self.inner, self.inner_end)[:characters]
        return self.inner + len(text.encode("utf-8", "surrogateescape"))

    def body(self, report: Report) -> dict[str, list[Argument]]:
        """The arguments of a nested block."""
        return read_body(self.source, self.inner, self.inner_end, report)


Report = Callable[[str, int, str], None]


def read_body(source: Source, start: int, end: int, report: Report) -> dict[str, list[Argument]]:
    """The arguments between two offsets, by name in source order."""
    found: dict[str, list[Argument]] = {}
    for item in scanner.body(source.data, start, end):
        if isinstance(item, Stray):
            line, _ = source.position(item.start)
            report(source.path, line, "neither an argument nor a block, not read")
            continue
        if item.problem:
            report(source.path, source.position(item.start)[0], item.problem)
        found.setdefault(item.keyword, []).append(_argument(source, item))
    return found


def _argument(source: Source, item: Span) -> Argument:
    return Argument(
        item.keyword,
        source,
        item.start,
        item.end,
        item.inner,
        item.inner_end,
        item.labels,
        nested=not item.attribute,
    )


@dataclass(slots=True)
class Definition:
    """One block of one directory. ``parts`` are the block and what override files put over it."""

    kind: str
    type: str
    name: str
    source: Source
    start: int
    end: int
    parts: list[Callable[[Report], dict[str, list[Argument]]]]
    _arguments: dict[str, list[Argument]] | None = None

    @property
    def location(self) -> Location:
        """Where the block is written."""
        return self.source.location(self.start, self.end)

    def arguments(self, report: Report) -> dict[str, list[Argument]]:
        """Its arguments; an override replaces what it names."""
        if self._arguments is None:
            self._arguments = {}
            for part in self.parts:
                self._arguments.update(part(report))
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
    by_type: dict[tuple[str, str], list[Definition]] = field(default_factory=dict)
    _mentions: dict[str, list[Definition]] | None = None

    def of(self, kind: str, type: str = "") -> Iterator[Definition]:
        """The definitions of a kind, and of a type when one is given."""
        yield from self.by_type.get((kind, type), ())

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
        for definition in self.definitions:
            text = definition.source.data[definition.start : definition.end]
            for dotted in {raw.decode("ascii", "replace") for raw in _DOTTED.findall(text)}:
                index[dotted].append(definition)
        return index

    def at(self, source: Source, offset: int) -> Definition | None:
        """The definition whose text contains a byte offset."""
        for definition in self.definitions:
            inside = definition.start <= offset < definition.end
            if inside and definition.source is source:
                return definition
        return None


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
            base.parts.extend(definition.parts)
    return directory


def _add(directory: Directory, definition: Definition) -> None:
    directory.definitions.append(definition)
    for type in {definition.type, ""}:
        directory.by_type.setdefault((definition.kind, type), []).append(definition)
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
                yield Definition(
                    "local",
                    "",
                    name,
                    source,
                    argument.start,
                    argument.end,
                    [lambda _, a=argument: {"value": [a]}],  # type: ignore[misc]
                )
        return
    expected = _LABELS.get(item.keyword, len(item.labels))
    if len(item.labels) < expected:
        line, _ = source.position(item.start)
        report(source.path, line, f"a {item.keyword} block needs {expected} labels")
        return
    kind, type_, name = _names(item.keyword, item.labels)
    definition = Definition(
        kind,
        type_,
        name,
        source,
        item.start,
        item.end,
        [lambda report: read_body(source, item.inner, item.inner_end, report)],
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
    text = source.data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    try:
        members = jsonsyntax.read(text)
    except jsonsyntax.JsonError as error:
        errors.append(ScanError(source.path, error.line, str(error)))
        return
    for keyword, labels, member, body in jsonsyntax.blocks(members):
        if keyword == "//":
            continue
        bodies = [(keyword, labels, body)]
        if keyword == "locals" and isinstance(body, dict):
            bodies = [("local", (name,), {"value": value}) for name, value in body.items()]
        start = len(text[: member.start].encode())
        end = len(text[: member.end].encode())
        for word, names, content in bodies:
            kind, type_, name = _names(word, names)
            arguments = _json_arguments(source, start, end, content)
            definition = Definition(
                kind,
                type_,
                name,
                source,
                start,
                end,
                [lambda _, a=arguments: a],  # type: ignore[misc]
            )
            if kind == "provider":
                definition.name = _alias(definition)
            yield definition


def _json_arguments(
    source: Source, start: int, end: int, content: object
) -> dict[str, list[Argument]]:
    if not isinstance(content, dict):
        return {}
    found = {}
    for name, value in content.items():
        wrapped = [value] if name in _JSON_BLOCKS and isinstance(value, dict) else value
        found[name] = [Argument(name, source, start, end, start, end, json=wrapped, is_json=True)]
    return found
