"""One promise of an exception beside what the code does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rolefirst.findings import Related
from rolefirst.iam.patterns import Truth

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Check:
    """What an entry says about one element, what the code says, and whether both agree.

    ``MAYBE`` is no contradiction: then ``evidence`` says what cannot be told.
    """

    element: str
    claim: str
    evidence: str
    agrees: Truth
    related: tuple[Related, ...] = ()


def listed(items: Iterable[str]) -> str:
    """A list as messages show it: the policies and the entry beside it have it all."""
    each = list(dict.fromkeys(items))
    more = f" and {len(each) - _SHOWN} more" if len(each) > _SHOWN else ""
    return ", ".join(item[:100] for item in each[:_SHOWN]) + more
