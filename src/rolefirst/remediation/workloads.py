"""What the code has already for a workload on AWS: the role that it runs with.

The remediation attaches to that role what it would otherwise make a new one for. Everything is for
code beside the user; what cannot be named there is None or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rolefirst.project import Block, Project, State, Value
from rolefirst.remediation import expressions
from rolefirst.remediation.attachments import module_of, reference_to
from rolefirst.remediation.clusters import cluster_of
from rolefirst.remediation.filters import Safe, hcl
from rolefirst.remediation.keyfacts import Workload
from rolefirst.remediation.nested import alias_of, block_of, uses_of, value_at, written_at

if TYPE_CHECKING:
    from rolefirst.decision.catalogue import Sink
    from rolefirst.findings import Consumer

_ROLE = "aws_iam_role"
_PROFILE = "aws_iam_instance_profile"
_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/(?:[\w+=,.@/-]+/)?([\w+=,.@-]{1,64})", re.ASCII)
#: What every SDK looks for before it asks for a role.
_OF_SDKS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_TAKES_ROLE = re.compile(r"role|profile", re.IGNORECASE)


def workload_of(
    key: Block, used_by: Consumer | None, sink: Sink | None, home: Block, project: Project
) -> Workload:
    """What belongs to the consumer; ``home`` is the block that the new code stands beside."""
    consumer = block_of(used_by, home.root, project) if used_by is not None else None
    if consumer is None or sink is None or sink.category not in ("aws-workload", "kubernetes"):
        return Workload()
    found = _workload(consumer, sink, home, project)
    return replace(found, own_names=tuple(dict.fromkeys(_own_names(consumer, key))))


def _own_names(consumer: Block, key: Block) -> Iterator[str]:
    """The names under which a workload takes a key, as far as no SDK looks for them."""
    for (first, *steps), _ in uses_of(consumer, (key.address.removeprefix(module_of(consumer)),)):
        holder, data = consumer[first], consumer[first].data
        for step in steps:
            if not isinstance(data, (dict, tuple)):
                break
            holder = Value(State.KNOWN, data)
            data = (data[step] if isinstance(data, dict) else data[int(step)]).data
        name = steps[-1] if steps else ""
        if name.casefold() in ("value", "valuefrom"):
            name = holder.get("name").text or holder.get("key").text or ""
        if name and name not in _OF_SDKS:
            yield name


def _workload(consumer: Block, sink: Sink, home: Block, project: Project) -> Workload:
    if sink.category == "kubernetes":
        return Workload(cluster=cluster_of(consumer, home, project))
    if not sink.role_argument:
        return Workload()
    value = value_at(consumer, sink.role_argument)
    written = written_at(consumer, sink.role_argument)
    role = _role_in(value) if not written or expressions.is_reference(written) else None
    if role is not None:
        attribute = "role_name" if role.type == _PROFILE else "name"
        reference = reference_to(role, attribute, home)
        if reference:
            sharers = () if role.kind == "data" else _sharers(role, consumer, project)
            name = Safe(reference)
            return Workload(name, role.address, alias_of(role), sharers, has_role=True)
    by_arn = None
    if sink.template != "instance_profile" and not value.absent:
        beside = (consumer.root, consumer.call_chain) == (home.root, home.call_chain)
        certain = role is not None or sink.has_role  # else it may be null
        by_arn = _by_arn(value, written, repeatable=beside and certain)
    address = f"the role of {consumer.address}" if by_arn else ""
    return Workload(by_arn, address, alias_of(consumer), has_role=not value.absent)


def _role_in(value: Value) -> Block | None:
    """The one role, or data source of a profile, that a value is made of."""
    found = {}
    for _, reference in value.deep_references():
        target = reference.target
        if target.type == _PROFILE and target.kind == "resource":
            for _, inner in target["role"].deep_references():
                if inner.target.type == _ROLE:
                    found[inner.target.address] = inner.target
        elif target.type in (_ROLE, _PROFILE):
            found[target.address] = target
    return next(iter(found.values())) if len(found) == 1 else None


def _sharers(role: Block, consumer: Block, project: Project) -> tuple[str, ...]:
    """Who runs with the role besides the consumer, directly or by an instance profile."""
    return tuple(dict.fromkeys(_runners(role, consumer, project)))


def _runners(role: Block, consumer: Block, project: Project) -> Iterator[str]:
    for reader in project.readers(role):
        if reader.kind != "resource" or reader.location == consumer.location:
            continue
        if not any(
            _TAKES_ROLE.search(name) and role is reference.target
            for name in reader.names()
            for _, reference in reader[name].deep_references()
        ):
            continue
        if reader.type == _PROFILE:
            yield from _runners(reader, consumer, project)
        elif not reader.type.startswith("aws_iam_"):
            yield reader.address


def _by_arn(value: Value, written: str, *, repeatable: bool) -> Safe | None:
    """The name of a role of which the code beside the user knows only the ARN."""
    arn = _ARN.fullmatch(value.text) if value.text is not None else None
    if arn is not None and (not written or expressions.is_literal(written)):
        return hcl(arn[1])
    laid_out = expressions.layout(written, one_line=True) if repeatable else None
    return Safe(f"basename({laid_out})") if laid_out else None
