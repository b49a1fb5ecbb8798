"""What the code says about a key beside the flow: names, comments, tags, outputs, people.

Each function looks at one kind of evidence and says what it points to and where it stands.
Nothing here decides; ``order.py`` weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rolefirst.decision import clues, rights
from rolefirst.decision.catalogue_modules import normalise
from rolefirst.decision.clues import Hint
from rolefirst.decision.documents import of_documents
from rolefirst.decision.flow import Exit
from rolefirst.findings import Evidence, Location
from rolefirst.iam.grants import naming
from rolefirst.iam.people import LOGIN_PROFILE, MFA_DEVICE
from rolefirst.project import Block, Carries, Project

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_FIXTURE = re.compile(r"(?:^|/)(?:tests?|testdata|fixtures?|examples?|samples?|scenarios?)(?:/|$)")
_VARIABLE = re.compile(r"\bvar\.([A-Za-z_][\w-]*)")
_SKIP_REASON = re.compile(r"(?:checkov:skip|tfsec:ignore|trivy:ignore|kics-scan ignore)[^\n]*")
#: Tags that may say what a user is for, and tags that name a person.
_PURPOSE = ("purpose", "usage", "description", "service", "application", "name")
_ADDRESS_TAGS = ("email", "e-mail", "mail")
_NAME_TAGS = ("full_name", "fullname", "keybase")
#: Addresses of these are read by a team.
_TEAM = re.compile(
    r"(?:^|[.+_-])(?:admins?|alerts?|aws|billing|dev|devops|help|info|infra|it|mail|no-?reply|noc|"
    r"operations|ops|platform|root|security|services?|sre|support|sysadmins?|teams?|tech)(?:[.+_-]|@)"
)


def of_key(
    key: Block, user: Block | None, exits: tuple[Exit, ...], project: Project
) -> Iterator[Hint]:
    """All of it, what weighs most first."""
    yield from of_class(exits)
    yield from of_person(key, user, project)
    yield from of_comments(key, user, project)
    yield from rights.of_policies(user, project)
    yield from rights.of_scope(user, project)
    yield from of_documents(exits, project)
    yield from of_tags(user)
    yield from of_outputs(exits)
    yield from of_descriptions(key, user, exits, project)
    yield from of_modules(exits)
    yield from of_name(key, user)


def of_name(key: Block, user: Block | None) -> Iterator[Hint]:
    """Names and paths of the user, the key and the module calls that make it."""
    named = [(key.name, key.location, "the key's name")]
    named += [(site.address, site.location, "the module call's name") for site in key.call_chain]
    if user is not None:
        name = user["name"].data
        what = "the user's name" if isinstance(name, str) else "the user's label"
        named.append((name if isinstance(name, str) else user.name, user.location, what))
        named.append((user["path"].text or "", user.location, "the user's path"))
    for text, location, what in named:
        yield from _said(text, 1, "name", f'{what} is "{_short(text)}"', location)


def of_comments(key: Block, user: Block | None, project: Project) -> Iterator[Hint]:
    """Comments above the key, its user and the calls that make it, reasons given to checkers."""
    for block in (key, user, *project.callers(key)):
        if block is None:
            continue
        for text in (block.comment, *_SKIP_REASON.findall(block.source())):
            said = f'a comment says "{_short(text)}"'
            yield from _said(text, 2, "comment", said, block.location)


def of_tags(user: Block | None) -> Iterator[Hint]:
    """Tags of the user that may say what it is for."""
    if user is None or not isinstance(user["tags"].data, dict):
        return
    for name, value in user["tags"].data.items():
        if name.casefold() in _PURPOSE:
            said = f'the tag {name} is "{_short(value.text or "")}"'
            yield from _said(value.text or "", 1, "tag", said, user.at("tags"))


def of_outputs(exits: tuple[Exit, ...]) -> Iterator[Hint]:
    """Names and descriptions of the outputs that hand the key on."""
    for leaving in exits:
        if leaving.block.kind == "output":
            described = leaving.block["description"].text or ""
            said = f'an output says "{_short(described or leaving.block.name)}"'
            text = f"{described} {leaving.block.name}"
            yield from _said(text, 1, "output", said, leaving.block.location)


def of_modules(exits: tuple[Exit, ...]) -> Iterator[Hint]:
    """Names and sources of the modules elsewhere that take the key."""
    for leaving in exits:
        call = leaving.block
        if call.kind == "module" and leaving.carries.usable:
            source = normalise(call["source"].text or "")
            what = source.split("/", 2)[-1]  # without host and owner
            said = f'{call.address} takes it, a call of "{_short(source)}"'
            yield from _said(f"{call.name} {what}", 1, "module", said, call.location)


def of_descriptions(
    key: Block, user: Block | None, exits: tuple[Exit, ...], project: Project
) -> Iterator[Hint]:
    """Products that descriptions name: of the key's and the user's variables, and of what takes it.

    Ordinary words stand in every description: "the deployment environment".
    """
    for block in (*_variables(key, user, project), *_takers(exits)):
        text = block["description"].text or ""
        clue = next((c for c in clues.packaged().of_words(text) if c.weight > 1), None)
        if clue is not None:
            said = f'the description of {block.address} says "{_short(text)}"'
            evidence = Evidence("description", said, block.location)
            yield Hint(clue.category, clue.weight - 1, evidence, clue.better)


def _variables(key: Block, user: Block | None, project: Project) -> Iterator[Block]:
    for block in (key, user):
        names = set(_VARIABLE.findall(block.source())) if block is not None else set()
        if block is not None and names:
            yield from (found for found in project.find(block, "variable") if found.name in names)


def _takers(exits: tuple[Exit, ...]) -> Iterator[Block]:
    blocks = {item.block.address: item.block for item in exits if item.block.kind == "resource"}
    yield from blocks.values()


def of_person(key: Block, user: Block | None, project: Project) -> Iterator[Hint]:
    """Signs of a person: a console login, an MFA device, keybase encryption, an e-mail name."""
    pgp = key["pgp_key"]
    if not pgp.absent:
        who = "a keybase user" if (pgp.text or "").startswith("keybase:") else "one person's key"
        said = f"the secret is encrypted for {who} (pgp_key)"
        yield Hint("human", 1, Evidence("person", said, key.at("pgp_key")))
    if user is None:
        return
    for block in naming(user, project, LOGIN_PROFILE, "user"):
        said = "the user signs in to the console"
        yield Hint("human", 3, Evidence("person", said, block.location))
    for block in naming(user, project, MFA_DEVICE, "virtual_mfa_device_name"):
        yield Hint("human", 3, Evidence("person", "it has MFA", block.location))
    if _is_of_a_person(user["name"].text or ""):
        yield Hint("human", 3, Evidence("person", "the user's name is an address", user.location))
    tags = user["tags"].data
    for name, value in tags.items() if isinstance(tags, dict) else ():
        text, tag = value.text or "", name.casefold()
        if (tag in _ADDRESS_TAGS and _is_of_a_person(text)) or (tag in _NAME_TAGS and text):
            said = f"the tag {name} names a person"
            yield Hint("human", 2, Evidence("person", said, user.at("tags")))


def _is_of_a_person(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text)) and not _TEAM.search(text.casefold())


def of_class(exits: tuple[Exit, ...]) -> Iterator[Hint]:
    """An SES SMTP password among what is handed on."""
    usable = [e for e in exits if e.carries.usable]
    passwords = [e for e in usable if e.carries is Carries.SES_PASSWORD]
    if passwords:
        at = passwords[0].reference.trail[-1].location if passwords[0].reference.trail else None
        said = "the SES SMTP password of the key is handed on"
        weight = 3 if len(passwords) == len(usable) else 2
        yield Hint("ses-smtp", weight, Evidence("data-flow", said, at))


def is_fixture(key: Block) -> bool:
    """True in folders of tests and examples."""
    return _FIXTURE.search(key.location.path.rpartition("/")[0]) is not None


def _said(text: str, weight: int, kind: str, sentence: str, at: Location) -> Iterator[Hint]:
    """One hint for what a text speaks for first; the rows stand in the order of their weight."""
    clue = next(clues.packaged().of_words(text), None)
    if clue is not None:
        weight = max(weight, clue.weight)
        yield Hint(clue.category, weight, Evidence(kind, sentence, at), clue.better)


def _short(text: str) -> str:
    """A quotation for a report: one line, bounded."""
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"
