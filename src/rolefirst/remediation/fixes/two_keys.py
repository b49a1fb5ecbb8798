"""From one key to two that take turns: the same block twice, and consumers that take the newer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rolefirst.findings import Edit
from rolefirst.project import Block, Project
from rolefirst.remediation.applied import applied
from rolefirst.remediation.edits import block_replaced
from rolefirst.remediation.fixes.writing import here
from rolefirst.remediation.places import whole

#: What needs the address of a resource and takes no value.
_NEEDS_ADDRESS = re.compile(r"\b(?:depends_on|replace_triggered_by)\b")
_HEADER = re.compile(r'\A(resource[ \t]+"?\w+"?[ \t]+)(?:"[^"\n]*"|[\w-]+)')


def changed(block: Block, edits: Sequence[Edit | None]) -> str | None:
    """The text of a block after edits of it."""
    found = whole(block)
    if found is None or None in edits:
        return None
    _, data, start, end = found
    inside = [
        replace(edit, start=edit.start - start, end=edit.end - start)
        for edit in edits
        if edit is not None
    ]
    return applied(data[start:end], inside).decode("utf-8", "surrogateescape")


def replaced(block: Block, names: Sequence[str], texts: Sequence[str | None]) -> Edit | None:
    """One block per name in place of a block."""
    made = []
    for name, text in zip(names, texts, strict=True):
        header = _HEADER.match(text or "")
        if text is None or header is None:
            return None
        made.append(f'{header[1]}"{name}"{text[header.end() :]}')
    return block_replaced(block, "\n\n".join(made))


def handed_on(block: Block, instead: str, project: Project) -> Iterator[Edit | None]:
    """Another expression wherever code reads the block."""
    address = re.escape(here(block).encode())
    mention = re.compile(rb"(?<![\w.-])" + address + rb"(?![\w-])")
    for reader in dict.fromkeys(project.readers(block)):
        found = whole(reader)
        known = reader.kind in ("resource", "data", "local", "output", "module", "provider")
        if found is None or not known or _NEEDS_ADDRESS.search(reader.source()):
            yield None
            continue
        path, data, start, end = found
        for match in mention.finditer(data, start, end):
            yield Edit(path, match.start(), match.end(), instead)
