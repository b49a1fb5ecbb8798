"""What every remediation is held to: the one way to parse it, to check it and to apply it."""

from __future__ import annotations

import functools
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import hcl2

from rolefirst import rules
from rolefirst.exceptions.entries import judge_by
from rolefirst.exceptions.registers import REGISTER, beside
from rolefirst.facts import with_remediation
from rolefirst.findings import Finding, Remediation, ScanResult, Undetermined
from rolefirst.fix.complete import with_edits
from rolefirst.fix.plan import plan
from rolefirst.loaders import hcl
from rolefirst.scan import scan

#: The slim schema: what it is and where it comes from is said in the file.
SCHEMA = json.loads(Path(__file__).with_name("provider_schema.json").read_text("utf-8"))["types"]
META = {"provider", "count", "lifecycle", "depends_on", "for_each"}
KEY_MATERIAL = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")
#: When the registers of the tests are read.
TODAY = date(2026, 6, 1)
TERRAFORM = shutil.which("terraform")


@functools.cache
def parsed(terraform: str) -> dict:
    """The code as data, which nobody may change: parsing it is what takes the time."""
    return hcl2.load(io.StringIO(terraform))


def blocks(terraform: str, kind: str) -> list[tuple[str, str, dict]]:
    """(type, label, body) of each block of a kind."""
    found = []
    for block in parsed(terraform).get(kind, []):
        for block_type, named in block.items():
            if block_type.startswith('"'):
                found += [(block_type.strip('"'), n.strip('"'), b) for n, b in named.items()]
    return found


def misfits(terraform: str) -> list[str]:
    """Where the code does not fit the schema of its providers."""
    found = []
    for kind, prefix in (("resource", ""), ("data", "data.")):
        for block_type, name, body in blocks(terraform, kind):
            where = f"{prefix}{block_type}.{name}"
            schema = SCHEMA.get(prefix + block_type)
            found += [f"{where}: no schema"] if schema is None else _misfits(body, schema, where)
    return found


def _misfits(body: dict, schema: dict, where: str) -> Iterator[str]:
    """Unknown arguments, missing required ones, and the number of nested blocks."""
    dynamic = {
        name.strip('"'): part["content"][0]
        for entry in body.get("dynamic", [])
        for name, part in entry.items()
        if name.startswith('"')
    }
    written = {name for name in body if not name.startswith("__")} - META - {"dynamic"}
    arguments = {*schema["required"], *schema["optional"]}
    for name in sorted((written | set(dynamic)) - arguments - set(schema["blocks"])):
        yield f"{where}: {name} is unknown"
    for name in sorted(set(schema["required"]) - written):
        yield f"{where}: {name} is missing"
    for name, nested in schema["blocks"].items():
        instances = [*body.get(name, []), *([dynamic[name]] if name in dynamic else [])]
        most = nested["max"]
        if not (name in dynamic or nested["min"] <= len(instances)):
            yield f"{where}.{name}: too few"
        if most is not None and len(instances) > most:
            yield f"{where}.{name}: too many"
        for instance in instances:
            yield from _misfits(instance, nested, f"{where}.{name}")


def breakouts(remediation: Remediation) -> list[str]:
    """Where a name of the code has become more than a name."""
    terraform, steps = remediation.terraform, remediation.steps
    code = "\n".join(line for line in terraform.splitlines() if not line.startswith("#"))
    checks = {
        "a resource of its own": any(
            kind == "evil" for kind, _, _ in blocks(terraform, "resource")
        ),
        "a template of its own": re.search(r"(?<!\$)\$\{file|(?<!%)%\{ if", code) is not None,
        "a step of its own": any("\n" in step for step in steps),
    }
    for text in (terraform, *steps):
        unprintable = not all(c.isprintable() or c == "\n" for c in text)
        checks |= {"unprintable": unprintable} if unprintable else {}
        checks |= {"key material": True} if KEY_MATERIAL.search(text) else {}
    return [what for what, found in checks.items() if found]


def unformatted(folder: Path) -> set[Path]:
    """The files below a folder that ``terraform fmt`` would change or cannot read, in one go."""
    command = ["terraform", "fmt", "-check", "-recursive", "-no-color", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):  # it says where and stops: nothing more is known
        raise AssertionError(done.stderr)
    return {Path(line) for line in done.stdout.splitlines()}


def scanned(folder: Path) -> ScanResult:
    """What all rules say about a tree, which has to be readable; its register of keys counts."""
    project = hcl.load(folder)
    if (folder / REGISTER).exists():
        judge_by(project, beside(folder, ["."]), TODAY)
    result = scan(project, rules.load())
    assert result.errors == (), result.errors
    return result


def places(found: Iterable[Finding | Undetermined]) -> set[tuple[str, str]]:
    """Rule and address of what a scan says."""
    return {(item.rule.id, item.address) for item in found}


def fix(
    folder: Path, wanted: Callable[[Finding], bool], until: str = "remove"
) -> list[Remediation]:
    """Make the changes of ``rolefirst fix`` for these findings; the remediations of all of them."""
    project = hcl.load(folder)
    result = scan(project, rules.load())
    complete = with_edits(with_remediation(result, project), project)
    assert complete.errors == (), complete.errors
    chosen = [finding for finding in complete.findings if wanted(finding)]
    for change in plan(chosen, project.bytes_of, project.paths_in, until).files:
        if change.after is None:
            (folder / change.path).unlink()
        else:
            (folder / change.path).write_bytes(change.after)
    return [finding.remediation for finding in chosen if finding.remediation is not None]


def write_tree(folder: Path, files: dict[str, str]) -> None:
    """Write files, with the folders they are in."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
