"""The arguments of a block as they are written: found, not yet parsed."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass

from rolefirst.findings import Location
from rolefirst.loaders.hcl import jsonsyntax, scanner
from rolefirst.loaders.hcl.expressions import Expression, ExpressionError
from rolefirst.loaders.hcl.parser import parse
from rolefirst.loaders.hcl.scanner import Stray
from rolefirst.loaders.hcl.source import Source
from rolefirst.loaders.hcl.templates import Parse

Report = Callable[[str, int, str], None]
#: JSON syntax does not tell a nested block from an object: these are blocks.
_JSON_BLOCKS = {
    "lifecycle",
    "connection",
    "provisioner",
    "default_tags",
    "backend",
    "assume_role",
    "statement",
}


@dataclass(frozen=True, slots=True)
class JsonPart:
    """The value of an argument in JSON syntax, and where its members stand."""

    member: jsonsyntax.Member
    offsets: Offsets
    value: object


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
    json: JsonPart | None = None

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.source.location(self.start, self.end)

    def expression(self, read: Parse = parse) -> Expression:
        """Its parsed expression. Raises ExpressionError."""
        if self.json is None:
            return read(self.text)
        try:
            return jsonsyntax.expression(self.json.value)
        except RecursionError:
            raise ExpressionError("nested too deeply to be read") from None

    @property
    def text(self) -> str:
        """Its expression as written; of JSON the string itself."""
        if self.json is not None:
            return self.json.value if isinstance(self.json.value, str) else ""
        return self.source.text(self.inner, self.inner_end)

    def offset(self, characters: int) -> int:
        """The byte offset of a character of the expression."""
        if self.json is not None:
            return self.start
        return self.inner + len(self.text[:characters].encode("utf-8", "surrogateescape"))

    def body(self, report: Report) -> dict[str, list[Argument]]:
        """The arguments of a nested block."""
        if self.json is not None:
            return json_body(self.source, self.json.member.members, self.json.offsets)
        return read_body(self.source, self.inner, self.inner_end, report)


def read_body(source: Source, start: int, end: int, report: Report) -> dict[str, list[Argument]]:
    """The arguments between two offsets, by name in source order."""
    found: dict[str, list[Argument]] = {}
    stray = False
    for item in scanner.body(source.data, start, end):
        if isinstance(item, Stray):
            if not stray:  # once per body: a template may have thousands of such lines
                line, _ = source.position(item.start)
                report(source.path, line, "neither an argument nor a block, not read")
            stray = True
            continue
        if item.problem:
            report(source.path, source.position(item.start)[0], item.problem)
        argument = Argument(
            item.keyword,
            source,
            item.start,
            item.end,
            item.inner,
            item.inner_end,
            item.labels,
            nested=not item.attribute,
        )
        found.setdefault(item.keyword, []).append(argument)
    return found


class Offsets:
    """From characters of a JSON text to bytes of its file."""

    def __init__(self, text: str, start: int) -> None:
        """Note where the text has characters of several bytes; it starts at byte ``start``."""
        self._start = start
        self._wide: list[int] = []
        self._extra = [0]
        if not text.isascii():
            for index, character in enumerate(text):
                if character > "\x7f":
                    more = len(character.encode("utf-8", "surrogateescape")) - 1
                    self._wide.append(index)
                    self._extra.append(self._extra[-1] + more)

    def __call__(self, characters: int) -> int:
        """The byte offset of a character."""
        wide = bisect.bisect_left(self._wide, characters)
        return self._start + characters + self._extra[wide]


def json_body(
    source: Source, members: tuple[jsonsyntax.Member, ...], offsets: Offsets
) -> dict[str, list[Argument]]:
    """The arguments of an object; ``dynamic`` is one nested block for each of its labels."""
    found: dict[str, list[Argument]] = {}
    for member in members:
        if member.key == "//":
            continue
        if member.key == "dynamic":
            for part in (member, *member.items):
                for child in part.members:
                    for block in (child, *child.items):
                        if block.members:
                            made = _json(source, block, offsets, (child.key,))
                            found.setdefault("dynamic", []).append(made)
        else:
            found[member.key] = [_json(source, member, offsets, ())]
    return found


def _json(
    source: Source, member: jsonsyntax.Member, offsets: Offsets, labels: tuple[str, ...]
) -> Argument:
    start, end = offsets(member.start), offsets(member.end)
    value = member.value
    if member.key in _JSON_BLOCKS and isinstance(value, dict):
        value = [value]
    part = JsonPart(member, offsets, value)
    name = "dynamic" if labels else member.key
    nested = bool(labels)
    return Argument(name, source, start, end, start, end, labels, nested=nested, json=part)
