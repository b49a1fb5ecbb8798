"""checkov's graph → Project, from the rendered arguments alone.

For graphs whose text is not at hand: a plan in JSON, files that are gone. A name in a rendered
argument may come from another module, so the edges of the graph lead to what it means; only where
no edge does, the name is looked up in the block's own module instance.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rolefirst.findings import Location
from rolefirst.loaders import checkov_values
from rolefirst.loaders.checkov_vertices import Vertex
from rolefirst.loaders.hcl import functions
from rolefirst.loaders.hcl.evaluate import MAX_STEPS, Scope, evaluate
from rolefirst.loaders.hcl.load import SUSPECT
from rolefirst.project import ABSENT, Block, Hop, Project, Reference, State, Value, unknown

_PREFIX = re.compile(r'(?:module\.[\w-]+(?:\[(?:"[^"]*"|\d+)\])?\.)*')
_PASSED_ON = frozenset({"local", "output", "variable", "module"})
MAX_HOPS = 30


class RenderedBlock(Block):
    """One vertex of the graph."""

    __slots__ = ("project", "vertex")

    def __init__(self, vertex: Vertex, project: RenderedProject) -> None:
        """Name the block after its vertex."""
        location = Location(project.path(vertex.file), vertex.line, 1, vertex.end_line)
        root = os.path.relpath(vertex.root, project.root).replace(os.sep, "/")
        super().__init__(
            vertex.kind, vertex.type, vertex.name, _address(vertex), root, location
        )
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
        return self.project.value(node, self.vertex, name)

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
        return unknown(f"{name}() is not computed here", functions.references(arguments))

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
        found = [v for v in _led_to(self.vertex, self.argument) if _is(v, kind, type, name)]
        found = found or self.project.declares(self.vertex, kind, type, name)
        if not found:
            return unknown(f"{type}.{name} is not declared here")
        blocks = [self.project.block(vertex) for vertex in found]
        reason = f"{blocks[0].address} is known after apply"
        whole = tuple(Value(State.UNKNOWN, None, reason, (Reference(b, ""),)) for b in blocks)
        keys = [vertex.key for vertex in found]
        if keys == [None]:
            return whole[0]
        if all(isinstance(key, str) for key in keys):
            members = {str(key): value for key, value in zip(keys, whole, strict=True)}
            return Value(State.KNOWN, members)
        return Value(State.KNOWN, whole) if len(whole) > 1 or keys != [None] else whole[0]


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
            self._instances[_instance(vertex)].append(vertex)

    def path(self, file: str) -> str:
        """A file, relative to the scanned root."""
        return os.path.relpath(file or ".", self.root).replace(os.sep, "/")

    def block(self, vertex: Vertex) -> RenderedBlock:
        """The block of a vertex, always the same one."""
        if id(vertex) not in self._blocks:
            self._blocks[id(vertex)] = RenderedBlock(vertex, self)
        return self._blocks[id(vertex)]

    def declares(self, vertex: Vertex, kind: str, type: str, name: str) -> list[Vertex]:
        """What a name means in the module instance of a vertex."""
        return [v for v in self._instances[_instance(vertex)] if _is(v, kind, type, name)]

    def declared(self, vertex: Vertex) -> checkov_values.Declared:
        """Says whether a traversal in an argument of the vertex leads to a block."""
        names = {
            f"{'data.' if v.kind == 'data' else ''}{v.type}.{v.name}"
            for v in (*self._instances[_instance(vertex)], *_led_to(vertex, ""))
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
            if vertex.kind == kind and vertex.type in types and _is_made(vertex):
                yield self.block(vertex)

    def find(self, block: Block, kind: str, type: str = "") -> Iterable[Block]:
        """Blocks of a kind and type in the same module instance."""
        assert isinstance(block, RenderedBlock)
        same = self._instances[_instance(block.vertex)]
        return [
            self.block(v)
            for v in same
            if v.kind == kind and (not type or v.type == type) and _is_made(v)
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
        assert isinstance(block, RenderedBlock)
        return list(dict.fromkeys(self.block(v) for v in block.vertex.readers))

    def inputs(self, call: Block) -> Mapping[str, Block]:
        """The variables from which an edge leads to the call."""
        assert isinstance(call, RenderedBlock)
        found = (v for v in call.vertex.readers if v.kind == "variable")
        return {v.name: self.block(v) for v in found}

    def is_library(self, root: str) -> bool:
        """A plan is never one, and of files that are gone nobody can tell."""
        return "modules" in root.split("/")

    def line_text(self, location: Location, count: int = 1) -> str:
        """The text is not at hand."""
        return ""


def _address(vertex: Vertex) -> str:
    """Terraform's address; checkov's own leaves out ``data.`` and the kind of named values."""
    prefix = _module_prefix(vertex)
    index = "" if vertex.key is None else f'["{vertex.key}"]'
    if isinstance(vertex.key, int):
        index = f"[{vertex.key}]"
    match vertex.kind:
        case "resource":
            return vertex.address or f"{prefix}{vertex.type}.{vertex.name}{index}"
        case "data":
            return f"{prefix}data.{vertex.type}.{vertex.name}{index}"
        case "provider":
            return f"{prefix}provider.{vertex.type}{'.' if vertex.name else ''}{vertex.name}"
        case "terraform":
            return f"{prefix}terraform"
        case "variable":
            return f"{prefix}var.{vertex.name}"
    return f"{prefix}{vertex.kind}.{vertex.name}{index}"


def _module_prefix(vertex: Vertex) -> str:
    if vertex.chain:
        steps = ((n, "" if k is None else f"[{k}]" if isinstance(k, int) else f'["{k}"]')
                 for _, n, k in vertex.chain)
        return "".join(f"module.{name}{index}." for name, index in steps)
    found = _PREFIX.match(vertex.address)
    return found[0] if found else ""


def _instance(vertex: Vertex) -> object:
    return vertex.instance, _module_prefix(vertex)


def _is(vertex: Vertex, kind: str, type: str, name: str) -> bool:
    return (vertex.kind, vertex.type, vertex.name) == (kind, type, name) and _is_made(vertex)


def _is_made(vertex: Vertex) -> bool:
    """False for a block whose count is 0, unless that is how an unset variable looks."""
    if vertex.config.get("count") not in ([0], 0, ["0"]):
        return True
    return any(
        label.startswith("count") and t.kind == "variable" and "default" not in t.attributes
        for label, t in vertex.edges
    )


def _led_to(vertex: Vertex, argument: str) -> list[Vertex]:
    """The resources and data sources to which the edges of an argument lead, nearest first."""
    found: list[Vertex] = []
    seen = {id(vertex)}
    pending = [(vertex, argument)]
    for _ in range(1000):
        if not pending:
            break
        current, name = pending.pop(0)
        for label, target in current.edges:
            ours = not name or label == name or label.startswith((f"{name}.", f"{name}["))
            if label.startswith("[cross-variable]") or not ours or id(target) in seen:
                continue
            seen.add(id(target))
            if target.kind in _PASSED_ON:
                pending.append((target, current.name if target.kind == "module" else ""))
            else:
                found.append(target)
    return found


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
