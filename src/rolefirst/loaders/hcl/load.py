"""A directory tree of Terraform → Project.

One pass reads every file once and searches its bytes for what this tool is about; files without it
cost no more than that. Only directories that hold a match, those that call them and those a key
flows into are indexed, and only the arguments that are asked for are parsed.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rolefirst.errors import InputError
from rolefirst.findings import CallSite, Location, ScanError
from rolefirst.loaders.hcl import definitions, downloaded, files, tfvars
from rolefirst.loaders.hcl.definitions import Definition, Directory
from rolefirst.loaders.hcl.expressions import Attribute, Expression, Literal, Name, Object
from rolefirst.loaders.hcl.modules import MAX_NESTING, HclBlock, ModuleInstance
from rolefirst.loaders.hcl.parser import ExpressionError
from rolefirst.loaders.hcl.source import Source
from rolefirst.project import Block, Project

#: A file with none of these holds no key, no user and nothing that makes one.
RELEVANT = (b"aws_iam_access_key", b"aws_iam_user", b"aws_iam_service_specific_credential")
#: A file with none of these holds no key material; with one, ``SUSPECT`` decides.
_HINTS = (b"AKIA", b"access_key", b"ACCESS_KEY", b"access-key", b"AccessKey", b"accessKey")
_HINTS += (b"secret_key", b"SECRET_KEY", b"secretKey", b" login", b"login_session")
SUSPECT = re.compile(
    rb"AKIA[A-Z2-7]{16}|create-access-key|create_access_key\s*\(|New-IAMAccessKey|"
    rb"aws\b[^\n]{0,200} login\b|login_session|(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
_SOURCE = re.compile(rb'\bsource"?[ \t]*[=:][ \t]*"([^"\n]*)"')
_LOCAL_SOURCE = re.compile(rb'\bsource"?[ \t]*[=:][ \t]*"(\.\.?/[^"\n]*|\.\.?)"')
MAX_INSTANCES = 50_000


@dataclass(frozen=True, slots=True)
class KeyModules:
    """How to recognise a call of a remote module that makes keys.

    A file without any of ``hints`` calls none; with one, ``makes_key`` is asked about every
    ``source`` in it.
    """

    hints: tuple[bytes, ...]
    makes_key: Callable[[str], bool]


@dataclass(slots=True)
class Tree:
    """The files of a scan and what has been read of them."""

    root: Path
    var_files: tuple[Path, ...] = ()
    modules: KeyModules | None = None
    errors: list[ScanError] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    files: int = 0
    block_count: int = 0
    depth: int = 0
    relevant: set[str] = field(default_factory=set)
    suspects: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    downloaded: dict[str, dict[str, str]] = field(default_factory=dict)
    _directories: dict[str, Directory] = field(default_factory=dict)
    _provider_maps: dict[int, dict[str, str]] = field(default_factory=dict)
    _instances: dict[str, list[ModuleInstance]] | None = None

    # --- the first pass ---

    def survey(self) -> None:
        """Read every file once: which directories matter and which call which."""
        base = os.path.realpath(self.root)
        for directory, names in files.walk(self.root, self.errors):
            kept = []
            for name in names:
                path = name if directory == "." else f"{directory}/{name}"
                try:
                    data = files.read(os.path.join(base, path))
                except OSError as error:
                    self.report(path, 0, f"cannot be read: {error.strerror}")
                    continue
                kept.append(name)
                self.files += 1
                self._survey(directory, path, data)
            self.names[directory] = kept
        for directory in list(self.names):
            self._survey_downloaded(base, directory)

    def _survey_downloaded(self, base: str, directory: str) -> None:
        """The modules that terraform init fetched for a root module are read like its own."""
        found = downloaded.read(base, directory, self.report)
        self.downloaded[directory] = found
        for key, path in found.items():
            parent = found.get(key.rpartition(".")[0], directory) if "." in key else directory
            self.calls[parent].add(path)
            if path in self.names or path.startswith(".."):
                continue
            for below, names in files.walk(Path(base, path), self.errors):
                folder = path if below == "." else f"{path}/{below}"
                self.names[folder] = names
                for name in names:
                    data = self._source(folder, name).data
                    self._survey(folder, f"{folder}/{name}", data)

    def _survey(self, directory: str, path: str, data: bytes) -> None:
        if any(needle in data for needle in RELEVANT) or self._calls_key_module(data):
            self.relevant.add(directory)
        if any(hint in data for hint in _HINTS) and SUSPECT.search(data):
            self.suspects[directory].append(path)
        if b'"./' in data or b'"..' in data:
            for raw in _LOCAL_SOURCE.findall(data):
                target = join(directory, raw.decode("utf-8", "surrogateescape"))
                self.calls[directory].add(target)

    def _calls_key_module(self, data: bytes) -> bool:
        if self.modules is None or not any(hint in data for hint in self.modules.hints):
            return False
        sources = (raw.decode("utf-8", "replace") for raw in _SOURCE.findall(data))
        return any(self.modules.makes_key(source) for source in sources)

    def report(self, path: str, line: int, message: str) -> None:
        """Note that something could not be read; the same once."""
        error = ScanError(path, line, message)
        if error not in self.errors:
            self.errors.append(error)

    # --- directories ---

    def directory(self, path: str) -> Directory | None:
        """The definitions of a directory of the tree; None when it holds no Terraform."""
        if path not in self.names:
            return None
        if path not in self._directories:
            sources = [self._source(path, name) for name in self.names[path]]
            self._directories[path] = definitions.load(path, sources, self.errors)
            self.block_count += len(self._directories[path].definitions)
        return self._directories[path]

    def _source(self, directory: str, name: str) -> Source:
        path = name if directory == "." else f"{directory}/{name}"
        try:
            return Source(path, files.read(os.path.join(self.root, path)))
        except OSError as error:
            self.report(path, 0, f"cannot be read: {error.strerror}")
            return Source(path, b"")

    def file_text(self, name: str, root: str) -> str | None:
        """A file that the code reads, when it lies inside the scanned tree."""
        top = os.path.realpath(self.root)
        for base in (root, "."):
            path = os.path.realpath(os.path.join(top, base, name))
            if path.startswith(top + os.sep):
                try:
                    return files.read(path).decode("utf-8", "surrogateescape")
                except OSError:
                    continue
        return None

    def provider_map(self, call: Definition) -> dict[str, str]:
        """The ``providers`` of a module call: name in the module → name in the caller."""
        if id(call) not in self._provider_maps:
            found: dict[str, str] = {}
            written = call.arguments(self.report).get("providers", [])
            try:
                node = written[0].expression() if written else None
            except ExpressionError:
                node = None  # reported when the argument itself is evaluated
            if isinstance(node, Object):
                found = {_dotted(key): _dotted(value) for key, value in node.items}
            self._provider_maps[id(call)] = found
        return self._provider_maps[id(call)]

    # --- module instances ---

    def instances(self) -> dict[str, list[ModuleInstance]]:
        """Every instance of every directory that matters."""
        if self._instances is None:
            self._instances = defaultdict(list)
            wanted = self._callers_of(self.relevant | set(self.suspects))
            called = {target for targets in self.calls.values() for target in targets}
            for path in sorted(wanted - called):
                self._expand(path, wanted)
            reached = set(self._instances)
            for path in sorted(wanted - reached):  # modules that call each other in a circle
                if path not in self._instances:
                    self._expand(path, wanted)
        return self._instances

    def _callers_of(self, targets: set[str]) -> set[str]:
        callers: dict[str, set[str]] = defaultdict(set)
        for caller, called in self.calls.items():
            for target in called:
                callers[target].add(caller)
        wanted, pending = set(targets), list(targets)
        while pending:
            for caller in callers.get(pending.pop(), ()):
                if caller not in wanted:
                    wanted.add(caller)
                    pending.append(caller)
        return wanted & set(self.names)

    def _expand(self, path: str, wanted: set[str]) -> None:
        directory = self.directory(path)
        if directory is None:
            return
        variables = tfvars.load(self.root, path, self.var_files, self.report)
        pending = [ModuleInstance(self, directory, path, tfvars=variables)]
        count = 0
        while pending:
            instance = pending.pop()
            assert self._instances is not None
            self._instances[instance.directory.path].append(instance)
            count += 1
            if count > MAX_INSTANCES:
                self.report(path, 0, f"more than {MAX_INSTANCES} module instances, not all read")
                return
            calls = [d for d in instance.directory.of("module") if self.target(d, instance) in wanted]
            pending += [child for call in reversed(calls) for child in instance.children(call)]

    def target(self, call: Definition, instance: ModuleInstance) -> str | None:
        """The directory that holds the code of a call; None when it is not in the tree."""
        source = module_source(call, self)
        if source is not None and source.startswith("."):
            return join(instance.directory.path, source)
        key = ".".join((*instance.path, call.name))
        return self.downloaded.get(instance.root, {}).get(key)

    def instantiate(
        self, parent: ModuleInstance, call: Definition, key: str | int | None
    ) -> ModuleInstance | None:
        """The instance that a call makes; None for a remote module or a missing directory."""
        path = self.target(call, parent)
        if path is None:
            return None
        directory = self.directory(path)
        block = next((b for b in parent.blocks(call) if b.key == key), None)
        if directory is None:
            self._missing(call, path)
            return None
        if block is None or len(parent.call_chain) >= MAX_NESTING:
            return None
        site = CallSite(block.address, block.location)
        chain = (*parent.call_chain, site)
        prefix = f"{block.address}."
        return ModuleInstance(self, directory, parent.root, prefix, block, parent, chain)

    def _missing(self, call: Definition, path: str) -> None:
        location = call.location
        where = "outside of the scanned folder" if path.startswith("..") else "not there"
        message = f"the source of module.{call.name} is {where}; what it makes is not judged"
        self.report(location.path, location.line, message)


def join(directory: str, relative: str) -> str:
    """A path relative to a directory of the tree, normalised."""
    return posixpath.normpath(posixpath.join(directory, relative.split("?", 1)[0]))


def module_source(call: Definition, tree: Tree) -> str | None:
    """The literal ``source`` of a module call."""
    written = call.arguments(tree.report).get("source", [])
    if not written:
        return None
    try:
        node = written[0].expression()
    except ExpressionError:
        return None  # reported when the argument itself is evaluated
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


def _dotted(node: Expression) -> str:
    match node:
        case Literal(value) | Name(value):
            return str(value)
        case Attribute(source, name):
            return f"{_dotted(source)}.{name}"
    return ""


class HclProject(Project):
    """A Project over a tree of HCL files."""

    __slots__ = ("_types", "tree")

    def __init__(self, tree: Tree) -> None:
        """Survey the tree; nothing is parsed yet."""
        tree.survey()
        self.tree = tree
        self._types: dict[str, list[Block]] = {}
        self.files = tree.files
        self.errors = tree.errors
        self.memo = {}

    @property
    def relevant(self) -> bool:
        """False when no file of the tree mentions anything a rule is about."""
        return bool(self.tree.relevant or self.tree.suspects)

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
        for path in sorted(self.tree.suspects):
            for instance in instances.get(path, []):
                for definition in _suspicious(instance.directory, self.tree.suspects[path]):
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
        variables = tfvars.load(self.tree.root, root, self.tree.var_files, self.tree.report)
        return any(
            "default" not in variable.arguments(self.tree.report)
            and variable.name not in variables
            for variable in directory.of("variable")
        )

    def line_text(self, location: Location, count: int = 1) -> str:
        """Source lines from the start of a location."""
        folder, _, name = location.path.rpartition("/")
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
    found: dict[int, Definition] = {}
    for source in directory.sources:
        if source.path in paths:
            for match in SUSPECT.finditer(source.data):
                if definition := directory.at(source, match.start()):
                    found[id(definition)] = definition
    return list(found.values())


def _instance(block: Block) -> ModuleInstance:
    if not isinstance(block, HclBlock):
        raise TypeError(f"{block!r} comes from another loader")
    return block.instance


def load(
    root: Path, var_files: Sequence[Path] = (), modules: KeyModules | None = None
) -> HclProject:
    """Read a directory, or the directory of a single file. Raises InputError."""
    if root.is_file():
        root = root.parent
    if not root.is_dir():
        raise InputError(f"{root}: no such file or directory", "Name a folder with Terraform code.")
    return HclProject(Tree(root, tuple(var_files), modules))
