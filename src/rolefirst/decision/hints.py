"""How the first pass over a tree recognises calls of modules that make keys."""

from __future__ import annotations

from functools import lru_cache

from rolefirst.loaders.hcl.survey import KeyModules

# typing takes 3 ms to import, and checkers read this name as true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rolefirst.decision.catalogue import Rows

#: A file that calls a module of the packaged catalogue contains one of these: asking for them in
#: the raw bytes is how a scan avoids reading the catalogue at all. A test holds them to the rows.
KEY_MODULE_HINTS: tuple[bytes, ...] = (
    b"m-user",  # iam-user, iam-system-user
    b"s3-user",
    b"mcaf-user",
    b"cloudposse/s3-bucket/",
    b"cloudposse/terraform-aws-s3-bucket",
    b"cloudposse/ses/",
    b"cloudposse/terraform-aws-ses",
    b"ministryofjustice/cloud-platform-terraform-",
    b"aws-iam-deployer",
    b"meshplatform",
)


def may_be_known(source: str) -> bool:
    """Whether a module source can be one of the packaged catalogue."""
    data = source.encode("utf-8", "replace")
    return any(hint in data for hint in KEY_MODULE_HINTS)


def key_modules(own: Rows | None = None) -> KeyModules:
    """For a loader: the packaged modules and those of a team's ``own`` rows."""
    hints = list(KEY_MODULE_HINTS)
    for module in own.modules if own else ():
        hints += _hints(module.source)

    @lru_cache(maxsize=10_000)
    def makes_key(source: str) -> bool:
        from rolefirst.decision import catalogue  # lazy: few trees hold one of the hints

        rows = catalogue.packaged()
        return (rows.with_rows(own) if own else rows).may_make_key(source)

    return KeyModules(tuple(dict.fromkeys(hints)), makes_key)


def _hints(source: str) -> Iterator[bytes]:
    """What a call of a module contains, whichever way its normalised source is spelled."""
    path = source.partition("//")[0].partition("/")[2]
    yield _literal(path)
    owner, _, repository = path.partition("/")
    if repository.startswith("terraform-") and repository.count("-") > 1:  # as in a registry
        yield _literal(f"{owner}/{repository.split('-', 2)[2]}/")


def _literal(pattern: str) -> bytes:
    """The longest part of a pattern that stands there as it is."""
    return max(pattern.split("*"), key=len).encode()
