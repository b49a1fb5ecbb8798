"""What teams put into their pipelines: the GitHub action, the GitLab job, the hook, the image."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parents[2]
ACTION = yaml.safe_load((TOP / "action.yml").read_text())
SCRIPTS = sorted((TOP / "ci").glob("*.sh"))
BASH = shutil.which("bash") or "bash"


def steps() -> list[dict[str, Any]]:
    return ACTION["runs"]["steps"]


def run(script: str, environment: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    path = f"{environment.pop('PATH_FIRST', '')}:{os.environ['PATH']}"
    return subprocess.run(
        (BASH, str(TOP / "ci" / script)),
        cwd=cwd,
        env={"HOME": os.environ.get("HOME", "/"), "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)


# --- the action itself -----------------------------------------------------------------------


def test_every_input_is_described_and_used() -> None:
    text = (TOP / "action.yml").read_text()
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(ACTION["inputs"])
    for given in ACTION["inputs"].values():
        assert given["description"]
        assert isinstance(given["default"], str)


def test_no_value_is_written_into_a_command() -> None:
    for step in steps():
        assert "${{" not in step.get("run", "")


def test_other_actions_are_pinned_to_a_commit() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    for name in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_executable_and_parse(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run((BASH, "-n", str(script)), check=True)


@pytest.mark.parametrize("name", ["github-install.sh", "gitlab.yml"])
def test_no_module_of_the_scanned_repository_is_run(name: str) -> None:
    """``python -m pip`` runs a pip.py of the working directory, which a pull request can add."""
    text = (TOP / "ci" / name).read_text()
    started = re.findall(r"^.*(?:python|PYTHON).* -m (?:venv|pip).*$", text, re.MULTILINE)
    assert len(started) == 2
    assert all(" -I -m " in line for line in started)


def test_every_script_that_is_named_exists() -> None:
    named = {name for step in steps() for name in re.findall(r"ci/[\w-]+\.sh", step.get("run", ""))}
    assert named == {f"ci/{script.name}" for script in SCRIPTS}


# --- scan ------------------------------------------------------------------------------------


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """What GitHub's runner gives to a step, and this rolefirst on the path."""
    command = f'#!/bin/sh\nexec "{sys.executable}" -m rolefirst "$@"\n'
    program(tmp_path / "bin", "rolefirst", command)
    return {
        "BASE_REF": "",
        "PATH_FIRST": str(tmp_path / "bin"),
        "PYTHONPATH": str(TOP / "src"),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }


def test_the_scan_writes_every_report(runner: dict[str, str], tmp_path: Path) -> None:
    done = run("github-scan.sh", {**runner, "PATHS": "examples/insecure\n", "FAIL_ON": "low"}, TOP)
    assert done.returncode == 0, done.stderr
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert outputs["exit-code"] == "1"
    run_of = json.loads(Path(outputs["sarif"]).read_text())["runs"][0]
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run_of["results"]
    }
    assert "examples/insecure/ci.tf" in uris
    assert Path(outputs["markdown"]).read_text().startswith("<!-- rolefirst -->")
    assert (tmp_path / "summary").read_text().startswith("<!-- rolefirst -->")
    assert re.search(r"^::error file=examples/insecure/ci\.tf,", done.stdout, re.MULTILINE)
    assert "Decision:" in done.stdout


def test_a_wrong_call_is_exit_code_2_without_reports(runner, tmp_path: Path) -> None:
    done = run("github-scan.sh", {**runner, "PATHS": "examples", "CONFIG": "no.toml"}, TOP)
    assert done.returncode == 0
    report = tmp_path / "rolefirst-reports" / "rolefirst.md"
    assert (tmp_path / "output").read_text() == f"exit-code=2\nmarkdown={report}\n"
    assert "no.toml" in done.stderr
    assert re.search(r"^::error title=rolefirst::The scan did not run: .*no\.toml", done.stdout)
    assert "the scan did not run" in report.read_text()
    assert "the scan did not run" in (tmp_path / "summary").read_text()


def test_strict_is_true_or_false(runner: dict[str, str], tmp_path: Path) -> None:
    done = run("github-scan.sh", {**runner, "PATHS": "examples", "STRICT": "yes"}, TOP)
    assert "::error title=rolefirst::The scan did not run: strict has to be" in done.stdout
    assert (tmp_path / "output").read_text().startswith("exit-code=2\n")


@pytest.mark.parametrize("base", ["main", "refs/heads/main"])
def test_a_pull_request_is_judged_by_its_base(runner, tmp_path: Path, git, base: str) -> None:
    script = '#!/bin/sh\nfor each in "$@"; do printf "<%s>" "$each"; done >>"$RUNNER_TEMP/called"\n'
    program(tmp_path / "bin", "rolefirst", script)
    for name in ("origin", "clone"):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "-q", "-b", "main")
    git(tmp_path / "origin", "commit", "-q", "--allow-empty", "-m", "first")
    git(tmp_path / "clone", "remote", "add", "origin", str(tmp_path / "origin"))
    run("github-scan.sh", {**runner, "PATHS": ".", "BASE_REF": base}, tmp_path / "clone")
    called = (tmp_path / "called").read_text()
    assert "<--exceptions-ref><refs/remotes/origin/main>" in called
    assert git(tmp_path / "clone", "rev-parse", "origin/main")


def test_a_base_that_is_not_there_ends_the_check(runner, tmp_path: Path, git) -> None:
    git(tmp_path, "init", "-q")
    done = run("github-scan.sh", {**runner, "PATHS": ".", "BASE_REF": "main"}, tmp_path)
    assert "the base branch main cannot be fetched" in done.stdout
    assert (tmp_path / "output").read_text().startswith("exit-code=2\n")


def test_inputs_stay_one_argument_each(runner: dict[str, str], tmp_path: Path) -> None:
    script = '#!/bin/sh\nfor each in "$@"; do printf "<%s>" "$each"; done >>"$RUNNER_TEMP/called"\n'
    program(tmp_path / "bin", "rolefirst", script)
    given = {
        "PATHS": "a b\n$(touch owned)\n--help\n",
        "FAIL_ON": "high",
        "STRICT": "true",
        "CONFIG": "c;d.toml",
        "VAR_FILES": "x.tfvars\ny z.tfvars",
        "EXCEPTIONS_REF": "origin/main",
        "CHANGED_SINCE": "origin/main",
        "BASELINE": "b.json",
    }
    run("github-scan.sh", {**runner, **given}, tmp_path)
    called = (tmp_path / "called").read_text()
    assert "<--fail-on><high><--strict><--config><c;d.toml>" in called
    assert "<--changed-since><origin/main><--baseline><b.json>" in called
    assert "<--var-file><x.tfvars><--var-file><y z.tfvars>" in called
    assert called.endswith("<--exceptions-ref><origin/main><--><a b><$(touch owned)><--help>")
    assert not (tmp_path / "owned").exists()


# --- comment ---------------------------------------------------------------------------------

GH = """#!/bin/sh
for each in "$@"; do printf '<%s>' "$each" >>"$CALLED"; done
echo >>"$CALLED"
case "$*" in *--paginate*) printf '%s' "$COMMENTS" ;; esac
case "$*" in *--method*) exit "$ANSWER" ;; esac
"""


@pytest.mark.parametrize(
    ("comments", "text", "called"),
    [
        ("", "## rolefirst: 1 finding", "<POST><repos/o/r/issues/7/comments>"),
        ("12\n13\n", "## rolefirst: no findings", "<PATCH><repos/o/r/issues/comments/12>"),
        ("", "## rolefirst: no findings", ""),
        ("", "## rolefirst: no findings\nThe scan is not complete", "<POST>"),
    ],
)
def test_there_is_one_comment(tmp_path: Path, comments: str, text: str, called: str) -> None:
    program(tmp_path / "bin", "gh", GH)
    report = tmp_path / "report.md"
    report.write_text(text)
    environment = {
        "PATH_FIRST": str(tmp_path / "bin"),
        "CALLED": str(tmp_path / "called"),
        "COMMENTS": comments,
        "ANSWER": "0",
        "GITHUB_REPOSITORY": "o/r",
        "NUMBER": "7",
        "MARKDOWN": str(report),
    }
    done = run("github-comment.sh", environment, tmp_path)
    assert done.returncode == 0, done.stderr
    calls = [c for c in (tmp_path / "called").read_text().splitlines() if "--method" in c]
    assert len(calls) == bool(called)
    for call in calls:
        assert called in call
        assert f"<--field><body=@{report}>" in call


def test_comments_that_cannot_be_read_are_not_written_twice(tmp_path: Path) -> None:
    program(tmp_path / "bin", "gh", '#!/bin/sh\necho "$*" >>"$CALLED"\nexit 1\n')
    (tmp_path / "report.md").write_text("## rolefirst: 1 finding")
    environment = {
        "PATH_FIRST": str(tmp_path / "bin"),
        "CALLED": str(tmp_path / "called"),
        "GITHUB_REPOSITORY": "o/r",
        "NUMBER": "7",
        "MARKDOWN": str(tmp_path / "report.md"),
    }
    done = run("github-comment.sh", environment, tmp_path)
    assert done.returncode == 0
    assert "::warning::" in done.stdout
    assert "--method" not in (tmp_path / "called").read_text()


def test_a_token_that_may_not_write_is_no_failure(tmp_path: Path) -> None:
    program(tmp_path / "bin", "gh", GH)
    (tmp_path / "report.md").write_text("## rolefirst: 1 finding")
    environment = {
        "PATH_FIRST": str(tmp_path / "bin"),
        "CALLED": str(tmp_path / "called"),
        "COMMENTS": "",
        "ANSWER": "1",
        "GITHUB_REPOSITORY": "o/r",
        "NUMBER": "7",
        "MARKDOWN": str(tmp_path / "report.md"),
    }
    done = run("github-comment.sh", environment, tmp_path)
    assert done.returncode == 0
    assert "::warning::" in done.stdout


# --- GitLab, pre-commit, image ---------------------------------------------------------------


def test_the_gitlab_job_scans_and_fails(runner: dict[str, str], tmp_path: Path) -> None:
    job = yaml.safe_load((TOP / "ci" / "gitlab.yml").read_text())["rolefirst"]
    script = job["script"][-1].replace("/tmp/rolefirst/bin/", "")
    environment = {
        "HOME": os.environ.get("HOME", "/"),
        "PATH": f"{runner['PATH_FIRST']}:{os.environ['PATH']}",
        "PYTHONPATH": runner["PYTHONPATH"],
        "ROLEFIRST_PATH": str(TOP / "examples" / "insecure"),
        "ROLEFIRST_OPTIONS": "--fail-on low --quiet",
    }
    done = subprocess.run(
        (BASH, "-c", script), cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    assert json.loads((tmp_path / reports["codequality"]).read_text())
    assert (tmp_path / reports["junit"]).read_text().startswith("<?xml")


def test_the_hook_takes_the_files_of_a_commit() -> None:
    (hook,) = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())
    files = re.compile(hook["files"])
    for name in ("main.tf", "a/b.tofu", "x.tf.json", "prod.tfvars", "prod.auto.tfvars.json"):
        assert files.search(name), name
    assert not files.search("main.tf.bak")
    assert not files.search("state.json")
    program_name, command = hook["entry"].split()
    assert program_name == "rolefirst"
    done = subprocess.run(
        (sys.executable, "-m", program_name, command, "examples/insecure/ci.tf"),
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "RF101" in done.stdout


def test_the_image_gets_all_that_the_package_is_built_from() -> None:
    allowed = (TOP / ".dockerignore").read_text().split()
    assert allowed[0] == "*"
    needed = {"LICENSE", "README.md", "checks", "pyproject.toml", "src", "templates", "examples"}
    assert {name[1:] for name in allowed if name.startswith("!")} == needed
    assert all((TOP / name).exists() for name in needed)
    lines = (TOP / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER rolefirst"]
    assert lines[-1] == 'ENTRYPOINT ["rolefirst"]'
