"""``rolefirst fix``: what it prints, what it writes and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from fix_trees import TASK, UNUSED

from rolefirst.errors import UsageError
from rolefirst.fix import write as writing
from rolefirst.fix.plan import FileChange, Plan

ROLE = 'resource "aws_iam_role" "app_task"'
KEY_RULES = ("--rule", "RF101")
#: All of the way.
REMOVE = (*KEY_RULES, "--stage", "remove")


def contents(folder: Path) -> dict[str, str]:
    """The files of a tree."""
    found = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def test_the_diff_applies_and_changes_nothing_itself(tree: Path, committed, run) -> None:
    before = contents(tree)
    done = run("fix", *REMOVE)
    assert done.code == 1
    assert contents(tree) == before
    (tree.parent / "fix.diff").write_text(done.out)
    committed("apply", str(tree.parent / "fix.diff"))
    after = contents(tree)
    assert ROLE in after["app_task.tf"]
    assert "aws_iam_access_key" not in after["task.tf"]
    assert "aws_iam_user" not in after["task.tf"]
    assert "task_role_arn" in after["task.tf"]
    assert "unused.tf" not in after


def test_patch_takes_the_diff_too(tree: Path, run) -> None:
    if shutil.which("patch") is None:
        pytest.skip("needs patch")
    done = run("fix", *KEY_RULES)
    subprocess.run(["patch", "-p1", "-s"], input=done.out, text=True, cwd=tree, check=True)
    assert ROLE in contents(tree)["app_task.tf"]


def test_what_is_fixed_is_found_no_more(tree: Path, run) -> None:
    assert run("fix", "--write", "--all", *REMOVE).code == 0
    done = run("scan", "--format", "json", "--fixes")
    rules = {finding["rule"] for finding in json.loads(done.out)["findings"]}
    assert "RF101" not in rules
    again = run("fix", *REMOVE)
    assert (again.code, again.out) == (0, "")


def test_the_findings_are_named_before_their_changes(tree: Path, run) -> None:
    done = run("fix", *REMOVE)
    parts = re.split(r"(?m)^--- ", done.out)
    assert "# RF101 aws_iam_access_key.app (safe) task.tf:19" in parts[0]
    assert "# RF101 aws_iam_access_key.old (review) unused.tf:6" in done.out


def test_the_steps_are_beside_the_diff(tree: Path, run) -> None:
    done = run("fix", *KEY_RULES)
    assert re.search(r"^  1\. Create aws_iam_role\.app_task with terraform apply\.", done.err, re.M)
    assert "Save the Terraform" not in done.err  # the diff has it
    assert run("fix", *REMOVE, "--quiet").err == ""


def test_stages_go_one_behind_the_other(tree: Path, run) -> None:
    assert run("fix", "--write", "--stage", "add", *KEY_RULES).code == 0
    assert contents(tree)["task.tf"] == TASK
    assert ROLE in contents(tree)["app_task.tf"]
    new = contents(tree)["app_task.tf"]
    run("fix", "--write", "--all", "--stage", "switch", *KEY_RULES)
    after = contents(tree)
    assert "task_role_arn" in after["task.tf"]
    assert 'resource "aws_iam_access_key" "app"' in after["task.tf"]
    assert "aws_iam_access_key.app.id" not in after["task.tf"]
    assert after["app_task.tf"] == new
    assert len(after) == 3


def test_only_what_is_safe_is_written(tree: Path, run) -> None:
    done = run("fix", "--write", *REMOVE)
    assert done.code == 1
    assert contents(tree)["unused.tf"] == UNUSED
    assert "aws_iam_access_key" not in contents(tree)["task.tf"]
    assert "created app_task.tf" in done.err
    assert "changed task.tf" in done.err
    assert "left for review" in done.err
    assert done.out == ""
    done = run("fix", "--write", "--all", *REMOVE)
    assert done.code == 0
    assert "deleted unused.tf" in done.err


def test_one_rule_alone(tree: Path, run) -> None:
    done = run("fix", "--rule", "rotation_missing")
    assert "# RF301" in done.out
    assert "# RF101" not in done.out
    done = run("fix", "--rule", "RF999")
    assert done.code == 2
    assert "there is no rule 'RF999'" in done.err


def test_a_key_that_goes_needs_no_other_fix(tree: Path, run) -> None:
    done = run("fix")
    assert "# RF301 aws_iam_access_key" not in done.out


def test_nothing_to_fix(tmp_path: Path, run) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "b" {\n}\n')
    done = run("fix", str(tmp_path))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert run("fix", str(tmp_path / "none")).code == 2


def test_paths_are_those_from_here(tree: Path, run, monkeypatch) -> None:
    monkeypatch.chdir(tree.parent)
    done = run("fix", "tree", *KEY_RULES)
    assert "\n--- a/tree/task.tf\n+++ b/tree/task.tf\n" in done.out


# --- what is refused ---------------------------------------------------------------------------


def test_uncommitted_changes_are_safe(tree: Path, committed, run) -> None:
    (tree / "task.tf").write_text(TASK + "# mine\n")
    before = contents(tree)
    done = run("fix", "--write", *REMOVE)
    assert done.code == 2
    assert done.err.startswith("error: task.tf: has changes that are not committed, or git ignores")
    assert contents(tree) == before
    committed("commit", "-qam", "mine")
    assert run("fix", "--write", *REMOVE).code == 1
    assert ROLE in contents(tree)["app_task.tf"]


def test_a_file_that_git_does_not_know_is_safe(tree: Path, committed, run) -> None:
    committed("rm", "-q", "--cached", "task.tf")
    assert run("fix", "--write", *KEY_RULES).code == 2
    assert contents(tree)["task.tf"] == TASK


def test_a_read_only_file_stays(tree: Path, run) -> None:
    (tree / "task.tf").chmod(0o444)
    done = run("fix", "--write", *KEY_RULES)
    assert done.code == 2
    assert "task.tf: is read-only. Nothing was written." in done.err
    assert contents(tree) == {"task.tf": TASK, "unused.tf": UNUSED}


def test_a_link_does_not_lead_out(tree: Path, run) -> None:
    outside = tree.parent / "outside.tf"
    (tree / "task.tf").rename(outside)
    (tree / "task.tf").symlink_to(outside)
    done = run("fix", "--write", *KEY_RULES)
    assert done.code == 2
    change = FileChange("task.tf", TASK.encode(), b"", ())
    with pytest.raises(UsageError, match=r"task\.tf: a link leads out of the folder\."):
        writing.write(Plan((change,)), str(tree))
    assert outside.read_text() == TASK
    assert (tree / "task.tf").is_symlink()


def test_a_file_that_changed_meanwhile_stays(tree: Path, run, monkeypatch) -> None:
    write = writing.write

    def late(plan, folder):
        (tree / "task.tf").write_text(TASK + "# mine\n")
        write(plan, folder)

    monkeypatch.setattr("rolefirst.fix.command.write", late)
    done = run("fix", "--write", *KEY_RULES)
    assert done.code == 2
    assert "task.tf: has changed since it was scanned. Nothing was written." in done.err
    assert contents(tree) == {"task.tf": TASK + "# mine\n", "unused.tf": UNUSED}


def test_a_failure_leaves_all_as_it_was(tree: Path, run, monkeypatch) -> None:
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target.name == "task.tf":
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    before = sorted(tree.iterdir())
    done = run("fix", "--write", "--all", *KEY_RULES)
    assert done.code == 2
    assert "cannot be written: No space left on device. Nothing was written." in done.err
    assert contents(tree) == {"task.tf": TASK, "unused.tf": UNUSED}
    assert sorted(tree.iterdir()) == before


def test_the_mode_of_a_file_stays(tree: Path, run) -> None:
    (tree / "task.tf").chmod(0o640)
    run("fix", "--write", *REMOVE)
    assert "aws_iam_access_key" not in contents(tree)["task.tf"]
    assert stat.S_IMODE((tree / "task.tf").stat().st_mode) == 0o640


def test_code_that_cannot_be_read_stops_it(tree: Path, run) -> None:
    (tree / "broken.tf").write_text('resource "x" "y" {\n')
    done = run("fix", *KEY_RULES)
    assert done.code == 2
    assert "broken.tf:1" in done.err
    assert run("fix", "--write", *KEY_RULES).code == 2
    assert contents(tree)["task.tf"] == TASK


def test_a_file_that_is_there_is_not_overwritten(tree: Path, run) -> None:
    (tree / "app_task.tf").write_text("# mine\n")
    run("fix", "--write", *KEY_RULES)
    assert contents(tree)["app_task.tf"] == "# mine\n"
    assert ROLE in contents(tree)["app_task_2.tf"]


def test_a_secret_is_not_printed(tree: Path, run) -> None:
    secret = "AKIA" + "Q3EG7RZ2XN5LVT4W"
    user = "  user = aws_iam_user.app.name"
    (tree / "task.tf").write_text(TASK.replace(user, f"  # old: {secret}\n{user}"))
    done = run("fix", *REMOVE)
    assert secret not in done.out + done.err
    assert "the diff of task.tf hides key material" in done.err
    run("fix", "--write", *REMOVE)
    assert secret not in contents(tree)["task.tf"]


def test_a_terminal_is_not_steered(tree: Path, run, monkeypatch) -> None:
    text = TASK.replace(
        "  user = aws_iam_user.app.name", "\t# \x1b[2J\n\tuser = aws_iam_user.app.name"
    )
    (tree / "task.tf").write_text(text)
    assert "\x1b" in run("fix", *REMOVE).out  # exact, so that it applies
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    out = run("fix", *REMOVE).out
    assert "\x1b" not in out
    assert "\\x1b[2J" in out
    assert "\tuser = aws_iam_user.app.name\n" in out


def test_windows_line_ends_and_a_missing_last_one(tree: Path, committed, run) -> None:
    data = TASK.rstrip("\n").replace("\n", "\r\n").encode()
    (tree / "task.tf").write_bytes(data)
    committed("config", "core.autocrlf", "false")
    committed("commit", "-qam", "dos")
    done = run("fix", *REMOVE)
    (tree.parent / "fix.diff").write_bytes(done.out.encode())
    # capfd gives text as it came: the carriage returns are in it.
    committed("apply", "--whitespace=nowarn", str(tree.parent / "fix.diff"))
    after = (tree / "task.tf").read_bytes()
    assert b"aws_iam_access_key" not in after
    assert after.count(b"\n") == after.count(b"\r\n")
    assert after.endswith(b"}")


def test_the_json_report_has_the_edits(tree: Path, run) -> None:
    done = run("scan", "--format", "json", "--fixes")
    document = json.loads(done.out)
    schema = json.loads(files("rolefirst.reports").joinpath("report.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    found = next(f for f in document["findings"] if f["rule"] == "RF101")
    remedy = found["remediation"]
    assert remedy["file"] == "app_task.tf"
    stages = {edit["stage"] for edit in remedy["edits"]}
    assert stages == {"switch", "remove"}
    key = next(e for e in remedy["edits"] if TASK[e["start"] :].startswith('resource "aws_iam_acc'))
    assert (key["path"], key["text"]) == ("task.tf", "")
    assert TASK[key["start"] : key["end"]].endswith("}\n\n")


def test_several_trees_keep_their_edits_apart(tree: Path, run) -> None:
    (tree.parent / "other").mkdir()
    shutil.copy(tree / "task.tf", tree.parent / "other")
    document = json.loads(run("scan", "../tree", "../other", "--format", "json", "--fixes").out)
    remedies = [f["remediation"] for f in document["findings"] if f["remediation"]]
    assert {edit["path"].partition("/")[0] for r in remedies for edit in r["edits"]} == {".."}
    assert {r["file"] for r in remedies} >= {"../tree/app_task.tf", "../other/app_task.tf"}


def test_every_consumer_is_switched(tree: Path, run) -> None:
    task = TASK[TASK.index('resource "aws_ecs') :]
    (tree / "more.tf").write_text(task.replace('"app"', '"more"'))
    done = run("fix", "--write", *KEY_RULES)
    assert "changed more.tf" in done.err
    assert "task_role_arn" in contents(tree)["more.tf"]
    assert "aws_iam_access_key" not in contents(tree)["more.tf"]


def test_a_consumer_that_is_switched_by_hand_needs_a_look(tree: Path, run) -> None:
    output = 'output "secret" {\n  value     = aws_iam_access_key.app.secret\n}\n'
    (tree / "more.tf").write_text(output)
    assert "# RF101 aws_iam_access_key.app (review)" in run("fix", *KEY_RULES).out
    run("fix", "--write", *KEY_RULES)
    assert contents(tree)["more.tf"] == output
