"""Module instances: the same directory, once per call site.

Terraform evaluates a module for every ``module`` block that calls it and for every ``count`` or
``for_each`` of that block. So do we, lazily: an instance is made when something in it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rolefirst.findings import CallSite, Location
from rolefirst.loaders.hcl import functions
from rolefirst.loaders.hcl.definitions import Argument, Definition, Directory
from rolefirst.loaders.hcl.evaluate import MAX_STEPS, Scope, evaluate
from rolefirst.loaders.hcl.parser import ExpressionError, template
from rolefirst.project import ABSENT, Block, Hop, Reference, State, Value, known, unknown

if TYPE_CHECKING:
    from rolefirst.loaders.hcl.load import Tree

#: More instances of one block than this are treated as one of unknown number.
MAX_INSTANCES = 500
#: Named values that may be evaluated inside each other.
MAX_DEPTH = 40
#: Modules that may call each other in a row.
MAX_NESTING = 15
_META = frozenset({"count", "for_each", "depends_on", "provider", "providers", "source", "version"})


@dataclass(frozen=True, slots=True)
class Instances:
    """The instances of a block: ``keys`` is None for a block without count and for_each.

    ``reason`` says why their number is unknown; ``values`` are the ``each.value`` by key.
    """

    keys: tuple[str | int, ...] | None = None
    values: Mapping[str | int, Value] = field(default_factory=dict)
    reason: str = ""


class HclBlock(Block):
    """One instance of a definition. ``each_unknown`` says why their number is unknown."""

    __slots__ = ("_provider", "definition", "each_unknown", "instance", "key", "variables")

    def __init__(
        self,
        definition: Definition,
        instance: ModuleInstance,
        key: str | int | None = None,
        variables: Mapping[str, Value] | None = None,
        each_unknown: str = "",
    ) -> None:
        """Bind a definition to a module instance."""
        index = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
        super().__init__(
            definition.kind,
            definition.type,
            definition.name,
            f"{instance.prefix}{_address(definition)}{index}",
            instance.root,
            definition.location,
            instance.call_chain,
        )
        self.definition = definition
        self.instance = instance
        self.key = key
        self.variables = variables or {}
        self.each_unknown = each_unknown

    def names(self) -> Iterable[str]:
        """The arguments and nested blocks that are written."""
        return self.definition.arguments(self.instance.tree.report)

    def read(self, name: str) -> Value:
        """Evaluate one argument, or its nested blocks as a list of objects."""
        written = self.definition.arguments(self.instance.tree.report)
        if name in written:
            variables = self.variables
            if name in ("provisioner", "connection"):
                variables = {**variables, "self": _whole(self)}
            return self.instance.arguments(written[name], variables, self.address)
        return self._dynamic(name, written.get("dynamic", []))

    def _dynamic(self, name: str, dynamics: list[Argument]) -> Value:
        found = [item for item in dynamics if item.labels[:1] == (name,)]
        return self.instance.dynamic(found, self.variables, self.address) if found else ABSENT

    def at(self, name: str) -> Location:
        """Where the argument is written; the block itself when it is not."""
        written = self.definition.arguments(self.instance.tree.report).get(name)
        return written[0].location if written else self.location

    def source(self) -> str:
        """The block's text."""
        return self.definition.source.text(self.definition.start, self.definition.end)

    @property
    def comment(self) -> str:
        """The comment lines above the block."""
        return self.definition.source.comment_above(self.definition.start)

    @property
    def doubt(self) -> str:
        """Why this block may not exist, through its own count or that of a module around it."""
        call = self.instance.call
        return self.each_unknown or (call.doubt if call else "")

    @property
    def provider(self) -> Block | None:
        """The provider configuration in force."""
        written = self.definition.arguments(self.instance.tree.report).get("provider")
        local = self.type.split("_", 1)[0]
        alias = ""
        if written:
            text = written[0].source.text(written[0].inner, written[0].inner_end).strip('" ')
            local, _, alias = text.partition(".")
        return self.instance.provider(local, alias)


def _address(definition: Definition) -> str:
    if definition.kind in ("resource", "data"):
        return definition.mention
    if definition.kind == "provider":
        name = definition.name
        return f"provider.{definition.type}.{name}" if name else f"provider.{definition.type}"
    if definition.kind == "terraform":
        return "terraform"
    return definition.mention


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
                each = unknown(reason, self._for_each_references(definition))
                names = {
                    "each": known({"key": unknown(reason), "value": each}),
                    "count": known({"index": unknown(reason)}),
                }
            self._blocks[identity] = HclBlock(definition, self, key, names, reason)
        return self._blocks[identity]

    def _for_each_references(self, definition: Definition) -> tuple[Reference, ...]:
        written = definition.arguments(self.tree.report).get("for_each", [])
        return functions.references([self.argument(item, {}, definition.name) for item in written])

    def instances(self, definition: Definition) -> Instances:
        """How many instances a definition has, from ``count`` and ``for_each``."""
        identity = id(definition)
        if identity not in self._instances:
            self._instances[identity] = Instances()  # a for_each over itself ends here
            self._instances[identity] = self._count(definition)
        return self._instances[identity]

    def _count(self, definition: Definition) -> Instances:
        if definition.kind not in ("resource", "data", "module", "ephemeral"):
            return Instances()
        written = definition.arguments(self.tree.report)
        if "count" in written:
            value = self.argument(written["count"][0], {}, _address(definition))
            number = int(value.data) if value.text and value.text.isdecimal() else value.data
            if value.unknown or not isinstance(number, int) or number > MAX_INSTANCES:
                return Instances(reason=value.why or "count is too large to follow")
            return Instances(tuple(range(number)))
        if "for_each" in written:
            return _each(self.argument(written["for_each"][0], {}, _address(definition)))
        return Instances()

    # --- arguments ---

    def arguments(
        self, items: list[Argument], variables: Mapping[str, Value], label: str
    ) -> Value:
        """An attribute's value, or its nested blocks as a list of objects."""
        if not items[0].nested:
            return self.argument(items[0], variables, label)
        return known(tuple(self._nested(item, variables, label) for item in items))

    def argument(self, item: Argument, variables: Mapping[str, Value], label: str) -> Value:
        """The value of one attribute."""
        try:
            node = item.expression()
        except ExpressionError as error:
            line, _ = item.source.position(item.offset(error.offset))
            self.tree.report(item.source.path, line, f"argument {item.name}: {error}")
            return unknown(f"argument {item.name} of {label} cannot be parsed")
        return self.expression(node, item, variables, label)

    def expression(
        self, node: object, item: Argument, variables: Mapping[str, Value], label: str
    ) -> Value:
        """Evaluate a parsed expression at the place of an argument."""
        scope = Scope(_Names(self, item, label), variables, [MAX_STEPS])
        try:
            return evaluate(node, scope)  # type: ignore[arg-type]
        except RecursionError:
            return unknown(f"argument {item.name} of {label} is nested too deeply")

    def _nested(self, item: Argument, variables: Mapping[str, Value], label: str) -> Value:
        body = item.body(self.tree.report)
        members = {
            name: self.arguments(found, variables, label)
            for name, found in body.items()
            if name != "dynamic"
        }
        for dynamic in body.get("dynamic", []):
            name = dynamic.labels[0] if dynamic.labels else ""
            before = members.get(name, known(())).data
            more = self.dynamic([dynamic], variables, label).data
            both = (*before, *more) if isinstance(before, tuple) and isinstance(more, tuple) else ()
            members[name] = known(both)
        value = known(members)
        for name in reversed(item.labels):
            value = known({name: value})
        return value

    def dynamic(
        self, items: list[Argument], variables: Mapping[str, Value], label: str
    ) -> Value:
        """The nested blocks that ``dynamic`` makes; one of unknown content when unknown."""
        made: list[Value] = []
        for item in items:
            body = item.body(self.tree.report)
            if "for_each" not in body or "content" not in body:
                continue
            iterator = item.labels[0] if item.labels else ""
            if "iterator" in body:
                found = body["iterator"][0]
                iterator = found.source.text(found.inner, found.inner_end).strip()
            over = _each(self.argument(body["for_each"][0], variables, label), any_value=True)
            keys = over.keys if over.keys is not None else (0,)
            for key in keys:
                value = over.values.get(key, unknown(over.reason or "for_each is unknown"))
                names = {iterator: known({"key": known(key), "value": value})}
                made.append(self._nested(body["content"][0], {**variables, **names}, label))
        return known(tuple(made))

    # --- names ---

    def named(self, kind: str, name: str) -> Value | None:
        """The value of ``var.name`` or ``local.name``; None when it is not declared here."""
        definition = self.directory.get("variable" if kind == "var" else kind, "", name)
        if definition is None:
            return None
        if (kind, name) in self._active:
            return unknown(f"{kind}.{name} refers to itself")
        if self.tree.depth >= MAX_DEPTH:
            return unknown(f"{kind}.{name} is the end of a chain of more than {MAX_DEPTH} values")
        self._active.add((kind, name))
        self.tree.depth += 1
        try:
            block = self._block(definition, None, {}, "")
            return self._variable(block) if kind == "var" else block["value"]
        finally:
            self.tree.depth -= 1
            self._active.discard((kind, name))

    def _variable(self, block: HclBlock) -> Value:
        name = block.name
        if self.call is not None:
            if name in self.call.names():
                value = self.call[name]
                return block["default"] if value.absent and "default" in block.names() else value
        elif name in self.tfvars:
            return self.tfvars[name]
        if "default" in block.names():
            return block["default"]
        if self.call is not None:
            return unknown(f"var.{name} is not set by {self.call.address}")
        return unknown(f"var.{name} has no default")

    def output(self, name: str) -> Value:
        """The value of one of this module's outputs."""
        definition = self.directory.get("output", "", name)
        if definition is None:
            return unknown(f"the module has no output {name}")
        if ("output", name) in self._active or self.tree.depth >= MAX_DEPTH:
            return unknown(f"output {name} refers to itself")
        self._active.add(("output", name))
        self.tree.depth += 1
        try:
            return self._block(definition, None, {}, "")["value"]
        finally:
            self.tree.depth -= 1
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
            self._children[identity] = self.tree.instantiate(self, definition, key)
        return self._children[identity]

    def children(self, definition: Definition) -> Iterator[ModuleInstance]:
        """Every instance that a module call makes."""
        for block in self.blocks(definition):
            if child := self.child(definition, block.key):
                yield child


def _each(value: Value, any_value: bool = False) -> Instances:
    """The keys of a ``for_each``. With ``any_value`` a list counts by position, as in dynamic."""
    if value.unknown:
        return Instances(reason=value.why)
    if isinstance(value.data, dict) and len(value.data) <= MAX_INSTANCES:
        return Instances(tuple(value.data), dict(value.data))
    if isinstance(value.data, tuple) and len(value.data) <= MAX_INSTANCES:
        if any_value:
            return Instances(tuple(range(len(value.data))), dict(enumerate(value.data)))
        texts = [item.text for item in value.data]
        if None in texts:
            return Instances(reason=value.why or "for_each is not a set of strings")
        return Instances(tuple(str(t) for t in texts), {str(t): known(str(t)) for t in texts})
    return Instances(()) if value.absent else Instances(reason="for_each is too large to follow")


@dataclass(slots=True)
class _Names:
    """Names as they are seen from one argument of one module instance."""

    instance: ModuleInstance
    item: Argument
    label: str

    def hop(self, offset: int) -> Hop:
        source = self.item.source
        start = self.item.offset(offset)
        line, column = source.position(start)
        return Hop(Location(source.path, line, column, line, column), self.label)

    def resolve(self, root: str, path: list[str | Value]) -> tuple[Value, int] | None:
        first = path[0] if path and isinstance(path[0], str) else ""
        match root:
            case "var" | "local" if first:
                value = self.instance.named(root, first)
                return (value if value else unknown(f"{root}.{first} is not declared"), 1)
            case "module" if first:
                return self._module(first, path)
            case "path":
                return (known(self.instance.directory.path) if first == "module" else _known_path()), 1
            case "terraform":
                return unknown(f"terraform.{first} is known when Terraform runs"), 1
            case "each" | "count" | "self":
                return unknown(f"{root}.{first} is not known here"), 1
            case "data" if len(path) > 1 and isinstance(path[1], str):
                return self._resource("data", first, path[1], 2)
        return self._resource("resource", root, first, 1) if first else None

    def _resource(self, kind: str, type: str, name: str, used: int) -> tuple[Value, int]:
        definition = self.instance.directory.get(kind, type, name)
        if definition is None:
            return unknown(f"{type}.{name} is not declared here"), used
        instances = self.instance.instances(definition)
        blocks = {block.key: _whole(block) for block in self.instance.blocks(definition)}
        if instances.keys is None:
            return blocks[None], used
        if instances.keys and isinstance(instances.keys[0], str):
            return known({str(key): value for key, value in blocks.items()}), used
        return known(tuple(blocks.values())), used

    def _module(self, name: str, path: list[str | Value]) -> tuple[Value, int]:
        definition = self.instance.directory.get("module", "", name)
        if definition is None:
            return unknown(f"module.{name} is not declared here"), 1
        instances = self.instance.instances(definition)
        blocks = list(self.instance.blocks(definition))
        if instances.keys is None:
            value, used = self._outputs(blocks[0], path, 1)
            return value, used
        step = path[1] if len(path) > 1 else None
        key = step.data if isinstance(step, Value) and step.known else None
        chosen = [block for block in blocks if block.key == key and key is not None]
        if chosen:
            return self._outputs(chosen[0], path, 2)
        objects = {block.key: self._outputs(block, [], 0)[0] for block in blocks}
        if instances.keys and isinstance(instances.keys[0], str):
            return known({str(key): value for key, value in objects.items()}), 1
        return known(tuple(objects.values())), 1

    def _outputs(self, block: HclBlock, path: list[str | Value], used: int) -> tuple[Value, int]:
        child = self.instance.child(block.definition, block.key)
        name = path[used] if used < len(path) else None
        if child is None:
            reason = f"the code of {block.address} is not in the tree"
            return Value(State.UNKNOWN, None, reason, (Reference(block, ""),)), used
        if isinstance(name, str):
            return child.output(name), used + 1
        outputs = child.directory.of("output")
        return known({item.name: child.output(item.name) for item in outputs}), used

    def file(self, name: str, arguments: list[Value]) -> Value:
        references = functions.references(arguments)
        path = arguments[0].text if arguments else None
        if path is None:
            return unknown(arguments[0].why if arguments else "no file name", references)
        text = self.instance.tree.file_text(path, self.instance.directory.path)
        if text is None:
            return unknown("the file is not in the scanned tree", references)
        if name == "file":
            return known(text)
        if name != "templatefile" or len(arguments) < 2:
            return unknown(f"{name}() is not computed here", references)
        variables = arguments[1].data
        if arguments[1].unknown or not isinstance(variables, dict):
            return unknown(arguments[1].why or "its variables are unknown", references)
        try:
            node = template(text)
        except ExpressionError:
            return unknown("the template cannot be parsed", references)
        return self.instance.expression(node, self.item, variables, self.label)


def _known_path() -> Value:
    return known(".")


def _whole(block: HclBlock) -> Value:
    """A whole resource: its attributes are known when Terraform has applied it."""
    reason = f"{block.address} is known after apply"
    return Value(State.UNKNOWN, None, reason, (Reference(block, ""),))
