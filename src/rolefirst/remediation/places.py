"""Where the arguments of a block stand, byte by byte, so that they can be edited.

Code that is not plain enough to be edited without a guess has no place: JSON syntax, a block that
an override file changes, one that is not read whole, nested blocks of which there are several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.blocks import HclBlock
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.members import members
from rolefirst.loaders.hcl.scanner import Stray

if TYPE_CHECKING:
    from rolefirst.project import Block

_BOM = b"\xef\xbb\xbf"
#: ``"environment.variables"``, or its steps where one of them holds a dot itself.
Path = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """``name = value``, or a nested block, whose ``value`` is what stands in its braces."""

    name: str
    start: int
    name_end: int
    value: int
    value_end: int
    end: int
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between two braces, of a block or of an object (``keyed``).

    Nothing can be added to one that is not ``closed``: the one argument of a local.
    """

    path: str
    data: bytes
    start: int
    end: int
    entries: tuple[Entry, ...]
    keyed: bool = False
    closed: bool = True

    def named(self, name: str) -> list[Entry]:
        """The entries of a name."""
        return [entry for entry in self.entries if entry.name == name]

    def text(self, start: int, end: int) -> str:
        """One character per byte, so that offsets in it are those of the file."""
        return self.data[start:end].decode("latin-1")


def whole(block: Block) -> tuple[str, bytes, int, int] | None:
    """The file of a block, its bytes and where the block stands in them."""
    if not isinstance(block, HclBlock) or block.location.path.endswith(".json"):
        return None
    definition = block.definition
    data = definition.source.data
    if len(definition.parts) != 1:
        return None
    if block.kind != "local" and data[definition.end - 1 : definition.end] != b"}":
        return None
    return definition.source.path, data, definition.start, definition.end


def standing(block: Block) -> tuple[str, bytes, tuple[int, int], tuple[int, int]] | None:
    """What to remove for a block and between which offsets: its file, bytes, span and bounds.

    A local stands in its ``locals``, which go with their last member.
    """
    found = whole(block)
    if found is None:
        return None
    path, data, start, end = found
    file = len(_BOM) if data.startswith(_BOM) else 0, len(data)
    if block.kind != "local":
        return path, data, (start, end), file
    for span in scanner.blocks(data):
        if not isinstance(span, Stray) and span.inner <= start < span.inner_end:
            body = _body(path, data, span.inner, span.inner_end)
            if body is not None and len(body.entries) == 1:
                return path, data, (span.start, span.end), file
            return path, data, (start, end), (span.inner, span.inner_end)
    return None


def body_of(block: Block) -> Body | None:
    """The body of a block. That of a local is its one argument, called ``value``."""
    found = whole(block)
    if found is None or not isinstance(block, HclBlock):
        return None
    path, data, start, end = found
    part = block.definition.parts[0]
    if isinstance(part, dict):
        item = part["value"][0]
        entry = Entry("value", start, start + len(item.name), item.inner, item.inner_end, end)
        return Body(path, data, start, end, (entry,), closed=False)
    return _body(path, data, part[1], part[2])


def place_of(block: Block, path: Path) -> tuple[Body, str] | None:
    """The body in which the last step of a path stands or belongs, and that step."""
    *steps, name = path.split(".") if isinstance(path, str) else path
    body = body_of(block)
    for step in steps:
        entries = body.named(step) if body is not None else []
        body = inside(body, entries[0]) if body is not None and len(entries) == 1 else None
    return (body, name) if body is not None else None


def inside(body: Body, entry: Entry) -> Body | None:
    """The body of a nested block, or that of an object."""
    if entry.nested:
        return _body(body.path, body.data, entry.value, entry.value_end)
    text = body.text(entry.value, entry.value_end)
    try:
        found = members(text)
    except ExpressionError:
        return None
    if text[:1] != "{" or found.end != len(text):
        return None
    base = entry.value
    entries = tuple(
        Entry(
            unicode(item.key) if item.key is not None else "",
            base + item.start,
            base + item.key_end,
            base + item.value,
            base + item.end,
            base + item.end,
        )
        for item in found.items
    )
    return Body(body.path, body.data, base + 1, entry.value_end - 1, entries, keyed=True)


def unicode(text: str) -> str:
    """From one character per byte to characters."""
    return text.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def _body(path: str, data: bytes, start: int, end: int) -> Body | None:
    entries = []
    for span in scanner.body(data, start, end):
        if isinstance(span, Stray) or span.problem:
            return None
        name_end = span.start + len(span.keyword.encode("utf-8", "surrogateescape"))
        entries.append(
            Entry(
                span.keyword,
                span.start,
                name_end,
                span.inner,
                span.inner_end,
                span.end,
                nested=not span.attribute,
            )
        )
    return Body(path, data, start, end, tuple(entries))
