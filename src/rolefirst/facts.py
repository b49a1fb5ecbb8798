"""From a finding to its remediation: what the code tells about the key, handed to the templates."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from rolefirst.decision import catalogue
from rolefirst.decision.catalogue import Sink
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import dormant, keys
from rolefirst.errors import CRASHES
from rolefirst.findings import (
    Consumer,
    Decision,
    Finding,
    Location,
    Remediation,
    ScanError,
    ScanResult,
)
from rolefirst.iam.users import SERVICE_CREDENTIAL, USER, keys_beside, user_of
from rolefirst.project import Block, Project
from rolefirst.remediation import KeyFacts, remediate
from rolefirst.remediation.attachments import Attachments, attachments_of, module_of, written
from rolefirst.remediation.filters import plain
from rolefirst.remediation.issuers import tokens_of
from rolefirst.remediation.keyfacts import PolicySource, Written
from rolefirst.remediation.mentions import mentions_of
from rolefirst.remediation.names import EMPTY
from rolefirst.remediation.nested import alias_of
from rolefirst.remediation.stated import stated_beside
from rolefirst.remediation.workloads import workload_of

#: Root module and consumer → the addresses of the keys it takes.
Taken = Mapping[tuple[str, str], tuple[str, ...]]
#: Arguments of AWS workloads that take a role without needing one.
_ROLE = ("task_role_arn", "iam_instance_profile")
#: Where names mean something else, or where a value has to be worked out, no object is literal.
_NO_LITERAL = re.compile(r"[\w\])]\s*[.\[(]|[$%]\{|\bfor\b")
_STRING = re.compile(r'"(?:[^"\\\n$%]|\\.|[$%](?!\{))*"')


def with_remediation(result: ScanResult, project: Project) -> ScanResult:
    """The same result with the Terraform that should stand in place of each key.

    What cannot be written is an error of the scan; the finding stands.
    """
    if all(finding.decision is None for finding in result.findings):
        return result
    from jinja2 import TemplateError

    errors: list[ScanError] = []
    found = (*keys(project), *dormant(project))
    blocks = {(key.block.root, key.block.address): key.block for key in found}
    taken = taken_by(result.findings)

    def remedied(finding: Finding) -> Finding:
        key = blocks.get((finding.root, finding.address))
        if finding.decision is None or key is None:
            return finding
        try:
            facts = facts_of(key, finding.decision, project, taken)
            remedy = _documented(facts) if _is_exception(finding.decision, facts) else None
            remedy = remedy or remediate(finding.decision, facts)
            return replace(finding, remediation=remedy)
        except (TemplateError, *CRASHES) as error:
            message = (
                f"no remediation for {finding.address} ({type(error).__name__}): please report "
                "this as a bug"
            )
            errors.append(ScanError(finding.location.path, finding.location.line, message))
            return finding

    findings = tuple(remedied(finding) for finding in result.findings)
    return replace(result, findings=findings, errors=(*result.errors, *dict.fromkeys(errors)))


def _is_exception(decision: Decision, facts: KeyFacts) -> bool:
    """Whether the user is one that the template ``exception`` has made: its keys rotate already."""
    tags = (*facts.tags, facts.tags_expression)
    return decision.template == "exception" and any("exceptionid" in tag.casefold() for tag in tags)


def _documented(facts: KeyFacts) -> Remediation:
    """What is left to do for such a key: no code, and above all no other user with more keys."""
    key, user = plain(facts.key_address), plain(facts.user_address)
    step = (
        f"Enter {key} into access-key-exceptions.yaml: the tags of {user} call it an exception. "
        f"`rolefirst exceptions new {key}` writes the entry, and somebody other than the owner "
        "approves it."
    )
    return Remediation("exception", "", (step,), "review")


def taken_by(findings: Iterable[Finding]) -> Taken:
    """The keys that each consumer takes."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for finding in findings:
        for consumer in finding.decision.consumers if finding.decision else ():
            found[finding.root, consumer.address][finding.address] = None
    return {place: tuple(addresses) for place, addresses in found.items()}


def facts_of(key: Block, decision: Decision, project: Project, taken: Taken) -> KeyFacts:
    """The facts about a key, from the code alone; ``taken`` says which keys a consumer takes.

    ``key`` may be a user as well, who is to sign in another way. The new code belongs beside the
    user, whose policies and name it repeats.
    """
    user = key if key.type == USER else user_of(key, project) if key.kind == "resource" else None
    home = user or key
    attached = attachments_of(user, project) if user is not None else Attachments()
    consumer, sink = _consumer(decision, project)
    row = catalogue.of(project).known_module(key["source"].text or "") if _is_call(key) else None
    alone = key.type != SERVICE_CREDENTIAL and len(keys_beside(key, project)) < 2
    workload = workload_of(key, consumer, sink, home, project)
    return KeyFacts(
        key_address=key.address,
        key_name=key.name if alone else f"{key.name} {_index(key)}".strip(),
        directory=posixpath.dirname(home.location.path) or ".",
        module=module_of(home),
        calls=_calls(home, project),
        origin="module" if _is_call(key) else "resource" if "iam_" in key.type else "script",
        switch=row.switch or "" if row else "",
        only_key=alone,
        user_address=user.address if user is not None else "",
        user_label=_label(user) if user is not None else "",
        user_name=_name(key, user),
        repeated=next((name for name in ("count", "for_each") if name in home.names()), ""),
        policies=tuple(attached.policies),
        boundary=_boundary(user),
        exclusive=tuple(attached.exclusive),
        unread=tuple(attached.unread),
        groups=tuple(attached.groups),
        mentions=mentions_of(user, attached.places, project) if user is not None else (),
        provider_alias=alias_of(home),
        tags=_tags(user),
        tags_expression=_tags_expression(user),
        consumer=consumer,
        sink=sink,
        has_role=(sink is not None and sink.has_role)
        or workload.has_role
        or _runs_with_role(consumer, key, project),
        same_consumer=_same_consumer(consumer, key, taken),
        readers=_readers(key, user, decision, project),
        tokens=tokens_of(decision, key, home, project),
        workload=workload,
        stated=stated_beside(decision.template, consumer, home, project),
    )


def _readers(
    key: Block, user: Block | None, decision: Decision, project: Project
) -> tuple[str, ...]:
    """What reads the key's id or the user's name, and would fail when they are gone."""
    consumers = {consumer.address for consumer in decision.consumers}
    found = [item.block for item in exits(key, project) if not item.carries.usable]
    takers = (item.block for item in (exits(user, project) if user is not None else ()))
    found += [block for block in takers if not block.type.startswith("aws_")]
    return tuple(dict.fromkeys(b.address for b in found if b.address not in consumers))


def _consumer(decision: Decision, project: Project) -> tuple[Consumer | None, Sink | None]:
    """The consumer the decision was made for, and its row when that is what decided."""
    rows = catalogue.of(project)
    for consumer in decision.consumers:
        row = rows.sink(consumer.type, consumer.attribute)
        if row is not None and row.template == decision.template:
            return consumer, row
    fitting = [c for c in decision.consumers if c.category == decision.category]
    return next(iter((*fitting, *decision.consumers)), None), None


def _runs_with_role(consumer: Consumer | None, key: Block, project: Project) -> bool:
    """True when the consumer's code names a role (or may do so, where it cannot be told)."""
    if consumer is None or not consumer.type.startswith("aws_"):
        return False
    return any(
        name in _ROLE and not block[name].absent
        for block in project.resources(consumer.type)
        if (block.root, block.address) == (key.root, consumer.address)
        for name in block.names()
    )


def _same_consumer(consumer: Consumer | None, key: Block, taken: Taken) -> tuple[str, ...]:
    """The other keys of a workload, which can run with one role only."""
    if consumer is None or consumer.category not in ("aws-workload", "kubernetes"):
        return ()
    return tuple(a for a in taken.get((key.root, consumer.address), ()) if a != key.address)


def _is_call(key: Block) -> bool:
    return key.kind == "module"


def _calls(home: Block, project: Project) -> tuple[str, ...]:
    """The instances of the module that holds a block, as far as they make such a block."""
    if not home.call_chain:
        return ()
    memo = ("calls", home.type, home.kind)
    if memo not in project.memo:
        found: dict[Location, dict[str, None]] = defaultdict(dict)
        resources = project.resources(home.type) if home.kind == "resource" else ()
        for block in (*resources, *(key.block for key in keys(project))):
            if block.call_chain:
                found[block.location][block.call_chain[-1].address] = None
        project.memo[memo] = {place: tuple(calls) for place, calls in found.items()}
    calls = cast("dict[Location, tuple[str, ...]]", project.memo[memo])
    return calls.get(home.location, ())


def _name(key: Block, user: Block | None) -> Written:
    if user is not None:
        return written(user, "name")
    return written(key, "user") if key.kind == "resource" else Written()


def _label(user: Block) -> str:
    """The user's label, with the key of its instance: each instance is another user."""
    index = _index(user)
    named = user.name not in EMPTY
    return f"{user.name} {index}".strip() if named or not index else index


def _index(block: Block) -> str:
    """The key of an instance made by ``for_each``."""
    found = re.search(r'\["([^"]*)"\]$', block.address)
    return found[1] if found else ""


def _boundary(user: Block | None) -> PolicySource | None:
    if user is None or user["permissions_boundary"].absent:
        return None
    return PolicySource(True, written(user, "permissions_boundary"), "boundary")


def _tags(user: Block | None) -> dict[str, str]:
    tags = user["tags"].data if user is not None else None
    if not isinstance(tags, dict):
        return {}
    return {name: value.text for name, value in tags.items() if value.text and value.known}


def _tags_expression(user: Block | None) -> str:
    """The user's tags as written, when that says more than their values."""
    text = user.expression("tags") if user is not None else ""
    literal = text.startswith("{") and not _NO_LITERAL.search(_STRING.sub('""', text))
    return "" if literal else text
