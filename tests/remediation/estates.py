"""An estate with one key: its remediation, and what it looks like when that is applied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from workload_shapes import CALL, MODULE_USER, USER

from rolefirst import rules
from rolefirst.decision.keys import keys
from rolefirst.facts import facts_of
from rolefirst.findings import Edit, Finding
from rolefirst.iam.users import user_of
from rolefirst.loaders import hcl
from rolefirst.project import Block
from rolefirst.remediation import remediate
from rolefirst.remediation.edits import remove_block
from rolefirst.remediation.names import names_for
from rolefirst.remediation.switches import switch_edits
from rolefirst.scan import scan

SHAPES = ("root", "module")
KEY = "aws_iam_access_key.up"


class Estate:
    """A workload with the key of ``up``, in the root module or in a module with an alias."""

    def __init__(self, directory: Path, workload: str, shape: str) -> None:
        self.directory = directory
        self.folder = directory
        user = USER
        if shape == "module":
            self.folder = directory / "modules" / "up"
            self.folder.mkdir(parents=True)
            passed = "".join(
                f'\n  {name} = "arn:aws:iam::123456789012:role/x"\n'
                for name in re.findall(r'^variable "(\w+)"', workload, re.MULTILINE)
            )
            call = CALL.replace('  name   = "shop"\n', f'  name   = "shop"\n{passed}')
            (directory / "main.tf").write_text(call, encoding="utf-8")
            user = MODULE_USER
        self.main = self.folder / ("up.tf" if shape == "module" else "main.tf")
        self.main.write_text(user + workload, encoding="utf-8")
        self.project = hcl.load(directory)
        self.finding = next(f for f in self.findings() if f.rule.id == "RF101")
        decision = self.finding.decision
        assert decision is not None
        self.key = next(k.block for k in keys(self.project) if k.block.address.endswith(KEY))
        self.facts = facts_of(self.key, decision, self.project, {})
        self.remediation = remediate(decision, self.facts)
        self.label = str(names_for(self.remediation.template, self.facts).label)

    def findings(self) -> tuple[Finding, ...]:
        result = scan(hcl.load(self.directory), rules.load())
        assert result.errors == ()
        return result.findings

    @property
    def consumer(self) -> Block:
        used_by = self.facts.consumer
        assert used_by is not None
        blocks = self.project.resources(used_by.type)
        return next(b for b in blocks if b.address == used_by.address)

    def switched(self) -> tuple[Edit, ...] | None:
        assert self.facts.consumer is not None
        attribute = self.facts.consumer.attribute
        return switch_edits(self.consumer, attribute, (KEY,), self.label, self.facts)

    def removed(self) -> list[Edit]:
        """What goes with the user."""
        gone = [self.key, user_of(self.key, self.project)]
        gone += self.project.resources("aws_iam_user_policy")
        return [edit for block in gone if block is not None and (edit := remove_block(block))]

    def apply(self, edits: Iterable[Edit] = ()) -> str:
        """Write the new code and make the edits; the text of the file with the workload."""
        for edit in sorted(edits, key=lambda each: (each.path, each.start), reverse=True):
            path = self.directory / edit.path
            data = path.read_bytes()
            path.write_bytes(data[: edit.start] + edit.text.encode() + data[edit.end :])
        (self.folder / "new.tf").write_text(self.remediation.terraform, encoding="utf-8")
        return self.main.read_text(encoding="utf-8")
