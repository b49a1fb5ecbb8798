"""checkov's graph → Project.

The graph says which files checkov has read, which blocks and module instances there are, what
``.tfvars``, ``--var-file`` and ``TF_VAR_…`` set, and on what checkov can report. What checkov has
rendered is no basis for a verdict: an unset variable looks like an empty map, and a name that was
carried into a module keeps its text and loses its meaning. So the arguments are evaluated by the
evaluator of the command line, from the text of the blocks the graph names. Where the text is not at
hand, as in a plan, the rendered arguments have to do (``checkov_rendered.py``).
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rolefirst.errors import InputError
from rolefirst.findings import CallSite, ScanError
from rolefirst.loaders import checkov_text, checkov_values, checkov_vertices
from rolefirst.loaders.checkov_rendered import RenderedProject
from rolefirst.loaders.checkov_vertices import Vertex
from rolefirst.loaders.hcl import files, functions
from rolefirst.loaders.hcl.definitions import Argument, Definition
from rolefirst.loaders.hcl.expressions import Attribute, Expression, Literal, Name, Object
from rolefirst.loaders.hcl.load import HclProject, Tree
from rolefirst.loaders.hcl.modules import HclBlock, Instances, ModuleInstance
from rolefirst.loaders.hcl.parser import ExpressionError
from rolefirst.project import Block, Project, Value, known, unknown

Chain = tuple[tuple[str, str, "str | int | None"], ...]
#: A module instance: its folder and the calls that lead to it.
Place = tuple[str, Chain]


@dataclass(slots=True)
class GraphTree(Tree):
    """The files and module instances that the graph has."""

    vertices: list[Vertex] = field(default_factory=list)
    modules: dict[Place, GraphModule | None] = field(default_factory=dict)
    placed: dict[Place, dict[tuple[str, str, str], list[Vertex]]] = field(default_factory=dict)
    _calls: dict[Place, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def survey(self) -> None:
        """Take the files from the graph instead of the disk."""
        found: dict[str, set[str]] = defaultdict(set)
        for vertex in self.vertices:
            place = self.placed.setdefault((vertex.folder, vertex.chain), {})
            place.setdefault((vertex.kind, vertex.type, vertex.name), []).append(vertex)
            if vertex.file.endswith(files.SUFFIXES):
                found[vertex.folder].add(os.path.basename(vertex.file))
        for folder, chain in self.placed:
            if chain:
                self._calls[os.path.dirname(chain[-1][0]), chain[:-1]].append((folder, chain))
        for folder, names in sorted(found.items()):
            directory = self.relative(folder)
            self.names[directory] = sorted(names)
            for name in self.names[directory]:
                path = name if directory == "." else f"{directory}/{name}"
                self.files += 1
                try:
                    data = files.read(os.path.join(folder, name))
                except OSError as error:
                    self.report(path, 0, f"cannot be read: {error.strerror}")
                else:
                    self._survey(directory, path, data, self.module_hints)

    def relative(self, path: str) -> str:
        """A path of the graph, relative to the scanned root, with ``/``."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def instances(self) -> dict[str, list[ModuleInstance]]:
        """Every module instance of the graph, by directory."""
        if self._instances is None:
            self._instances = defaultdict(list)
            for folder, chain in sorted(self.placed, key=_chain_order):
                module = self.module(folder, chain)
                if module is not None:
                    self._instances[module.directory.path].append(module)
        return self._instances

    def module(self, folder: str, chain: Chain) -> GraphModule | None:
        """One module instance: a directory and the calls that lead to it."""
        place = (folder, chain)
        if place not in self.modules:
            self.modules[place] = None  # a call that leads to itself ends here
            self.modules[place] = self._module(folder, chain)
        return self.modules[place]

    def _module(self, folder: str, chain: Chain) -> GraphModule | None:
        directory = self.directory(self.relative(folder))
        if directory is None:
            return None
        if not chain:
            values = _set_variables(self.placed[folder, chain])
            root = directory.path
            return GraphModule(self, directory, root, tfvars=values, place=(folder, chain))
        *before, (file, name, key) = chain
        parent = self.module(os.path.dirname(file), tuple(before))
        definition = parent.directory.get("module", "", name) if parent else None
        if parent is None or definition is None:
            self.report(self.relative(file), 0, f"module.{name} is called from nowhere, not read")
            return None
        calls = list(parent.blocks(definition))
        call = next((block for block in calls if block.key == key), None)
        call = call or parent.block(definition, key if key is not None else 0, Instances())
        site = CallSite(call.address, call.location)
        chained = (*parent.call_chain, site)
        prefix = f"{call.address}."
        place = (folder, chain)
        return GraphModule(
            self, directory, parent.root, prefix, call, parent, chained, place=place
        )

    def instantiate(
        self, parent: ModuleInstance, call: Definition, key: str | int | None
    ) -> ModuleInstance | None:
        """The instance that a call makes; None when checkov has not read its code."""
        if not isinstance(parent, GraphModule):
            return None
        for folder, chain in self._calls[parent.place]:
            if chain[-1][1:] == (call.name, key):
                return self.module(folder, chain)
        source = self.target(call, parent)
        if source is not None and source not in self.names:
            self._missing(call, source)
        return None

    def provider_map(self, call: Definition) -> dict[str, str]:
        """The ``providers`` of a module call: name in the module → name in the caller."""
        written = call.arguments(self.report).get("providers", [])
        try:
            node = _parse(written[0]) if written else None
        except ExpressionError:
            return {}
        if not isinstance(node, Object):
            return {}
        return {_dotted(key): _dotted(value) for key, value in node.items}


@dataclass(slots=True, eq=False)
class GraphModule(ModuleInstance):
    """A module instance whose blocks are those of the graph."""

    place: Place = ("", ())

    def vertices(self, definition: Definition) -> list[Vertex]:
        """What the graph has of a definition."""
        assert isinstance(self.tree, GraphTree)
        found = self.tree.placed[self.place]
        return found.get((definition.kind, definition.type, definition.name), [])

    def _count(self, definition: Definition) -> Instances:
        """The instances that checkov has made; where it made none, what the code says."""
        said = ModuleInstance._count(self, definition)
        keys = tuple(v.key for v in self.vertices(definition) if v.key is not None)
        if not keys or said.keys is not None:
            return said
        return Instances(keys, {key: known(key) for key in keys if isinstance(key, str)})

    def argument(self, item: Argument, variables: Mapping[str, Value], label: str) -> Value:
        """The value of one attribute."""
        try:
            node = _parse(item)
        except ExpressionError as error:
            line, _ = item.source.position(item.offset(error.offset))
            self.tree.report(item.source.path, line, f"argument {item.name}: {error}")
            return unknown(f"argument {item.name} of {label} cannot be parsed")
        try:
            return self.expression(node, item, variables, label)
        except InputError:  # a template file: only the command line reads those
            return unknown(f"argument {item.name} of {label} cannot be evaluated inside checkov")


class GraphProject(HclProject):
    """A Project over checkov's graph. ``vertices`` are the places where checkov can report."""

    __slots__ = ("vertices",)

    tree: GraphTree

    def __init__(self, tree: GraphTree) -> None:
        """Take over the graph; nothing is evaluated yet."""
        super().__init__(tree)
        self.vertices = tree.vertices

    def is_library(self, root: str) -> bool:
        """True when the root module is made to be called from elsewhere."""
        if "modules" in root.split("/"):
            return True
        module = next((m for m in self.tree.instances().get(root, []) if m.call is None), None)
        if module is None or next(module.directory.of("provider"), None) is not None:
            return False
        for block in module.directory.of("terraform"):
            if {"backend", "cloud"} & set(block.arguments(self.tree.report)):
                return False
        return any(
            "default" not in variable.arguments(self.tree.report)
            and variable.name not in module.tfvars
            for variable in module.directory.of("variable")
        )


def load(graph: Any, root: str | Path | None = None) -> Project:
    """Read a graph. ``root`` is the scanned folder; by default what all files have in common."""
    vertices = checkov_vertices.read(graph)
    paths = sorted({vertex.folder for vertex in vertices if vertex.file})
    top = Path(root) if root is not None else Path(os.path.commonpath(paths) if paths else ".")
    written = {vertex.file for vertex in vertices}
    if written and all(f.endswith(files.SUFFIXES) and os.path.isfile(f) for f in written):
        return GraphProject(GraphTree(top, vertices=vertices))
    return RenderedProject(vertices, top)


def vertex_of(block: Block, vertices: Iterable[Vertex]) -> Vertex | None:
    """The vertex a block was made of, None when there is none."""
    made = getattr(block, "vertex", None)
    if isinstance(made, Vertex):
        return made
    if not isinstance(block, HclBlock) or not isinstance(block.instance, GraphModule):
        return None
    found = block.instance.vertices(block.definition)
    keyed = [vertex for vertex in found if vertex.key == block.key]
    return next(iter(keyed or found), None)


def unread(project: Project, root: Path) -> Iterable[ScanError]:
    """Files below ``root`` that hold something about keys and that the graph does not know."""
    assert isinstance(project, (GraphProject, RenderedProject))
    seen = {os.path.realpath(vertex.file) for vertex in project.vertices}
    errors: list[ScanError] = []
    for folder, names in files.walk(root, errors):
        for name in names:
            path = name if folder == "." else f"{folder}/{name}"
            full = os.path.join(root, path)
            if os.path.realpath(full) not in seen:
                errors.extend(_about_keys(full, path))
    return errors


def _about_keys(full: str, path: str) -> list[ScanError]:
    from rolefirst.loaders.hcl.load import RELEVANT, SUSPECT

    try:
        data = files.read(full)
    except OSError as error:
        return [ScanError(path, 0, f"cannot be read: {error.strerror}")]
    if not any(word in data for word in RELEVANT) and not SUSPECT.search(data):
        return []
    return [ScanError(path, 0, "is about access keys and checkov has not read it")]


def _parse(item: Argument) -> Expression:
    if item.is_json:
        return checkov_values.expression(item.json, lambda _: True)
    return checkov_text.parse(item.source.text(item.inner, item.inner_end))


def _dotted(node: Expression) -> str:
    match node:
        case Literal(value) | Name(value):
            return str(value)
        case Attribute(source, name):
            return f"{_dotted(source)}.{name}"
    return ""


def _chain_order(place: Place) -> tuple[str, int, str]:
    return place[0], len(place[1]), repr(place[1])


def _set_variables(place: Mapping[tuple[str, str, str], list[Vertex]]) -> dict[str, Value]:
    """The variables of a root module that something outside of its code has set."""
    values: dict[str, Value] = {}
    for (kind, _, name), vertices in place.items():
        if kind == "variable" and vertices[0].is_set:
            values[name] = functions.from_plain(vertices[0].attributes.get("default"))
    return values
