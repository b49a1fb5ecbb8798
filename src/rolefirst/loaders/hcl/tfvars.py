"""The variable files that Terraform loads by itself, and those named on the command line.

Order, later wins: ``terraform.tfvars``, ``terraform.tfvars.json``, ``*.auto.tfvars`` and
``*.auto.tfvars.json`` by name, then ``--var-file``.
Source: https://developer.hashicorp.com/terraform/language/values/variables
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rolefirst.findings import Location
from rolefirst.loaders.hcl import files, jsonsyntax
from rolefirst.loaders.hcl.arguments import Argument, Offsets, Report, json_body, read_body
from rolefirst.loaders.hcl.combine import from_plain
from rolefirst.loaders.hcl.definitions import Definition
from rolefirst.loaders.hcl.evaluate import MAX_STEPS, Scope, evaluate
from rolefirst.loaders.hcl.expressions import ExpressionError
from rolefirst.loaders.hcl.source import Source
from rolefirst.project import Hop, Value, unknown


class _NoNames:
    """A variable file may hold literals alone."""

    def resolve(self, root: str, path: list[str | Value]) -> tuple[Value, int] | None:
        return None

    def hop(self, offset: int) -> Hop:
        return Hop(Location("", 0), "")

    def file(self, name: str, arguments: list[Value]) -> Value:
        return unknown("a variable file cannot read files")


def load(root: str, directory: str, var_files: Sequence[Path], report: Report) -> dict[str, Value]:
    """The values for the variables of a root module."""
    values: dict[str, Value] = {}
    for path, shown in [*_automatic(root, directory), *((p, str(p)) for p in var_files)]:
        values.update(_read(path, shown, report))
    return values


def _automatic(root: str, directory: str) -> Iterator[tuple[Path, str]]:
    folder = Path(root, directory)
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    first = [n for n in ("terraform.tfvars", "terraform.tfvars.json") if n in names]
    automatic = [n for n in names if n.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    for name in first + automatic:
        yield folder / name, name if directory == "." else f"{directory}/{name}"


def _read(path: Path, shown: str, report: Report) -> dict[str, Value]:
    try:
        data = files.read(str(path))
    except OSError as error:
        report(shown, 0, f"cannot be read: {error.strerror}")
        return {}
    return _json(data, shown, report) if path.name.endswith(".json") else _hcl(data, shown, report)


def definitions(source: Source, report: Report) -> Iterator[Definition]:
    """What a variable file sets, as definitions of variables with an argument ``value``."""
    start = 3 if source.data.startswith(b"\xef\xbb\xbf") else 0
    if source.path.endswith(".json"):
        text = source.text(start, len(source.data))
        try:
            members = jsonsyntax.read(text)
        except jsonsyntax.JsonError as error:
            report(source.path, error.line, str(error))
            return
        found = json_body(source, members, Offsets(text, start))
    else:
        found = read_body(source, start, len(source.data), report)
    for name, items in found.items():
        last = items[-1]
        parts = ({"value": [last]},)
        yield Definition("variable", "", name, source, last.start, last.end, parts)


def _json(data: bytes, shown: str, report: Report) -> dict[str, Value]:
    try:
        content = json.loads(data)
        if isinstance(content, dict):
            return {name: from_plain(value) for name, value in content.items()}
    except (ValueError, RecursionError):
        report(shown, 0, "not valid JSON")
        return {}
    report(shown, 0, "not a JSON object")
    return {}


def _hcl(data: bytes, shown: str, report: Report) -> dict[str, Value]:
    source = Source(shown, data)
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    found = read_body(source, start, len(data), report)
    return {name: _value(items[-1], report) for name, items in found.items()}


def _value(item: Argument, report: Report) -> Value:
    try:
        return evaluate(item.expression(), Scope(_NoNames(), {}, [MAX_STEPS]))
    except RecursionError:
        line, message = item.location.line, "nested too deeply to be read"
    except ExpressionError as error:
        line, message = item.source.position(item.offset(error.offset))[0], str(error)
    report(item.source.path, line, f"variable {item.name}: {message}")
    return unknown(f"var.{item.name} cannot be parsed in {item.source.path}")
