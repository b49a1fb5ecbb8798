"""What signs in with a token of its own: the issuers and subjects of the platforms, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolefirst.decision.catalogue_rows import Row

#: A ``<word>`` in an issuer, an audience or a subject.
WORD = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Word:
    """What a ``<word>`` of a federation means, and where the consumer's code says it.

    ``sources`` are tried in their order: an argument of the consumer (``repository``) or of its
    provider (``provider.owner``), then, behind each slash, an attribute of the block that the last
    one refers to (``workspace_id/tfe_workspace.name``). ``prefix`` stands before what is found.
    A value of which only a part counts must match ``only``: that part is its group. ``form`` is
    the pattern that what the owner fills in has to match; ``of`` is another word when each of
    those has its own.
    """

    description: str = ""
    sources: tuple[str, ...] = ()
    prefix: str = ""
    only: str = ""
    form: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Federation:
    """What an identity provider and a trust policy need of a platform.

    ``<words>`` in it differ between users; ``words`` say more about them. There are several
    subjects where one job has several. ``builtin`` says that AWS knows the issuer by itself: no
    provider resource.
    """

    issuer: str
    audience: str = ""
    subject: tuple[str, ...] = ()
    builtin: bool = False
    platform: str = ""
    words: Mapping[str, Word] = field(default_factory=dict)


def federation(row: Row) -> Federation:
    """A federation as it was written."""
    words = row.table("words")
    made = Federation(
        issuer=row.text("issuer"),
        audience=row.text("audience", ""),
        subject=row.words("subject", ()),
        builtin=row.flag("builtin", False),
        platform=row.text("platform", ""),
        words={name: _word(words.table(name)) for name in words.names()},
    )
    row.done()
    return made


def _word(row: Row) -> Word:
    made = Word(
        description=row.text("is"),
        sources=row.words("from", ()),
        prefix=row.text("prefix", ""),
        only=row.pattern("only"),
        form=row.pattern("form"),
        of=row.text("of", ""),
    )
    row.done()
    return made
