"""What to cut out of a text so that some of its members are gone and the rest stays as it is.

Texts hold one character per byte, so that offsets are those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rolefirst.loaders.hcl.expressions import (
    Call,
    Conditional,
    Expression,
    ExpressionError,
    List,
    Literal,
    Object,
    Template,
)
from rolefirst.loaders.hcl.members import Member, members
from rolefirst.loaders.hcl.mentioned import Addresses
from rolefirst.loaders.hcl.parser import parse

#: Where text is cut out: start and end.
Cut = tuple[int, int]
#: Functions that only change how a value is written.
_SPELLING = ("base64encode", "nonsensitive", "sensitive", "tostring")
#: Functions whose result lacks a member when their argument does.
_GATHERING = ("concat", "jsonencode", "merge", "tolist", "tomap", "yamlencode")
#: In an object of a list they hold what the name stands for.
_VALUES = ("value", "valuefrom")
_NAMES = ("name", "key")
_COMMENT = re.compile(r"[ \t]*(?:#|//)")
_TAIL = re.compile(r"[ \t]*,?[ \t]*(?:(?:#|//)[^\n]*)?(?:\r?\n|\Z)")
_BOM = "\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t]*\r?\n")


def references(text: str, start: int, addresses: Addresses) -> list[Cut]:
    """The cuts after which nothing in the expression refers to the addresses.

    ``text`` ends with the expression. Raises ExpressionError when a reference would stay.
    """
    cuts = sorted(_in_value(text, start, parse(text[start:]), addresses))
    if not cuts or addresses.in_expression(parse(apply(text, cuts)[start:])):
        raise ExpressionError("a reference that no cut takes away")
    return cuts


def _in_value(text: str, start: int, node: Expression, addresses: Addresses) -> list[Cut]:
    if not addresses.in_expression(node):
        return []
    if isinstance(node, (Object, List)):
        return _in_members(text, start, addresses)
    if isinstance(node, Call) and node.name in _GATHERING:
        opening = re.compile(r"[\w:]+[ \t]*(?=\()").match(text, start)
        if opening is not None:
            found = members(text, opening.end()).items
            return [c for m in found for c in _in_value(text, m.value, m.node, addresses)]
    raise ExpressionError("a reference from a position that cannot be cut out", start)


def _in_members(text: str, start: int, addresses: Addresses) -> list[Cut]:
    found = members(text, start)
    gone = [i for i, member in enumerate(found.items) if _holds_only(member, addresses)]
    cuts = cut_out(
        text, found.start + 1, found.end - 1, [(m.start, m.end) for m in found.items], gone
    )
    for index, member in enumerate(found.items):
        if index not in gone:
            key = text[member.start : member.key_end]
            if key and addresses.in_expression(parse(key)):
                raise ExpressionError("a key that is a reference", member.start)
            cuts += _in_value(text, member.value, member.node, addresses)
    return cuts


def _holds_only(member: Member, addresses: Addresses) -> bool:
    if is_attribute(member.node, addresses):
        return True
    if member.key is not None or not isinstance(member.node, Object):
        return False
    pairs = [(str(key.value), v) for key, v in member.node.items if isinstance(key, Literal)]
    return len(pairs) == len(member.node.items) and names_only(pairs, addresses)


def names_only(pairs: Sequence[tuple[str, Expression]], addresses: Addresses) -> bool:
    """Whether an object gives a name to an attribute of an address and does nothing else."""
    values = [value for key, value in pairs if key.casefold() in _VALUES]
    others = [value for key, value in pairs if key.casefold() not in _VALUES]
    return (
        any(key.casefold() in _NAMES for key, _ in pairs)
        and len(values) == 1
        and is_attribute(values[0], addresses)
        and not any(addresses.in_expression(other) for other in others)
    )


def is_attribute(node: Expression, addresses: Addresses) -> bool:
    """Whether an expression is an attribute of an address, or empty, however it is spelled."""
    match node:
        case Template((only,)):
            return is_attribute(only, addresses)
        case Call("try" | "coalesce" | "one", arguments, False):
            return _one_of(arguments, addresses)
        case Call("join", (Literal(), listed), False):
            return is_attribute(listed, addresses)
        case Call(name, (only,), False) if name in _SPELLING:
            return is_attribute(only, addresses)
        case Conditional(condition, yes, no):
            return not addresses.in_expression(condition) and _one_of((yes, no), addresses)
    return addresses.is_expression(node)


def _one_of(nodes: Sequence[Expression], addresses: Addresses) -> bool:
    """Whether these are attributes of an address and what stands there without it."""
    found = [node for node in nodes if node not in (Literal(""), Literal(None))]
    return bool(found) and all(is_attribute(node, addresses) for node in found)


def cut_out(
    text: str, start: int, end: int, spans: Sequence[Cut], gone: Iterable[int]
) -> list[Cut]:
    """The cuts that take some of the ``spans`` between two brackets away, each with its comma.

    What stands alone on its lines goes with them.
    """
    gone = set(gone)
    kept = [index for index in range(len(spans)) if index not in gone]
    if gone and not kept and not re.search(r"#|//|/\*", _around(text, start, end, spans)):
        return [(start, end)]
    lines: list[Cut] = []
    cuts: list[Cut] = []
    for index in sorted(gone):
        if whole := lines_of(text, *spans[index], start, end):
            if lines and lines[-1][1] == whole[0]:
                lines[-1] = (lines[-1][0], whole[1])
            else:
                lines.append(whole)
            continue
        behind = next((spans[k][0] for k in kept if k > index), 0)
        before = next((spans[k][1] for k in reversed(kept) if k < index), start)
        cuts.append((spans[index][0], behind) if behind else (before, spans[index][1]))
    cuts += [with_surroundings(text, cut, start, end) for cut in lines]
    return _merged(cuts)


def _around(text: str, start: int, end: int, spans: Sequence[Cut]) -> str:
    """What stands between the spans."""
    return apply(text[:end], [(0, start), *spans])


def lines_of(text: str, first: int, last: int, start: int, end: int) -> Cut | None:
    """The lines of a span, when nothing else stands on them between ``start`` and ``end``."""
    begin = text.rfind("\n", 0, first) + 1
    if begin == 0 and text[:start] == _BOM:
        begin = start
    tail = _TAIL.match(text, last)
    if begin < start or tail is None or tail.end() > end or text[begin:first].strip(" \t"):
        return None
    return begin, tail.end()


def with_surroundings(text: str, cut: Cut, start: int, end: int, *, block: bool = False) -> Cut:
    """Lines with the comment lines above that speak of them alone, and one blank line.

    A comment above a ``block`` always goes with it; one above members does when no other member
    follows directly. The blank line is the one behind, or at the end the one before.
    """
    first, last = cut
    behind = text[last:end]
    at_end = not behind.strip()
    blank = _BLANK.match(behind)
    if block or at_end or blank or _COMMENT.match(behind):
        while first > start and _COMMENT.match(text, _line_before(text, first, start)):
            first = _line_before(text, first, start)
    above = _line_before(text, first, start)
    if text[above:first].strip():
        return first, last
    if at_end and start < above < first:
        return above, last
    return first, last + (blank.end() if blank and not at_end else 0)


def _line_before(text: str, position: int, start: int) -> int:
    """Where the line above begins, not before ``start``."""
    return max(text.rfind("\n", 0, max(position - 1, 0)) + 1, start)


def _merged(cuts: Iterable[Cut]) -> list[Cut]:
    found: list[Cut] = []
    for start, end in sorted(cuts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def apply(text: str, cuts: Iterable[Cut]) -> str:
    """The text without the cuts."""
    pieces = []
    position = 0
    for start, end in _merged(cuts):
        pieces.append(text[position:start])
        position = end
    return "".join((*pieces, text[position:]))
