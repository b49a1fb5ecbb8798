"""A tree of HCL files as a Project.

Only directories that hold something relevant, those that call them and those a key flows into are
indexed, and only the arguments that are asked for are parsed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from rolefirst.findings import Location
from rolefirst.loaders import documents
from rolefirst.loaders.hcl import tfvars
from rolefirst.loaders.hcl.blocks import HclBlock, address_of
from rolefirst.loaders.hcl.definitions import Definition
from rolefirst.loaders.hcl.directory import Directory
from rolefirst.loaders.hcl.files import spelled_out
from rolefirst.loaders.hcl.modules import ModuleInstance
from rolefirst.loaders.hcl.survey import SUSPECT
from rolefirst.loaders.hcl.tree import Defaults, Tree
from rolefirst.project import Block, Document, Project

#: What findings call a part of a terraform block.
_BACKEND = "terraform.backend"


class HclProject(Project):
    """A Project over a tree of HCL files."""

    __slots__ = ("_documents", "_types", "tree")

    def __init__(self, tree: Tree) -> None:
        """Wrap a tree; nothing is parsed yet."""
        self.tree = tree
        self._types: dict[str, list[Block]] = {}
        self._documents: tuple[Document, ...] | None = None
        self.files = tree.survey.files
        self.errors = tree.errors
        self.memo = {}

    def _all(self) -> Iterator[ModuleInstance]:
        found = self.tree.instances()
        for path in sorted(found):
            yield from found[path]

    def resources(self, *types: str) -> Iterable[Block]:
        """Every resource of these types in the directories that matter."""
        for type in types:
            if type not in self._types:
                self._types[type] = list(self._of(type))
            yield from self._types[type]

    def _of(self, type: str) -> Iterator[Block]:
        for instance in self._all():
            for definition in instance.directory.of("resource", type):
                yield from instance.blocks(definition)

    def find(self, block: Block, kind: str, type: str = "") -> Iterable[Block]:
        """Blocks of a kind and type in the same module instance."""
        instance = _instance(block)
        for definition in instance.directory.of(kind, type):
            yield from instance.blocks(definition)

    def modules(self) -> Iterable[Block]:
        """Calls of modules whose code is not in the tree."""
        for instance in self._all():
            for call in instance.directory.of("module"):
                if self.tree.target(call, instance) is None:
                    yield from instance.blocks(call)

    def suspects(self) -> Iterable[Block]:
        """Blocks in whose text something is shaped like key material."""
        instances = self.tree.instances()
        for path in sorted(self.tree.survey.suspects):
            for instance in instances.get(path, []):
                for definition in _suspicious(instance.directory, self.tree.survey.suspects[path]):
                    yield from instance.blocks(definition)
        yield from self._values()

    def _values(self) -> Iterator[Block]:
        """What variable files set to something of that shape, each as the variable it sets."""
        for path in self.tree.survey.values:
            folder = path.rpartition("/")[0] or "."
            source = self.tree.source(path)
            instance = ModuleInstance(self.tree, Directory(folder, [source], []), folder)
            for definition in tfvars.definitions(source, self.tree.report):
                if SUSPECT.search(source.data[definition.start : definition.end]):
                    yield from instance.blocks(definition)

    def readers(self, block: Block) -> Iterable[Block]:
        """Blocks that mention this one by name, in the module where its name is valid."""
        instance = _instance(block)
        mention = block.definition.mention if isinstance(block, HclBlock) else ""
        if block.kind == "output":
            if instance.call is None or instance.parent is None:
                return
            mention, instance = f"module.{instance.call.name}", instance.parent
        for definition in instance.directory.mentions(mention):
            if not isinstance(block, HclBlock) or definition is not block.definition:
                yield from instance.blocks(definition)
        if block.kind == "resource" and "self." in block.source():
            yield block  # its own provisioners

    def holding(self, block: Block, text: str) -> Iterable[Block]:
        """Blocks of the same module instance in whose source a text stands."""
        instance = _instance(block)
        for definition in instance.directory.holding(text):
            yield from instance.blocks(definition)

    def inputs(self, call: Block) -> Mapping[str, Block]:
        """The variables of the module that a call makes."""
        instance = _instance(call)
        if not isinstance(call, HclBlock):
            return {}
        child = instance.child(call.definition, call.key)
        if child is None:
            return {}
        variables = child.directory.of("variable")
        return {d.name: b for d in variables for b in child.blocks(d)}

    def callers(self, block: Block) -> Iterable[Block]:
        """The module calls that lead to a block, the innermost first."""
        instance: ModuleInstance | None = _instance(block)
        while instance is not None and instance.call is not None:
            yield instance.call
            instance = instance.parent

    def is_library(self, root: str) -> bool:
        """True when the root module is made to be called from elsewhere."""
        if "modules" in root.split("/"):
            return True
        directory = self.tree.directory(root)
        if directory is None:
            return False
        if next(directory.of("provider"), None) is not None:
            return False
        for block in directory.of("terraform"):
            if {"backend", "cloud"} & set(block.arguments(self.tree.report)):
                return False
        variables = self.tree.variables(root)
        return any(
            "default" not in variable.arguments(self.tree.report) and variable.name not in variables
            for variable in directory.of("variable")
        )

    def instances_of(self, block: Block) -> Iterable[Block]:
        """Every block that the same code makes, in all instances of its module."""
        if not isinstance(block, HclBlock):
            return
        for instance in self.tree.instances().get(block.instance.directory.path, [block.instance]):
            yield from instance.blocks(block.definition)

    def block_at(self, root: str, address: str, location: Location) -> Block | None:
        """The block of an address that a finding at a location is about.

        The location is mostly in its code, but may be that of an output of another module.
        """
        folder = location.path.rpartition("/")[0] or "."
        instances = self.tree.instances()
        near = instances.get(folder, [])
        for instance in (*near, *(each for found in instances.values() for each in found)):
            if instance.root == root and address.startswith(instance.prefix):
                name = address.removeprefix(instance.prefix).partition("[")[0]
                definition = self._definition(instance.directory, name, location)
                for block in instance.blocks(definition) if definition is not None else ():
                    if block.address == address or name == _BACKEND:
                        return block
        return None

    def _definition(self, directory: Directory, name: str, location: Location) -> Definition | None:
        """What has an address within its module; of the terraform blocks the one at a location."""
        memo = ("definitions by address", directory.path, "")
        if memo not in self.memo:
            found = (d for source in directory.sources for d in directory.blocks(source))
            self.memo[memo] = {address_of(definition): definition for definition in found}
        if name == _BACKEND:
            places = ((each, each.location) for each in directory.of("terraform"))
            within = (d for d, at in places if at.line <= location.line <= at.end_line)
            return next((d for d in within if d.source.path == location.path), None)
        return cast("dict[str, Definition]", self.memo[memo]).get(name)

    def bytes_of(self, path: str) -> bytes | None:
        """A file of the tree as it was read; None when there is none."""
        directory = self.tree.directory(path.rpartition("/")[0] or ".")
        for source in directory.sources if directory is not None else ():
            if source.path == path:
                return source.data
        return b"" if os.path.lexists(os.path.join(self.tree.top, path)) else None

    def paths_in(self, folder: str) -> Iterable[str]:
        """The Terraform files of a directory."""
        directory = self.tree.directory(folder or ".")
        return [source.path for source in directory.sources] if directory is not None else []

    def without_defaults(self) -> Iterable[Project]:
        """The same files, first with the defaults that are ``true``, then with none."""
        for defaults in (Defaults.ON, Defaults.NONE):
            yield type(self)(self.tree.reading(defaults))

    def documents(self) -> Iterable[Document]:
        """CI files, scripts and READMEs, read once."""
        if self._documents is None:
            self._documents = tuple(documents.find(self.tree.top))
        return self._documents

    def line_text(self, location: Location, count: int = 1) -> str:
        """Source lines from the start of a location."""
        folder, _, _name = location.path.rpartition("/")
        directory = self.tree.directory(folder or ".")
        for source in directory.sources if directory else ():
            if source.path == location.path:
                lines = source.data.split(b"\n")[location.line - 1 : location.line - 1 + count]
                return b"\n".join(lines).decode("utf-8", "replace").replace("\r", "")
        return ""

    @property
    def block_count(self) -> int:  # type: ignore[override]
        """How many blocks were indexed so far: those of the directories that matter."""
        return self.tree.block_count


def _suspicious(directory: Directory, paths: list[str]) -> list[Definition]:
    return [
        definition
        for source in directory.sources
        if source.path in paths
        for definition in directory.blocks(source)
        if SUSPECT.search(spelled_out(source.data[definition.start : definition.end]))
    ]


def _instance(block: Block) -> ModuleInstance:
    if not isinstance(block, HclBlock):
        raise TypeError(f"{block!r} comes from another loader")
    return block.instance
