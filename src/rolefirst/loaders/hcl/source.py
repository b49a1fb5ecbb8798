"""The text of one file: its blocks, and from offsets to lines and columns."""

from __future__ import annotations

import bisect
import re
from array import array
from dataclasses import dataclass, field

from rolefirst.findings import Location
from rolefirst.loaders.hcl import scanner
from rolefirst.loaders.hcl.files import spelled_out
from rolefirst.loaders.hcl.scanner import Span, Stray

#: Columns count characters up to here and bytes behind: counting a giant line costs its length.
_LONG_LINE = 100_000
_NEWLINE = re.compile(rb"\n")
_COMMENT_LINE = re.compile(r"\s*(?:#|//)(.*)")


@dataclass(slots=True)
class Source:
    """One file. ``path`` is relative to the scanned root."""

    path: str
    data: bytes
    _starts: array[int] = field(default_factory=lambda: array("Q"))

    @property
    def words(self) -> bytes:
        """The text to search for words, with its escapes resolved; offsets may be others."""
        return spelled_out(self.data)

    def blocks(self) -> list[Span | Stray]:
        """Its top-level blocks, and what stands between them that is none."""
        return list(scanner.blocks(self.data))

    def text(self, start: int, end: int) -> str:
        """The text between two offsets; bytes that are not UTF-8 are kept as surrogates."""
        return self.data[start:end].decode("utf-8", "surrogateescape")

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a byte offset. Columns count characters."""
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(found.end() for found in _NEWLINE.finditer(self.data))
        line = bisect.bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        if line == 1 and self.data.startswith(b"\xef\xbb\xbf"):
            start = min(3, offset)
        counted = min(offset, start + _LONG_LINE)
        column = len(self.data[start:counted].decode("utf-8", "replace")) + 1
        return line, column + offset - counted

    def location(self, start: int, end: int) -> Location:
        """The span between two byte offsets."""
        return Location(self.path, *self.position(start), *self.position(end))

    def comment_above(self, offset: int) -> str:
        """The comment lines that stand directly above the line of ``offset``."""
        line_start = self.data.rfind(b"\n", 0, offset) + 1
        lines = self.text(max(0, line_start - 4000), line_start).split("\n")[:-1]
        found: list[str] = []
        for line in reversed(lines):
            comment = _COMMENT_LINE.fullmatch(line.rstrip("\r"))
            if comment is None:
                break
            found.append(comment[1].strip(" #=-"))
        return "\n".join(reversed(found)).strip()
