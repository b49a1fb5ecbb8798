"""The blocks of one directory, before any module is instantiated.

A ``Definition`` is a block as written, with the override files merged over it; its arguments are
found without being parsed. A file is indexed once it holds a word that is asked for: most files of
an estate mention nothing a rule is about.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.findings import Location, ScanError
from rolefirst.loaders.hcl import jsonsyntax
from rolefirst.loaders.hcl.arguments import Argument, Offsets, Report, json_body, read_body
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.scanner import Span, Stray
from rolefirst.loaders.hcl.source import Source

Key = tuple[str, str, str]
#: Arguments, or where they stand: a tuple, because a big estate has a hundred thousand of them.
Part = dict[str, list[Argument]] | tuple[Source, int, int]
_DOTTED = re.compile(rb"\b(?:(?:data|ephemeral)\.)?[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*")
_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "action": 2, "module": 1}
_LABELS |= {"output": 1, "variable": 1, "provider": 1}
#: So often the files of a directory are searched for words; then indexing the rest costs no more.
MAX_SEARCHES = 300


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


class Directory:
    """The definitions of one directory. Text that is no block is reported once per file."""

    def __init__(self, path: str, sources: list[Source], errors: list[ScanError]) -> None:
        """Nothing is indexed yet, except where it takes more than searching for a word."""
        self.path = path
        self.sources = sources
        self.block_count = 0
        self._errors = errors
        self._asked = 0
        self._unread = {source.path: source for source in sources}
        self._unlinked = dict(self._unread)
        self._of_source: dict[str, list[Definition]] = {}
        self._by_key: dict[Key, Definition] = {}
        self._by_type: dict[str, dict[str, list[Definition]]] = {}
        self._mentions: dict[str, list[Definition]] = defaultdict(list)
        overrides = any(_is_override(source) for source in sources)
        # An override needs what it overrides, and a name in JSON may be spelled with escapes.
        self._index([item for item in sources if overrides or item.path.endswith(".json")])

    def of(self, kind: str, type: str = "") -> Iterator[Definition]:
        """The definitions of a kind, and of a type when one is given, in source order."""
        self._index(self._with(self._unread, _keyword(kind), type))
        types = self._by_type.get(kind, {})
        for found in [types.get(type, [])] if type else list(types.values()):
            yield from tuple(found)  # more may be indexed before the caller asks for the next

    def get(self, kind: str, type: str, name: str) -> Definition | None:
        """One definition, or None."""
        key = kind, type, name
        if key not in self._by_key:
            self._index(self._with(self._unread, _keyword(kind), type, name))
        return self._by_key.get(key)

    def mentions(self, dotted: str) -> list[Definition]:
        """The definitions whose text contains a traversal such as ``aws_iam_user.ci``."""
        self._link(self._with(self._unlinked, dotted))
        return self._mentions.get(dotted, [])

    def holding(self, text: str) -> Iterator[Definition]:
        """The definitions in whose text a word or a part of one stands, in source order."""
        needle = text.encode("utf-8", "surrogateescape")
        for source in [item for item in self.sources if needle in item.data]:
            self._index([source] if source.path in self._unread else [])
            for definition in self._of_source[source.path]:
                if needle in source.data[definition.start : definition.end]:
                    yield definition

    def at(self, source: Source, offset: int) -> Definition | None:
        """The definition whose text contains a byte offset."""
        self._index([source] if source.path in self._unread else [])
        found = self._of_source.get(source.path, [])
        index = bisect.bisect_right(found, offset, key=_start) - 1
        return found[index] if index >= 0 and offset < found[index].end else None

    def _with(self, sources: dict[str, Source], *words: str) -> list[Source]:
        """Which of these files hold all the words; every file once searching has cost as much."""
        if not sources:
            return []
        self._asked += 1
        if self._asked > MAX_SEARCHES:
            return list(sources.values())
        needles = [word.encode("utf-8", "surrogateescape") for word in words]
        return [
            source
            for source in sources.values()
            if all(needle in source.data for needle in needles)
        ]

    def _index(self, sources: list[Source]) -> None:
        overriding: list[Definition] = []
        for source in sources:
            del self._unread[source.path]
            read = _json if source.path.endswith(".json") else _native
            found = list(read(source, self._errors))
            self._of_source[source.path] = sorted(found, key=_start)
            self.block_count += len(found)
            if _is_override(source):
                overriding += found
            else:
                self._add(found)
        for definition in overriding:
            base = self._by_key.get((definition.kind, definition.type, definition.name))
            if base is None:
                self._add([definition])
            else:
                base.parts += definition.parts

    def _add(self, definitions: list[Definition]) -> None:
        for definition in definitions:
            key = definition.kind, definition.type, definition.name
            known = self._by_key.setdefault(key, definition)
            if _order(definition) < _order(known):
                self._by_key[key] = definition
            types = self._by_type.setdefault(definition.kind, {})
            _insert(types.setdefault(definition.type, []), definition)

    def _link(self, sources: list[Source]) -> None:
        """Find what the blocks of these files mention."""
        self._index([source for source in sources if source.path in self._unread])
        for source in sources:
            del self._unlinked[source.path]
            data = source.data
            for definition in self._of_source[source.path]:
                text = data[definition.start : definition.end]
                for dotted in {raw.decode("ascii", "replace") for raw in _DOTTED.findall(text)}:
                    _insert(self._mentions[dotted], definition)


def _keyword(kind: str) -> str:
    return "locals" if kind == "local" else kind


def _is_override(source: Source) -> bool:
    stem = source.path.rsplit("/", 1)[-1].split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def _start(definition: Definition) -> int:
    return definition.start


def _order(definition: Definition) -> tuple[str, int]:
    """Source order: the files of a directory by name, as Terraform reads them."""
    return definition.source.path, definition.start


def _insert(definitions: list[Definition], definition: Definition) -> None:
    """Add one where source order has it: nearly always at the end."""
    if not definitions or _order(definitions[-1]) <= _order(definition):
        definitions.append(definition)
    else:
        bisect.insort(definitions, definition, key=_order)


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
