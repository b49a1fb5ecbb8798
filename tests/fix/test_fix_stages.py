"""That nothing that signs in is taken away before what takes its place is in the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fix_trees import TASK, UNUSED

from rolefirst.findings import Confidence, Finding, Location, Remediation, RuleInfo, Severity
from rolefirst.fix.command import Choice, explain
from rolefirst.fix.plan import Plan

KEY = 'resource "aws_iam_access_key" "app"'
RF101 = ("--rule", "RF101")
REMOVE = (*RF101, "--stage", "remove")
EVERYTHING = ("--write", "--all", "--stage", "remove")
USER = TASK[: TASK.index('resource "aws_ecs')]
HEAD = 'resource "aws_ecs_task_definition" "app" {\n  family = "app"\n\n'
SECRET = """\
resource "aws_secretsmanager_secret" "s" {
  name = "app/key"
}

resource "aws_secretsmanager_secret_version" "s" {
  secret_id     = aws_secretsmanager_secret.s.id
  secret_string = jsonencode({ s = aws_iam_access_key.app.secret })
}
"""


def lines(folder: Path) -> str:
    """All Terraform of a tree."""
    return "".join(path.read_text() for path in sorted(folder.glob("*.tf")))


# --- the stage ---------------------------------------------------------------------------------


def test_without_a_stage_the_key_stays(tree: Path, run) -> None:
    done = run("fix", *RF101)
    assert "+  task_role_arn = aws_iam_role.app_task.arn" in done.out
    assert f"-{KEY}" not in done.out
    said = (
        "notice: still there: aws_iam_access_key.app, aws_iam_access_key.old. When nobody signs in"
    )
    assert said in done.err
    assert "--stage remove" in done.err
    assert run("fix", "--write", *RF101).code == 0
    assert KEY in lines(tree)
    assert UNUSED in lines(tree)


def test_what_is_left_to_remove_is_something_to_fix(tree: Path, run) -> None:
    (tree / "task.tf").unlink()
    done = run("fix", *RF101, "-q")
    assert (done.code, done.out) == (1, "")
    assert "still there: aws_iam_access_key.old" in done.err


def test_to_name_the_stage_is_to_agree_to_what_is_safe(tree: Path, run) -> None:
    done = run("fix", "--write", *REMOVE)
    assert done.code == 1
    assert "left for review (--all writes it too): RF101 aws_iam_access_key.old" in done.err
    assert KEY not in lines(tree)
    assert UNUSED in lines(tree)


# --- what is switched by hand ------------------------------------------------------------------

BY_HAND = {
    "a task that reads a secret": (
        f"{SECRET}\n{HEAD}  container_definitions = jsonencode([{{\n"
        '    secrets = [{ name = "K", valueFrom = aws_secretsmanager_secret.s.arn }]\n  }])\n}\n',
        "aws_ecs_task_definition.app (task.tf:",
    ),
    "a task that reads a parameter": (
        'resource "aws_ssm_parameter" "s" {\n  name  = "/app/secret"\n  type  = "SecureString"\n'
        f"  value = aws_iam_access_key.app.secret\n}}\n\n{HEAD}"
        "  container_definitions = jsonencode([{\n"
        '    secrets = [{ name = "K", valueFrom = aws_ssm_parameter.s.arn }]\n  }])\n}\n',
        "aws_ecs_task_definition.app (task.tf:",
    ),
    "functions": (
        'resource "aws_lambda_function" "f" {\n  for_each      = toset(["a", "b"])\n'
        "  function_name = each.key\n  role          = var.roles[each.key]\n\n  environment {\n"
        "    variables = {\n      SECRET = aws_iam_access_key.app.secret\n"
        "      OTHER  = each.key == aws_iam_access_key.app.id\n    }\n  }\n}\n",
        'aws_lambda_function.f["a"] (task.tf:',
    ),
    "mail": (
        'resource "aws_ssm_parameter" "p" {\n  name  = "/smtp/pass"\n  type  = "SecureString"\n'
        "  value = aws_iam_access_key.app.ses_smtp_password_v4\n}\n",
        "aws_ssm_parameter.p (task.tf:",
    ),
    "pods": (
        'resource "kubernetes_secret" "s" {\n  metadata {\n    name = "aws"\n  }\n\n  data = {\n'
        "    id     = aws_iam_access_key.app.id\n    secret = aws_iam_access_key.app.secret\n"
        "  }\n}\n",
        "kubernetes_secret.s (task.tf:",
    ),
}


@pytest.mark.parametrize("shape", BY_HAND)
def test_a_key_stays_while_somebody_takes_it(tree: Path, run, shape: str) -> None:
    code, place = BY_HAND[shape]
    (tree / "task.tf").write_text(f"{USER}{code}")
    done = run("fix", *EVERYTHING, *RF101)
    assert f"Switch by hand what still takes the key: {place}" in done.err
    after = (tree / "task.tf").read_text()
    assert after == f"{USER}{code}"


def test_what_is_switched_by_hand_is_removed_by_the_next_run(tree: Path, run) -> None:
    code, _ = BY_HAND["a task that reads a secret"]
    (tree / "task.tf").write_text(f"{USER}{code}")
    run("fix", *EVERYTHING, *RF101)
    task = f"{HEAD}  task_role_arn = aws_iam_role.app_task.arn\n}}\n"
    (tree / "task.tf").write_text(USER + task)
    run("fix", *EVERYTHING, *RF101)
    after = (tree / "task.tf").read_text()
    assert "aws_iam_access_key" not in after
    assert "aws_iam_user" not in after
    assert task in after


def test_a_secret_goes_only_when_the_job_has_a_role(tree: Path, run) -> None:
    secret = (
        'resource "github_actions_secret" "s" {\n  repository      = "shop"\n'
        '  secret_name     = "DEPLOY_TOKEN"\n  plaintext_value = aws_iam_access_key.app.secret\n}\n'
    )
    (tree / "task.tf").write_text(USER + secret)
    run("fix", *EVERYTHING, *RF101)
    after = lines(tree)
    assert secret in after or 'resource "github_actions_variable"' in after


def test_a_key_stays_while_copies_of_its_policies_mean_the_user(tree: Path, run) -> None:
    own = '"arn:aws:s3:::bucket/&{aws:username}/*"'
    text = TASK.replace('"arn:aws:s3:::bucket/*"', own)
    (tree / "task.tf").write_text(text)
    done = run("fix", *EVERYTHING, *RF101)
    said = "Change what means the user in the copies of its policies: "
    assert f"{said}data.aws_iam_policy_document.app (task.tf:" in done.err
    assert KEY in lines(tree)


def test_what_is_by_hand_from_start_to_end_is_named(tree: Path, run) -> None:
    output = 'output "o" {\n  value     = aws_iam_access_key.app.secret\n  sensitive = true\n}\n'
    (tree / "task.tf").write_text(USER + output)
    done = run("fix", *RF101)
    assert "notice: left to do by hand: aws_iam_access_key.app\n" in done.err
    assert "\nRF101 aws_iam_access_key.app (review)" in done.err


# --- other rules -------------------------------------------------------------------------------


def test_a_key_that_goes_is_not_mended(tree: Path, run) -> None:
    (tree / "task.tf").write_text(TASK.replace("  tags = { Owner", "  tags = { Else"))
    done = run("fix")
    for rule in ("RF301", "RF401", "RF601"):
        assert f"# {rule} " not in done.out
    assert done.err.count("would mend keys that are to go, or their users") == 1
    assert "RF301, RF401, RF601" in done.err
    (tree / "unused.tf").write_text(UNUSED.replace("  tags = { Owner", "  tags = { Else"))
    assert "# RF401" not in run("fix").out
    assert "# RF301" in run("fix", "--rule", "RF301").out
    assert "# RF401" in run("fix", "--rule", "RF401").out


def test_the_user_of_a_key_without_an_answer_gets_an_owner(tree: Path, run) -> None:
    output = 'output "o" {\n  value     = aws_iam_access_key.app.secret\n  sensitive = true\n}\n'
    (tree / "task.tf").write_text(USER.replace("  tags = { Owner", "  tags = { Else") + output)
    done = run("fix")
    assert "# RF401" in done.out
    assert "# RF301" not in done.out


# --- going on ----------------------------------------------------------------------------------


def _changed(text: str) -> dict[str, str]:
    return {"app_task.tf": text.replace('"Owner" =', '"Team" ='), "app_task.tf.json": ""}


def _as_json(text: str) -> dict[str, str]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in text.splitlines():
        if line.startswith("resource "):
            _, kind, name, _ = line.split()
            found.setdefault(kind.strip('"'), {})[name.strip('"')] = {"name": "n"}
    return {"app_task.tf": "", "app_task.tf.json": json.dumps({"resource": found})}


@pytest.mark.parametrize("rewrite", [_changed, _as_json])
def test_new_code_that_people_have_changed_is_not_written_again(
    tree: Path, run, rewrite: Callable[[str], dict[str, str]]
) -> None:
    run("fix", "--write", "--stage", "add", *RF101)
    for name, text in rewrite((tree / "app_task.tf").read_text()).items():
        if text:
            (tree / name).write_text(text)
        else:
            (tree / name).unlink(missing_ok=True)
    before = {path.name for path in tree.iterdir()}
    done = run("fix", "--write", "--all", *RF101)
    assert "changed task.tf" in done.err
    assert {path.name for path in tree.iterdir()} == before
    assert "task_role_arn" in (tree / "task.tf").read_text()


def test_new_code_of_which_a_part_is_gone_is_not_written_twice(tree: Path, run) -> None:
    run("fix", "--write", "--stage", "add", *RF101)
    text = (tree / "app_task.tf").read_text()
    start = text.index('resource "aws_iam_role_policy"')
    (tree / "app_task.tf").write_text(text[:start])
    done = run("fix", "--write", "--all", *RF101)
    assert "app_task.tf is there and lacks resource aws_iam_role_policy app_task" in done.err
    assert {path.name for path in tree.glob("*.tf")} == {"app_task.tf", "task.tf", "unused.tf"}
    assert (tree / "task.tf").read_text() == TASK


MAIL = USER.replace('"app"', '"smtp"').replace(".app", ".smtp") + BY_HAND["mail"][0].replace(
    "key.app", "key.smtp"
)


def test_an_exception_has_no_exceptions(tree: Path, run) -> None:
    (tree / "task.tf").write_text(MAIL)
    run("fix", "--write", "--all", *RF101)
    (new,) = tree.glob("*exception*.tf")
    text, before = new.read_text(), sorted(path.name for path in tree.iterdir())
    assert text.count('resource "aws_iam_access_key"') == 2
    done = run("fix", "--write", "--all", *RF101)
    assert sorted(path.name for path in tree.iterdir()) == before
    assert new.read_text() == text
    key = f"aws_iam_access_key.{new.stem}_a"
    assert f"Enter {key} into access-key-exceptions.yaml" in done.err


# --- git ---------------------------------------------------------------------------------------


def test_what_git_ignores_is_not_written(tree: Path, committed, run) -> None:
    committed("rm", "-q", "--cached", "task.tf")
    (tree / ".gitignore").write_text("task.tf\n")
    committed("add", ".gitignore")
    committed("commit", "-qm", "ignore")
    done = run("fix", "--write", *RF101)
    assert done.code == 2
    assert "task.tf: has changes that are not committed, or git ignores it" in done.err
    assert (tree / "task.tf").read_text() == TASK


def test_outside_of_git_there_is_no_way_back(tree: Path, run) -> None:
    assert "in no git repository" in run("fix", "--write", *RF101).err
    assert "in no git repository" not in run("fix", *RF101).err


def test_in_git_there_is_a_way_back(tree: Path, committed, run) -> None:
    assert committed("status", "--porcelain") == ""
    assert "in no git repository" not in run("fix", "--write", *RF101).err


# --- what is printed ---------------------------------------------------------------------------


def test_the_same_steps_are_printed_once(capfd) -> None:
    rule = RuleInfo("RF704", "name", "Title", Severity.HIGH)
    remedy = Remediation("t", "", ("Do this.", "Do that."), "safe")
    other = Remediation("t", "", ("Do this.",), "safe")

    def finding(address: str, remedy: Remediation) -> Finding:
        place = Location("main.tf", 1)
        high = Confidence.HIGH
        return Finding(rule, Severity.HIGH, high, ".", address, place, "m", remediation=remedy)

    found = (finding("a.b", remedy), finding("a.c", other), finding("a.d", remedy))
    explain(Plan(findings=found), found, Choice("switch"))
    assert [line[:11] for line in capfd.readouterr().err.splitlines()] == [
        "",
        "RF704 a.b (",
        "RF704 a.d (",
        "  1. Do thi",
        "  2. Do tha",
        "",
        "RF704 a.c (",
        "  1. Do thi",
    ]


def test_the_rest_of_a_diff_that_hides_something_applies(tree: Path, committed, run) -> None:
    secret = "AKIA" + "Q3EG7RZ2XN5LVT4W"
    (tree / "task.tf").write_text(
        TASK.replace("    environment", f"    # {secret}\n    environment")
    )
    committed("commit", "-qam", "secret")
    done = run("fix", *RF101)
    assert "git apply --exclude=task.tf" in done.err
    (tree.parent / "fix.diff").write_text(done.out)
    committed("apply", "--exclude=task.tf", str(tree.parent / "fix.diff"))
    assert (tree / "app_task.tf").exists()
