"""checkov's graph → Project, from the rendered arguments alone.

For graphs whose text is not at hand: a plan in JSON, files that are gone. A name in a rendered
argument may come from another module, so the edges of the graph lead to what it means; only where
no edge does, the name is looked up in the block's own module instance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rolefirst.findings import Location
from rolefirst.loaders import checkov_values
from rolefirst.loaders.checkov_vertices import (
    Vertex,
    address_of,
    instance_of,
    is_called,
    is_made,
    led_to,
    relative,
)
from rolefirst.loaders.hcl import combine
from rolefirst.loaders.hcl.evaluate import MAX_STEPS, Scope, evaluate
from rolefirst.loaders.hcl.survey import SUSPECT
from rolefirst.project import ABSENT, Block, Hop, Project, Reference, State, Value, unknown

MAX_HOPS = 30


class RenderedBlock(Block):
    """One vertex of the graph."""

    __slots__ = ("project", "vertex")

    def __init__(self, vertex: Vertex, project: RenderedProject) -> None:
        """Name the block after its vertex."""
        location = Location(project.path(vertex.file), vertex.line, 1, vertex.end_line)
        root = relative(vertex.root, project.root)
        super().__init__(vertex.kind, vertex.type, vertex.name, address_of(vertex), root, location)
        self.vertex = vertex
        self.project = project

    def names(self) -> Iterable[str]:
        """The arguments, without what checkov added."""
        return checkov_values.arguments(self.vertex.config)

    def read(self, name: str) -> Value:
        """One argument as checkov has rendered it."""
        if name not in self.vertex.config:
            return ABSENT
        unset = self._unset(name)
        if unset is not None:
            return unknown(f"var.{unset.name} has no default")
        declared = self.project.declared(self.vertex)
        node = checkov_values.argument(name, self.vertex.config[name], declared)
        value = self.project.value(node, self.vertex, name)
        origin = None if value.references else self._origin(name, value)
        return replace(value, references=(origin,)) if origin else value

    def _origin(self, name: str, value: Value) -> Reference | None:
        """The resource whose argument checkov has put in place of its name."""
        if value.text is None:
            return None
        for label, target in self.vertex.edges:
            if label == name and target.kind == "resource":
                for argument, wrapped in target.config.items():
                    if wrapped == [value.text]:
                        return Reference(self.project.block(target), argument)
        return None

    def _unset(self, name: str) -> Vertex | None:
        """The variable without a value that checkov has rendered as an empty one."""
        for label, target in self.vertex.edges:
            ours = label == name or label.startswith(f"{name}.")
            if ours and target.kind == "variable" and "default" not in target.attributes:
                return target
        return None

    def at(self, name: str) -> Location:
        """The block: the graph does not know where an argument is written."""
        return self.location

    def source(self) -> str:
        """The text is not at hand."""
        return ""

    @property
    def comment(self) -> str:
        """The text is not at hand."""
        return ""

    @property
    def provider(self) -> Block | None:
        """The provider configuration that checkov has found."""
        for label, target in self.vertex.edges:
            if target.kind == "provider" and label.split(".")[0] in ("provider", "providers"):
                return self.project.block(target)
        local = self.type.split("_", 1)[0]
        found = (v for v in self.project.vertices if v.kind == "provider" and not v.name)
        default = next((v for v in found if (v.type, v.root) == (local, self.vertex.root)), None)
        return self.project.block(default) if default else None


@dataclass(slots=True)
class _Names:
    """What resolves names in one rendered argument."""

    project: RenderedProject
    vertex: Vertex
    argument: str

    def hop(self, offset: int) -> Hop:
        block = self.project.block(self.vertex)
        return Hop(block.location, block.address)

    def file(self, name: str, arguments: list[Value]) -> Value:
        return unknown(f"{name}() is not computed here", combine.references(arguments))

    def resolve(self, root: str, path: list[str | Value]) -> tuple[Value, int] | None:
        first = path[0] if path and isinstance(path[0], str) else ""
        match root:
            case "var" if first:
                return self._passed("variable", first, f"var.{first}"), 1
            case "local" if first:
                return self._passed("local", first, f"local.{first}"), 1
            case "module" | "each" | "count" | "self" | "path" | "terraform":
                return unknown(f"{root}.{first} is not known here"), 1
            case "data" if len(path) > 1 and isinstance(path[1], str):
                return self._resource("data", first, path[1]), 2
        return (self._resource("resource", root, first), 1) if first else None

    def _passed(self, kind: str, name: str, label: str) -> Value:
        found = self.project.declares(self.vertex, kind, "", name)
        if not found:
            return unknown(f"{label} is not declared")
        return self.project.passed(found[0], label)

    def _resource(self, kind: str, type: str, name: str) -> Value:
        found = [v for v in led_to(self.vertex, self.argument) if is_called(v, kind, type, name)]
        found = found or self.project.declares(self.vertex, kind, type, name)
        if not found:
            return unknown(f"{type}.{name} is not declared here")
        blocks = [self.project.block(vertex) for vertex in found]
        reason = f"{blocks[0].address} is known after apply"
        whole = tuple(
            Value(State.UNKNOWN, combine.placeholder(b.address), reason, (Reference(b, ""),))
            for b in blocks
        )
        keys = [vertex.key for vertex in found]
        if keys == [None]:
            return whole[0]
        if all(isinstance(key, str) for key in keys):
            members = {str(key): value for key, value in zip(keys, whole, strict=True)}
            return Value(State.KNOWN, members)
        return Value(State.KNOWN, whole)


class RenderedProject(Project):
    """A Project over the vertices of a graph."""

    __slots__ = ("_blocks", "_depth", "_instances", "root", "vertices")

    def __init__(self, vertices: list[Vertex], root: Path) -> None:
        """Index the vertices; nothing is evaluated yet."""
        files = {vertex.file for vertex in vertices}
        super().__init__(files=len(files), block_count=len(vertices))
        self.vertices = vertices
        self.root = root
        self._blocks: dict[int, RenderedBlock] = {}
        self._depth = 0
        self._instances: dict[object, list[Vertex]] = defaultdict(list)
        for vertex in vertices:
            self._instances[instance_of(vertex)].append(vertex)

    def path(self, file: str) -> str:
        """A file, relative to the scanned root."""
        return relative(file, self.root)

    def block(self, vertex: Vertex) -> RenderedBlock:
        """The block of a vertex, always the same one."""
        if id(vertex) not in self._blocks:
            self._blocks[id(vertex)] = RenderedBlock(vertex, self)
        return self._blocks[id(vertex)]

    def declares(self, vertex: Vertex, kind: str, type: str, name: str) -> list[Vertex]:
        """What a name means in the module instance of a vertex."""
        return [v for v in self._instances[instance_of(vertex)] if is_called(v, kind, type, name)]

    def declared(self, vertex: Vertex) -> checkov_values.Declared:
        """Says whether a traversal in an argument of the vertex leads to a block."""
        names = {
            f"{'data.' if v.kind == 'data' else ''}{v.type}.{v.name}"
            for v in (*self._instances[instance_of(vertex)], *led_to(vertex, ""))
            if v.kind in ("resource", "data")
        }
        return names.__contains__

    def value(self, node: Any, vertex: Vertex, argument: str) -> Value:
        """Evaluate a rendered expression."""
        if self._depth > MAX_HOPS:
            return unknown("refers to itself, or to a chain of too many values")
        self._depth += 1
        try:
            return evaluate(node, Scope(_Names(self, vertex, argument), {}, [MAX_STEPS]))
        except RecursionError:
            return unknown("nested too deeply")
        finally:
            self._depth -= 1

    def passed(self, vertex: Vertex, label: str) -> Value:
        """The value of a variable or a local."""
        if vertex.kind == "local":
            return self.block(vertex)["value"]
        if "default" not in vertex.attributes:
            return unknown(f"{label} has no default")
        rendered = vertex.attributes["default"]
        node = checkov_values.expression(rendered, self.declared(vertex))
        return self.value(node, vertex, "default")

    def resources(self, *types: str) -> Iterable[Block]:
        """Every resource of these types."""
        return self._of("resource", types)

    def _of(self, kind: str, types: tuple[str, ...]) -> Iterator[Block]:
        for vertex in self.vertices:
            if vertex.kind == kind and vertex.type in types and is_made(vertex):
                yield self.block(vertex)

    def find(self, block: Block, kind: str, type: str = "") -> Iterable[Block]:
        """Blocks of a kind and type in the same module instance."""
        same = self._instances[instance_of(_rendered(block).vertex)]
        return [
            self.block(v)
            for v in same
            if v.kind == kind and (not type or v.type == type) and is_made(v)
        ]

    def modules(self) -> Iterable[Block]:
        """Module calls whose code checkov has not read."""
        for vertex in self.vertices:
            if vertex.kind == "module" and not vertex.config.get("__resolved__"):
                yield self.block(vertex)

    def suspects(self) -> Iterable[Block]:
        """Blocks with something shaped like key material in a rendered argument."""
        for vertex in self.vertices:
            text = "\n".join(_texts("", vertex.config))
            if SUSPECT.search(text.encode("utf-8", "surrogateescape")):
                yield self.block(vertex)

    def readers(self, block: Block) -> Iterable[Block]:
        """Blocks from which an edge leads here."""
        return list(dict.fromkeys(self.block(v) for v in _rendered(block).vertex.readers))

    def holding(self, block: Block, text: str) -> Iterable[Block]:
        """The text is not at hand."""
        return ()

    def inputs(self, call: Block) -> Mapping[str, Block]:
        """The variables from which an edge leads to the call."""
        found = (v for v in _rendered(call).vertex.readers if v.kind == "variable")
        return {v.name: self.block(v) for v in found}

    def is_library(self, root: str) -> bool:
        """A plan is never one, and of files that are gone nobody can tell."""
        return "modules" in root.split("/")

    def line_text(self, location: Location, count: int = 1) -> str:
        """The text is not at hand."""
        return ""


def _texts(name: str, value: object) -> Iterator[str]:
    """Every text in a rendered argument with its name, as it would be written."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(str(key), member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _texts(name, member)
    elif isinstance(value, str):
        yield f'{name} = "{value}"'


def _rendered(block: Block) -> RenderedBlock:
    if not isinstance(block, RenderedBlock):
        raise TypeError(f"{block!r} comes from another loader")
    return block
