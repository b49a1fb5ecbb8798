"""Policy documents as data: statements in which each string is known or says why it is not.

``documents.py`` reads them from code; whoever judges a policy needs only this.
"""

from __future__ import annotations

from dataclasses import dataclass

#: How the text of a partly known string shows what has no name in the code.
UNNAMED = "${…}"


@dataclass(frozen=True, slots=True)
class Text:
    """One string of a policy. ``why`` says why a part of it is unknown; empty when all is known.

    An unknown part is written as ``${address.attribute}``, or ``${…}`` when it has no name. The
    first may stand for several strings where IAM takes a list.
    """

    text: str
    why: str = ""

    @property
    def comparable(self) -> bool:
        """True when the same text elsewhere in the estate means the same string."""
        return not self.why or (UNNAMED not in self.text and self.text != "")


#: What an element lists, in the order of the code; empty when the element is not written.
Texts = tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a statement speaks of: ``type`` is AWS, Service, Federated, CanonicalUser or ``*``."""

    type: str
    identifiers: Texts


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of a condition block."""

    test: str
    variable: str
    values: Texts


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``why`` says why there may be more in it than is listed."""

    effect: Text
    actions: Texts = ()
    not_actions: Texts = ()
    resources: Texts = ()
    not_resources: Texts = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = ()
    sid: str = ""
    why: str = ""

    @property
    def allows(self) -> bool:
        """False only for what is known not to allow anything."""
        return self.effect.text == "Allow" or bool(self.effect.why)


@dataclass(frozen=True, slots=True)
class Document:
    """The statements of one policy. ``why`` says why there may be others."""

    statements: tuple[Statement, ...] = ()
    version: str = ""
    why: str = ""
