"""What a team may set for itself: the numbers and names that rules compare the code with."""

from __future__ import annotations

from dataclasses import dataclass

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rolefirst.project import Project


@dataclass(frozen=True, slots=True)
class Limits:
    """Every default is that of a missing configuration file.

    ``rotation_days``: a key lives no longer than this. ``owner_keys``: the tags that name an owner,
    instead of the usual ones; ``owner_placeholders``: values that name nobody, besides the usual
    ones. ``required_tags``: tags that every IAM user has to carry. ``trusted_networks``: networks
    in CIDR notation that a key may be used from. ``exception_days``: an exception lasts no longer;
    a year is one even with a leap day in it.
    """

    rotation_days: int = 90
    owner_keys: tuple[str, ...] = ()
    owner_placeholders: tuple[str, ...] = ()
    required_tags: tuple[str, ...] = ()
    trusted_networks: tuple[str, ...] = ()
    exception_days: int = 366


DEFAULT = Limits()
#: Where a project keeps the limits it is judged by.
_PLACE = ("limits", "", "")


def of(project: Project) -> Limits:
    """The limits a project is judged by."""
    found = project.memo.get(_PLACE)
    return found if isinstance(found, Limits) else DEFAULT


def judge_by(project: Project, limits: Limits) -> None:
    """Judge a project by a team's own limits. Call it before the first rule runs."""
    project.memo[_PLACE] = limits
