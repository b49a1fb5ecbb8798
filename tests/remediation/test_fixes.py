"""Every fix: applied to real shapes the finding is gone, and no rule finds anything new.

A fixture is a folder ``fixes/<rule>_<shape>/`` or a file of that name: Terraform with one finding
of that rule at least. Its first line says how far the fix goes: ``# fix: safe`` or ``review``,
``code`` (new code alone: the finding stays until people have moved) or ``steps`` (no code).
"""

from __future__ import annotations

import importlib
import io
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from key_shapes import HOSTILE, TEMPLATE_FILES
from test_remediation import KEY_MATERIAL, SCHEMA, blocks, check_body

from rolefirst import rules
from rolefirst.findings import Finding, Remediation, Undetermined
from rolefirst.limits import Limits, judge_by
from rolefirst.loaders import hcl
from rolefirst.project import Block, Project
from rolefirst.remediation import fixes as fixes_package
from rolefirst.remediation.filters import hcl as hcl_text
from rolefirst.remediation.fixes import FIXES, fix_for

hcl2 = pytest.importorskip("hcl2")
FOLDER = Path(__file__).with_name("fixes")
CASES = sorted(FOLDER.iterdir())
OWN_SCHEMA = json.loads(Path(__file__).with_name("aws_schema_fixes.json").read_text())["types"]
NO_SCHEMA = ("terraform_data", "time_rotating")


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


def fill_in(root: Path, fixes: list[Remediation]) -> None:
    """What a person answers to the new variables."""
    answers = {
        "owner": '"storage-team@corp.example"',
        "cidrs": '["203.0.113.0/24"]',
        "vpcs": "[]",
        "target": '"r-ab12"',
    }
    answers["team"] = answers["owner"]
    answers |= {"id": '"111122223333"', "group": '"developers"'}
    names = {n for fix in fixes for n in re.findall(r'^variable "(\w+)"', fix.terraform, re.M)}
    lines = [f"{n} = {answers[n.rpartition('_')[2]]}\n" for n in sorted(names) if "keys_t" not in n]
    (root / "terraform.tfvars").write_text("".join(lines), encoding="utf-8")


def fixture(case: Path, tmp_path: Path) -> tuple[Path, str, str]:
    """A copy of the fixture, the rule it is about, and how far the fix goes."""
    root = tmp_path / "estate"
    if case.is_dir():
        shutil.copytree(case, root)
        first = next(iter(sorted(case.glob("*.tf"))))
    else:
        root.mkdir()
        shutil.copy(case, root / "main.tf")
        first = case
    claim = re.match(r"# fix: (safe|review|code|steps)\n", first.read_text(encoding="utf-8"))
    assert claim, f"{first} says nothing about its fix"
    return root, case.name[:5].upper(), claim[1]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_finding_is_gone_and_nothing_new_is_there(case, tmp_path):
    root, rule, claim = fixture(case, tmp_path)
    before = found(project := hcl.load(root))
    assert not project.errors
    mine = [(f, b) for f, b in before if isinstance(f, Finding) and f.rule.id == rule]
    assert mine, "the fixture has no such finding"
    fixes = [fix_for(finding, block, project) for finding, block in mine]
    assert all(fix is not None and fix.steps for fix in fixes)
    if claim == "steps":
        assert not any(fix.edits or fix.file for fix in fixes)
        return
    assert {fix.applicability for fix in fixes} == {"review" if claim == "code" else claim}
    apply(root, fixes)
    fill_in(root, fixes)
    after = found(again := hcl.load(root))
    assert not again.errors
    text = "\n".join(p.read_text("utf-8") for p in sorted(root.rglob("*.tf")))
    assert bool(counted(after, Finding)[rule]) is (claim == "code"), text
    assert not counted(after, Finding) - counted(before, Finding), text
    assert not counted(after, Undetermined) - counted(before, Undetermined), text


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_result_is_formatted_and_fits_the_provider(case, tmp_path):
    root, rule, _ = fixture(case, tmp_path)
    project = hcl.load(root)
    mine = [(f, b) for f, b in found(project) if isinstance(f, Finding) and f.rule.id == rule]
    fixes = [fix_for(finding, block, project) for finding, block in mine]
    apply(root, fixes)
    command = ["terraform", "fmt", "-check", "-diff", "-recursive", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for fix in fixes:
        for kind, prefix in (("resource", ""), ("data", "data.")):
            for block_type, name, body in blocks(fix.terraform, kind):
                if block_type not in NO_SCHEMA:
                    schema = (SCHEMA | OWN_SCHEMA)[prefix + block_type]
                    check_body(body, schema, f"{prefix}{block_type}.{name}")


def test_every_fix_has_a_module_a_fixture_and_a_template():
    assert {case.name[:5].upper() for case in CASES} == set(FIXES)
    for name in FIXES.values():
        assert callable(importlib.import_module(f"rolefirst.remediation.fixes.{name}").fix)
    known = {path.name for path in (TEMPLATE_FILES / "fixes").glob("*.tf.j2")}
    written = {
        match
        for path in Path(fixes_package.__file__).parent.glob("*.py")
        for match in re.findall(r'Fix\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert known == {f"{name}.tf.j2" for name in written}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_hostile_name_stays_a_name(case, tmp_path):
    """Names come from the pull request: they may be anything, and nothing more than a name."""
    root, rule, _ = fixture(case, tmp_path)
    for file in root.rglob("*.tf"):
        text = file.read_text(encoding="utf-8")
        text = re.sub(
            r'(\b(?:name|Project) += )"[\w.-]+"', lambda m: m[1] + hcl_text(HOSTILE), text
        )
        file.write_text(text, encoding="utf-8")
    project = hcl.load(root)
    for finding, block in found(project):
        if not isinstance(finding, Finding) or finding.rule.id != rule:
            continue
        fix = fix_for(finding, block, project)
        if fix is None:  # two calls of a module, now with one name, are two keys of one user
            continue
        for text in (fix.terraform, *fix.steps):
            assert all(c.isprintable() or c == "\n" for c in text)
            assert KEY_MATERIAL.search(text) is None
        assert all("\n" not in step for step in fix.steps)
        hcl2.load(io.StringIO(fix.terraform))
        code = "\n".join(x for x in fix.terraform.splitlines() if not x.startswith("#"))
        assert re.search(r"(?<!\$)\$\{file|(?<!%)%\{ if", code) is None


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
