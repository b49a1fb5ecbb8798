"""What a file declares, by the headers of its blocks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.scanner import Span

#: The bytes of a file of the tree; None when there is none.
Read = Callable[[str], bytes | None]
#: Blocks of which a directory may have several that are called alike.
_REPEATED = ("locals", "terraform", "provider", "moved", "removed", "import", "check")


def blocks(data: bytes) -> Iterator[tuple[bytes, bytes, Span]]:
    """The blocks of code: what each declares, its text and its place."""
    for item in scanner.blocks(data):
        if isinstance(item, Span) and item.keyword not in _REPEATED:
            header = b" ".join((item.keyword.encode(), *(label.encode() for label in item.labels)))
            yield header, data[item.start : item.end], item


def declared_in(read: Read, path: str) -> set[bytes]:
    """What a file declares, in either syntax of Terraform."""
    there = {header for header, _, _ in blocks(read(path) or b"")}
    return there | set(_in_json(read(f"{path}.json") or b"{}"))


def _in_json(data: bytes) -> Iterator[bytes]:
    """The resources of a file in Terraform's JSON syntax."""
    try:
        types = json.loads(data)["resource"]
        yield from (
            f"resource {type_} {name}".encode() for type_, named in types.items() for name in named
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return  # the loader says what is wrong with it
