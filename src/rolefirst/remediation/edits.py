"""Edits of code that is there: exact to the byte, or none at all.

Every function takes a block of the HCL loader and returns an ``Edit``, or None where the code is
not plain enough to be changed without a guess. Nothing outside of the edit's range changes: line
ends, comments and the layout of the neighbours stay. Code that is given starts in the first column
and is laid out as ``terraform fmt`` would; its lines are indented as deep as they come to stand.
Arguments inside of others go by a path (``environment.variables``), or by a tuple of its steps
where one of them holds a dot. ``stage`` is that of ``Edit``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from rolefirst.findings import Edit
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.mentioned import Addresses
from rolefirst.loaders.hcl.parser import parse
from rolefirst.remediation import cuts, insertions
from rolefirst.remediation.applied import meet
from rolefirst.remediation.cuts import Cut
from rolefirst.remediation.places import (
    Body,
    Entry,
    Path,
    body_of,
    inside,
    place_of,
    standing,
    unicode,
    whole,
)

if TYPE_CHECKING:
    from rolefirst.project import Block

__all__ = [
    "append_block",
    "block_replaced",
    "cleared",
    "holds",
    "is_protected",
    "remove_argument",
    "remove_block",
    "set_argument",
    "without",
]


def remove_block(block: Block, stage: str = "remove") -> Edit | None:
    """Nothing in place of a block, the comment lines directly above and one blank line.

    A local value goes without the others in its ``locals``. None for a block that Terraform may
    not destroy.
    """
    found = standing(block)
    if found is None or is_protected(block):
        return None
    path, data, span, bounds = found
    text = data.decode("latin-1")
    lines = cuts.lines_of(text, *span, *bounds)
    if lines is None:
        return None
    top_level = bounds[1] == len(data)
    cut = cuts.with_surroundings(text, lines, *bounds, block=top_level)
    return _edit(path, text, [cut], stage)


def is_protected(block: Block) -> bool:
    """Whether ``prevent_destroy`` keeps a block, or may do so."""
    if block.kind != "resource":
        return False
    guard = block.get("lifecycle", 0, "prevent_destroy")
    return not guard.absent and guard.data is not False


def block_replaced(block: Block, text: str, stage: str = "add") -> Edit | None:
    """Other code in place of a block; the comments around it stay."""
    found = whole(block)
    if found is None or block.kind == "local":
        return None
    path, data, start, end = found
    return Edit(path, start, end, insertions.laid_out(text, data, start), stage)


def append_block(block: Block, text: str, stage: str = "add") -> Edit | None:
    """A nested block at the end of a block, behind a blank line."""
    body = body_of(block)
    if body is None or block.kind == "local":
        return None
    return insertions.at_end(body, text, stage)


def set_argument(block: Block, name: Path, expression: str, stage: str = "add") -> Edit | None:
    """An expression in place of that of an argument, or a new argument."""
    place = place_of(block, name)
    if place is None or not expression.strip():
        return None
    body, last = place
    written = body.named(last)
    if len(written) == 1 and not written[0].nested:
        return insertions.changed(body, written[0], expression, stage)
    if written or not body.closed:
        return None
    return insertions.argument(body, last, expression, stage)


def remove_argument(block: Block, name: Path, stage: str = "remove") -> Edit | None:
    """Nothing in place of an argument or nested block."""
    place = place_of(block, name)
    if place is None or not place[0].closed:
        return None
    body, last = place
    gone = [index for index, entry in enumerate(body.entries) if entry.name == last]
    return _edit(body.path, *_cut_entries(body, gone), stage) if len(gone) == 1 else None


def without(
    block: Block, name: Path, addresses: Iterable[str], stage: str = "remove"
) -> Edit | None:
    """An argument without the members that hold nothing but an attribute of these addresses.

    Members are entries of a map, elements of a list and what gives a name to a value: objects in
    a list (``{name = …, value = …}``) and nested blocks (``env { name = …; value = … }``). They may
    stand in ``jsonencode(…)``, ``merge(…)`` and the like. None when nothing refers to the
    addresses, and when something does from any other position: a text, another function. The
    addresses are as code beside the block writes them: ``aws_iam_access_key.ci``, ``local.x``.
    """
    place = place_of(block, name)
    written = place[0].named(place[1]) if place is not None else []
    if place is None or not written:
        return None
    body = place[0]
    try:
        wanted = _wanted(addresses)
        if written[0].nested:
            made = list(_without_nested(body, written, wanted, stage))
            return made[0] if len(made) == 1 else None
        if len(written) > 1:
            return None
        text = body.text(0, written[0].value_end)
        return _edit(body.path, text, cuts.references(text, written[0].value, wanted), stage)
    except ExpressionError:
        return None


def cleared(
    block: Block, gone: Mapping[str, Iterable[str]], stage: str = "remove"
) -> tuple[Edit, ...] | None:
    """The edits after which no argument in ``gone`` refers to the addresses that stand there.

    They take away what ``without`` takes away; an empty ``depends_on`` goes whole. None when a
    reference would stay there.
    """
    body = body_of(block)
    if body is None:
        return None
    made: list[Edit] = []
    try:
        for argument, addresses in gone.items():
            made += _cleared(body, body.named(argument), _wanted(addresses), stage)
    except ExpressionError:
        return None
    return None if any(meet(one, other) for one, other in combinations(made, 2)) else tuple(made)


def holds(block: Block, name: Path, addresses: Iterable[str]) -> bool:
    """Whether an argument is an attribute of one of these addresses, or empty without it."""
    place = place_of(block, name)
    written = place[0].named(place[1]) if place is not None else []
    if place is None or len(written) != 1 or written[0].nested:
        return False
    start = written[0].value
    text = place[0].text(0, written[0].value_end)
    wanted = _wanted(addresses)
    try:
        if cuts.is_attribute(parse(text[start:]), wanted):
            return True
        rest = cuts.apply(text, cuts.references(text, start, wanted))
    except ExpressionError:
        return False
    return rest[start:].endswith(("{}", "{})", "[]", "[])"))


def _wanted(addresses: Iterable[str]) -> Addresses:
    """Raises ExpressionError for what is no address."""
    return Addresses(address.encode().decode("latin-1") for address in addresses)


def _cleared(body: Body, chosen: Sequence[Entry], wanted: Addresses, stage: str) -> Iterator[Edit]:
    for name in dict.fromkeys(entry.name for entry in chosen):
        written = body.named(name)
        if written[0].nested:
            yield from _without_nested(body, written, wanted, stage)
            continue
        for entry in written:
            text = body.text(0, entry.value_end)
            if not wanted.in_expression(parse(text[entry.value :])):
                continue
            found = cuts.references(text, entry.value, wanted)
            if name == "depends_on" and cuts.apply(text, found).endswith("[]"):
                text, found = _cut_entries(body, [body.entries.index(entry)])
            edit = _edit(body.path, text, found, stage)
            yield from [edit] if edit is not None else []


def _without_nested(
    body: Body, written: list[Entry], wanted: Addresses, stage: str
) -> Iterator[Edit]:
    """Without the nested blocks that hold nothing but an attribute. Raises ExpressionError."""
    gone = []
    for index, entry in enumerate(body.entries):
        if entry not in written:
            continue
        found = inside(body, entry)
        if found is None:
            raise ExpressionError("a block that cannot be read", entry.start)
        pairs = [
            (each.name, parse(found.text(each.value, each.value_end)))
            for each in found.entries
            if not each.nested
        ]
        if len(pairs) == len(found.entries) and cuts.names_only(pairs, wanted):
            gone.append(index)
        else:
            yield from _cleared(found, found.entries, wanted, stage)
    edit = _edit(body.path, *_cut_entries(body, gone), stage)
    yield from [edit] if edit is not None else []


def _cut_entries(body: Body, gone: list[int]) -> tuple[str, list[Cut]]:
    text = body.text(0, len(body.data))
    spans = [(entry.start, entry.end) for entry in body.entries]
    return text, cuts.cut_out(text, body.start, body.end, spans, gone)


def _edit(path: str, text: str, found: list[Cut], stage: str) -> Edit | None:
    """One edit from the first cut to the last, with what stays between them."""
    if not found:
        return None
    start, end = found[0][0], found[-1][1]
    inner = [(first - start, last - start) for first, last in found]
    return Edit(path, start, end, unicode(cuts.apply(text[start:end], inner)), stage)
