"""A block of one module instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rolefirst.findings import Location
from rolefirst.loaders.hcl.arguments import Argument
from rolefirst.loaders.hcl.combine import placeholder
from rolefirst.loaders.hcl.definitions import Definition
from rolefirst.loaders.hcl.expressions import Expression, ExpressionError
from rolefirst.loaders.hcl.typeconstraints import completed
from rolefirst.project import ABSENT, Block, Reference, State, Value, known, unknown

if TYPE_CHECKING:
    from rolefirst.loaders.hcl.modules import ModuleInstance


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
            f"{instance.prefix}{address_of(definition)}{index}",
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
        written = self.definition.arguments(self.instance.tree.report)
        made = (item.labels[0] for item in written.get("dynamic", []) if item.labels)
        return [name for name in dict.fromkeys((*written, *made)) if name != "dynamic"]

    def _dynamics(self, name: str) -> list[Argument]:
        """The ``dynamic`` blocks that make nested blocks of this name."""
        written = self.definition.arguments(self.instance.tree.report)
        return [item for item in written.get("dynamic", []) if item.labels[:1] == (name,)]

    def read(self, name: str) -> Value:
        """Evaluate one argument, or its nested blocks as a list of objects."""
        # A value that is asked for while it is evaluated refers to itself.
        label = self.address if self.kind == "local" else f"{self.address}.{name}"
        self._cache[name] = unknown(f"{label} refers to itself")
        written = self.definition.arguments(self.instance.tree.report)
        dynamics = self._dynamics(name)
        if name not in written and not dynamics:
            return ABSENT
        variables = self.variables
        if name in ("provisioner", "connection"):
            variables = {**variables, "self": whole(self)}
        value = known(())
        if name in written:
            value = self.instance.arguments(written[name], variables, self.address)
        if not dynamics or not isinstance(value.data, tuple):
            return value
        made = self.instance.dynamic(dynamics, variables, self.address)
        return known((*value.data, *made))

    def typed(self, value: Value) -> Value:
        """The value of a variable, with the defaults that its type has for parts of it."""
        tree = self.instance.tree
        written = self.definition.arguments(tree.report).get("type", [])
        if not written or "optional" not in written[0].text:
            return value
        item = written[0]
        try:
            constraint = tree.parse(item.text)
        except ExpressionError as error:
            line, _ = item.source.position(item.offset(error.offset))
            tree.report(item.source.path, line, f"argument type: {error}")
            return unknown(f"the type of {self.address} cannot be parsed")

        def evaluate(default: Expression) -> Value:
            return self.instance.expression(default, item, {}, self.address)

        return completed(constraint, value, evaluate)

    def at(self, name: str) -> Location:
        """Where the argument is written; the block itself when it is not."""
        written = self.definition.arguments(self.instance.tree.report).get(name, [])
        found = written or self._dynamics(name)
        return found[0].location if found else self.location

    def expression(self, name: str) -> str:
        """The text of an argument's expression; JSON has none that could stand in other code."""
        written = self.definition.arguments(self.instance.tree.report).get(name, [])
        plain = [item for item in written if not item.nested and item.json is None]
        return plain[0].text if plain else ""

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
            local, _, alias = written[0].text.strip('" ').partition(".")
        return self.instance.provider(local, alias)


def address_of(definition: Definition) -> str:
    """Terraform's address of a block within its module, without an index."""
    if definition.kind in ("resource", "data"):
        return definition.mention
    if definition.kind == "provider":
        name = definition.name
        return f"provider.{definition.type}.{name}" if name else f"provider.{definition.type}"
    if definition.kind == "terraform":
        return "terraform"
    return definition.mention


def whole(block: HclBlock) -> Value:
    """A whole resource: its attributes are known when Terraform has applied it."""
    reason = f"{block.address} is known after apply"
    return Value(State.UNKNOWN, placeholder(block.address), reason, (Reference(block, ""),))
