"""Whether code still mentions a name when edits are made: read as text, so that nothing is missed.

What is no reference, such as a name in a string, counts too: rather one step by hand too many than
code that does not validate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rolefirst.findings import Edit
from rolefirst.loaders.hcl.lexical import insets

_NAME_BEFORE = re.compile(rb"[\w.-]")
_LOSSLESS = ("utf-8", "surrogateescape")


def pattern_of(mention: str) -> re.Pattern[bytes]:
    """A mention in code; of a module's output also by way of its instances."""
    steps = mention.encode("utf-8", "surrogateescape").split(b".")
    index = rb"(?:\[[^\]]*\]|\.\*)?" if steps[0] == b"module" else b""
    text = re.escape(steps[0]) + rb"\." + (index + rb"\.").join(map(re.escape, steps[1:]))
    return re.compile(text + rb"(?![\w-])")


def left_in(
    data: bytes,
    pattern: re.Pattern[bytes],
    edits: Sequence[Edit] = (),
    span: tuple[int, int] | None = None,
) -> int:
    """The line of a mention that stays in code when edits are made; 0 when there is none.

    ``span`` is that of a whole block or argument: it begins in no string and no comment.
    """
    first, last = span or (0, len(data))
    comments = _comments(data, first, last)
    comment = (first, first)
    for found in pattern.finditer(data, first, last):
        begin = found.start()
        if _NAME_BEFORE.match(data[begin - 1 : begin]):
            continue  # the end of a longer name, or a data source
        if any(edit.start <= begin < edit.end for edit in edits):
            continue
        while comment[1] <= begin:
            comment = next(comments, (last, last + 1))
        if begin < comment[0]:
            return data.count(b"\n", 0, begin) + 1
    for edit in edits:
        if first <= edit.start < last and left_in(edit.text.encode(*_LOSSLESS), pattern):
            return data.count(b"\n", 0, edit.start) + 1
    return 0


def _comments(data: bytes, first: int, last: int) -> Iterator[tuple[int, int]]:
    for start, end in insets(data[first:last]):
        if data[first + start : first + start + 1] in (b"#", b"/"):
            yield first + start, first + end
