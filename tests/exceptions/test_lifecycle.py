"""The life of an exception: asked for, held, contradicted, over, left behind."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from keys_that_stay import KEY, REGISTER, TODAY, Run, entry, register, write

REPORT = json.loads(files("rolefirst.reports").joinpath("report.schema.json").read_text("utf-8"))
ADDRESS = "aws_iam_access_key.scales"
FILLED = {
    "iam_role": "The scales stand in the warehouse",
    "identity_center": "No person signs in",
    "temporary_credentials": "The firmware takes a key only",
    "purpose": "The scales upload weighing records",
    "audit": "Monthly review of the trail",
    "deactivation": "Set status to Inactive and apply",
    "approved_by": "security-architecture",
    "approved_on": str(TODAY - timedelta(days=1)),
    "expires": str(TODAY + timedelta(days=200)),
}


def settings(**changes: str) -> list[str]:
    return [f"--set={name}={value}" for name, value in {**FILLED, **changes}.items()]


def test_the_life_of_an_exception(tree: Path, run: Run) -> None:
    assert run("scan").code == 1
    assert run("scan").rules() == {"RF101"}

    assert run("exceptions", "new", ADDRESS).code == 0
    open_ = run("scan")
    assert (open_.code, open_.rules()) == (1, {"RF101", "RF901"})

    file = tree / REGISTER
    text = file.read_text(encoding="utf-8")
    file.unlink()
    assert run("exceptions", "new", ADDRESS, *settings()).code == 0
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(text.splitlines())
    held = run("scan")
    assert (held.code, held.rules(), held.errors) == (0, set(), [])
    Draft202012Validator(REPORT).validate(held.report)
    line = file.read_text(encoding="utf-8").splitlines().index(f"  - id: EXC-{TODAY.year}-001")
    assert held.covered[ADDRESS] == {
        "kind": "exception",
        "reason": f"EXC-{TODAY.year}-001: The scales upload weighing records "
        "(approved by security-architecture)",
        "path": REGISTER,
        "line": line + 1,
        "until": FILLED["expires"],
    }
    assert run("exceptions", "check").code == 0

    write(tree, KEY.replace("203.0.113.16/28", "203.0.113.0/24"), "main.tf")
    widened = run("scan")
    assert (widened.code, widened.rules()) == (1, {"RF101", "RF904"})
    write(tree, KEY, "main.tf")
    assert run("scan").code == 0

    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    (made,) = document["exceptions"]
    made["approved_on"], made["expires"] = TODAY - timedelta(days=99), TODAY - timedelta(days=1)
    write(tree, yaml.safe_dump(document))
    over = run("scan")
    assert (over.code, over.rules()) == (1, {"RF101", "RF902"})

    made["expires"] = TODAY
    write(tree, yaml.safe_dump(document))
    assert run("scan").code == 0, "the last day counts"

    write(tree, "", "main.tf")
    gone = run("scan", "--fail-on", "low")
    assert gone.code == 1
    assert gone.rules(f"exception.EXC-{TODAY.year}-001") == {"RF903"}
    assert run("scan").code == 0, "it is low"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def repository(tree: Path) -> Path:
    """A repository whose main branch has the key's code and no key yet."""
    write(tree, "", "main.tf")
    write(tree, register())
    git(tree, "init", "-q", "-b", "main")
    commit(tree)
    git(tree, "update-ref", "refs/remotes/origin/main", "main")
    git(tree, "checkout", "-q", "-b", "feature")
    return tree


def commit(tree: Path) -> None:
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "--allow-empty", "-m", "change")


def merge(tree: Path) -> None:
    commit(tree)
    git(tree, "update-ref", "refs/remotes/origin/main", "HEAD")


GATE = ("scan", "--exceptions-ref", "origin/main")


def test_a_request_cannot_approve_itself(repository: Path, run: Run) -> None:
    write(repository, KEY, "main.tf")
    write(repository, register(entry()))
    commit(repository)
    before = git(repository, "status", "--porcelain")

    assert run("scan").code == 0
    gated = run(*GATE)
    assert (gated.code, gated.rules()) == (1, {"RF101"})
    assert gated.notices == [
        f"{REGISTER} 0 exceptions, read from origin/main",
        f"{REGISTER} this change edits the register: EXC-1 added; its entries do not count until "
        "merged",
    ]
    assert git(repository, "status", "--porcelain") == before

    merge(repository)
    merged = run(*GATE)
    assert (merged.code, merged.rules(), list(merged.covered)) == (0, set(), [ADDRESS])
    assert merged.notices == [f"{REGISTER} 1 exception, read from origin/main"]


def test_a_request_cannot_stretch_an_exception(repository: Path, run: Run) -> None:
    narrow = entry(permissions=["s3:GetObject"])
    write(repository, KEY, "main.tf")
    write(repository, register(narrow, entry(id="EXC-2", key="aws_iam_access_key.b")))
    merge(repository)
    write(repository, register(entry()))

    gated = run(*GATE)
    assert (gated.code, gated.rules()) == (1, {"RF101", "RF904"})
    assert "EXC-1 changed, EXC-2 removed; its entries do not count" in gated.notices[1]
    # What the request takes out of the register needs no key any more.
    assert gated.rules("exception.EXC-2") == set()


def test_what_a_request_removes_still_counts_until_merged(repository: Path, run: Run) -> None:
    write(repository, KEY, "main.tf")
    write(repository, register(entry()))
    merge(repository)
    (repository / REGISTER).unlink()

    gated = run(*GATE)
    assert (gated.code, list(gated.covered)) == (0, [ADDRESS])
    assert "EXC-1 removed" in gated.notices[1]
    assert run("scan").code == 1


def behind(tree: Path, name: str = REGISTER) -> None:
    """The main branch goes on with a new exception; the request has its own beside the old."""
    write(tree, KEY, "main.tf")
    write(tree, register(entry()), name)
    git(tree, "checkout", "-q", "-b", "ahead")
    merge(tree)
    git(tree, "checkout", "-q", "feature")


@pytest.mark.parametrize("named", [(), ("--exceptions", "keys.yaml")], ids=["beside", "named"])
def test_a_branch_that_is_behind_edits_nothing(
    repository: Path, run: Run, named: tuple[str, ...]
) -> None:
    name = named[-1] if named else REGISTER
    behind(repository, name)

    gated = run(*GATE, *named)
    assert [n for n in gated.notices if n.startswith(name)] == [
        f"{name} 1 exception, read from origin/main"
    ]
    write(repository, register(entry(id="EXC-2")), name)
    changed = run(*GATE, *named)
    assert f"{name} this change edits the register: EXC-2 added;" in changed.notices[1]
    # What counts is what is approved by now.
    write(repository, KEY, "main.tf")
    assert (list(run(*GATE, *named).covered)) == [ADDRESS]


def test_without_a_common_commit_the_ref_itself_is_compared(repository: Path, run: Run) -> None:
    write(repository, KEY, "main.tf")
    write(repository, register(entry()))
    git(repository, "checkout", "-q", "--orphan", "other")
    merge(repository)
    git(repository, "checkout", "-q", "-f", "feature")

    assert "EXC-1 removed" in run(*GATE).notices[1]


def test_a_register_that_a_request_breaks_fails(repository: Path, run: Run) -> None:
    write(repository, KEY, "main.tf")
    write(repository, register(entry()))
    merge(repository)
    write(repository, register(entry()) + "typo: 1\n")

    gated = run(*GATE)
    assert gated.code == 2
    assert [(path, message[:32]) for path, _, message in gated.errors] == [
        (REGISTER, "the register has no element 'typ")
    ]
    assert list(gated.covered) == [ADDRESS]


def test_registers_in_folders_are_read_from_the_ref(repository: Path, run: Run) -> None:
    write(repository, KEY, "prod/eu/main.tf")
    write(repository, register(entry()), f"prod/eu/{REGISTER}")
    merge(repository)
    (repository / "prod" / "eu" / REGISTER).unlink()

    assert run(*GATE).code == 0
    assert run(*GATE, "prod/eu", "prod").code == 0
    assert run("scan").code == 1


def test_a_named_register_is_read_from_the_ref(repository: Path, run: Run) -> None:
    write(repository, KEY, "prod/main.tf")
    write(repository, register(entry(root="prod")), "keys.yaml")
    merge(repository)
    (repository / "keys.yaml").unlink()

    assert run(*GATE, "--exceptions", "keys.yaml").code == 0
    assert run(*GATE, "prod", "--exceptions", "keys.yaml").code == 0
    nothing = run(*GATE, "--exceptions", "other.yaml")
    assert (nothing.code, nothing.err) == (
        2,
        "error: --exceptions other.yaml: there is no such file at origin/main\n",
    )


def test_no_register_at_the_ref(repository: Path, run: Run) -> None:
    write(repository, KEY, "main.tf")
    (repository / REGISTER).unlink()
    merge(repository)

    gated = run(*GATE)
    assert gated.code == 1
    assert gated.notices == [". no register of exceptions at origin/main: no exception counts"]


@pytest.mark.parametrize("ref", ["nope", "-n1", "--output=x", "", "main:main.tf"])
def test_a_ref_that_is_none(repository: Path, run: Run, ref: str) -> None:
    write(repository, KEY, "main.tf")
    done = run("scan", f"--exceptions-ref={ref}")

    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert len(done.err.splitlines()) <= 2
    assert not (repository / "x").exists()


def test_outside_of_git(tree: Path, run: Run) -> None:
    done = run("scan", "--exceptions-ref", "main")

    assert (done.code, done.out) == (2, "")
    assert "not in a git repository" in done.err
