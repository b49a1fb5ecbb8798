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
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rolefirst.findings import CallSite
from rolefirst.loaders import checkov_vertices
from rolefirst.loaders.checkov_rendered import RenderedProject
from rolefirst.loaders.checkov_vertices import Vertex, relative
from rolefirst.loaders.hcl import combine, files, reader
from rolefirst.loaders.hcl.definitions import Definition
from rolefirst.loaders.hcl.expressions import Expression
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.loaders.hcl.modules import Instances, ModuleInstance
from rolefirst.loaders.hcl.survey import RELEVANT, KeyModules, Survey
from rolefirst.loaders.hcl.tree import Defaults, Tree
from rolefirst.project import Value, known

Chain = tuple[tuple[str, str, "str | int | None"], ...]
#: A module instance: its folder and the calls that lead to it.
Place = tuple[str, Chain]
#: What makes a file that checkov has not read worth a failure.
_ABOUT_KEYS = re.compile(
    rb"AKIA[A-Z2-7]{16}|create-access-key|create_access_key|New-IAMAccessKey|access_key|secret_key"
)


class GraphSurvey(Survey):
    """The first pass over the files of a graph instead of those of a folder."""

    def __init__(
        self,
        vertices: list[Vertex],
        root: Path,
        modules: KeyModules | None,
        exclude: Sequence[str],
    ) -> None:
        """Read the files of the vertices; module calls are taken from the graph, too.

        ``exclude`` is for variable files, which no vertex stands for.
        """
        # Not calling the base class, which reads the disk, is the point.
        self.top = os.path.realpath(root)
        self.files = 0
        self.names = {}
        self.relevant = set()
        self.suspects = defaultdict(list)
        self.values = []
        self.calls = defaultdict(set)
        self.downloaded = {}
        self.errors = []
        self.registers = []
        self.misnamed = []
        self._modules = modules
        self.vertices = vertices
        self.placed: dict[Place, dict[tuple[str, str, str], list[Vertex]]] = {}
        self.children: dict[Place, list[Place]] = defaultdict(list)
        found: dict[str, set[str]] = defaultdict(set)
        for vertex in vertices:
            place = self.placed.setdefault((vertex.folder, vertex.chain), {})
            place.setdefault((vertex.kind, vertex.type, vertex.name), []).append(vertex)
            found[relative(vertex.folder, self.top)].add(os.path.basename(vertex.file))
        for directory, names in sorted(found.items()):
            self._directory(directory, sorted(names))
        beside = (*files.VALUES, files.REGISTER)
        for directory, names_below in files.walk(self.top, self.report, beside):
            if kept := self._without(directory, names_below, exclude):
                self._directory(directory, kept)
        for folder, chain in self.placed:
            if chain:
                caller = os.path.dirname(chain[-1][0])
                self.children[caller, chain[:-1]].append((folder, chain))
                self.calls[relative(caller, self.top)].add(relative(folder, self.top))


class GraphTree(Tree):
    """The files and module instances that the graph has."""

    survey: GraphSurvey

    def __init__(self, survey: GraphSurvey) -> None:
        """Start from the files of the graph."""
        self.made: dict[Place, GraphModule | None] = {}
        super().__init__(survey)

    def parse(self, text: str) -> Expression:
        """Read an expression: python-hcl2 cannot be had beside checkov. Raises ExpressionError."""
        return reader.parse(text)

    def instances(self) -> dict[str, list[ModuleInstance]]:
        """Every module instance of the graph, by directory."""
        if self._instances is None:
            self._instances = defaultdict(list)
            survey = self.survey
            wanted = survey.callers_of(survey.relevant | set(survey.suspects))
            for folder, chain in sorted(survey.placed, key=_chain_order):
                if relative(folder, self.top) not in wanted:
                    continue
                if module := self.module(folder, chain):
                    self._instances[module.directory.path].append(module)
        return self._instances

    def reading(self, defaults: Defaults) -> Tree:
        """The same graph with other module instances: fewer defaults hold."""
        other = super().reading(defaults)
        if isinstance(other, GraphTree):
            other.made = {}
        return other

    def module(self, folder: str, chain: Chain) -> GraphModule | None:
        """One module instance: a directory and the calls that lead to it."""
        place = (folder, chain)
        if place not in self.made:
            self.made[place] = None  # a call that leads to itself ends here
            self.made[place] = self._module(folder, chain)
        return self.made[place]

    def _module(self, folder: str, chain: Chain) -> GraphModule | None:
        directory = self.directory(relative(folder, self.top))
        if directory is None:
            return None
        if not chain:
            root = directory.path
            values = self.variables(root)
            return GraphModule(self, directory, root, tfvars=values, place=(folder, chain))
        *before, (file, name, key) = chain
        parent = self.module(os.path.dirname(file), tuple(before))
        if parent is None:
            return None
        definition = parent.directory.get("module", "", name)
        if definition is None:
            self.report(
                relative(file, self.top), 0, f"module.{name} is called from nowhere, not read"
            )
            return None
        calls = list(parent.blocks(definition))
        if not calls:  # checkov keeps what a call would make whose count is 0
            return None
        call = next((block for block in calls if block.key in (key, None)), None)
        call = call or parent.block(definition, key if key is not None else 0, Instances())
        site = CallSite(call.address, call.location)
        chained = (*parent.call_chain, site)
        prefix = f"{call.address}."
        place = (folder, chain)
        return GraphModule(self, directory, parent.root, prefix, call, parent, chained, place=place)

    def instantiate(
        self, parent: ModuleInstance, call: Definition, key: str | int | None
    ) -> ModuleInstance | None:
        """The instance that a call makes; None when checkov has not read its code."""
        if not isinstance(parent, GraphModule):
            return None
        for folder, chain in self.survey.children[parent.place]:
            if chain[-1][1:] == (call.name, key):
                return self.module(folder, chain)
        source = self.target(call, parent)
        if source is not None and source not in self.names:
            self._missing(source, [call])
        return None

    def variables(self, root: str) -> dict[str, Value]:
        """What ``.tfvars``, ``--var-file`` and ``TF_VAR_…`` set, as checkov has read it."""
        values: dict[str, Value] = {}
        for (folder, chain), place in self.survey.placed.items():
            if chain or relative(folder, self.top) != root:
                continue
            for (kind, _, name), found in place.items():
                if kind == "variable" and found[0].is_set:
                    values[name] = combine.from_plain(found[0].attributes.get("default"))
        return values


@dataclass(slots=True, eq=False)
class GraphModule(ModuleInstance):
    """A module instance whose blocks are those of the graph."""

    place: Place = ("", ())

    def vertices(self, definition: Definition) -> list[Vertex]:
        """What the graph has of a definition."""
        survey = self.tree.survey
        found = survey.placed[self.place] if isinstance(survey, GraphSurvey) else {}
        return found.get((definition.kind, definition.type, definition.name), [])

    def _count(self, definition: Definition) -> Instances:
        """The instances that checkov has made; where it made none, what the code says."""
        said = ModuleInstance._count(self, definition)
        if self.tree.defaults is not Defaults.ALL:
            return said  # checkov believes every default
        keys = tuple(v.key for v in self.vertices(definition) if v.key is not None)
        if not keys or said.keys is not None:
            return said
        return Instances(keys, {key: known(key) for key in keys if isinstance(key, str)})


class GraphProject(HclProject):
    """A Project over checkov's graph. ``vertices`` are the places where checkov can report."""

    __slots__ = ("vertices",)

    tree: GraphTree

    def __init__(self, tree: GraphTree) -> None:
        """Take over the graph; nothing is evaluated yet."""
        super().__init__(tree)
        self.vertices = tree.survey.vertices


def load(
    graph: Any, root: str | Path | None = None, key_modules: KeyModules | None = None
) -> GraphProject | RenderedProject:
    """Read a graph. ``root`` is the scanned folder; by default what all files have in common."""
    vertices = checkov_vertices.read(graph)
    return project_of(vertices, top(vertices) if root is None else Path(root), key_modules)


def project_of(
    vertices: list[Vertex],
    root: Path,
    key_modules: KeyModules | None = None,
    exclude: Sequence[str] = (),
) -> GraphProject | RenderedProject:
    """The project over vertices: from the text of their blocks when every file of it is there."""
    written = {vertex.file for vertex in vertices}
    if written and all(f.endswith(".tf") and os.path.isfile(f) for f in written):
        return GraphProject(GraphTree(GraphSurvey(vertices, root, key_modules, exclude)))
    return RenderedProject(vertices, root)


def top(vertices: Iterable[Vertex]) -> Path:
    """The folder that all files of a graph have in common."""
    folders = sorted({vertex.folder for vertex in vertices if vertex.file})
    return Path(os.path.commonpath(folders) if folders else ".")


def unseen(project: GraphProject) -> Iterator[tuple[str, str]]:
    """Files about keys below the scanned folder that are not in the graph: path and full path.

    checkov may have failed to parse them, may never read their kind, or was told to leave them out.
    """
    top = project.tree.top
    seen = {os.path.realpath(vertex.file) for vertex in project.vertices}
    for folder, names in files.walk(top, project.tree.report):
        for name in names:
            path = name if folder == "." else f"{folder}/{name}"
            full = os.path.join(top, path)
            if os.path.realpath(full) in seen:
                continue
            try:
                data = files.read(full)
            except OSError as error:
                project.tree.report(path, 0, f"cannot be read: {error.strerror}")
                continue
            if RELEVANT.search(data) or _ABOUT_KEYS.search(data):
                yield path, full


def _chain_order(place: Place) -> tuple[str, int, str]:
    return place[0], len(place[1]), repr(place[1])
