"""Lines of the text report: names made harmless, sentences wrapped, lists and tables."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence

from rolefirst.findings import Confidence, Finding, Location, Suppression
from rolefirst.reports import Detail, ReportContext, mask, mask_key_ids
from rolefirst.reports.terminal import columns, escape, fit, inert, paint

MIN_WIDTH = 40
#: Longer lines are hard to read, however wide the terminal is.
_MAX_PROSE = 100
_LIST_ITEMS = 10
#: A cell that is cut keeps this much, also where the terminal has no room for it.
_MIN_CELL = 12
_GAP = "  "


def say(text: str) -> str:
    """Text of a scanned repository: no secret in it, nothing that steers a terminal."""
    return escape(mask(text))


def at(location: Location) -> str:
    """``path:line``, for editors and terminals to open."""
    return f"{escape(mask_key_ids(location.path))}:{location.line}"


def span(location: Location) -> str:
    """``path:line:column``."""
    return f"{at(location)}:{location.column}"


def place(finding: Finding) -> Location:
    """What stands for a finding: of code in a module, the call in the root module.

    Who reads the report can change the call; the block may stand in somebody else's library.
    """
    return finding.call_chain[0].location if finding.call_chain else finding.location


def where(finding: Finding) -> str:
    """``path:line`` of the place that stands for a finding."""
    return at(place(finding))


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def rule(finding: Finding, color: bool) -> str:
    """Severity, id and name of a finding's rule."""
    severity = paint(finding.severity.label, finding.severity.label, color)
    return f"{severity} {paint(f'{finding.rule.id} {finding.rule.name}', 'bold', color)}"


def until(suppression: Suppression) -> str:
    """What follows a suppression that ends."""
    # A comment's reason is shown as it was written, and most of those that end say when.
    dated = suppression.until and suppression.until not in suppression.reason
    return f", until {say(suppression.until)}" if dated else ""


def doubt(finding: Finding) -> str:
    """What follows a finding that its rule is not sure of."""
    sure = finding.confidence is Confidence.HIGH
    return "" if sure else f"  ({finding.confidence.label} confidence)"


def wrap(text: str, first: str, rest: str, context: ReportContext) -> list[str]:
    """Escaped text in lines; a long word stays whole, so that paths and addresses can be copied."""
    return textwrap.wrap(
        text,
        min(max(context.width, MIN_WIDTH), _MAX_PROSE),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def item(bullet: str, text: str, context: ReportContext) -> list[str]:
    """One entry of a list."""
    return wrap(text, f"    {bullet}", " " * (4 + len(bullet)), context)


def titled(title: str, items: Sequence[str], bullet: str, context: ReportContext) -> Iterator[str]:
    """A titled list, cut unless everything is asked for; without a bullet it is numbered."""
    shown = items if context.detail is Detail.FULL else items[:_LIST_ITEMS]
    if items:
        yield f"  {title}"
    for number, text in enumerate(shown, 1):
        yield from item(bullet or f"{number}. ", text, context)
    if len(shown) < len(items):
        yield f"    ... and {len(items) - len(shown)} more, see all with --verbose"


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    elastic: Collection[int],
    context: ReportContext,
) -> Iterator[str]:
    """Rows of escaped cells under their titles, as wide as the context at most.

    The columns in ``elastic`` give way where there is no room: their cells lose their middle.
    No rows, no table.
    """
    if not rows:
        return
    # Before the layout: a character that becomes its code takes more room.
    rows = [[inert(cell) for cell in row] for row in rows]
    widths = [max(map(columns, cells)) for cells in zip(head, *rows, strict=True)]
    rigid = sum(width for index, width in enumerate(widths) if index not in elastic)
    room = context.width - rigid - len(_GAP) * len(widths)
    # The narrowest first: what it does not need is for the others.
    for index, column in enumerate(sorted(elastic, key=lambda column: widths[column])):
        share = room // (len(elastic) - index)
        widths[column] = min(widths[column], max(share, _MIN_CELL))
        room -= widths[column]
    yield paint(_cells(head, widths), "dim", context.color)
    for row in rows:
        yield _cells(row, widths)


def _cells(row: Sequence[str], widths: Sequence[int]) -> str:
    shown = [fit(cell, width) for cell, width in zip(row, widths, strict=True)]
    padded = [
        cell + " " * (width - columns(cell)) for cell, width in zip(shown, widths, strict=True)
    ]
    return (_GAP + _GAP.join(padded)).rstrip()
