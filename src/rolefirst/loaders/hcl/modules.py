"""Module instances: the same directory, once per call site.

Terraform evaluates a module for every ``module`` block that calls it and for every ``count`` or
``for_each`` of that block. So do we, lazily: an instance is made when something in it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rolefirst.findings import CallSite
from rolefirst.loaders.hcl import combine
from rolefirst.loaders.hcl.arguments import Argument
from rolefirst.loaders.hcl.blocks import HclBlock, address_of
from rolefirst.loaders.hcl.definitions import Definition
from rolefirst.loaders.hcl.directory import Directory
from rolefirst.loaders.hcl.evaluate import MAX_STEPS, Scope, evaluate
from rolefirst.loaders.hcl.expressions import Expression, ExpressionError
from rolefirst.loaders.hcl.instances import Instances, count, for_each
from rolefirst.loaders.hcl.names import Names
from rolefirst.project import ABSENT, Block, State, Value, known, unknown

if TYPE_CHECKING:
    from rolefirst.loaders.hcl.tree import Tree

__all__ = ["MAX_NESTING", "Instances", "ModuleInstance"]

#: Named values and nested blocks that are evaluated inside each other.
MAX_DEPTH = 40
#: Modules that may call each other in a row.
MAX_NESTING = 15


@dataclass(slots=True, eq=False)
class ModuleInstance:
    """One instance of a directory, with the call that made it (None for a root module)."""

    tree: Tree
    directory: Directory
    root: str
    prefix: str = ""
    call: HclBlock | None = None
    parent: ModuleInstance | None = None
    call_chain: tuple[CallSite, ...] = ()
    tfvars: Mapping[str, Value] = field(default_factory=dict)
    _blocks: dict[tuple[int, str | int | None], HclBlock] = field(default_factory=dict)
    _instances: dict[int, Instances] = field(default_factory=dict)
    _children: dict[tuple[int, str | int | None], ModuleInstance | None] = field(
        default_factory=dict
    )
    _active: set[tuple[str, str]] = field(default_factory=set)

    # --- blocks ---

    def blocks(self, definition: Definition) -> Iterator[HclBlock]:
        """Every instance of a definition; none when its count is 0."""
        instances = self.instances(definition)
        if instances.keys is None:
            yield self._block(definition, None, {}, instances.reason)
            return
        for key in instances.keys:
            yield self.block(definition, key, instances)

    def block(self, definition: Definition, key: str | int, instances: Instances) -> HclBlock:
        """One instance of a counted definition."""
        if isinstance(key, int):
            names = {"count": known({"index": known(key)})}
        else:
            value = instances.values.get(key, ABSENT)
            names = {"each": known({"key": known(key), "value": value})}
        return self._block(definition, key, names, "")

    def _block(
        self, definition: Definition, key: str | int | None, names: dict[str, Value], reason: str
    ) -> HclBlock:
        identity = (id(definition), key)
        if identity not in self._blocks:
            if reason:
                each = self._any_each(definition, reason)
                names = {
                    "each": known({"key": unknown(reason), "value": each}),
                    "count": known({"index": unknown(reason)}),
                }
            self._blocks[identity] = HclBlock(definition, self, key, names, reason)
        return self._blocks[identity]

    def _any_each(self, definition: Definition, reason: str) -> Value:
        """What ``each.value`` is for any of the instances, of which the number is unknown."""
        written = definition.arguments(self.tree.report).get("for_each", [])
        over = [self.argument(item, {}, definition.mention) for item in written]
        return combine.any_member(over[0], reason) if over else unknown(reason)

    def instances(self, definition: Definition) -> Instances:
        """How many instances a definition has, from ``count`` and ``for_each``."""
        identity = id(definition)
        if identity not in self._instances:
            self._instances[identity] = Instances()  # a for_each over itself ends here
            try:
                self._instances[identity] = self._count(definition)
            except RecursionError:
                del self._instances[identity]
                raise
        return self._instances[identity]

    def _count(self, definition: Definition) -> Instances:
        if definition.kind not in ("resource", "data", "module", "ephemeral", "action"):
            return Instances()
        written = definition.arguments(self.tree.report)
        if "count" in written:
            return count(self.argument(written["count"][0], {}, address_of(definition)))
        if "for_each" in written:
            return for_each(self.argument(written["for_each"][0], {}, address_of(definition)))
        return Instances()

    # --- arguments ---

    def arguments(self, items: list[Argument], variables: Mapping[str, Value], label: str) -> Value:
        """An attribute's value, or its nested blocks as a list of objects."""
        if not items[0].nested:
            return self.argument(items[0], variables, label)
        return known(tuple(self._nested(item, variables, label) for item in items))

    def argument(self, item: Argument, variables: Mapping[str, Value], label: str) -> Value:
        """The value of one attribute."""
        try:
            node = item.expression(self.tree.parse)
        except ExpressionError as error:
            line, _ = item.source.position(item.offset(error.offset))
            self.tree.report(item.source.path, line, f"argument {item.name}: {error}")
            return unknown(f"argument {item.name} of {label} cannot be parsed")
        return self.expression(node, item, variables, label)

    def expression(
        self,
        node: Expression,
        item: Argument,
        variables: Mapping[str, Value],
        label: str,
        in_template: bool = False,
    ) -> Value:
        """Evaluate a parsed expression at the place of an argument."""
        if self.tree.depth >= MAX_DEPTH:
            return unknown(f"{label} is the end of a chain of more than {MAX_DEPTH} values")
        scope = Scope(Names(self, item, label, in_template), variables, [MAX_STEPS])
        self.tree.depth += 1
        try:
            return evaluate(node, scope)
        except RecursionError:
            return unknown(f"argument {item.name} of {label} is nested too deeply")
        finally:
            self.tree.depth -= 1

    def _nested(self, item: Argument, variables: Mapping[str, Value], label: str) -> Value:
        if self.tree.depth >= MAX_DEPTH:
            return unknown(f"block {item.name} of {label} is nested too deeply")
        self.tree.depth += 1
        try:
            return self._members(item, variables, label)
        finally:
            self.tree.depth -= 1

    def _members(self, item: Argument, variables: Mapping[str, Value], label: str) -> Value:
        body = item.body(self.tree.report)
        members = {
            name: self.arguments(found, variables, label)
            for name, found in body.items()
            if name != "dynamic"
        }
        for dynamic in body.get("dynamic", []):
            name = dynamic.labels[0] if dynamic.labels else ""
            before = members.get(name, known(())).data
            if isinstance(before, tuple):
                members[name] = known((*before, *self.dynamic([dynamic], variables, label)))
        value = known(members)
        for name in reversed(item.labels):
            value = known({name: value})
        return value

    def dynamic(
        self, items: list[Argument], variables: Mapping[str, Value], label: str
    ) -> list[Value]:
        """The nested blocks that ``dynamic`` makes; one of unknown content when unknown."""
        made: list[Value] = []
        for item in items:
            body = item.body(self.tree.report)
            if "for_each" not in body or "content" not in body:
                continue
            iterator = item.labels[0] if item.labels else ""
            if "iterator" in body:
                iterator = body["iterator"][0].text.strip('" ')
            collection = self.argument(body["for_each"][0], variables, label)
            over = for_each(collection, any_value=True)
            keys = over.keys if over.keys is not None else (0,)
            for key in keys:
                reason = over.reason or "for_each is unknown"
                value = over.values.get(key) or combine.any_member(collection, reason)
                names = {iterator: known({"key": known(key), "value": value})}
                made.append(self._nested(body["content"][0], {**variables, **names}, label))
        return made

    # --- names ---

    def named(self, kind: str, name: str) -> Value | None:
        """The value of ``var.name`` or ``local.name``; None when it is not declared here."""
        definition = self.directory.get("variable" if kind == "var" else kind, "", name)
        if definition is None:
            return None
        if (kind, name) in self._active:
            return unknown(f"{kind}.{name} refers to itself")
        self._active.add((kind, name))
        try:
            block = self._block(definition, None, {}, "")
            return block.typed(self._variable(block)) if kind == "var" else block["value"]
        finally:
            self._active.discard((kind, name))

    def _variable(self, block: HclBlock) -> Value:
        name = block.name
        if self.call is not None:
            if name in self.call.names():
                return self._not_null(block, self.call[name])
        elif name in self.tfvars:
            return self._not_null(block, self.tfvars[name])
        reason = f"var.{name} has no default"
        if "default" in block.names():
            if self.call is not None or self.tree.defaults.hold(block["default"]):
                return block["default"]
            reason = f"var.{name} has only its default ({block.location})"
        elif self.call is not None:
            reason = f"var.{name} is not set by {self.call.address}"
        return Value(State.UNKNOWN, combine.placeholder(block.address), reason)

    def _not_null(self, block: HclBlock, value: Value) -> Value:
        """``null`` is a value like any other, unless the variable is not nullable."""
        if value.absent and block["nullable"].data is False:
            return block["default"]
        return value

    def output(self, name: str) -> Value:
        """The value of one of this module's outputs."""
        definition = self.directory.get("output", "", name)
        if definition is None:
            return unknown(f"the module has no output {name}")
        if ("output", name) in self._active:
            return unknown(f"output {name} refers to itself")
        self._active.add(("output", name))
        try:
            return self._block(definition, None, {}, "")["value"]
        finally:
            self._active.discard(("output", name))

    def provider(self, local: str, alias: str) -> Block | None:
        """The provider block that ``local.alias`` means here, up the chain of calls."""
        definition = self.directory.get("provider", local, alias)
        if definition is not None:
            return self._block(definition, None, {}, "")
        if self.call is None or self.parent is None:
            return None
        wanted = f"{local}.{alias}" if alias else local
        for name, target in self.tree.provider_map(self.call.definition).items():
            if name == wanted:
                parent_local, _, parent_alias = target.partition(".")
                return self.parent.provider(parent_local, parent_alias)
        return None if alias else self.parent.provider(local, "")

    # --- modules ---

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the module calls from the root, as modules.json writes them."""
        if self.call is None or self.parent is None:
            return ()
        return (*self.parent.path, self.call.name)

    def child(self, definition: Definition, key: str | int | None) -> ModuleInstance | None:
        """The instance that a module call makes; None when its code is not in the tree."""
        identity = (id(definition), key)
        if identity not in self._children:
            self._children[identity] = None
            try:
                self._children[identity] = self.tree.instantiate(self, definition, key)
            except RecursionError:
                del self._children[identity]
                raise
        return self._children[identity]

    def children(self, definition: Definition) -> Iterator[ModuleInstance]:
        """Every instance that a module call makes."""
        for block in self.blocks(definition):
            if child := self.child(definition, block.key):
                yield child
