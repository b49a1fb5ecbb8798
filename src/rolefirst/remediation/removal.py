"""What goes away with a key: itself, what only hands it on or keeps it, and a user without a use.

Nothing is taken away while something else refers to it. So the edits are complete, or there are
none and ``left`` says what has to be done by hand first. A reference is cut out only where the
whole of it is the key's own: the argument in which a consumer takes it, a list of members and
``depends_on``. What a policy would mean without it, nobody but its author knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rolefirst.decision import catalogue
from rolefirst.decision.stores import row_of
from rolefirst.findings import Edit
from rolefirst.iam.users import ACCESS_KEY, SERVICE_CREDENTIAL, keys_of, user_of
from rolefirst.loaders.hcl.blocks import HclBlock
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.remediation.applied import apart, covers, meet
from rolefirst.remediation.attachments import names
from rolefirst.remediation.edits import cleared, holds, remove_block
from rolefirst.remediation.leftover import left_in, pattern_of
from rolefirst.remediation.namers import COMPANIONS, MEMBERS, naming
from rolefirst.remediation.places import body_of

if TYPE_CHECKING:
    from rolefirst.findings import Decision
    from rolefirst.project import Block

#: Arguments that only put what is created in order.
_ORDER = ("depends_on",)
#: Arguments that say who may do what, whatever the block is.
_RIGHTS = re.compile(r"polic|principal|statement|condition|assume_role", re.IGNORECASE)
_KEYS = (ACCESS_KEY, SERVICE_CREDENTIAL)
_POLICIES = ("aws_iam_policy", "aws_iam_policy_document")
#: Resources of CI systems that hold one value each.
_ONE_VALUE = re.compile(r"(?:secret|variable)$")


@dataclass(frozen=True, slots=True)
class Removal:
    """The edits of the stage ``remove``, and what is in the way when there are none.

    ``user`` is what keeps the user where its key can go, empty when the user goes too.
    """

    edits: tuple[Edit, ...] = ()
    left: tuple[str, ...] = ()
    user: tuple[str, ...] = ()


def removal(
    key: Block, decision: Decision, project: HclProject, switched: Sequence[Edit], terraform: str
) -> Removal:
    """What goes away with a key, once its consumers are ``switched`` to the new ``terraform``.

    All instances of the key's code go; whether they may is for the caller to say.
    """
    if not isinstance(key, HclBlock) or key.type not in _KEYS:
        return Removal(left=(f"{key.address} ({key.location})",))
    work = _Work(project, tuple(switched), terraform)
    work.take(key)
    work.check(decision)
    if work.left:
        return Removal(left=tuple(dict.fromkeys(work.left)))
    user = user_of(key, project)
    if not isinstance(user, HclBlock):
        return Removal(tuple(work.edits))
    more = work.after_key()
    more.take_user(user)
    more.check(decision)
    if more.left:
        return Removal(tuple(work.edits), user=tuple(dict.fromkeys(more.left)))
    more.take_policies()
    return Removal(tuple(more.edits))


@dataclass(slots=True)
class _Work:
    """What is taken away so far, by definition.

    ``gone`` is removed whole; ``cleared`` are the mentions to cut out, by argument, with the edits;
    ``left`` is what cannot be changed. ``of_key`` is true while the key goes, false for its user.
    """

    project: HclProject
    switched: tuple[Edit, ...]
    terraform: str
    edits: list[Edit] = field(default_factory=list)
    gone: dict[int, HclBlock] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    cleared: dict[int, tuple[dict[str, tuple[str, ...]], tuple[Edit, ...]]] = field(
        default_factory=dict
    )
    of_key: bool = True

    def after_key(self) -> _Work:
        """Another to go on with, which may fail: the key is gone."""
        so_far = list(self.edits), dict(self.gone), list(self.left), dict(self.cleared)
        return _Work(self.project, self.switched, self.terraform, *so_far, of_key=False)

    def take(self, block: HclBlock) -> None:
        """Take a block away, with all that only hands it on."""
        if id(block.definition) in self.gone:
            return
        self.gone[id(block.definition)] = block
        edit = remove_block(block)
        for other in self.switched:
            edit = edit and apart(edit, other, block.definition.source.data)
        if edit is None:
            self.stay(block)
        else:
            self.edits = [e for e in self.edits if not covers(edit, e)]
            self.edits.append(edit)
        for instance in self.project.instances_of(block):
            for reader in self.project.readers(instance):
                if isinstance(reader, HclBlock):
                    self.clear(reader, _mention(instance))

    def stay(self, block: Block) -> None:
        """Note that a block has to be changed by hand."""
        self.left.append(f"{block.address} ({block.location})")

    def clear(self, reader: HclBlock, mention: str) -> None:
        """Take what a block mentions out of it, or the block away when nothing else is in it."""
        if id(reader.definition) in self.gone or not self._still_mentions(reader, mention):
            return
        if self._only_holds(reader, mention):
            self.take(reader)
            return
        # One list may hold several names that go: cut out together, their edits do not overlap.
        cut, before = self.cleared.get(id(reader.definition), ({}, ()))
        cut = cut | {name: (*cut.get(name, ()), mention) for name in self._cuttable(reader)}
        made = cleared(reader, cut)
        kept = [edit for edit in self.edits if edit not in before]
        if made is None or any(meet(e, o) for e in made for o in (*kept, *self.switched)):
            self.stay(reader)
            return
        self.cleared[id(reader.definition)] = cut, made
        self.edits = [*kept, *made]
        if self._still_mentions(reader, mention, made):
            self.stay(reader)

    def _cuttable(self, reader: HclBlock) -> tuple[str, ...]:
        """The arguments of a block out of which a reference may be cut."""
        if reader.kind != "resource":
            return _ORDER
        if not self.of_key:
            return (*_ORDER, "users") if reader.type == MEMBERS else _ORDER
        rows = catalogue.of(self.project)
        sinks = {name: rows.sink(reader.type, name) for name in reader.names()}
        # Pods that read a secret by its name do not start without it.
        taking = (n for n, sink in sinks.items() if sink and sink.category != "kubernetes")
        return (*_ORDER, *(name for name in taking if not _RIGHTS.search(name)))

    def _still_mentions(self, reader: HclBlock, mention: str, made: Sequence[Edit] = ()) -> bool:
        """Whether a block mentions a name when the consumers are switched and edits are made."""
        definition = reader.definition
        source, span = definition.source, (definition.start, definition.end)
        edits = [edit for edit in (*self.switched, *made) if edit.path == source.path]
        return left_in(source.data, pattern_of(mention), edits, span) > 0

    def _only_holds(self, reader: HclBlock, mention: str) -> bool:
        """Whether a block is there for this value alone."""
        if reader.kind in ("output", "local"):
            return holds(reader, "value", [mention])
        if reader.type == MEMBERS:
            return holds(reader, "users", [mention])
        body = body_of(reader)
        if reader.kind != "resource" or body is None or not self.of_key:
            return False
        store = row_of(reader, self.project)
        rows = catalogue.of(self.project)
        kept = []
        for entry in body.entries:
            sink = rows.sink(reader.type, entry.name)
            one = sink is not None and sink.category == "ci" and _ONE_VALUE.search(reader.type)
            if one or (store is not None and entry.name in store.secret):
                span = entry.start, entry.end
                if left_in(body.data, pattern_of(mention), (), span):
                    kept.append(holds(reader, entry.name, [mention]))
        return bool(kept) and all(kept)

    def take_user(self, user: HclBlock) -> None:
        """Take the user away with its policies, unless it has another use."""
        users = [block for block in self.project.instances_of(user) if isinstance(block, HclBlock)]
        for each in users:
            for other in keys_of(each, self.project):
                if not isinstance(other, HclBlock) or id(other.definition) not in self.gone:
                    self.stay(other)
            for block, argument in naming(each, self.project):
                beside = block.type in COMPANIONS and block.call_chain == each.call_chain
                others = self.project.instances_of(block)
                if beside and all(any(names(o[argument], u) for u in users) for o in others):
                    self.take(block)
                elif block.type == MEMBERS and self._still_mentions(block, _mention(each)):
                    continue  # it is cut out of the list with the user
                elif id(block.definition) not in self.gone:
                    self.stay(block)
        self.take(user)
        for block in self.gone.values():
            if block.kind == "output" and not block.call_chain and not _holds_key(block):
                self.stay(block)

    def take_policies(self) -> None:
        """Take away the policies that nothing mentions any more, then what they were made of."""
        pending = [block for block in self.gone.values() if block.type in COMPANIONS]
        while pending:
            block = pending.pop()
            for argument in ("policy", "policy_arn"):
                for _, reference in block[argument].deep_references():
                    target = reference.target
                    if not isinstance(target, HclBlock) or target.type not in _POLICIES:
                        continue
                    if id(target.definition) in self.gone or target.instance != block.instance:
                        continue
                    more = self.after_key()
                    more.take(target)
                    more.check(None)
                    if not more.left:
                        self.edits, self.gone, self.cleared = more.edits, more.gone, more.cleared
                        pending.append(target)

    def check(self, decision: Decision | None) -> None:
        """Look for what would still use or mention something that is gone."""
        if self.left:
            return
        addresses = {block.address for block in self.gone.values()}
        edits = (*self.switched, *self.edits)
        for consumer in decision.consumers if decision is not None else ():
            where = consumer.location
            changed = any(e.path == where.path for e in edits)
            if consumer.address not in addresses and not changed:
                self.left.append(f"{consumer.address} ({where})")
        for block in self.gone.values():
            for path, mention in self._places(block):
                self._mentioned(path, mention, edits)

    def _places(self, block: HclBlock) -> Iterator[tuple[str, str]]:
        """The directories where a block can be mentioned, and how."""
        if block.kind != "output":
            yield block.instance.directory.path, _mention(block)
            return
        for instance in self.project.instances_of(block):
            parent = instance.instance.parent if isinstance(instance, HclBlock) else None
            if parent is not None:
                yield parent.directory.path, _mention(instance)

    def _mentioned(self, folder: str, mention: str, edits: Iterable[Edit]) -> None:
        pattern = pattern_of(mention)
        directory = self.project.tree.directory(folder)
        for source in directory.sources if directory is not None else ():
            inner = [edit for edit in edits if edit.path == source.path]
            if line := left_in(source.data, pattern, inner):
                self.left.append(f"{mention} in {source.path}:{line}")
        if left_in(self.terraform.encode(), pattern):
            self.left.append(f"{mention} in the new code")


def _holds_key(output: HclBlock) -> bool:
    """Whether an output has something of a key: whoever reads it is switched by then."""
    references = output["value"].deep_references()
    return any(reference.target.type in _KEYS for _, reference in references)


def _mention(block: Block) -> str:
    """How code names a block where it can: an output in the module that calls its own."""
    if not isinstance(block, HclBlock):
        return block.address
    call = block.instance.call
    if block.kind == "output" and call is not None:
        return f"module.{call.name}.{block.name}"
    return block.definition.mention
