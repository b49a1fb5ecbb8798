"""rolefirst inside checkov: one check per rule, on checkov's own graph.

    checkov -d DIR --framework terraform --external-checks-dir /path/to/checks -c 'RF*'

checkov swallows what goes wrong in a check: an exception is no result and no exit code. So
everything that keeps a rule from being evaluated is a FAILED result here, on a key, on an IAM user
or on the first block checkov shows us. A rule that cannot tell returns UNKNOWN, which checkov
leaves out of its report (with ROLEFIRST_STRICT=1 it fails too); what is suppressed is SKIPPED.

checkov executes this file once per framework: importing it again registers nothing.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.base_check import BaseDataCheck
from checkov.terraform.checks.module.base_module_check import BaseModuleCheck
from checkov.terraform.checks.provider.base_check import BaseProviderCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from checkov.terraform.checks.resource.registry import resource_registry

# checkov puts this folder on sys.path before it executes what is in it.
from rolefirst_verdicts import Verdicts, crashes, scan  # type: ignore[import-not-found]

_HERE = Path(os.path.realpath(__file__)).parent
if (_HERE.parent / "src" / "rolefirst").is_dir():  # a clone: these checks go with that engine
    sys.path.insert(0, str(_HERE.parent / "src"))
elif importlib.util.find_spec("rolefirst") is None:  # the wheel: this folder lies in the package
    sys.path.append(str(_HERE.parent.parent))

#: The rules, for when the engine cannot be asked for them; a test compares.
IDS = (
    *("RF101", "RF102", "RF103", "RF104", "RF105", "RF106", "RF107"),
    *("RF201", "RF202", "RF203", "RF204", "RF301", "RF302", "RF303", "RF304"),
    *("RF401", "RF402", "RF501", "RF502", "RF503", "RF601", "RF602", "RF603"),
    *("RF701", "RF702", "RF703", "RF704", "RF705", "RF801", "RF802", "RF803"),
    *("RF901", "RF902", "RF903", "RF904"),
)
_PROTECTED = re.compile(r"RF1\d\d|RF2\d\d|RF501|RF704|RF9\d\d")
#: Said on a skip where the rule has nothing to say: checkov shows those as skipped, too.
_UNUSED = "this skip silences nothing"
#: Between several findings on one block, as loaders/checkov_places.py reads it.
_JOINT = " | "
_KEYS = ("aws_iam_access_key", "aws_iam_service_specific_credential")
_SIGNING = {"access_key", "secret_key", "token"}


@dataclass(slots=True)
class Answer:
    """What one check says about one block."""

    result: CheckResult
    text: str = ""
    severity: str = ""


class Engine:
    """Scans each graph once and answers for it. checkov may ask from several threads."""

    def __init__(self) -> None:
        """No graph yet."""
        self._lock = threading.RLock()
        self._verdicts: dict[int, Verdicts] = {}

    def verdicts(self, graph: Any, conf: dict[str, Any], scanned: str) -> Verdicts:
        """The results for a graph. When threads have swapped graphs, those that know the block."""
        with self._lock:
            if id(graph) not in self._verdicts:
                self._verdicts[id(graph)] = scan(graph, conf, scanned)
            own = self._verdicts[id(graph)]
            if own.broken or own.vertex(conf) is not None:
                return own
            known = (other for other in self._verdicts.values() if other.vertex(conf) is not None)
            return next(known, own)

    def answer(self, rule: str, verdicts: Verdicts, conf: dict[str, Any], type: str) -> Answer:
        """What a rule says about a block."""
        vertex = verdicts.vertex(conf)
        if vertex is None and type == "provider" and not _SIGNING & conf.keys():
            return Answer(CheckResult.UNKNOWN)  # the graph of a plan has no providers
        if vertex is None and type == "module" and not verdicts.broken:
            return Answer(CheckResult.UNKNOWN)  # its count is 0 or unknown: checkov dropped it
        if verdicts.broken or vertex is None:
            why = verdicts.broken or "checkov handed over a block that its graph does not hold"
            return self._blind(rule, verdicts, type, why)
        place = rule, id(vertex)
        found = list(verdicts.failed.get(place, ()))
        with self._lock:
            for error in verdicts.errors.get(id(vertex), ()):
                error[1] = error[1] or rule
                if error[1] == rule:
                    found.append((3, error[0]))
        doubts = verdicts.doubts.get(place, [])
        if doubts and os.environ.get("ROLEFIRST_STRICT") == "1":
            found.extend((1, f"cannot be told: {doubt}") for doubt in doubts)
        if found:
            for number, piece in enumerate(verdicts.masks.get(id(vertex), ())):
                conf[f"{rule}_secret_{number}"] = piece
            severity = ("LOW", "MEDIUM", "HIGH", "CRITICAL")[max(rank for rank, _ in found) - 1]
            text = _JOINT.join(dict.fromkeys(text for _, text in found))
            return Answer(CheckResult.FAILED, text, severity)
        if id(vertex) in verdicts.masks:  # checkov hides key material in failed results only
            return Answer(CheckResult.UNKNOWN)
        if skips := verdicts.skipped.get(place):
            return Answer(CheckResult.SKIPPED, "; ".join(skips))
        passed = place in verdicts.judged and not doubts
        return Answer(CheckResult.PASSED if passed else CheckResult.UNKNOWN)

    def _blind(self, rule: str, verdicts: Verdicts, type: str, why: str) -> Answer:
        """Nothing was evaluated: say so on every key and user, and once where there is none."""
        with self._lock:
            if type not in _KEYS and rule in verdicts.told:
                return Answer(CheckResult.UNKNOWN)
            verdicts.told.add(rule)
        return Answer(CheckResult.FAILED, f"not evaluated: {why}", "HIGH")


class _Check:
    """What the checks of a rule have in common, whatever kind of block they are about."""

    id: str

    def __init__(self, engine: Engine, rule: str, title: str, severity: str) -> None:
        """Register with checkov for every type of block."""
        self.engine = engine
        self.title = title
        self.usual = severity
        categories = [CheckCategories.IAM, CheckCategories.SECRETS]
        super().__init__(title, rule, categories, ["*"])  # type: ignore[call-arg]

    # checkov reads name and severity after each block, and asks from several threads.

    @property
    def _local(self) -> threading.local:
        return self.__dict__.setdefault("_thread", threading.local())  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        """The message about the block that this thread has looked at last."""
        return getattr(self._local, "name", self.title)

    @name.setter
    def name(self, text: str) -> None:
        self._local.name = text

    @property
    def severity(self) -> Any:
        """The severity of what was found on that block."""
        return getattr(self._local, "severity", None) or Severities[self.usual]

    @severity.setter
    def severity(self, value: Any) -> None:
        self._local.severity = value

    @property
    def graph(self) -> Any:
        """The graph checkov has set in this thread."""
        return getattr(self._local, "graph", None)

    @graph.setter
    def graph(self, value: Any) -> None:
        self._local.graph = value

    def run(
        self,
        scanned_file: str,
        entity_configuration: dict[str, Any],
        entity_name: str,
        entity_type: str,
        skip_info: Any,
    ) -> Any:
        """Judge one block, or skip it where the skip counts."""
        self.name, self.severity = self.title, None
        self._local.scanned, self._local.skip, self._local.note = scanned_file, "", ""
        if skip_info:
            verdicts = self.engine.verdicts(self.graph, entity_configuration, scanned_file)
            comment = str(skip_info.get("suppress_comment") or "")
            refusal = _refusal(self.id, comment, verdicts)
            if refusal:
                self._local.note = f" (the skip does not count: {refusal})"
            vertex = verdicts.vertex(entity_configuration)
            if refusal or id(vertex) in verdicts.masks:
                skip_info = {}
            elif not verdicts.broken and not verdicts.says(self.id, vertex):
                skip_info = {**skip_info, "suppress_comment": f"{comment} ({_UNUSED})"}
        arguments = (scanned_file, entity_configuration, entity_name, entity_type, skip_info)
        result = super().run(*arguments)  # type: ignore[misc]
        if self._local.skip:
            return {"result": CheckResult.SKIPPED, "suppress_comment": self._local.skip}
        return result

    def judge(self, conf: dict[str, Any], type: str) -> CheckResult:
        """The result for one block; the message goes where checkov reads it."""
        verdicts = self.engine.verdicts(self.graph, conf, self._local.scanned)
        answer = self.engine.answer(self.id, verdicts, conf, type)
        if answer.result == CheckResult.SKIPPED:
            self._local.skip = answer.text
            return CheckResult.UNKNOWN
        if answer.result == CheckResult.FAILED:
            self.name = _message(self.title, answer.text) + self._local.note
            self.severity = Severities[answer.severity]
        return answer.result


def _message(title: str, text: str) -> str:
    """The title of a rule and what it says; not twice when it says its title."""
    if text.lower().startswith(title.lower()):
        return text[:1].upper() + text[1:]
    return f"{title}: {text}"


def _refusal(rule: str, comment: str, verdicts: Verdicts) -> str:
    """Why an inline skip does not count; empty when it does."""
    if verdicts.broken:  # the engine cannot be asked
        return "rules about keys cannot be skipped inline" if _PROTECTED.fullmatch(rule) else ""
    from rolefirst.scan import Settings
    from rolefirst.suppressions import refusal

    reason = "" if comment == "No comment provided" else comment
    settings = Settings(inline_protected=verdicts.inline_protected, today=date.today())
    return refusal(rule, reason, settings)


class ResourceCheck(_Check, BaseResourceCheck):  # type: ignore[misc]
    """A rule on resources."""

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Called by checkov for every resource."""
        return self.judge(conf, self.entity_type)


class DataCheck(_Check, BaseDataCheck):  # type: ignore[misc]
    """A rule on data sources."""

    def scan_data_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Called by checkov for every data source."""
        return self.judge(conf, f"data.{self.entity_type}")


class ModuleCheck(_Check, BaseModuleCheck):  # type: ignore[misc]
    """A rule on module calls."""

    def scan_module_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Called by checkov for every module call."""
        return self.judge(conf, "module")


class ProviderCheck(_Check, BaseProviderCheck):  # type: ignore[misc]
    """A rule on provider configurations."""

    def scan_provider_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Called by checkov for every provider block."""
        return self.judge(conf, "provider")


def _titles() -> dict[str, tuple[str, str]]:
    """Title and severity of every rule; of the rules that cannot be asked, what is said here."""
    said = dict.fromkeys(IDS, ("rolefirst is not usable here", "HIGH"))
    try:
        from rolefirst import rules

        infos = [rule.info for rule in rules.load()]
    except crashes():
        return said
    return {info.id: (info.title, info.severity.name) for info in infos}


def register() -> None:
    """Make the checks, once per process."""
    if resource_registry.get_check_by_id("RF101") is not None:
        return
    engine = Engine()
    for rule, (title, severity) in _titles().items():
        for make in (ResourceCheck, DataCheck, ModuleCheck, ProviderCheck):
            make(engine, rule, title, severity)


register()
