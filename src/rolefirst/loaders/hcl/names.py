"""Names as they are seen from one argument of one module instance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rolefirst.findings import Location
from rolefirst.loaders.hcl import combine
from rolefirst.loaders.hcl.arguments import Argument
from rolefirst.loaders.hcl.blocks import HclBlock, whole
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.plain import MAX_TEXT
from rolefirst.loaders.hcl.source import Source
from rolefirst.loaders.hcl.templates import template
from rolefirst.loaders.hcl.traversal import extend
from rolefirst.project import Hop, Reference, State, Value, known, unknown

if TYPE_CHECKING:
    from rolefirst.loaders.hcl.modules import ModuleInstance


@dataclass(slots=True)
class Names:
    """What resolves the first steps of a traversal. ``label`` names the block."""

    instance: ModuleInstance
    item: Argument
    label: str
    in_template: bool = False

    def hop(self, offset: int) -> Hop:
        """The place of a name."""
        source = self.item.source
        start = self.item.offset(offset)
        line, column = source.position(start)
        return Hop(Location(source.path, line, column, line, column), self.label)

    def resolve(self, root: str, path: list[str | Value]) -> tuple[Value, int] | None:
        """What the first steps of a traversal stand for, and how many they are."""
        first = path[0] if path and isinstance(path[0], str) else ""
        match root:
            case "var" | "local" if first:
                value = self.instance.named(root, first)
                return (value if value else unknown(f"{root}.{first} is not declared"), 1)
            case "module" if first:
                return self._module(first, path)
            case "path" if first in ("module", "root", "cwd"):
                folder = self.instance.directory.path if first == "module" else self.instance.root
                return known(folder), 1
            case "terraform":
                reason = f"terraform.{first} is known when Terraform runs"
                return Value(State.UNKNOWN, combine.placeholder(f"terraform.{first}"), reason), 1
            case "each" | "count" | "self":
                return unknown(f"{root}.{first} is not known here"), 1
            case "data" | "ephemeral" if len(path) > 1 and isinstance(path[1], str):
                return self._resource(root, first, path[1], 2)
        return self._resource("resource", root, first, 1) if first else None

    def _resource(self, kind: str, type: str, name: str, used: int) -> tuple[Value, int]:
        definition = self.instance.directory.get(kind, type, name)
        if definition is None:
            return unknown(f"{type}.{name} is not declared here"), used
        instances = self.instance.instances(definition)
        blocks = {block.key: whole(block) for block in self.instance.blocks(definition)}
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
        step = path[1] if len(path) > 1 else None
        if instances.reason and not (isinstance(step, str) and not step.isdecimal()):
            if step is not None:
                return self._outputs(blocks[0], path, 2)
            return combine.many(self._outputs(blocks[0], [], 0)[0], instances.reason), 1
        if instances.keys is None:
            return self._outputs(blocks[0], path, 1)
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
            called = combine.placeholder(block.address)
            return Value(State.UNKNOWN, called, reason, (Reference(block, ""),)), used
        if isinstance(name, str):
            return child.output(name), used + 1
        outputs = child.directory.of("output")
        return known({item.name: child.output(item.name) for item in outputs}), used

    def file(self, name: str, arguments: list[Value]) -> Value:
        """A file inside the scanned tree, as it is or as a template."""
        references = combine.references(arguments)
        path = arguments[0].text if arguments else None
        if path is None:
            return unknown(arguments[0].why if arguments else "no file name", references)
        found = self.instance.tree.file(path, self.instance)
        if found is None:
            return unknown("the file is not in the scanned tree", references)
        shown, text = found
        if len(text) > MAX_TEXT:
            return unknown("the file is too large to be read", references)
        if name == "file":
            return known(text)
        if name != "templatefile" or len(arguments) < 2:
            return unknown(f"{name}() is not computed here", references)
        variables = arguments[1].data
        if not isinstance(variables, dict):
            return unknown(arguments[1].why or "its variables are unknown", references)
        if self.in_template:
            return unknown("a template cannot read another template", references)
        try:
            node = template(text, self.instance.tree.parse)
        except ExpressionError as error:
            line = text.count("\n", 0, error.offset) + 1
            return unknown(f"{shown}:{line} cannot be parsed as a template", references)
        data = text.encode("utf-8", "surrogateescape")
        end = len(data)
        item = Argument(self.item.name, Source(shown, data), 0, end, 0, end)
        value = self.instance.expression(node, item, variables, shown, in_template=True)
        beside = combine.references([replace(arguments[1], data=None)])
        made_of = tuple(dict.fromkeys((*value.references, *beside)))
        return extend(replace(value, references=made_of), self.hop(0))
