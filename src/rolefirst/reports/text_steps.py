"""Remediation in the text report: in full once, then by reference.

Two keys of one kind get nearly the same steps with other names. The second time the report says
whose steps they are, where those stand, the names, and what differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rolefirst.findings import Finding, Remediation
from rolefirst.reports import Detail, ReportContext, mask
from rolefirst.reports.terminal import escape
from rolefirst.reports.text_lines import count, item, say, where, wrap

_TERRAFORM_LINES = 20
#: More new names than this are no shorter than the steps.
_MAX_NAMES = 12
#: A placeholder; a word as Terraform, AWS or a path has it, maybe with a line number; a character.
_WORD = re.compile(r'<\w+>|\w(?:[\w./\[\]"*-]*[\w\]])?(?::\d+)?|\W')
_LETTER = re.compile(r"[^\W\d_]")

#: What was shown in full, by template: whose it is and where, and the masked steps.
Shown = dict[str, list[tuple[str, list[str]]]]
Names = dict[str, str]


def remediation(
    finding: Finding, written: Remediation, shown: Shown, context: ReportContext
) -> Iterator[str]:
    """The Terraform and the steps of one finding, or where the same were shown."""
    before = [] if context.detail is Detail.FULL else shown.setdefault(written.template, [])
    yield from _terraform(written, before[0][0] if before else "", context)
    # Masked as a whole, then taken apart: a secret must not escape the mask at a cut.
    steps = [mask(step) for step in written.steps]
    for owner, known in before:
        names, left_out, own = compare(known, steps)
        if len(own) * 2 < len(steps):
            text = f"the same as for {owner}{_difference(names, left_out, own)}"
            yield from wrap(text, "  Steps: ", "    ", context)
            yield from _numbered(steps, own, context)
            return
    if steps:
        yield "  Steps:"
        yield from _numbered(steps, range(len(steps)), context)
    before.append((f"{say(finding.address)} at {where(finding)}", steps))


def _terraform(written: Remediation, owner: str, context: ReportContext) -> Iterator[str]:
    """The code of this key, or only a word on it where ``owner`` has had the same template."""
    if not written.terraform.strip():
        return
    review = ", to be reviewed" if written.applicability != "safe" else ""
    title = f"  Terraform ({say(written.template)}{review}):"
    rows = mask(written.terraform).strip("\n").split("\n")
    if owner:
        lines = count(len(rows), "line")
        text = f"as for {owner}, filled in for this key: {lines}, see them with --verbose"
        yield from wrap(text, f"{title} ", "    ", context)
        return
    yield title
    kept = rows if context.detail is Detail.FULL else rows[:_TERRAFORM_LINES]
    for row in kept:
        yield f"      {escape(row.expandtabs(4))}".rstrip()
    if len(kept) < len(rows):
        more = count(len(rows) - len(kept), "more line")
        yield f"      ... {more}, see all with --verbose"


def _numbered(
    steps: Sequence[str], indices: Sequence[int], context: ReportContext
) -> Iterator[str]:
    for index in indices:
        yield from item(f"{index + 1}. ", escape(steps[index]), context)


def _difference(names: Names, left_out: Sequence[int], own: Sequence[int]) -> str:
    """What is to be changed in the known steps: new names, steps to leave out, steps to add."""
    new = [escape(other) for word, other in names.items() if not _follows(word, other, names)]
    numbers = " and ".join(str(index + 1) for index in left_out)
    parts = [
        f", here with {', '.join(new)}" if new else "",
        f", without its step {numbers}" if left_out else "",
        ", and with:" if own else "",
    ]
    return "".join(parts)


def _follows(word: str, other: str, names: Names) -> bool:
    """Whether it goes without saying: a name already listed with the same attribute behind it."""
    base, _, attribute = word.rpartition(".")
    return base in names and other == f"{names[base]}.{attribute}"


def compare(known: Sequence[str], steps: Sequence[str]) -> tuple[Names, list[int], list[int]]:
    """How to make ``steps`` of the known ones: what to rename, to leave out and to add.

    Every name has one counterpart in all steps. The numbers count from 0.
    """
    names: Names = {}
    left_out: list[int] = []
    own: list[int] = []
    start = 0
    for index, step in enumerate(steps):
        for position in range(start, len(known)):
            wider = _renamed(known[position], step, names)
            if wider is not None:
                names = wider
                left_out += range(start, position)
                start = position + 1
                break
        else:
            own.append(index)
    left_out += range(start, len(known))
    return {word: other for word, other in names.items() if word != other}, left_out, own


def _renamed(known: str, step: str, names: Names) -> Names | None:
    """The names with those that turn one known step into this one; None when it is another."""
    before, after = _WORD.findall(known), _WORD.findall(step)
    if len(before) != len(after):
        return None
    wider = dict(names)
    for word, other in zip(before, after, strict=True):
        if wider.setdefault(word, other) != other or not (word == other or _name(word, other)):
            return None
    changed = sum(word != other for word, other in wider.items())
    return wider if changed <= _MAX_NAMES else None


def _name(word: str, other: str) -> bool:
    """Whether the two are names: another number of days, or another verb, is another step."""
    both = _LETTER.search(word) and _LETTER.search(other)
    return bool(both) and not (word.isalpha() and other.isalpha())
