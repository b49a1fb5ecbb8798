"""What edits make of a file."""

from __future__ import annotations

from collections.abc import Iterable

from rolefirst.findings import Edit


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """A file with edits that do not overlap; what is not covered by one stays as it is."""
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [data[position : edit.start], edit.text.encode("utf-8", "surrogateescape")]
        position = max(position, edit.end)
    return b"".join((*pieces, data[position:]))
