"""Who signs in with a token, as the code says it: the identity provider, and each ``<word>``.

The catalogue says where the words of a platform stand (``decision.federations``); this looks there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rolefirst.decision import catalogue
from rolefirst.decision.federations import WORD
from rolefirst.decision.partitions import partition
from rolefirst.remediation.attachments import reference_to, written
from rolefirst.remediation.keyfacts import Issuer, Tokens, Written
from rolefirst.remediation.switches_ci import id_edits, variable_for

if TYPE_CHECKING:
    from rolefirst.decision.federations import Federation, Word
    from rolefirst.findings import Decision, Edit
    from rolefirst.project import Block, Project, Value

_PROVIDER = "aws_iam_openid_connect_provider"
#: Published modules that hold a provider: their outputs ``arn`` and ``url`` are it.
_MODULE = re.compile(
    r"terraform-aws-(?:modules/)?iam.{0,99}//modules/iam-(?:github-)?oidc-provider\b"
)
_MODULE_URL = "https://token.actions.githubusercontent.com"
#: Arguments by which a call may have several, none, or one in another account.
_OPTIONAL = frozenset({"count", "for_each", "create", "providers"})
#: Words of a platform's name that say nothing.
_VAGUE = frozenset({"ci", "actions", "pipelines"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the new code stands, and the estate around it."""

    home: Block
    project: Project

    def beside(self, block: Block) -> bool:
        """True when code at this place can repeat what the block says."""
        return (block.root, block.call_chain) == (self.home.root, self.home.call_chain)


def tokens_of(decision: Decision, key: Block, home: Block, project: Project) -> Tokens:
    """The tokens that the consumers of a key have instead of it, and who issues them.

    ``home`` is the block that the new code stands beside.
    """
    rows = catalogue.of(project)
    place = _Place(home, project)
    federation: Federation | None = None
    jobs: dict[tuple[tuple[str, tuple[Written, ...]], ...], None] = {}
    referred: list[str] = []
    ids: dict[str, tuple[Edit | None, ...]] = {}
    variables: dict[str, tuple[Block | None, str]] = {}
    for consumer in decision.consumers:
        row = rows.sink(consumer.type, consumer.attribute)
        block = _block(consumer.type, consumer.address, place)
        if row is None or row.template != decision.template or block is None:
            continue
        if any(_refers(reader, block) for reader in project.readers(block)):
            referred.append(block.address)
        ids[block.address] = id_edits(block, key, project)
        variables[block.address] = variable_for(block, project)
        federation = federation or row.oidc
        if federation is not None and row.oidc and row.oidc.issuer == federation.issuer:
            jobs[tuple(_words(row.oidc, block, place))] = None
    if federation is None or federation.builtin:
        return Tokens(referred=tuple(referred), ids=ids, variables=variables)
    words = tuple(dict(job) for job in jobs)
    issuer = _issuer(federation, words, place)
    return Tokens(issuer, words, tuple(referred), partition(home), ids, variables)


def _block(type: str, address: str, place: _Place) -> Block | None:
    for block in place.project.resources(type):
        if (block.root, block.address) == (place.home.root, address):
            return block
    return None


def _refers(reader: Block, block: Block) -> bool:
    references = (each for name in reader.names() for each in reader[name].deep_references())
    return any(reference.target.address == block.address for _, reference in references)


def _words(
    federation: Federation, block: Block, place: _Place
) -> Iterator[tuple[str, tuple[Written, ...]]]:
    for name, word in federation.words.items():
        sources = (_said(source, word, block, place) for source in word.sources)
        found = next((values for values in sources if values), ())
        if found:
            yield name, found


def _said(source: str, word: Word, block: Block, place: _Place) -> tuple[Written, ...]:
    """What one source says: nothing, one value, or all members of a list."""
    argument, *steps = source.split("/")
    own = True
    if argument.startswith("provider."):
        configuration = block.provider
        if configuration is None:
            return ()
        block, argument = configuration, argument.removeprefix("provider.")
    for step in steps:
        type, _, attribute = step.partition(".")
        targets = [r.target for _, r in block[argument].deep_references() if r.target.type == type]
        if not targets:
            return ()
        block, argument, own = targets[0], attribute, False
        if attribute.endswith("!"):
            argument = attribute.removesuffix("!")
            if block.kind == "resource" and block[argument].absent:
                return ()
    return tuple(_only(word, _members(block, argument, own, place)))


def _members(block: Block, argument: str, own: bool, place: _Place) -> Iterable[Written]:
    """An argument as code at the place may write it; ``own`` is one that goes with the key."""
    value = block[argument]
    if own and value.absent:
        return ()
    if isinstance(value.data, tuple) and value.known:
        return [Written(member.text or "") for member in value.data]
    if not own:
        return [Written(_text(value), "", reference_to(block, argument, place.home))]
    said = written(block, argument)
    return [replace(said, expression=said.expression if place.beside(block) else "", reference="")]


def _text(value: Value) -> str:
    return (value.text or "") if value.known else ""


def _only(word: Word, values: Iterable[Written]) -> Iterator[Written]:
    """The part that counts; of what is not known, nothing tells which part that is."""
    for value in values:
        if not word.only or value.reference:
            if value != Written():
                yield value
            continue
        found = re.match(word.only, value.value) if value.value else None
        if found:
            whole = found[1] == value.value
            yield Written(found[1], value.expression if whole else "")


def _issuer(
    federation: Federation, words: tuple[dict[str, tuple[Written, ...]], ...], place: _Place
) -> Issuer:
    """The identity provider that the code declares beside the user, or is given."""
    for kind in ("resource", "data"):
        for block in place.project.find(place.home, kind, _PROVIDER):
            arn = reference_to(block, "arn", place.home)
            if not arn or not _same_account(block, place.home):
                continue
            found = _matches(federation, words, block)
            if found is not None:
                return replace(found, arn=arn)
    for call in place.project.find(place.home, "module"):
        if _MODULE.search(call["source"].text or "") and not _OPTIONAL & set(call.names()):
            found = _matches(federation, words, call, _MODULE_URL)
            if found is not None:
                return replace(found, arn=f"module.{call.name}.arn")
    marks = _marks(federation.platform)
    for variable in place.project.find(place.home, "variable"):
        name = set(variable.name.lower().split("_"))
        if marks and marks & name and {"oidc", "arn"} <= name:
            return Issuer(arn=f"var.{variable.name}")
    return Issuer()


def _matches(
    federation: Federation,
    words: tuple[dict[str, tuple[Written, ...]], ...],
    block: Block,
    default: str | None = None,
) -> Issuer | None:
    """The provider as an issuer when it is one of this platform, with the words in its URL.

    ``default`` is its URL where it names none.
    """
    listed = block["client_id_list"]
    audiences: tuple[str, ...] = ()
    if isinstance(listed.data, tuple) and listed.known:
        audiences = tuple(member.text or "" for member in listed.data)
    url = default if block["url"].absent else block["url"].text
    marks = _marks(federation.platform)
    if url is None:
        named = block.expression("url").lower() + block.name.lower()
        return Issuer(audiences=audiences) if any(mark in named for mark in marks) else None
    names = WORD.findall(federation.issuer)
    parts = [re.escape(part) for part in WORD.split(federation.issuer)[::2]]
    found = re.fullmatch("([^/]+)".join(parts).rstrip("/") + "/?", _with_scheme(url))
    if found is None:
        return None
    said = dict(zip(names, found.groups(), strict=True))
    if WORD.match(federation.issuer.removeprefix("https://")):
        host = next(iter(said.values()))  # any issuer has a host: only its name tells whose it is
        if not any(mark in host for mark in marks):
            return None
    for job in words:
        for name, value in said.items():
            texts = {each.value for each in job.get(name, ())} - {""}
            if texts and value not in texts:
                return None
    return Issuer(words={name: Written(value) for name, value in said.items()}, audiences=audiences)


def _with_scheme(url: str) -> str:
    return url if url.startswith("https://") else f"https://{url}"


def _marks(platform: str) -> frozenset[str]:
    """The words that a name has which means the platform."""
    return frozenset(platform.lower().split()) - _VAGUE


def _same_account(block: Block, home: Block) -> bool:
    """True when both have the same configuration of the AWS provider."""
    here, there = home.provider, block.provider
    if here is None or there is None:
        return here is there
    return (here.root, here.address) == (there.root, there.address)
