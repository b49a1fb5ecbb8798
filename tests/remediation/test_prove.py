"""The table of ``prove.py`` without what needs a registry, and that nothing is missing in it."""

from __future__ import annotations

from collections import Counter

import pytest
from aws_part import roots
from cases import OUTPUT, Case, cases
from checks import TERRAFORM, misfits, unformatted
from key_shapes import TEMPLATE_FILES, TEMPLATES
from prove import COLUMNS, Proof, badly_formatted, main, prove, prove_all, table
from workload_shapes import TASK, USER

CASES = cases()


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Proof]:
    """Every case once, and one start of Terraform for all."""
    made = prove_all(tmp_path_factory.mktemp("proofs"), CASES)
    return {_id(proof.case): proof for proof in made}


def _id(case: Case) -> str:
    return f"{case.template or 'fixes'}: {case.name}"


@pytest.mark.parametrize("name", [_id(case) for case in CASES])
def test_the_remediation_is_right(name, proofs):
    assert {column: what for column, what in proofs[name].wrong.items() if what} == {}


def test_every_template_is_proven_with_two_shapes(proofs):
    fixes = {f"fixes/{p.name.removesuffix('.tf.j2')}" for p in TEMPLATE_FILES.glob("fixes/*.j2")}
    shapes = Counter(name for proof in proofs.values() for name in proof.templates)
    assert set(shapes) == {*TEMPLATES, *fixes}
    assert [name for name, count in shapes.items() if count < 2] == []


def test_every_case_is_one_of_its_own():
    names = [_id(case) for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")
def test_the_part_for_terraform_validate_is_readable(proofs, tmp_path):
    trees = [(t, proof.folder / "after") for proof in proofs.values() for t in proof.templates]
    made = roots(trees, tmp_path)
    assert len(made) == len({template for template, _ in trees})
    bad = unformatted(tmp_path)  # it raises where something cannot be read
    assert not {root / "main.tf" for root in made.values()} & bad


WRONG = {
    "another template": Case("lambda_role", "wrong", {"main.tf": USER + TASK}),
    "nothing was left": Case(
        "ecs_task_role", "wrong", {"main.tf": USER + TASK}, by_hand=(("80", "81"),)
    ),
    "changes nothing": Case(
        "ecs_task_role", "wrong", {"main.tf": USER + TASK}, by_hand=(("nowhere", ""),)
    ),
    "has no remediation": Case("", "wrong", {"main.tf": ""}, rule="RF703"),
    "is there": Case("ask_owner", "wrong", {"main.tf": USER + OUTPUT}),
    "instead of": Case("", "wrong", {"main.tf": USER + TASK}, rule="RF601", claim="safe"),
    "more than steps": Case("", "wrong", {"main.tf": USER + TASK}, rule="RF601", claim="steps"),
}


@pytest.mark.parametrize("says", WRONG)
def test_the_proof_sees_what_is_wrong(says, tmp_path):
    proof = prove(WRONG[says], tmp_path)
    assert any(says in each for each in proof.wrong["rescan"]), proof.wrong
    (cells,) = [row[-len(COLUMNS) :] for row in table([proof], set())[1:]] or [["", "", "", "no"]]
    assert cells[-1] == "no"


def test_a_cell_that_says_no_is_an_exit_code(monkeypatch, capsys):
    wrong = WRONG["another template"]
    monkeypatch.setattr("prove.cases", lambda: (wrong,))
    monkeypatch.setattr("prove.TERRAFORM", None)
    assert main(["--markdown"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[2].replace(" ", "") == "|ecs_task_role|1||-|yes|-|no|"
    assert "wrong: rescan: another template than lambda_role" in said.err
    monkeypatch.setattr("prove.cases", lambda: (Case("ecs_task_role", "", wrong.files),))
    assert main([]) == 0


@pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")
@pytest.mark.parametrize(("command", "cell"), [("true", "yes"), ("false", "no")])
def test_another_command_may_validate(command, cell, monkeypatch, capsys):
    monkeypatch.setattr("prove.cases", lambda: CASES[:1])
    assert main(["--validate", command]) == (cell == "no")
    assert capsys.readouterr().out.split()[-2:] == [cell, "yes"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('role = "r"', "policy is missing"),
        ('role = "r"\n  policy = "{}"\n  rule = 1', "rule is unknown"),
        ('role = "r"\n  policy = "{}"\n  statement {}', "statement is unknown"),
    ],
)
def test_the_schema_knows_arguments(body, says):
    (found,) = misfits(f'resource "aws_iam_role_policy" "p" {{\n  {body}\n}}\n')
    assert found == f"aws_iam_role_policy.p: {says}"


def test_the_schema_counts_blocks():
    principal = '    principals {\n      type = "AWS"\n    }\n'
    document = f'data "aws_iam_policy_document" "d" {{\n  statement {{\n{principal}  }}\n}}\n'
    where = "data.aws_iam_policy_document.d.statement.principals: identifiers is missing"
    assert misfits(document) == [where]
    code = 'resource "aws_rolesanywhere_trust_anchor" "a" {\n  name = "a"\n}\n'
    assert misfits(code) == ["aws_rolesanywhere_trust_anchor.a.source: too few"]
    assert misfits('resource "other_thing" "t" {\n}\n') == ["other_thing.t: no schema"]


def test_only_code_that_was_not_formatted_may_stay_so(tmp_path):
    names = ("before/main.tf", "after/main.tf", "after/new.tf", "rendered_0.tf")
    bad = {tmp_path / "0" / name for name in names} | {tmp_path / "1" / "after" / "main.tf"}
    wrong = list(badly_formatted(tmp_path / "0", bad))
    assert wrong == ["new.tf is not formatted", "rendered_0.tf is not formatted"]
