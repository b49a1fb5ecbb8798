"""Recognises the literal parts of an access key without ever handing them out.

An access key id is ``AKIA`` and sixteen characters of base 32. A secret has no prefix, so forty
characters count only where the name beside them says secret, or an id stands before them, and
where they look drawn at random.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.loaders.hcl.files import spelled_out
from rolefirst.project import Block, Project, Value

_KEY_ID = re.compile(r"(?<![A-Za-z0-9])AKIA[A-Z2-7]{16}(?![A-Za-z0-9])")
_SECRET = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_SECRET_NAME = re.compile(r"(?i:secret|access[\s_.-]*key|aws[\s_.-]*key)|AKIA[A-Z2-7]{16}")
_COMMENT_LINE = re.compile(r"^[ \t]*(?:#|//).*$", re.MULTILINE)
#: What the documentation of AWS ends its example keys with.
_EXAMPLE = "EXAMPLE"
_EXAMPLE_KEY = re.compile(
    rf"(?<![A-Za-z0-9])AKIA[A-Z0-9]{{9}}{_EXAMPLE}(?![A-Za-z0-9])|"
    rf"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{{30}}{_EXAMPLE}KEY(?![A-Za-z0-9/+=])"
)
#: Where text explains and nothing signs in: the right place for an example.
_EXPLAINING = frozenset({"description", "validation"})
#: Random secrets lie near 4.8 bits per character, paths and words well below 4.
_MIN_ENTROPY = 4.1
_MIN_DISTINCT = 6
#: How far before a secret, on its line, the name may stand.
_REACH = 60


@dataclass(frozen=True, slots=True)
class Material:
    """Key material in one argument: which parts, never what they are.

    Neither part means that only an example key of AWS's documentation stands there.
    """

    argument: str
    key_id: bool
    secret: bool


def material_in(block: Block, project: Project) -> Iterator[Material]:
    """The arguments of a block that hold key material as a literal of its own text."""
    source = spelled_out(block.source().encode("utf-8", "replace")).decode("utf-8", "replace")
    for name in block.names():
        key_id = secret = example = False
        for context, text in _texts(block, name, project):
            key_id = key_id or any(_own(token, source) for token in key_ids(text))
            secret = secret or any(_own(token, source) for token in secrets(text, context))
            example = example or any(_own(token, source) for token in examples(text))
        if key_id or secret or (example and name not in _EXPLAINING):
            yield Material(name, key_id, secret)


def key_ids(text: str) -> Iterator[str]:
    """Access key ids in a text, without examples and fill-ins."""
    for match in _KEY_ID.finditer(text):
        token = match.group()
        if not token.endswith(_EXAMPLE) and len(set(token[4:])) >= _MIN_DISTINCT:
            yield token


def examples(text: str) -> Iterator[str]:
    """Ids and secrets that the documentation of AWS uses as examples: no key belongs to them."""
    return (match.group() for match in _EXAMPLE_KEY.finditer(text))


def secrets(text: str, context: str) -> Iterator[str]:
    """Secret access keys in a text; ``context`` is the name of the place the text stands in."""
    for match in _SECRET.finditer(text):
        token = match.group()
        if _EXAMPLE in token or not _looks_random(token):
            continue
        line = text.rfind("\n", 0, match.start()) + 1
        before = text[max(line, match.start() - _REACH) : match.start()]
        if _SECRET_NAME.search(context) or _SECRET_NAME.search(before):
            yield token


def _looks_random(token: str) -> bool:
    classes = (str.isupper, str.islower, str.isdigit)
    if not all(any(test(letter) for letter in token) for test in classes):
        return False
    counts = Counter(token)
    share = [count / len(token) for count in counts.values()]
    return -sum(part * math.log2(part) for part in share) >= _MIN_ENTROPY


def _own(token: str, source: str) -> bool:
    """Written in this block, not come from a variable or file; true where there is no source."""
    return not source or token in source


def _texts(block: Block, name: str, project: Project) -> Iterator[tuple[str, str]]:
    """Every text of an argument with the names it stands under."""
    value = block[name]
    title = block.name if block.kind in ("local", "variable", "output") else ""
    for path, member in value.walk():
        if path:  # the key of a map is written into the code like its value
            yield f"{title} {name}", path[-1]
        if member.text is not None:
            beside = _label(value, path)
            yield " ".join((title, name, *path, beside)), member.text
    if not value.known:
        where = block.at(name)
        lines = max(where.end_line - where.line + 1, 1)
        text = project.line_text(where, lines) or block.source()
        # In a heredoc these lines are comments of the script, which is text like the rest.
        yield f"{title} {name}", text if "<<" in text else _COMMENT_LINE.sub("", text)


def _label(value: Value, path: tuple[str, ...]) -> str:
    """The ``name`` or ``key`` beside a ``value``, as environment lists have it."""
    steps = [int(step) if step.isdigit() else step for step in path[:-1]]
    holder = value.get(*steps)
    labels = (holder.get(label).text for label in ("name", "key"))
    return " ".join(label for label in labels if label)
