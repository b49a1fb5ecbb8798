"""Why a finding does not count: a disabled rule, or a skip comment beside the code.

The comment is checkov's, ``#checkov:skip=RF401:reason until=2030-12-31`` inside of the block, so
that it works in both programs. One that does not count, or has nothing to silence, is a notice: who
wrote it believes that it works.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from rolefirst.findings import Finding, Location, ScanError, Suppression

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rolefirst.project import Block, Project
    from rolefirst.scan import Settings

#: Inline skips of these do not count unless the configuration says so (a pull request must not
#: approve its own key).
PROTECTED = re.compile(r"RF1\d\d|RF2\d\d|RF501|RF704|RF9\d\d")
#: What stands in every block with a skip.
_MARK = ":skip="
_SKIP = re.compile(
    r"(?:#|//|/\*)[^\n]*?(?:checkov|bridgecrew|cortex):skip="
    r"[ ]*(?P<ids>[\w-]+(?:,[\w-]+)*)(?::(?P<reason>[^\n]*))?"
)
_UNTIL = re.compile(r"\buntil\s*=\s*([\w-]*)", re.IGNORECASE)
_OURS = re.compile(r"RF\d+", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

#: Where a skip stands, the ids it names and its reason.
_Skip = tuple[Location, list[str], str]


def disabled(finding: Finding, settings: Settings) -> Suppression | None:
    """What the configuration says about the whole rule."""
    reason = settings.disabled.get(finding.rule.id)
    return Suppression("config", reason) if reason is not None else None


def inline(
    finding: Finding, block: Block, project: Project, settings: Settings
) -> tuple[Suppression | None, list[ScanError]]:
    """The comment that silences a finding on ``block``; and those that try and do not count."""
    refused: list[ScanError] = []
    for place, ids, reason in _skips_for(finding, block, project):
        if finding.rule.id not in ids:
            continue
        why = refusal(finding.rule.id, reason, settings)
        if not why:
            until = _UNTIL.search(reason)
            return Suppression("inline", reason, place, until[1] if until else ""), refused
        refused.append(_notice(place, finding.rule.id, f"does not count: {why}"))
    refused += _above(finding, block)
    return None, refused


def _skips_for(finding: Finding, block: Block, project: Project) -> Iterator[_Skip]:
    """The skips inside of the block and, of a finding on another one, inside of that."""
    yield from _skips(block)
    if _inside(finding.location, block):
        return
    for near in (block, *project.callers(block)):
        for other in project.holding(near, _MARK):
            if _inside(finding.location, other):
                yield from _skips(other)


def _inside(place: Location, block: Block) -> bool:
    span = block.location
    return place.path == span.path and span.line <= place.line <= max(span.line, span.end_line)


def _above(finding: Finding, block: Block) -> Iterator[ScanError]:
    """A skip in the comment above the block, where neither checkov nor this program looks."""
    lines = block.comment.splitlines()
    for number, line in enumerate(lines, start=block.location.line - len(lines)):
        for found in _SKIP.finditer(f"# {line}"):
            if finding.rule.id in found["ids"].split(","):
                place = Location(block.location.path, number)
                yield _notice(place, finding.rule.id, "does not count: write it inside the block")


def useless(
    project: Project,
    folders: Iterable[Block],
    said: Collection[tuple[Location, str]],
    ids: Collection[str],
) -> Iterator[ScanError]:
    """Skips of this program's rules that silence nothing: their author believes they work.

    ``folders`` is a block of each folder to look in, ``said`` where rules have said something.
    """
    for folder in folders:
        for block in project.holding(folder, _MARK):
            for place, named, _ in _skips(block):
                for name in named:
                    why = _uselessness(name, block, said, ids)
                    if why:
                        yield _notice(place, name, why)


def _uselessness(
    name: str, block: Block, said: Collection[tuple[Location, str]], ids: Collection[str]
) -> str:
    """Why a skip does nothing; empty when it has something to skip or is another tool's."""
    if name in ids:
        found = any(rule == name and _inside(place, block) for place, rule in said)
        return "" if found else "silences nothing: the rule says nothing about this block"
    if name.upper() in ids:
        return f"does not count: write {name.upper()}"
    return "does not count: there is no such rule" if _OURS.fullmatch(name) else ""


def _notice(place: Location, rule: str, why: str) -> ScanError:
    return ScanError(place.path, place.line, f"skip of {rule} {why}")


def _skips(block: Block) -> Iterator[_Skip]:
    """Each skip comment of a block: where it stands, what it names and its reason."""
    source = block.source()
    for found in _SKIP.finditer(source):
        line = block.location.line + source.count("\n", 0, found.start())
        reason = (found["reason"] or "").strip().removesuffix("*/").rstrip()
        yield Location(block.location.path, line), found["ids"].split(","), reason


def refusal(rule: str, reason: str, settings: Settings) -> str:
    """Why an inline skip of a rule does not count; empty when it does."""
    if PROTECTED.fullmatch(rule) and not settings.inline_protected:
        return "skips of rules about keys need inline-skips-of-keys in rolefirst.toml"
    if not _UNTIL.sub("", reason).strip():
        return "it gives no reason"
    found = _UNTIL.search(reason)
    if found is None:
        return ""
    from datetime import date

    until = found[1]
    try:
        end = date.fromisoformat(until) if _DATE.fullmatch(until) else None
    except ValueError:
        end = None
    if end is None:
        return f"until={until} is no date of the form 2030-12-31"
    if settings.today is None or end < settings.today:
        return f"it expired on {until}"
    return ""
