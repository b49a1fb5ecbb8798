"""The bytes of a register → ``Register``.

The few types an entry has are checked here and not by a JSON Schema library: each mistake gets its
line and what to do about it, and the command line needs no compiled dependency for one small file.
``access-key-exceptions.schema.json`` says the same for editors; a test compares both.

What is missing is no mistake of form: RF901 speaks of it.
"""

from __future__ import annotations

import posixpath
import re

import yaml

from rolefirst.exceptions.entries import STEPS, Entry, Register
from rolefirst.exceptions.nodes import Nodes, Page, line_of

FIELDS = (
    *("id", "key", "root", "alternatives_considered", "purpose", "permissions", "source"),
    *("rotation", "audit", "owner", "deactivation", "approved_by", "approved_on", "expires"),
)
ROTATION = ("days", "how")
_ID = re.compile(r"[A-Za-z0-9][\w./-]{0,63}", re.ASCII)
#: ``[*]`` and ``["*"]`` stand for every instance.
_INDEX = r"(?:\[(?:\d+|\*|\"[^\"\[\]\n]*\")\])?"
_ADDRESS = re.compile(rf"[A-Za-z_][\w-]*(?:{_INDEX}\.[A-Za-z_][\w-]*)+{_INDEX}")


def read(data: bytes, path: str, origin: str = "") -> Register:
    """Read a register; each ``root`` is relative to it, as it is written."""
    page = Page(path, f" (at {origin})" if origin else "")
    top = page.table(page.tree(data), "the register", ("exceptions",))
    listed = page.items(top.get("exceptions"), "exceptions", "start each entry with a dash")
    entries = [_entry(node, page, number) for number, node in enumerate(listed)]
    kept = tuple(entry for entry in entries if entry is not None)
    return Register(path, kept, tuple(page.problems), origin)


def _entry(node: yaml.Node, page: Page, number: int) -> Entry | None:
    """One entry; None when something in it has the wrong form."""
    before = len(page.problems)
    table = page.table(node, "an entry", FIELDS)
    alternatives = page.table(
        table.get("alternatives_considered"), "alternatives_considered", STEPS
    )
    rotation = page.table(table.get("rotation"), "rotation", ROTATION)
    id = _matching(table, "id", _ID, "only letters, digits and ._/-", "EXC-2030-001", page)
    entry = Entry(
        name=id or f"[{number}]",
        id=id,
        key=_matching(table, "key", _ADDRESS, "an address", "aws_iam_access_key.ci", page),
        root=_root(table.get("root"), page),
        purpose=page.text(table.get("purpose"), "purpose"),
        alternatives={
            step: page.text(value, f"alternatives_considered.{step}")
            for step, value in alternatives.items()
        },
        permissions=page.texts(table.get("permissions"), "permissions", "s3:PutObject"),
        source=page.texts(table.get("source"), "source", "203.0.113.0/24"),
        days=page.number(rotation.get("days"), "rotation.days"),
        how=page.text(rotation.get("how"), "rotation.how"),
        audit=page.text(table.get("audit"), "audit"),
        owner=page.text(table.get("owner"), "owner"),
        deactivation=page.text(table.get("deactivation"), "deactivation"),
        approved_by=page.text(table.get("approved_by"), "approved_by"),
        approved_on=page.day(table.get("approved_on"), "approved_on"),
        expires=page.day(table.get("expires"), "expires"),
        location=page.at(node),
        lines={
            **page.members(node),
            **page.members(table.get("alternatives_considered"), "alternatives_considered."),
            **page.members(table.get("rotation"), "rotation."),
        },
    )
    return entry if len(page.problems) == before else None


def _matching(
    table: Nodes, what: str, pattern: re.Pattern[str], form: str, example: str, page: Page
) -> str:
    node = table.get(what)
    text = page.text(node, what)
    if node is not None and text and not pattern.fullmatch(text):
        page.refuse(line_of(node), f"{what} is not {form}: write it like {example}")
    return text


def _root(node: yaml.Node | None, page: Page) -> str:
    """The key's root module. It lies below the register: nobody decides about what is above."""
    text = page.text(node, "root")
    path = posixpath.normpath(text or ".")
    if node is not None and (path.startswith(("/", "..")) or "\\" in path):
        message = "root does not lead below the register's own folder: write it like prod/eu"
        page.refuse(line_of(node), message)
    return path
