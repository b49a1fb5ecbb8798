"""What edits make of a file, and of each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rolefirst.findings import Edit


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """A file with edits that do not overlap; what is not covered by one stays as it is."""
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [data[position : edit.start], edit.text.encode("utf-8", "surrogateescape")]
        position = max(position, edit.end)
    return b"".join((*pieces, data[position:]))


def meet(one: Edit, other: Edit) -> bool:
    """Whether two edits change the same bytes."""
    return one.path == other.path and one.start < other.end and other.start < one.end


def covers(one: Edit, other: Edit) -> bool:
    """Whether one edit changes all that another does."""
    return one.path == other.path and one.start <= other.start and other.end <= one.end


def apart(one: Edit, other: Edit, data: bytes) -> Edit | None:
    """A removal without the blank lines that another takes away too; None where it is more."""
    if not meet(one, other):
        return one
    if data[max(one.start, other.start) : min(one.end, other.end)].strip():
        return None
    if one.start < other.start:
        return replace(one, end=other.start)
    return replace(one, start=other.end)
