"""What a scan says now and an earlier one has said: which is the same.

Both findings and what cannot be told have a fingerprint, in which no file name and no line stands.
Where a whole folder was renamed, rule and address tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rolefirst.findings import Finding, Undetermined
from rolefirst.reports import mask, mask_key_ids

Said = Finding | Undetermined
#: Whether the folder of a root module is still there.
Exists = Callable[[str], bool]


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Something that was said. ``path`` is where it stood, for whoever reads it."""

    path: str
    rule: str
    root: str
    address: str
    attribute: str
    fingerprint: str

    @property
    def name(self) -> tuple[str, str, str]:
        """What it is called in whatever folder."""
        return self.rule, self.address, self.attribute


def entry(said: Said) -> Entry:
    """What was said as a file may have it: key material that stands in a name is hidden."""
    return Entry(
        path=mask_key_ids(said.location.path),
        rule=said.rule.id,
        root=mask_key_ids(said.root),
        address=mask(said.address),
        attribute=mask(said.attribute) if isinstance(said, Finding) else "",
        fingerprint=said.fingerprint,
    )


def pair(
    now: Sequence[Said], before: Iterable[Entry], exists: Exists, here: Iterable[Said] = ()
) -> tuple[list[Entry | None], list[Entry]]:
    """For each of ``now`` the entry that is the same, and the entries that are left.

    ``here`` are others that are said now, which use up their own entries.
    """
    known = {each.fingerprint: each for each in before}
    said = {each.fingerprint for each in (*now, *here)}
    gone: dict[tuple[str, str, str], list[Entry]] = {}
    for each in known.values():
        if each.fingerprint not in said and not exists(each.root):
            gone.setdefault(each.name, []).append(each)
    found = [_found(each, known, gone) for each in now]
    used = said.union(each.fingerprint for each in found if each)
    return found, [each for each in known.values() if each.fingerprint not in used]


def _found(
    said: Said, known: dict[str, Entry], gone: dict[tuple[str, str, str], list[Entry]]
) -> Entry | None:
    same = known.get(said.fingerprint)
    if same is not None:
        return same
    # One for one: a copy of a renamed folder is new.
    moved = gone.get(entry(said).name)
    return moved.pop() if moved else None
