"""The blocks of one directory by name, type and what mentions them.

A file is indexed once it holds a word that is asked for: most files of an estate mention nothing a
rule is about.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterator

from rolefirst.findings import ScanError
from rolefirst.loaders.hcl.definitions import Definition, read
from rolefirst.loaders.hcl.files import spelled_out
from rolefirst.loaders.hcl.scanner import looks_whole
from rolefirst.loaders.hcl.source import Source

Key = tuple[str, str, str]
#: A run of letters is taken whole, or each ``-`` in it would be another place to begin at.
_DOTTED = re.compile(
    rb"(?<![\w-])[\d-]*((?:(?:data|ephemeral)\.)?[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*)"
)
#: So often the files of a directory are searched for words; then indexing the rest costs no more.
MAX_SEARCHES = 300


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
        # An override needs what it overrides. JSON is read whole or not at all, and what is broken
        # has to be said, whether or not a word of it is asked for.
        if any(map(_is_override, sources)):
            self._index(sources)
        else:
            self._index([source for source in sources if not _can_wait(source)])

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

    def blocks(self, source: Source) -> list[Definition]:
        """The definitions of a file, in the order of their text."""
        self._index([source] if source.path in self._unread else [])
        return self._of_source[source.path]

    def holding(self, text: str) -> Iterator[Definition]:
        """The definitions in whose text a word or a part of one stands, in source order."""
        needle = text.encode("utf-8", "surrogateescape")
        for source in [item for item in self.sources if needle in item.words]:
            for definition in self.blocks(source):
                if needle in spelled_out(source.data[definition.start : definition.end]):
                    yield definition

    def _with(self, sources: dict[str, Source], *words: str) -> list[Source]:
        """Which of these files hold all the words; every file once searching has cost as much."""
        if not sources:
            return []
        self._asked += 1
        if self._asked > MAX_SEARCHES:
            return list(sources.values())
        found = list(sources.values())
        for word in reversed(words):  # the last is the rarest: few files are asked for the others
            needle = word.encode("utf-8", "surrogateescape")
            found = [source for source in found if needle in source.words]
        return found

    def _index(self, sources: list[Source]) -> None:
        overriding: list[Definition] = []
        for source in sources:
            del self._unread[source.path]
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
            # Terraform refuses two blocks of one name; here the one that is met first counts.
            key = definition.kind, definition.type, definition.name
            self._by_key.setdefault(key, definition)
            types = self._by_type.setdefault(definition.kind, {})
            _insert(types.setdefault(definition.type, []), definition)

    def _link(self, sources: list[Source]) -> None:
        """Find what the blocks of these files mention."""
        self._index([source for source in sources if source.path in self._unread])
        for source in sources:
            del self._unlinked[source.path]
            data = source.data
            for definition in self._of_source[source.path]:
                text = spelled_out(data[definition.start : definition.end])
                for dotted in {raw.decode("ascii", "replace") for raw in _DOTTED.findall(text)}:
                    _insert(self._mentions[dotted], definition)


def _keyword(kind: str) -> str:
    return "locals" if kind == "local" else kind


def _can_wait(source: Source) -> bool:
    return not source.path.endswith(".json") and looks_whole(source.data)


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
