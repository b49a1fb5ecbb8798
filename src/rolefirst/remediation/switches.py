"""How a consumer in the code is switched: it is given the role, and the key is taken out of it.

A switch is whole or none. Where one part of it would be a guess (a key inside of a text, a template
that is read elsewhere, pods whose service account nobody knows), the steps say what to do by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.members import members
from rolefirst.remediation import insertions
from rolefirst.remediation.attachments import module_of
from rolefirst.remediation.ci_platforms import ROWS
from rolefirst.remediation.edits import append_block, remove_argument, set_argument, without
from rolefirst.remediation.expressions import layout
from rolefirst.remediation.names import names_for, template_for
from rolefirst.remediation.nested import dotted, uses_of
from rolefirst.remediation.places import Body, Entry, body_of, inside, place_of, unicode
from rolefirst.remediation.switches_ci import ci_edits
from rolefirst.remediation.switches_saas import is_switched_here, vendor_edits

if TYPE_CHECKING:
    from rolefirst.decision.catalogue import Sink
    from rolefirst.findings import Edit
    from rolefirst.project import Block
    from rolefirst.remediation.keyfacts import KeyFacts

_STAGE = "switch"
_JSON = re.compile(r"jsonencode\(\s*(?=\{)")
_BEANSTALK = ("aws_elastic_beanstalk_environment", "aws_elastic_beanstalk_configuration_template")
_PROFILE = "IamInstanceProfile"
#: Nested blocks that may hold nothing but the role.
_FOR_ROLES = ("iam_instance_profile", "instance_configuration")
_ANNOTATION = "eks.amazonaws.com/role-arn"
#: Pods read them by name and fail when what they want is gone, wherever their own code stands.
_READ_BY_NAME = re.compile(r"kubernetes_(?:secret|config_map)")
#: Arguments that may as well not be there as be empty.
_OPTIONAL = re.compile(r"(?:variables|arguments|options|environment)$")


def switch_edits(
    consumer: Block, attribute: str, keys: Sequence[str], role: str, facts: KeyFacts
) -> tuple[Edit, ...] | None:
    """The edits that switch a consumer to its role, or None where one of them would be a guess.

    ``attribute`` is where in the consumer the key ends, ``keys`` are the addresses to take out as
    code beside the consumer writes them, and ``role`` is the label of the role beside it: the new
    one, or one that was there already.
    """
    if facts.sink is None or module_of(consumer) != facts.module or facts.repeated:
        return None
    if consumer.type in ROWS:
        return in_order(ci_edits(consumer, attribute, role, facts))
    if is_switched_here(consumer.type):
        uses = [dotted(steps) for steps, _ in uses_of(consumer, keys)]
        return in_order(vendor_edits(consumer, uses, role, facts))
    given = list(_given(consumer, role, facts, facts.sink))
    taken = dict(_taken(consumer, keys))
    if not taken or (given and facts.same_consumer):  # it has room for one role
        return None
    edits = in_order((*given, *taken.values()))
    if facts.same_consumer:  # other keys are cut out of the same arguments
        return edits
    for path in taken if edits is not None else ():
        edits = _aligned(consumer, path, edits or ())
    return edits


def in_order(edits: Iterable[Edit | None]) -> tuple[Edit, ...] | None:
    """The edits as they stand in their files; None when one is missing or two overlap."""
    made: list[Edit] = []
    for edit in edits:
        if edit is None:
            return None
        made.append(edit)
    made = list(dict.fromkeys(made))  # instances of one block share what changes it
    made.sort(key=lambda edit: (edit.path, edit.start, edit.end))
    for before, after in pairwise(made):
        if before.path == after.path and (after.start < before.end or after.start == before.start):
            return None
    return tuple(made)


# --- what the consumer is given -------------------------------------------------------------------


def _given(consumer: Block, role: str, facts: KeyFacts, sink: Sink) -> Iterator[Edit | None]:
    """The edits that give it the role: none where it runs with the role already."""
    is_new = role == names_for(template_for(sink.template, facts), facts).label
    running = facts.workload.role
    if running is not None and (is_new or running == f"aws_iam_role.{role}.name"):
        return
    on_machine = sink.template == "instance_profile"
    if sink.category == "kubernetes" and is_new:
        yield from _for_pods(consumer, role, facts)
    elif facts.has_role or not sink.role_argument or (on_machine and not is_new):
        yield None  # it has another role, or nobody knows how it takes one
    elif not on_machine:
        yield _argument(consumer, sink.role_argument, f"aws_iam_role.{role}.arn")
    elif consumer.type in _BEANSTALK:
        yield _setting(consumer, f"aws_iam_instance_profile.{role}.name")
    else:
        yield _argument(consumer, sink.role_argument, f"aws_iam_instance_profile.{role}.name")


def _setting(consumer: Block, profile: str) -> Edit | None:
    """The setting of Elastic Beanstalk that names the instance profile."""
    settings = consumer["setting"]
    if not consumer["template_name"].absent:
        return None  # the template may name one
    if any(each.get("name").text in (None, _PROFILE) for each in settings.members()):
        return None  # it has one, or may have one
    values = {
        "namespace": '"aws:autoscaling:launchconfiguration"',
        "name": f'"{_PROFILE}"',
        "value": profile,
    }
    return _appended(consumer, "setting", values)


def _argument(consumer: Block, path: str, expression: str) -> Edit | None:
    """An argument of the block, of a block nested in it, or of an object that it encodes."""
    outer, _, name = path.partition(".")
    if not name:
        return set_argument(consumer, outer, expression, _STAGE)
    body = body_of(consumer)
    if body is None or "." in name:
        return None
    written = body.named(outer)
    if not written:
        return _appended(consumer, outer, {name: expression}) if outer in _FOR_ROLES else None
    if written[0].nested:
        return set_argument(consumer, path, expression, _STAGE)
    encoded = _encoded(body, outer)
    return None if encoded is None else insertions.argument(encoded, name, expression, _STAGE)


def _appended(consumer: Block, block: str, arguments: dict[str, str]) -> Edit | None:
    width = max(map(len, arguments))
    lines = "".join(f"  {name:<{width}} = {value}\n" for name, value in arguments.items())
    return append_block(consumer, f"{block} {{\n{lines}}}", _STAGE)


def _encoded(body: Body, name: str) -> Body | None:
    """The object that an argument gives to ``jsonencode``."""
    entry = body.named(name)[0]
    text = body.text(entry.value, entry.value_end)
    opening = _JSON.match(text)
    if opening is None:
        return None
    try:
        end = members(text, opening.end()).end
    except ExpressionError:
        return None
    start = entry.value
    return inside(body, replace(entry, value=start + opening.end(), value_end=start + end))


def _for_pods(consumer: Block, role: str, facts: KeyFacts) -> Iterator[Edit | None]:
    """Pods have the role by their service account, when the code says which that is."""
    cluster = facts.workload.cluster
    if _READ_BY_NAME.match(consumer.type) or cluster.service_account is None:
        yield None
    elif not cluster.irsa:
        if not (cluster.agent and cluster.name is not None):
            yield None
    else:
        arn = f"aws_iam_role.{role}.arn"
        yield _annotated(cluster.account, arn) if cluster.account is not None else None


def _annotated(account: Block, arn: str) -> Edit | None:
    path = ("metadata", "annotations")
    place = place_of(account, path)
    if place is not None and not place[0].named(path[-1]):
        return set_argument(account, path, f'{{\n  "{_ANNOTATION}" = {arn}\n}}', _STAGE)
    return set_argument(account, (*path, _ANNOTATION), arn, _STAGE)


# --- what it loses --------------------------------------------------------------------------------


def _taken(consumer: Block, keys: Sequence[str]) -> Iterator[tuple[str, Edit | None]]:
    """The arguments that have something of the key, each with the edit that takes it out."""
    done: list[str] = []
    for steps, reference in uses_of(consumer, keys):
        path = dotted(steps)
        if any(hop.label != consumer.address for hop in reference.trail):
            yield path, None  # a local value or a module hands it on
        elif not any(f"{path}.".startswith(f"{cleared}.") for cleared in done):
            place, edit = _cleared(consumer, path, keys)
            done.append(place)
            yield place, edit


def _cleared(consumer: Block, path: str, keys: Sequence[str]) -> tuple[str, Edit | None]:
    """The innermost argument around a use that the key can be cut out of, and the edit."""
    steps = path.split(".")
    for end in range(len(steps), 0, -1):
        place = ".".join(steps[:end])
        edit = without(consumer, place, keys, _STAGE)
        if edit is not None:
            return place, _emptied(consumer, place, edit) or edit
    return path, None


def _emptied(consumer: Block, path: str, edit: Edit) -> Edit | None:
    """Without the whole argument, when the edit leaves nothing in it and it need not be there."""
    found = _written(consumer, path)
    if found is None or not _OPTIONAL.search(path):
        return None
    body, entry = found
    if re.sub(r"\s", "", _left(body, entry, (edit,))) != "{}":
        return None
    outer, _, _ = path.rpartition(".")
    alone = len(body.entries) == 1 and outer
    return remove_argument(consumer, outer if alone else path, _STAGE)


def _aligned(consumer: Block, path: str, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits inside of an argument as one, which lays out the rest as it was before."""
    found = _written(consumer, path)
    if found is None:
        return edits
    body, entry = found

    def is_inside(edit: Edit) -> bool:
        return edit.path == body.path and entry.value <= edit.start <= edit.end <= entry.value_end

    inner = tuple(filter(is_inside, edits))
    depth = len(insertions.indent_at(body.data, entry.start)) // 2
    written = unicode(body.text(entry.value, entry.value_end))
    laid_out = layout(_left(body, entry, inner), depth) if inner else None
    if laid_out is None or layout(written, depth) != written:
        return edits
    whole = replace(inner[0], start=entry.value, end=entry.value_end, text=laid_out)
    return in_order((whole, *(edit for edit in edits if not is_inside(edit)))) or edits


def _written(consumer: Block, path: str) -> tuple[Body, Entry] | None:
    """The one place of an argument that is no nested block."""
    place = place_of(consumer, path)
    entries = place[0].named(place[1]) if place is not None else []
    one = place is not None and len(entries) == 1 and not entries[0].nested
    return (place[0], entries[0]) if place is not None and one else None


def _left(body: Body, entry: Entry, edits: tuple[Edit, ...]) -> str:
    """What the edits leave of an argument's expression."""
    parts, at = [], entry.value
    for edit in edits:
        parts += [unicode(body.text(at, edit.start)), edit.text]
        at = edit.end
    return "".join((*parts, unicode(body.text(at, entry.value_end))))
