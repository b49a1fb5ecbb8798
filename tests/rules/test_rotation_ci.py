"""Which CI files count for which root module, and how each CI system writes a schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst.loaders import hcl
from rolefirst.rules.rotation import Rotation, Verdict, rotation_of
from rolefirst.rules.rotation_ci import apply_interval

KEY = 'resource "aws_iam_access_key" "ci" {\n  user = "ci"\n}\n'
REPLACE = "terraform apply -auto-approve -replace=aws_iam_access_key.ci"
NIGHTLY = 'on:\n  schedule:\n    - cron: "0 3 * * *"\n'


def judge(tmp_path: Path, path: str, text: str, root: str = ".") -> Rotation:
    for name, content in ((f"{root}/main.tf", KEY), (path, text)):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    project = hcl.load(tmp_path)
    return rotation_of(next(iter(project.resources("aws_iam_access_key"))), project)


@pytest.mark.parametrize(
    ("path", "text", "days"),
    [
        (".github/workflows/r.yml", f"{NIGHTLY}run: {REPLACE}", 1),
        (
            ".github/workflows/r.yml",
            f"on: {{schedule: [{{cron: '0 3 * * 1'}}]}}\nrun: {REPLACE}",
            7,
        ),
        (".github/workflows/r.yml", f"    - cron: 0 3 * * 1 # Mondays\nrun: {REPLACE}", 7),
        (".circleci/config.yml", f'cron: "@weekly"\nrun: {REPLACE}', 7),
        ("Jenkinsfile", f"triggers {{ cron('H 3 * * 1') }}\nsh '{REPLACE}'", 7),
        (".gitlab-ci.yml", f"- if: $CI_PIPELINE_SOURCE == 'schedule'\n- {REPLACE}", None),
        ("azure-pipelines.yml", f'schedules:\n- cron: "0 3 1 * *"\nscript: {REPLACE}', 31),
        (".github/workflows/r.yml", f"{NIGHTLY}run: tofu taint aws_iam_access_key.ci", 1),
        (
            ".github/workflows/r.yml",
            f'{NIGHTLY}run: tofu apply -replace "aws_iam_access_key.ci"',
            1,
        ),
    ],
)
def test_scheduled(tmp_path: Path, path: str, text: str, days: float | None) -> None:
    rotation = judge(tmp_path, path, text)

    assert rotation.verdict is Verdict.ROTATES
    assert rotation.period is not None
    assert rotation.period.days == days
    assert bool(rotation.period.why) is (days is None)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (f"run: {REPLACE}", Verdict.INEFFECTIVE),
        (f"{NIGHTLY}# run: {REPLACE}", Verdict.MISSING),
        (f"{NIGHTLY}run: {REPLACE}2", Verdict.MISSING),
        (f"{NIGHTLY}run: terraform plan", Verdict.MISSING),
        (f"# cron: '0 3 * * *'\nrun: {REPLACE}", Verdict.INEFFECTIVE),
    ],
)
def test_what_is_no_rotation(tmp_path: Path, text: str, verdict: Verdict) -> None:
    assert judge(tmp_path, ".github/workflows/r.yml", text).verdict is verdict


@pytest.mark.parametrize(
    ("root", "said", "verdict"),
    [
        ("live", "working-directory: live", Verdict.ROTATES),
        ("live", "run: cd ./live/ && terraform init", Verdict.ROTATES),
        ("live", "run: terraform -chdir=live init", Verdict.ROTATES),
        ("live", "working-directory: other", Verdict.MISSING),
        ("live", "", Verdict.MISSING),
        ("live", "working-directory: ${{ matrix.directory }}", Verdict.UNKNOWN),
        (".", "working-directory: .", Verdict.ROTATES),
        (".", "working-directory: other", Verdict.MISSING),
    ],
)
def test_directory(tmp_path: Path, root: str, said: str, verdict: Verdict) -> None:
    text = f"{NIGHTLY}{said}\nrun: {REPLACE}"

    assert judge(tmp_path, ".github/workflows/r.yml", text, root).verdict is verdict


def test_a_repository_below_the_scanned_folder(tmp_path: Path) -> None:
    text = f"{NIGHTLY}run: {REPLACE}"

    assert judge(tmp_path, "a/.github/workflows/r.yml", text, "a").verdict is Verdict.ROTATES
    assert judge(tmp_path / "x", "a/.github/workflows/r.yml", text).verdict is Verdict.MISSING


def test_the_place_is_named(tmp_path: Path) -> None:
    rotation = judge(tmp_path, ".github/workflows/r.yml", f"{NIGHTLY}run: {REPLACE}")

    assert rotation.source is not None
    assert str(rotation.source.location) == ".github/workflows/r.yml:4"


def test_the_more_frequent_apply_counts(tmp_path: Path) -> None:
    for name, cron in (("a", "0 3 * * 1"), ("b", "0 3 * * *"), ("c", "0 3 1 * *")):
        file = tmp_path / ".github" / "workflows" / f"{name}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"cron: '{cron}'\nrun: terraform apply\n", encoding="utf-8")
    (tmp_path / "main.tf").write_text(KEY, encoding="utf-8")
    found = apply_interval(".", hcl.load(tmp_path))

    assert found is not None
    assert (found[0], found[1].label) == (1, ".github/workflows/b.yml")


def test_a_plan_is_no_apply(tmp_path: Path) -> None:
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text("cron: '0 3 * * *'\nrun: terraform plan\n", encoding="utf-8")
    (tmp_path / "main.tf").write_text(KEY, encoding="utf-8")

    assert apply_interval(".", hcl.load(tmp_path)) is None
