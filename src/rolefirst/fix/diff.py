"""A plan as a unified diff that ``git apply`` and ``patch -p1`` take.

Paths are relative to the folder the command runs in. Before each file stand comment lines, which
both tools skip, with the findings that are mended there.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator

from rolefirst.findings import Finding
from rolefirst.fix.plan import FileChange, Plan
from rolefirst.reports import mask
from rolefirst.reports.terminal import escape

_PLAIN = re.compile(r"[^\x00-\x1f\x7f\"\\]*")
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def unified(plan: Plan, place: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """The diff of a plan, and the paths of files in which it hides key material.

    ``place`` says where a path of the tree is. What hides something cannot be applied. Bytes that
    are no UTF-8 are surrogates, as ``os.fsdecode`` makes them.
    """
    pieces = []
    hidden = []
    for change in plan.files:
        text = "".join(_of_file(change, place(change.path)))
        shown = mask(text)
        pieces.append(shown)
        if shown != text:
            hidden.append(change.path)
    return "".join(pieces), tuple(hidden)


def title(finding: Finding) -> str:
    """A finding in one line that is safe to print."""
    remedy = finding.remediation
    mark = remedy.applicability if remedy is not None else ""
    return escape(
        f"{finding.rule.id} {mask(finding.address)} ({mark}) {finding.location}: "
        f"{finding.rule.title}"
    )


def _of_file(change: FileChange, path: str) -> Iterator[str]:
    yield from (f"# {title(finding)}\n" for finding in change.findings)
    old = f"a/{path}" if change.before is not None else "/dev/null"
    new = f"b/{path}" if change.after is not None else "/dev/null"
    yield f"--- {_name(old)}\n"
    yield f"+++ {_name(new)}\n"
    before, after = _lines(change.before), _lines(change.after)
    hunks = difflib.unified_diff(before, after, "", "", n=3)
    for line in list(hunks)[2:]:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _name(path: str) -> str:
    """A path as git writes it: in quotes if it has to be, with a tab behind if it has blanks."""
    if not _PLAIN.fullmatch(path):
        written = "".join(
            _ESCAPES.get(char, f"\\{ord(char):03o}" if char < " " or char == "\x7f" else char)
            for char in path
        )
        return f'"{written}"'
    return f"{path}\t" if " " in path else path


def _lines(data: bytes | None) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", (data or b"").decode("utf-8", "surrogateescape"))
