"""checkov's graph as plain records: which blocks there are, in which module instance.

The graph is a ``rustworkx.PyDiGraph`` whose payload is ``(index, attributes)``, or, with
``CHECKOV_GRAPH_FRAMEWORK=NETWORKX``, a ``networkx.DiGraph``. Neither is imported: both are asked
by the methods they have.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

#: What checkov adds to the arguments of a block.
NOISE = frozenset(
    {
        *("__address__", "__startline__", "__endline__", "__start_line__", "__end_line__"),
        *("__file__", "__resolved__", "__provider_address__", "__change_actions__", "load_dir"),
        *("start_line", "end_line", "references_", "true_after_unknown", "virtual_resources"),
    }
)
_KINDS = {
    "resource": "resource",
    "data": "data",
    "module": "module",
    "provider": "provider",
    "output": "output",
    "variable": "variable",
    "locals": "local",
    "terraform": "terraform",
    "tfvar": "tfvar",
}
_PREFIX = re.compile(r'(?:module\.[\w-]+(?:\[(?:"[^"]*"|\d+)\])?\.)*')
_PASSED_ON = frozenset({"local", "output", "variable", "module"})
_INDEXED = re.compile(r'(?P<name>[^\[]+)\[(?:"(?P<text>.*)"|(?P<number>\d+))\]', re.DOTALL)


@lru_cache(maxsize=20_000)
def relative(path: str, top: str | Path) -> str:
    """A path of the graph, relative to the scanned folder, with ``/`` and links resolved."""
    real = os.path.realpath(path or ".")
    return os.path.relpath(real, os.path.realpath(top)).replace(os.sep, "/")


@dataclass(slots=True, eq=False)
class Vertex:
    """One block as checkov sees it. ``edges`` are its out-edges: attribute path and target."""

    kind: str
    type: str
    name: str
    key: str | int | None
    file: str
    line: int
    end_line: int
    config: Mapping[str, Any]
    attributes: Mapping[str, Any]
    chain: tuple[tuple[str, str, str | int | None], ...]
    edges: list[tuple[str, Vertex]] = field(default_factory=list)
    readers: list[Vertex] = field(default_factory=list)

    @property
    def folder(self) -> str:
        """The directory of the module the block is written in."""
        return os.path.dirname(self.file)

    @property
    def root(self) -> str:
        """The directory of the root module."""
        return os.path.dirname(self.chain[0][0]) if self.chain else self.folder

    @property
    def instance(self) -> tuple[object, ...]:
        """What tells the module instance of this block from all others."""
        return (self.root, self.folder, *((name, key) for _, name, key in self.chain))

    @property
    def reportable(self) -> bool:
        """True when checkov runs checks on the block, so that a result can stand on it."""
        if self.kind not in ("resource", "data", "module", "provider"):
            return False
        return self.config.get("count") not in ([0], 0) and bool(self.address)

    @property
    def is_set(self) -> bool:
        """True for a variable that a ``.tfvars`` file, ``--var-file`` or ``TF_VAR_…`` sets."""
        if "default" not in self.attributes:
            return False
        given = any(target.kind == "tfvar" for _, target in self.edges)
        return given or "default" not in self.config

    @property
    def address(self) -> str:
        """What checkov calls the block."""
        return str(self.config.get("__address__") or "")


def read(graph: Any) -> list[Vertex]:
    """Every block of a graph, in the graph's order, with its edges."""
    if hasattr(graph, "edge_list"):
        payloads = {index: graph[index] for index in graph.node_indices()}
        nodes = {
            index: payload[1] if isinstance(payload, tuple) else payload
            for index, payload in payloads.items()
        }
        edges: Iterable[tuple[Any, Any, Any]] = graph.weighted_edge_list()
    else:
        nodes = dict(graph.nodes(data=True))
        edges = graph.edges(data=True)
    found: dict[Any, Vertex] = {}
    for index, attributes in nodes.items():
        vertex = _vertex(attributes)
        if vertex is not None:
            found[index] = vertex
    for source, target, label in edges:
        if source in found and target in found:
            text = label.get("label", "") if isinstance(label, dict) else label
            found[source].edges.append((str(text), found[target]))
            found[target].readers.append(found[source])
    return [vertex for vertex in found.values() if vertex.kind != "tfvar"]


def _vertex(attributes: Mapping[str, Any]) -> Vertex | None:
    kind = _KINDS.get(str(attributes.get("block_type_", "")))
    config = attributes.get("config_")
    if kind is None or not isinstance(config, dict):
        return None
    type_, name, inner = _unpack(kind, config, str(attributes.get("block_name_", "")))
    if not isinstance(inner, dict):
        return None
    name, key = split_key(name)
    return Vertex(
        kind=kind,
        type=type_,
        name=name,
        key=key,
        file=str(attributes.get("file_path_", "")),
        line=_number(inner.get("__start_line__", attributes.get("__start_line__"))),
        end_line=_number(inner.get("__end_line__", attributes.get("__end_line__"))),
        config=inner,
        attributes=attributes,
        chain=tuple(reversed(list(_chain(attributes.get("source_module_object_"))))),
    )


def _unpack(kind: str, config: Mapping[str, Any], label: str) -> tuple[str, str, Any]:
    """Type, name and body of checkov's ``{type: {name: body}}``."""
    if kind in ("resource", "data"):
        type_, bodies = next(iter(config.items()), ("", {}))
        name, body = next(iter(bodies.items()), ("", None)) if isinstance(bodies, dict) else ("", 0)
        return type_, name, body
    if kind == "provider":
        type_, body = next(iter(config.items()), ("", None))
        alias = body.get("alias", "") if isinstance(body, dict) else ""
        alias = alias[0] if isinstance(alias, list) and alias else alias
        return type_, str(alias or ""), body
    if kind == "local":
        return "", label, {"value": config.get(label)}
    if kind == "terraform":
        return "", "", config
    name, body = next(iter(config.items()), ("", None))
    return "", name, body


def split_key(name: str) -> tuple[str, str | int | None]:
    """``ci["a"]`` → ``("ci", "a")``."""
    found = _INDEXED.fullmatch(name)
    if found is None:
        return name, None
    return found["name"], int(found["number"]) if found["number"] else found["text"]


def _chain(module: Any) -> Iterator[tuple[str, str, str | int | None]]:
    """The calls that lead to a module instance, innermost first: file, name and key."""
    while module:
        get = (
            module.get
            if isinstance(module, dict)
            else lambda name, m=module: getattr(m, name, None)
        )
        yield str(get("path") or ""), str(get("name") or ""), get("foreach_idx")
        module = get("nested_tf_module")


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 1


def address_of(vertex: Vertex) -> str:
    """Terraform's address; checkov's own leaves out ``data.`` and the kind of named values."""
    prefix = module_prefix(vertex)
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


def module_prefix(vertex: Vertex) -> str:
    """The module part of its address, with the dot behind it."""
    if vertex.chain:
        steps = (
            (n, "" if k is None else f"[{k}]" if isinstance(k, int) else f'["{k}"]')
            for _, n, k in vertex.chain
        )
        return "".join(f"module.{name}{index}." for name, index in steps)
    found = _PREFIX.match(vertex.address)
    return found[0] if found else ""


def instance_of(vertex: Vertex) -> object:
    """What the blocks of one module instance have in common."""
    return vertex.instance, module_prefix(vertex)


def is_called(vertex: Vertex, kind: str, type: str, name: str) -> bool:
    """Whether a name means this block."""
    return (vertex.kind, vertex.type, vertex.name) == (kind, type, name) and is_made(vertex)


def is_made(vertex: Vertex) -> bool:
    """False for a block whose count is 0, unless that is how an unset variable looks."""
    if vertex.config.get("count") not in ([0], 0, ["0"]):
        return True
    return any(
        label.startswith("count") and t.kind == "variable" and "default" not in t.attributes
        for label, t in vertex.edges
    )


def led_to(vertex: Vertex, argument: str) -> list[Vertex]:
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
