"""Source code in the text report: a few lines with their numbers and the span underlined."""

from __future__ import annotations

from collections.abc import Iterator

from rolefirst.findings import Location
from rolefirst.reports import ReportContext, secret_spans
from rolefirst.reports.terminal import columns, escape, paint
from rolefirst.reports.text_lines import MIN_WIDTH, count

_LINES = 6


def excerpt(location: Location, context: ReportContext) -> Iterator[str]:
    """Source lines with their numbers; the span is underlined on its first line."""
    span = max(location.end_line - location.line + 1, 1)
    wanted = min(span, _LINES)
    source = context.excerpt(location, wanted)
    if not source.strip():
        return
    # Not splitlines: form feeds and the like do not end a line in an editor's count.
    rows = [row.rstrip("\r") for row in source.removesuffix("\n").split("\n")][:wanted]
    margin = len(str(location.line + len(rows) - 1))
    room = max(context.width, MIN_WIDTH) - margin - 5
    start = location.column - 1
    end = location.end_column - 1 if location.end_line == location.line else len(rows[0].rstrip())
    yield f" {'':{margin}} |"
    for index, row in enumerate(rows):
        shown, mark = _row(row, (start, end) if index == 0 else (0, 0), room)
        yield f" {location.line + index:>{margin}} | {shown}".rstrip()
        if mark:
            yield f" {'':{margin}} | {paint(mark, 'mark', context.color)}"
    if span > wanted:
        yield f" {'':{margin}} | ... {count(span - wanted, 'more line')}"
    yield f" {'':{margin}} |"


def _row(row: str, span: tuple[int, int], room: int) -> tuple[str, str]:
    """One source line, masked, escaped and cut to ``room``, and the underline of ``span``."""
    start, end = span
    low = start - 10 if room - 10 <= start < len(row) else 0
    high = min(low + room, len(row))
    secrets = [s for s in secret_spans(row, source=True) if s[0] < high and s[1] > low]
    cells = []
    for index in range(low, high):
        secret = next((s for s in secrets if s[0] <= index < s[1]), None)
        if secret:
            cells.append("****" if index == max(secret[0], low) else "")
        else:
            cells.append("    " if row[index] == "\t" else escape(row[index]))
    left, right = "... " if low else "", " ..." if high < len(row) else ""
    shown = left + "".join(cells) + right
    if not end or not low <= start < high:
        return shown, ""
    before = columns(left + "".join(cells[: start - low]))
    marked = columns("".join(cells[start - low : max(end, start + 1) - low]))
    return shown, " " * before + "^" * max(marked, 1)
