"""How a CI platform is switched: it gets the ARN of the role.

The workflow that reads a secret mostly stands in another repository, and fails as long as it finds
none. So a variable with the ARN comes beside the secret, which goes with the key. Where a platform
takes one of both by itself, what held the key holds the ARN from one apply to the next. A block
that is written anew must be plain: where it is not, the steps say what to change by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rolefirst.decision.flow import exits
from rolefirst.remediation import insertions
from rolefirst.remediation.ci_platforms import ROWS, Row
from rolefirst.remediation.edits import block_replaced, remove_block, set_argument
from rolefirst.remediation.filters import label
from rolefirst.remediation.places import Body, body_of

if TYPE_CHECKING:
    from rolefirst.findings import Edit
    from rolefirst.project import Block, Project
    from rolefirst.remediation.keyfacts import KeyFacts

_STAGE = "switch"
_SECRET = re.compile(r"AWS_SECRET(?:_ACCESS)?(?:_KEY)?", re.IGNORECASE)
#: Words in the name of a block that say nothing else than that it holds a key.
_OF_A_KEY = frozenset({"aws", "secret", "access", "key", "id"})
#: Arguments of every resource; those that come first stand apart from the others.
_FIRST = ("count", "for_each", "provider")
_LAST = ("depends_on", "lifecycle")


def ci_edits(consumer: Block, attribute: str, role: str, facts: KeyFacts) -> list[Edit | None]:
    """The edits that let a consumer's platform know the role; None is one that would be a guess.

    As in ``switches.switch_edits``: ``attribute`` is where in the consumer the key ends, and
    ``role`` is the label of the new role.
    """
    row = ROWS[consumer.type]
    if attribute not in row.secrets:
        return [None]
    arn = f"aws_iam_role.{role}.arn"
    if row.beside:
        return _beside(consumer, attribute, arn, row, facts)
    if consumer.address in facts.tokens.referred and (row.dropped or row.type):
        return [None]
    ids = facts.tokens.ids.get(consumer.address, ())
    if row.dropped:
        return _as_one([remove_block(consumer, _STAGE), *ids])
    text = _anew(consumer, attribute, arn, row, consumer.name)
    if text is None:
        return [None]
    if row.also[0]:
        name, value = row.also
        label_ = f"{consumer.name}_{label(name)}"
        also = _anew(consumer, attribute, f'"{value}"', replace(row, fixed=name), label_)
        text = f"{text}\n\n{also}"
    return [block_replaced(consumer, text, _STAGE), *ids]


def _beside(
    consumer: Block, attribute: str, arn: str, row: Row, facts: KeyFacts
) -> list[Edit | None]:
    """A variable with the ARN, unless there is one; the secret stays for those who read it."""
    there, free = facts.tokens.variables.get(consumer.address, (None, ""))
    if there is not None:
        return [set_argument(there, "value", arn, _STAGE) if _said(there, "value") == arn else None]
    text = _anew(consumer, attribute, arn, row, free) if free else None
    return [insertions.beside(consumer, text, _STAGE) if text is not None else None]


def variable_for(consumer: Block, project: Project) -> tuple[Block | None, str]:
    """The variable with the ARN that a consumer's job has already, and the label of a new one."""
    row = ROWS.get(consumer.type)
    if row is None or not row.beside:
        return None, ""
    type_, argument = row.type or consumer.type, row.becomes.get(row.name, row.name)
    wanted = _renamed(consumer.expression(row.name), row)
    beside = list(project.find(consumer, "resource", type_))
    for block in beside:
        if wanted == block.expression(argument) and _same_job(block, consumer, row):
            return block, ""
    alike = {
        block.location
        for other, its in ROWS.items()
        if (its.type or other) == type_ and its.name
        for block in project.find(consumer, "resource", other)
        if _renamed(block.expression(its.name), its) and _label(block) == _label(consumer)
    }
    free = len(alike) < 2 and all(block.name != _label(consumer) for block in beside)
    return None, _label(consumer) if free else f"{consumer.name}_aws_role_arn"


def _label(secret: Block) -> str:
    """What the variable that stands in place of a secret is called."""
    words = (word for word in secret.name.split("_") if word.lower() not in _OF_A_KEY)
    return "_".join((*words, "aws_role_arn"))


def _as_one(cuts: list[Edit | None]) -> list[Edit | None]:
    """The cuts, those as one that share the blank line between their blocks."""
    made: list[Edit] = []
    for cut in cuts:
        if cut is None:
            return [None]
        met = [each for each in made if each.path == cut.path and _meet(each, cut)]
        start = min([cut.start, *(each.start for each in met)])
        end = max([cut.end, *(each.end for each in met)])
        made = [each for each in made if each not in met]
        made.append(replace(cut, start=start, end=end))
    return list(made)


def _meet(one: Edit, other: Edit) -> bool:
    return one.start < other.end and other.start < one.end


def id_edits(consumer: Block, key: Block, project: Project) -> tuple[Edit | None, ...]:
    """The edits that take away what holds the id of the key for the job of ``consumer``."""
    row = ROWS.get(consumer.type)
    if row is None or not row.name:
        return ()
    taken = list(exits(key, project))
    secrets = {item.block.address for item in taken if item.carries.usable}
    found = {
        item.block.location: item.block
        for item in taken
        if item.block.address not in secrets and _same_job(item.block, consumer, row)
    }
    return tuple(remove_block(block, _STAGE) for block in found.values())


def _same_job(block: Block, consumer: Block, row: Row) -> bool:
    """True when a block holds its value for the same job, as a secret or as a variable."""
    other = ROWS.get(block.type)
    platform = block.type.partition("_")[0]
    return (
        other is not None
        and other.scope == row.scope
        and platform == consumer.type.partition("_")[0]
        and (block.root, block.call_chain) == (consumer.root, consumer.call_chain)
        and all(_said(block, name) == _said(consumer, name) for name in row.scope)
    )


def _anew(block: Block, attribute: str, value: str, row: Row, name: str) -> str | None:
    """A block like that with the secret, with a value, as ``terraform fmt`` lays it out."""
    body = body_of(block)
    if body is None or (row.name and "each." in _said(block, attribute)):
        return None
    if not row.beside and not _is_plain(body):
        return None
    if any("{role}" in text and set_ in block.names() for set_, text in row.sets.items()):
        return None  # it takes another role already
    written: dict[str, str] = {}
    first: list[str] = []
    last: list[str] = []
    for entry in body.entries:
        text = body.data[entry.value : entry.value_end].decode("utf-8", "replace")
        if entry.name in _LAST or entry.nested:
            if row.beside and entry.name == "lifecycle":
                continue  # it speaks of the secret
            whole = body.data[entry.start : entry.end].decode("utf-8", "replace")
            last.append("\n".join(["  " + whole.split("\n")[0], *whole.split("\n")[1:]]))
        elif entry.name in _FIRST:
            first.append(f"{entry.name} = {text}")
        elif entry.name == attribute:
            if row.name:
                written["value"] = value
        elif entry.name not in row.gone:
            if "\n" in text:
                return None
            named = text if entry.name != row.name else _renamed(text, row)
            if named is None:
                return None
            written[row.becomes.get(entry.name, entry.name)] = named
    written |= {set_: text.replace("{role}", value) for set_, text in row.sets.items()}
    header = f'resource "{row.type or block.type}" "{name}" {{'
    groups = ["\n".join(f"  {line}" for line in first)] if len(first) == 1 else []
    if len(first) > 1:
        groups = [f"  {line}" for line in first]
    groups += ["\n".join(_aligned(written)), *last]
    return "\n".join([header, "\n\n".join(groups), "}"])


def _aligned(arguments: Mapping[str, str]) -> Iterator[str]:
    width = max(map(len, arguments))
    return (f"  {name:<{width}} = {text}" for name, text in arguments.items())


def _renamed(text: str, row: Row) -> str | None:
    """The name under which the ARN is found: that of the secret, with another end."""
    if row.fixed:
        return f'"{row.fixed}"'
    found = _SECRET.search(text)
    if found is None:
        return None
    new = "AWS_ROLE_ARN" if found[0].isupper() else "aws_role_arn"
    return text[: found.start()] + new + text[found.end() :]


def _is_plain(body: Body) -> bool:
    """True when nothing stands between the arguments, so that nothing is lost."""
    ends: Iterable[int] = (body.start, *(entry.end for entry in body.entries))
    starts = (*(entry.start for entry in body.entries), body.end)
    return all(not body.data[a:b].strip() for a, b in zip(ends, starts, strict=True))


def _said(block: Block, name: str) -> str:
    """An argument as it is written."""
    return " ".join(block.expression(name).split())
