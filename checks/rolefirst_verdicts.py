"""Runs the rules over a graph and sorts what they say by the block checkov can show it on.

Holds no check and no state: ``rolefirst_checkov.py`` beside it calls ``fill`` once per graph. The
engine is imported inside of the functions, so that its absence is a result and no failed import.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rolefirst.config import Config
    from rolefirst.findings import Finding, ScanError, ScanResult, Undetermined
    from rolefirst.loaders.checkov_graph import GraphProject
    from rolefirst.loaders.checkov_places import Places
    from rolefirst.loaders.checkov_vertices import Vertex
    from rolefirst.project import Project
    from rolefirst.rules.base import Rule

_CRASHED = re.compile(r"rule (RF\d{3}) crashed")
#: checkov hides all of a piece of at most three characters, and shows the start of a longer one.
_PIECE = 3


@dataclass(slots=True)
class Verdicts:
    """The results of one scan of one graph, by rule and block."""

    graph: Any
    by_conf: dict[int, Any] = field(default_factory=dict)
    by_place: dict[tuple[str, str], Any] = field(default_factory=dict)
    failed: dict[tuple[str, int], list[tuple[int, str]]] = field(default_factory=dict)
    skipped: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    doubts: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    #: What could not be read, by block: text and the rule that reports it, "" as long as none has.
    errors: dict[int, list[list[str]]] = field(default_factory=dict)
    judged: set[tuple[str, int]] = field(default_factory=set)
    masks: dict[int, list[str]] = field(default_factory=dict)
    inline_protected: bool = False
    broken: str = ""
    #: Rules that have said on some block that nothing was evaluated.
    told: set[str] = field(default_factory=set)

    def vertex(self, conf: dict[str, Any]) -> Any:
        """The vertex of a block: in HCL the same object, in a plan a copy of it."""
        found = self.by_conf.get(id(conf))
        if found is None:
            file = conf.get("__file__")
            path = str(file[0] if isinstance(file, list) and file else file or "")
            found = self.by_place.get((path, str(conf.get("__address__"))))
        return found

    def says(self, rule: str, vertex: Any) -> bool:
        """Whether a rule says something about a block, suppressed or not."""
        place = rule, id(vertex)
        return any(place in said for said in (self.failed, self.skipped, self.doubts))


def crashes() -> tuple[type[BaseException], ...]:
    """What can go wrong in the engine, or in loading it: each has to reach the report."""
    missing = (ImportError, OSError, SyntaxError)
    try:
        from rolefirst.errors import CRASHES, RolefirstError
    except missing:
        return missing
    return (RolefirstError, *CRASHES)


def scan(graph: Any, conf: dict[str, Any], scanned: str) -> Verdicts:
    """Run the rules over a graph; what goes wrong is in the verdicts.

    ``conf`` and ``scanned`` are the first block checkov asks about.
    """
    verdicts = Verdicts(graph)
    if graph is None:
        verdicts.broken = (
            "checkov gave no graph (TF_SPLIT_GRAPH with several root modules, or a checkov older "
            "than 3.2.0)"
        )
        return verdicts
    try:
        _fill(verdicts, graph, conf, scanned)
    except crashes() as error:
        why = getattr(error, "message", "") or f"{type(error).__name__}: {error}"
        verdicts.broken = f"rolefirst cannot evaluate this scan: {why}"
    return verdicts


def _fill(verdicts: Verdicts, graph: Any, conf: dict[str, Any], scanned: str) -> None:
    from rolefirst import limits, rules
    from rolefirst.decision.catalogue import extend
    from rolefirst.decision.hints import key_modules
    from rolefirst.loaders import checkov_graph, checkov_vertices
    from rolefirst.loaders.checkov_places import Places
    from rolefirst.scan import Settings, allow
    from rolefirst.scan import scan as judge

    vertices = checkov_vertices.read(graph)
    for vertex in vertices:
        if vertex.reportable:
            verdicts.by_conf[id(vertex.config)] = vertex
            verdicts.by_place.setdefault((vertex.file, vertex.address), vertex)
            if not vertex.file.endswith(".tf"):  # plans of older checkovs do not name the file
                verdicts.by_place.setdefault(("", vertex.address), vertex)
    root = _root(verdicts.vertex(conf), scanned) or checkov_graph.top(vertices)
    config = _config()
    verdicts.inline_protected = config.inline_protected
    vertices = [v for v in vertices if not _excluded(v.file, root, config)]
    modules = key_modules(config.rows)
    project = checkov_graph.project_of(vertices, root, modules, config.exclude)
    extend(project, config.rows)
    limits.judge_by(project, config.limits)
    _excepted(project, root, config)
    known = rules.load()
    lost: list[ScanError] = []
    settings = Settings(
        severities=config.severities,
        disabled=config.disabled,
        inline_protected=config.inline_protected,
        today=date.today(),
    )
    places = Places(vertices, root)
    if isinstance(project, checkov_graph.GraphProject):
        lost = [e for e in _lost(project) if not _excluded(root / e.path, root, config)]
        if not project.tree.survey.matters and not project.tree.survey.registers:
            known = ()
    said = judge(project, known, settings)
    result = allow(said, [*project.errors, *lost], config.allow_unparsed)
    _sort(verdicts, result, places)
    _errors(verdicts, result.errors, places)
    crashed = {found[1] for e in result.errors if (found := _CRASHED.search(e.message))}
    for rule in known:
        if rule.id in crashed:
            continue
        verdicts.judged.update((rule.id, id(v)) for v in _subjects(rule, project, places))
    _masks(verdicts, project, places)


def _excepted(project: Project, root: Path, config: Config) -> None:
    """Judge by the registers in the scanned folder; of a plan, by the one beside it."""
    from rolefirst.exceptions.entries import judge_by
    from rolefirst.loaders.checkov_graph import GraphProject
    from rolefirst.loaders.hcl.files import REGISTER

    if isinstance(project, GraphProject):
        folders = project.tree.survey.registers
        folders = [f for f in folders if not _excluded(root / f / REGISTER, root, config)]
    else:
        folders = ["."] if (root / REGISTER).is_file() else []
    if folders:
        from rolefirst.exceptions.registers import beside  # lazy: few trees have a register

        judge_by(project, beside(root, folders), date.today())


def _root(vertex: Vertex | None, scanned: str) -> Path | None:
    """The scanned folder: what is left of a block's file without the path checkov shows."""
    if vertex is None or not scanned or not vertex.file.endswith(scanned):
        return None
    return Path(vertex.file[: -len(scanned)] or "/")


def _config() -> Config:
    """The configuration of the command line: rolefirst.toml in the working directory."""
    from rolefirst import config, rules

    path = Path(config.NAME)
    if not path.is_file():
        return config.Config()
    return config.load(path, [rule.id for rule in rules.load()])


def _excluded(file: str | Path, root: Path, config: Config) -> bool:
    """Whether the configuration leaves a file out."""
    path = os.path.relpath(file, root).replace(os.sep, "/")
    return any(fnmatchcase(path, glob) for glob in config.exclude)


def _lost(project: GraphProject) -> Iterator[ScanError]:
    """Files about keys that checkov failed to parse or does not read; not those it was to skip."""
    from checkov.terraform.tf_parser import TFParser

    from rolefirst.findings import ScanError
    from rolefirst.loaders.checkov_graph import unseen

    for path, full in unseen(project):
        if not path.endswith(".tf"):
            why = "is about access keys, and checkov's terraform framework does not read it"
            yield ScanError(path, 0, why)
            continue
        problems: dict[str, Exception] = {}
        TFParser().parse_file(full, problems)
        if problems:
            yield ScanError(path, 0, "is about access keys, and checkov cannot parse it")


def _sort(verdicts: Verdicts, result: ScanResult, places: Places) -> None:
    for finding in result.findings:
        if vertex := _place(finding, places):
            entry = int(finding.severity), _text(finding, vertex, places)
            verdicts.failed.setdefault((finding.rule.id, id(vertex)), []).append(entry)
    for finding in result.suppressed:
        if (vertex := _place(finding, places)) and finding.suppression:
            text = _say(f"{finding.suppression.kind}: {finding.suppression.reason}")
            verdicts.skipped.setdefault((finding.rule.id, id(vertex)), []).append(text)
    for doubt in result.undetermined:
        if vertex := _place(doubt, places):
            text = _shown(_say(doubt.reason), doubt, vertex, places)
            verdicts.doubts.setdefault((doubt.rule.id, id(vertex)), []).append(text)


def _place(item: Finding | Undetermined, places: Places) -> Vertex | None:
    return places.of(item.root, item.address, item.location.path, item.location.line)


def _text(finding: Finding, vertex: Vertex, places: Places) -> str:
    """The message, and what to use instead."""
    parts = [_say(finding.message)]
    decision = finding.decision
    if decision is not None:
        use = _say(decision.summary or decision.alternative)
        if decision.alternative == "ask-owner":
            parts.append(f"Not decided: {use} {_say(decision.question)}".rstrip())
        else:
            parts.append(f"Decision: {use} ({_say(decision.alternative)})")
    return _shown(". ".join(part.rstrip(". ") for part in parts), finding, vertex, places)


def _shown(text: str, item: Finding | Undetermined, vertex: Vertex, places: Places) -> str:
    """A text as it stands on a block: with the place it is about where that is another one."""
    from rolefirst.loaders.checkov_places import concerns

    place = _say(str(item.location))
    if places.exact(item.root, item.address) is not vertex:
        return f"{text} {concerns(_say(item.address), place)}"
    here = vertex.file.endswith(item.location.path)
    inside = here and vertex.line <= item.location.line <= vertex.end_line
    return text if inside else f"{text} ({place})"


def _errors(verdicts: Verdicts, errors: tuple[ScanError, ...], places: Places) -> None:
    for error in errors:
        vertex = places.nearest(error.path, error.line)
        if vertex is None:
            continue
        crashed = _CRASHED.search(error.message)
        place = f"{error.path}:{error.line}" if error.line else error.path
        text = _say(f"not evaluated: {place}: {error.message}")
        entry = [text, crashed[1] if crashed else ""]
        verdicts.errors.setdefault(id(vertex), []).append(entry)


def _subjects(rule: Rule, project: Project, places: Places) -> Iterator[Vertex]:
    """The blocks a rule has looked at: without a result they have passed."""
    try:
        for block in rule.subjects(project):
            if vertex := places.exact(block.root, block.address):
                yield vertex
    except crashes():
        return  # the scan has it among its errors


def _masks(verdicts: Verdicts, project: Project, places: Places) -> None:
    """What checkov must not show in the excerpt of a block: it prints the lines of the file."""
    from rolefirst.reports import secret_spans

    for block in project.suspects():
        vertex = places.exact(block.root, block.address)
        if vertex is None:
            continue
        pieces: dict[str, None] = {}
        text = block.source() or "\n".join(_strings(vertex.config))
        for line in text.splitlines():
            for start, end in secret_spans(line, source=True):
                shown = 4 if line.startswith("AKIA", start) else 0
                secret = line[start + shown : end]
                pieces.update((secret[i : i + _PIECE], None) for i in range(0, len(secret), _PIECE))
        verdicts.masks[id(vertex)] = list(pieces)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _strings(member)
    elif isinstance(value, str):
        yield value


def _say(text: str) -> str:
    """Text from the scanned repository, harmless for terminals and without key material."""
    from rolefirst.reports import mask
    from rolefirst.reports.terminal import escape

    return escape(mask(text))
