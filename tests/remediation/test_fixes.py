"""What the fixes of fixtures leave alone; ``prove.py`` applies and rescans them.

A fixture is a folder ``fixes/<rule>_<shape>/`` or a file of that name: Terraform with one finding
of that rule at least. Its first line says how far the fix goes: ``# fix: safe`` or ``review``,
``code`` (new code alone: the finding stays until people have moved) or ``steps`` (no code).
"""

from __future__ import annotations

import importlib
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from cases import FOLDER, cases
from key_shapes import TEMPLATE_FILES

from rolefirst import rules
from rolefirst.findings import Finding, Remediation
from rolefirst.limits import Limits, judge_by
from rolefirst.loaders import hcl
from rolefirst.project import Block, Project
from rolefirst.remediation import fixes as fixes_package
from rolefirst.remediation.fixes import FIXES, fix_for

hcl2 = pytest.importorskip("hcl2")
CASES = [case for case in cases() if case.claim]


def found(project: Project) -> list[tuple[Finding, Block]]:
    """Every finding with the block that its rule looked at."""
    results = (
        (result, subject)
        for rule in rules.load()
        for subject in rule.subjects(project)
        for result in rule.check(subject, project)
    )
    return list(results)


def counted(results: list[tuple[Finding, Block]], kind: type) -> Counter[str]:
    """At how many places each rule says something, not where: blocks may have other names.

    Of two keys that take turns (``_a`` and ``_b``) all is said that was said of the one before.
    """
    said = [result for result, _ in results if isinstance(result, kind)]
    return Counter(
        rule for rule, _ in {(r.rule.id, re.sub(r"_[ab](?=\[|$)", "", r.address)) for r in said}
    )


def apply(root: Path, fixes: list[Remediation]) -> None:
    """Edits from the end of each file, so that offsets hold; new code into its file."""
    edits = {edit for fix in fixes for edit in fix.edits}
    for edit in sorted(edits, key=lambda e: (e.path, e.start, e.end), reverse=True):
        data = (root / edit.path).read_bytes()
        new = data[: edit.start] + edit.text.encode() + data[edit.end :]
        (root / edit.path).write_bytes(new)
    for file, text in {(fix.file, fix.terraform) for fix in fixes if fix.file}:
        assert not (root / file).exists(), file
        (root / file).write_text(text, encoding="utf-8")


def test_every_fix_has_a_module_a_fixture_and_a_template():
    assert {case.rule for case in CASES} == set(FIXES)
    for name in FIXES.values():
        assert callable(importlib.import_module(f"rolefirst.remediation.fixes.{name}").fix)
    known = {path.name for path in (TEMPLATE_FILES / "fixes").glob("*.tf.j2")}
    written = {
        match
        for path in Path(fixes_package.__file__).parent.glob("*.py")
        for match in re.findall(r'Fix\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert known == {f"{name}.tf.j2" for name in written}


def test_json_syntax_gives_steps_and_no_edit(tmp_path):
    """Edits are for HCL: what cannot be changed byte by byte is told instead."""
    code = {
        "resource": {
            "aws_iam_user": {"ci": {"name": "ci"}},
            "aws_iam_access_key": {"ci": {"user": "${aws_iam_user.ci.name}"}},
        },
        "output": {"s": {"value": "${aws_iam_access_key.ci.secret}"}},
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(code), encoding="utf-8")
    project = hcl.load(tmp_path)
    wanted = {"RF301", "RF401", "RF701"}
    made = [
        fix_for(finding, block, project)
        for finding, block in found(project)
        if isinstance(finding, Finding) and finding.rule.id in wanted
    ]
    assert len(made) == len(wanted)
    for fix in made:
        assert fix.steps
        assert not fix.edits
        assert not fix.file
        assert fix.applicability == "review"


def test_line_ends_and_comments_stay(tmp_path):
    text = (FOLDER / "rf303_direct.tf").read_text(encoding="utf-8")
    text = text.replace("[time_rotating.ci]", "[time_rotating.ci] # monthly").replace("\n", "\r\n")
    (tmp_path / "main.tf").write_bytes(text.encode())
    project = hcl.load(tmp_path)
    made = [
        fix_for(finding, block, project)
        for finding, block in found(project)
        if isinstance(finding, Finding) and finding.rule.id == "RF303"
    ]
    apply(tmp_path, made)
    data = (tmp_path / "main.tf").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") == text.count("\r\n") + 1
    assert b"replace_triggered_by  = [terraform_data.ci_rotation] # monthly" in data


def test_tags_that_the_configuration_requires_come_with_the_owner(tmp_path):
    shutil.copy(FOLDER / "rf401_literal.tf", tmp_path / "main.tf")
    wanted = Limits(required_tags=("CostCenter", "acme:stage"))
    project = hcl.load(tmp_path)
    judge_by(project, wanted)
    mine = [(f, b) for f, b in found(project) if isinstance(f, Finding) and f.rule.id == "RF401"]
    fixes = [fix_for(finding, block, project) for finding, block in mine]
    apply(tmp_path, fixes)
    names = {n for fix in fixes for n in re.findall(r'^variable "(\w+)"', fix.terraform, re.M)}
    assert {"ci_owner", "ci_costcenter", "ci_acme_stage"} <= names
    values = "".join(f'{name} = "storage"\n' for name in sorted(names))
    (tmp_path / "terraform.tfvars").write_text(values, encoding="utf-8")
    again = hcl.load(tmp_path)
    judge_by(again, wanted)
    assert not counted(found(again), Finding)["RF401"], (tmp_path / "main.tf").read_text()
