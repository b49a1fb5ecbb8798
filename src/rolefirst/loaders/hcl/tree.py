"""The tree of a scan: what the first pass found, and what has been read since.

Directories are indexed and modules instantiated when something in them is asked for.
"""

from __future__ import annotations

import copy
import enum
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rolefirst.findings import CallSite, ScanError
from rolefirst.loaders.hcl import files, parser, tfvars
from rolefirst.loaders.hcl.definitions import Definition
from rolefirst.loaders.hcl.directory import Directory
from rolefirst.loaders.hcl.expressions import (
    Attribute,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Object,
)
from rolefirst.loaders.hcl.modules import MAX_NESTING, ModuleInstance
from rolefirst.loaders.hcl.source import Source
from rolefirst.loaders.hcl.survey import Survey, join
from rolefirst.project import Value

#: Module instances of one root that are looked at.
MAX_INSTANCES = 50_000


class Defaults(enum.Enum):
    """Which defaults of a root module's variables are taken for what is deployed."""

    ALL = "all"
    ON = "those that are true"
    NONE = "none"

    def hold(self, default: Value) -> bool:
        """Whether a variable that no file sets has this default."""
        return self is Defaults.ALL or (self is Defaults.ON and default.data is True)


class Tree:
    """The files of a scan. ``depth`` counts named values that are being evaluated."""

    def __init__(self, survey: Survey, var_files: Sequence[Path] = ()) -> None:
        """Start from the first pass; nothing is indexed yet."""
        self.survey = survey
        self.names = survey.names
        self.top = survey.top
        self.var_files = tuple(var_files)
        self.errors = [ScanError(*error) for error in survey.errors]
        self.depth = 0
        self.defaults = Defaults.ALL
        self._reported = set(self.errors)
        self._directories: dict[str, Directory] = {}
        self._provider_maps: dict[int, dict[str, str]] = {}
        self._instances: dict[str, list[ModuleInstance]] | None = None
        self._absent: set[str] = set()
        self._report_missing()

    def parse(self, text: str) -> Expression:
        """Read an expression. Raises ExpressionError."""
        return parser.parse(text)

    def report(self, path: str, line: int, message: str) -> None:
        """Note that something could not be read; the same once."""
        error = ScanError(path, line, message)
        if error not in self._reported:
            self._reported.add(error)
            self.errors.append(error)

    def _report_missing(self) -> None:
        """Report each module directory that is not there, unless all its calls are comments."""
        calls: dict[str, list[Definition]] = defaultdict(list)
        for caller, path in self.survey.missing:
            found = self.directory(caller)
            for call in found.of("module") if found else ():
                source = module_source(call, self)
                if source and source.startswith(".") and join(caller, source) == path:
                    calls[path].append(call)
        for path, callers in calls.items():
            self._missing(path, callers)

    @property
    def block_count(self) -> int:
        """How many blocks were indexed so far."""
        return sum(directory.block_count for directory in self._directories.values())

    def reading(self, defaults: Defaults) -> Tree:
        """The same files with other module instances: fewer defaults hold."""
        other = copy.copy(self)
        other.defaults = defaults
        other._instances = None
        return other

    # --- directories ---

    def directory(self, path: str) -> Directory | None:
        """The definitions of a directory of the tree; None when it holds no Terraform."""
        if path not in self.names:
            return None
        if path not in self._directories:
            prefix = "" if path == "." else f"{path}/"
            sources = [self.source(prefix + name) for name in self.names[path]]
            self._directories[path] = Directory(path, sources, self.errors)
        return self._directories[path]

    def source(self, path: str) -> Source:
        """The text of a file of the tree; empty when it cannot be read, which is reported."""
        try:
            return Source(path, files.read(os.path.join(self.top, path)))
        except OSError as error:
            self.report(path, 0, f"cannot be read: {error.strerror}")
            return Source(path, b"")

    def file(self, name: str, instance: ModuleInstance) -> tuple[str, str] | None:
        """A file that the code reads: its path and text, when it lies inside the scanned tree."""
        if "\0" in name:
            return None
        for base in (instance.directory.path, instance.root, "."):
            path = os.path.realpath(os.path.join(self.top, base, name))
            if path.startswith(self.top + os.sep):
                try:
                    text = files.read(path).decode("utf-8", "surrogateescape")
                except OSError:
                    continue
                return path[len(self.top) + 1 :].replace(os.sep, "/"), text
        return None

    def provider_map(self, call: Definition) -> dict[str, str]:
        """The ``providers`` of a module call: name in the module → name in the caller."""
        if id(call) not in self._provider_maps:
            found: dict[str, str] = {}
            node = _parsed(call, "providers", self)
            if isinstance(node, Object):
                found = {_dotted(key): _dotted(value) for key, value in node.items}
            self._provider_maps[id(call)] = found
        return self._provider_maps[id(call)]

    # --- module instances ---

    def instances(self) -> dict[str, list[ModuleInstance]]:
        """Every instance of every directory that matters."""
        if self._instances is None:
            found: dict[str, list[ModuleInstance]] = defaultdict(list)
            self._instances = found
            wanted = self.survey.callers_of(self.survey.relevant | set(self.survey.suspects))
            called = {target for targets in self.survey.calls.values() for target in targets}
            for path in sorted(wanted - called):
                self._expand(path, wanted, found)
            # Left are modules that call each other in a circle or only seem to be called; one that
            # is called no time (count = 0) is left out.
            for path in sorted(wanted - self._callable(set(found))):
                if path not in found:
                    self._expand(path, wanted, found)
        return self._instances

    def _callable(self, roots: set[str]) -> set[str]:
        """These directories and all that a module call in them names, however often it is made."""
        found, pending = set(roots), sorted(roots)
        while pending:
            path = pending.pop()
            directory = self.directory(path)
            targets = set(self.survey.downloaded.get(path, {}).values())
            for call in directory.of("module") if directory else ():
                source = module_source(call, self)
                if source is not None and source.startswith("."):
                    targets.add(join(path, source))
            pending += sorted(targets - found)
            found |= targets
        return found

    def _expand(self, path: str, wanted: set[str], found: dict[str, list[ModuleInstance]]) -> None:
        directory = self.directory(path)
        if directory is None:
            return
        variables = self.variables(path)
        pending = [ModuleInstance(self, directory, path, tfvars=variables)]
        count = 0
        while pending:
            instance = pending.pop()
            found[instance.directory.path].append(instance)
            count += 1
            if count > MAX_INSTANCES:
                self.report(path, 0, f"more than {MAX_INSTANCES} module instances, not all read")
                return
            calls = [
                d for d in instance.directory.of("module") if self.target(d, instance) in wanted
            ]
            pending += [child for call in reversed(calls) for child in instance.children(call)]

    def variables(self, root: str) -> dict[str, Value]:
        """The values that variable files give a root module."""
        return tfvars.load(self.top, root, self.var_files, self.report)

    def target(self, call: Definition, instance: ModuleInstance) -> str | None:
        """The directory that holds the code of a call; None when it is not in the tree."""
        source = module_source(call, self)
        if source is not None and source.startswith("."):
            return join(instance.directory.path, source)
        key = ".".join((*instance.path, call.name))
        return self.survey.downloaded.get(instance.root, {}).get(key)

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
            self._missing(path, [call])
            return None
        if block is None or self._too_deep(parent, call, directory):
            return None
        site = CallSite(block.address, block.location)
        chain = (*parent.call_chain, site)
        prefix = f"{block.address}."
        return ModuleInstance(self, directory, parent.root, prefix, block, parent, chain)

    def _too_deep(self, parent: ModuleInstance, call: Definition, directory: Directory) -> bool:
        """Whether a call is one of a circle or one too many in a row; reports it."""
        message = ""
        if len(parent.call_chain) >= MAX_NESTING:
            message = f"module.{call.name} is more than {MAX_NESTING} calls deep, not read"
        above: ModuleInstance | None = parent
        while above is not None:
            if above.directory is directory:
                message = f"module.{call.name} calls a module that it is part of, not read again"
            above = above.parent
        if message:
            self.report(call.location.path, call.location.line, message)
        return bool(message)

    def _missing(self, path: str, calls: list[Definition]) -> None:
        """Report a module directory that is not there once, however often it is called."""
        if path in self._absent or path in self.survey.left_out:
            return
        self._absent.add(path)
        first = min(calls, key=lambda call: call.location)
        more = len(calls) - 1
        others = f" and of {more} more call{'s' if more > 1 else ''}" if more else ""
        where = (
            "outside of the scanned folder (scan a folder that holds both)"
            if path.startswith("..")
            else "not there"
        )
        message = (
            f"the source of module.{first.name}{others} is {path}, which is {where}; "
            "what it makes is not judged"
        )
        self.report(first.location.path, first.location.line, message)


def module_source(call: Definition, tree: Tree) -> str | None:
    """The literal ``source`` of a module call."""
    node = _parsed(call, "source", tree)
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


def _parsed(call: Definition, name: str, tree: Tree) -> Expression | None:
    """An argument of a module call as it is written."""
    written = call.arguments(tree.report).get(name, [])
    if not written:
        return None
    try:
        return written[0].expression(tree.parse)
    except ExpressionError as error:
        line, _ = written[0].source.position(written[0].offset(error.offset))
        tree.report(written[0].source.path, line, f"argument {name}: {error}")
        return None


def _dotted(node: Expression) -> str:
    match node:
        case Literal(value) | Name(value):
            return str(value)
        case Attribute(source, name):
            return f"{_dotted(source)}.{name}"
    return ""
