"""Where checkov can show a finding.

checkov reports on resources, data sources, module calls and providers. It has no place for an
output, a local, a variable, a backend, an instance it has not expanded or a file it has not read.
What concerns one of those goes to the nearest block that checkov can report on: of the same module
instance if there is one, of the nearest folder otherwise; there a key or an IAM user comes first,
then a resource, then the rest; then the same file, the nearest line and the address decide.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from rolefirst.loaders.checkov_vertices import Vertex, address_of, relative

_INDEX = re.compile(r'\[(?:"[^"\]]*"|\d+)\]')
_MODULES = re.compile(r'(?:module\.[\w-]+(?:\[(?:"[^"\]]*"|\d+)\])?\.)*')
#: Between the messages of several findings on one block.
JOINT = " | "
_TYPES = {"aws_iam_access_key": 0, "aws_iam_service_specific_credential": 0, "aws_iam_user": 1}
_KINDS = {"resource": 2, "data": 3, "module": 4, "provider": 5}


@dataclass(slots=True)
class Places:
    """The blocks of a graph that checkov can report on."""

    vertices: list[Vertex]
    root: Path
    _exact: dict[tuple[str, str], Vertex] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index them by address."""
        self.vertices = [vertex for vertex in self.vertices if vertex.reportable]
        for vertex in self.vertices:
            name = self._relative(vertex.root), address_of(vertex)
            self._exact.setdefault(name, vertex)

    def exact(self, root: str, address: str) -> Vertex | None:
        """The block with this address, None when checkov cannot report on it."""
        return self._exact.get((root, address))

    def of(self, root: str, address: str, path: str, line: int) -> Vertex | None:
        """Where to show what concerns a block; None when checkov can report on nothing at all."""
        for name in (address, _without_last_index(address), _INDEX.sub("", address)):
            if found := self._exact.get((root, name)):
                return found
        return self.nearest(path, line, root, address)

    def nearest(self, path: str, line: int = 0, root: str = "", address: str = "") -> Vertex | None:
        """The nearest block to a place in a file."""
        module = _module(address)

        def distance(vertex: Vertex) -> tuple[object, ...]:
            file = self._relative(vertex.file)
            same_root = not root or self._relative(vertex.root) == root
            same_module = same_root and bool(address) and _module(address_of(vertex)) == module
            return (
                not same_module,
                not same_root,
                -_common(os.path.dirname(file), os.path.dirname(path)),
                _TYPES.get(vertex.type, _KINDS[vertex.kind]),
                file != path,
                abs(vertex.line - line) if file == path else 0,
                file,
                vertex.address,
            )

        return min(self.vertices, key=distance, default=None)

    def _relative(self, path: str) -> str:
        return relative(path, self.root)


def concerns(address: str, place: str) -> str:
    """What a message that is shown elsewhere ends with; ``concerned`` reads it back."""
    return f"[concerns {address} at {place}]"


_CONCERNS = re.compile(r"\[concerns (.+?) at [^\[\]]*\]$")


def concerned(message: str, resource: str) -> set[str]:
    """Which blocks a joined message on checkov's ``resource`` is about, in checkov's names."""
    parts = message.split(JOINT)
    found = [_CONCERNS.search(part) for part in parts]
    return {shown_as(match[1]) if match else resource for match in found}


def shown_as(address: str) -> str:
    """The name checkov gives to a block: it leaves out the kind of data sources and modules."""
    module = _module(address)
    rest = address[len(module) :]
    if rest.startswith("provider."):
        name = rest.removeprefix("provider.")
        return f"{module}{name if '.' in name else f'{name}.default'}"
    return f"{module}{re.sub(r'^(?:data|module)[.]', '', rest)}"


def _without_last_index(address: str) -> str:
    return re.sub(rf"{_INDEX.pattern}$", "", address)


def _module(address: str) -> str:
    """The module instance a block stands in; a module call stands in its caller."""
    found = _MODULES.match(address)
    return found[0] if found else ""


def _common(one: str, other: str) -> int:
    """How many folders two paths share from the root."""
    shared = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        shared += bool(left)
    return shared
