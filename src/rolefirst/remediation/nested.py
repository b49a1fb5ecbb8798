"""What a block says inside of its nested blocks and of JSON: values, their text, uses of a key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from rolefirst.findings import Consumer
from rolefirst.project import ABSENT, Block, Project, Reference, Value, known
from rolefirst.remediation import expressions
from rolefirst.remediation.attachments import module_of
from rolefirst.remediation.filters import Safe, hcl
from rolefirst.remediation.places import place_of

_INDEX = re.compile(r"\[[^\]]*\]$")
_ALIAS = re.compile(r"^\s*provider\s*=\s*\"?(aws\.[\w-]+)\"?\s*$", re.MULTILINE)


def alias_of(block: Block) -> str:
    """The provider alias the block itself names; one that a module was given stays there."""
    found = _ALIAS.search(block.source())
    return found[1] if found else ""


def block_of(consumer: Consumer, root: str, project: Project) -> Block | None:
    """The block of a consumer of a root module."""
    blocks = project.resources(consumer.type) if consumer.type else ()
    return next((b for b in blocks if (b.root, b.address) == (root, consumer.address)), None)


def uses_of(block: Block, keys: Iterable[str]) -> Iterator[tuple[tuple[str, ...], Reference]]:
    """The paths in a block that have something of these keys, and the reference that says so.

    ``keys`` are addresses as code beside the block writes them.
    """
    wanted = {_INDEX.sub("", key) for key in keys}
    prefix = module_of(block)
    for name in block.names():
        for steps, reference in block[name].deep_references():
            address = reference.target.address.removeprefix(prefix)
            if _INDEX.sub("", address) in wanted:
                yield (name, *steps), reference


def dotted(steps: Iterable[str]) -> str:
    """A path as people write it: without the positions in lists."""
    return ".".join(step for step in steps if not step.isdigit())


def value_at(block: Block, path: str) -> Value:
    """The value at a path that leads through the only nested block of a name, or through JSON.

    Of blocks that give names to values (``setting``, ``set``) a step is such a name.
    """
    first, *steps = path.split(".")
    value = block[first]
    for step in steps:
        named = (each for each in value.members() if each.get("name").text == step)
        if isinstance(value.data, tuple) and (setting := next(named, None)) is not None:
            value = setting.get("value")
            continue
        if isinstance(value.data, tuple):
            value = value.data[0] if len(value.data) == 1 else ABSENT
        elif value.text is not None:
            value = _decoded(value.text)
        value = value.get_partial(step)
    return value


def written_at(block: Block, path: str) -> str:
    """The expression at a path as it is written; empty where it has no one place."""
    place = place_of(block, path)
    if place is None:
        return ""
    body, name = place
    entries = body.named(name)
    if len(entries) != 1 or entries[0].nested:
        return ""
    text = body.text(entries[0].value, entries[0].value_end)
    return text.encode("latin-1").decode("utf-8", "replace")


def repeated(block: Block, path: str, home: Block) -> Safe | None:
    """What stands at a path, for code beside ``home``; None when it cannot be said there."""
    value = value_at(block, path)
    text = value.text if value.known else None
    written = written_at(block, path)
    if text is not None and (not written or expressions.is_literal(written)):
        return hcl(text)
    beside = (block.root, block.call_chain) == (home.root, home.call_chain)
    laid_out = expressions.layout(written, one_line=True) if beside else None
    return laid_out or (hcl(text) if text is not None else None)


def _decoded(text: str) -> Value:
    """The texts of a JSON object."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return ABSENT
    if not isinstance(data, dict):
        return ABSENT
    return known({name: known(each) for name, each in data.items() if isinstance(each, str)})
