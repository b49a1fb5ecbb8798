"""Gating only what is new: --changed-since, --baseline and rolefirst baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

KEY = """\
resource "aws_iam_access_key" "{0}" {{
  user = "{0}"
}}
"""
USER = """\
resource "aws_iam_user" "old" {
  name = "old"
  tags = { Owner = "platform-team@example.com" }
}
"""
NARROW = """\
resource "aws_iam_user_policy" "source" {
  user = aws_iam_user.old.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Deny"
      Action   = "*"
      Resource = "*"
      Condition = {
        NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] }
        BoolIfExists         = { "aws:ViaAWSService" = "false" }
      }
    }]
  })
}
"""


@pytest.fixture
def estate(tmp_path: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An old estate with one key, on the branch ``topic`` that left ``main``."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(KEY.format("old") + "\n" + NARROW)
    (tmp_path / "infra" / "user.tf").write_text(USER)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "old")
    git(tmp_path, "checkout", "-qb", "topic")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(outcome) -> set[tuple[str, str]]:
    document = json.loads(outcome.out)
    return {(finding["rule"], finding["address"]) for finding in document["findings"]}


def scanned(run, *arguments: str) -> set[tuple[str, str]]:
    return found(run("scan", "infra", "--format", "json", *arguments))


def test_without_a_change_there_is_nothing_new(estate: Path, run) -> None:
    outcome = run("scan", "infra", "--changed-since", "main", "--format", "json")
    assert outcome.code == 0
    document = json.loads(outcome.out)
    assert document["findings"] == []
    assert {s["suppression"]["kind"] for s in document["suppressed"]} == {"unchanged"}


def test_a_new_key_is_new_and_the_old_one_is_not(estate: Path, run) -> None:
    (estate / "infra" / "new.tf").write_text(KEY.format("new"))
    now = scanned(run, "--changed-since", "main")
    assert ("RF101", "aws_iam_access_key.new") in now
    assert {address for _, address in now} == {"aws_iam_access_key.new"}


def test_a_moved_block_and_a_renamed_file_are_not_new(estate: Path, run, git) -> None:
    git(estate, "mv", "infra/main.tf", "infra/keys.tf")
    (estate / "infra" / "keys.tf").write_text(NARROW + "\n# keys\n" + KEY.format("old"))
    assert scanned(run, "--changed-since", "main") == set()


def test_what_a_change_touches_is_reported_again(estate: Path, run) -> None:
    text = KEY.format("old").replace("  user", '  status = "Active"\n  user')
    (estate / "infra" / "main.tf").write_text(text + "\n" + NARROW)
    assert ("RF101", "aws_iam_access_key.old") in scanned(run, "--changed-since", "main")


def test_what_breaks_by_taking_something_away_elsewhere_is_new(estate: Path, run) -> None:
    (estate / "infra" / "main.tf").write_text(KEY.format("old"))
    assert scanned(run, "--changed-since", "main") == {("RF601", "aws_iam_access_key.old")}


@pytest.mark.parametrize("before", ["create = false\n", None])
def test_a_key_that_a_variable_file_turns_on_is_new(
    estate: Path, run, git, before: str | None
) -> None:
    switch = 'variable "create" {}\n' + KEY.format("new").replace(
        "{", "{\n  count = var.create ? 1 : 0", 1
    )
    (estate / "infra" / "new.tf").write_text(switch)
    values = estate / "prod.tfvars"
    if before is not None:
        values.write_text(before)
    git(estate, "add", "-A")
    git(estate, "commit", "-qm", "switch")
    git(estate, "branch", "-qf", "main")
    values.write_text("create = true\n")
    arguments = ("--changed-since", "main", "--var-file", "prod.tfvars")
    assert ("RF101", "aws_iam_access_key.new[0]") in scanned(run, *arguments)
    git(estate, "add", "-A")
    git(estate, "commit", "-qm", "on")
    git(estate, "branch", "-qf", "main")
    assert scanned(run, *arguments) == set()


def test_what_main_does_meanwhile_is_not_ours(estate: Path, run, git) -> None:
    git(estate, "checkout", "-q", "main")
    (estate / "infra" / "main.tf").write_text("")
    git(estate, "commit", "-qam", "main goes on")
    git(estate, "checkout", "-q", "topic")
    assert scanned(run, "--changed-since", "main") == set()


def test_a_skip_that_goes_makes_a_finding_new(estate: Path, run, git) -> None:
    user = 'resource "aws_iam_user" "u" {\n  name = "u"\n  #checkov:skip=RF401:later\n}\n'
    (estate / "infra" / "other.tf").write_text(user)
    git(estate, "add", "-A")
    git(estate, "commit", "-qm", "skip")
    git(estate, "branch", "-f", "main", "topic")
    (estate / "infra" / "other.tf").write_text(user.replace("  #checkov:skip=RF401:later\n", ""))
    assert ("RF401", "aws_iam_user.u") in scanned(run, "--changed-since", "main")


def test_the_register_is_that_of_the_ref(estate: Path, run) -> None:
    (estate / "infra" / "new.tf").write_text(KEY.format("new"))
    (estate / "infra" / "access-key-exceptions.yaml").write_text("exceptions: []\n")
    document = json.loads(run("scan", "infra", "--changed-since", "main", "--format", "json").out)
    assert any("no register of exceptions at main" in n["message"] for n in document["notices"])


@pytest.mark.parametrize("ref", ["nothing", "-x", ""])
def test_a_ref_that_is_none(estate: Path, run, ref: str) -> None:
    outcome = run("scan", "infra", f"--changed-since={ref}")
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("error: ")


def test_a_submodule_does_not_approve_itself(estate: Path, run, git) -> None:
    inner = estate / "infra" / "inner"
    inner.mkdir()
    (inner / "main.tf").write_text(KEY.format("new"))
    git(inner, "init", "-q", "-b", "main")
    git(inner, "add", "-A")
    git(inner, "commit", "-qm", "approved by myself")
    for option in ("--exceptions-ref", "--changed-since"):
        outcome = run("scan", "infra/inner", option, "main")
        assert outcome.code == 2
        assert "in a repository of its own" in outcome.err


def test_outside_of_git(trees: Path, run) -> None:
    outcome = run("scan", "key", "--changed-since", "main")
    assert outcome.code == 2
    assert "not in a git repository" in outcome.err


@pytest.mark.parametrize("option", ["--changed-since", "--exceptions-ref"])
def test_the_configuration_is_that_of_the_ref(estate: Path, run, option: str) -> None:
    (estate / "infra" / "new.tf").write_text(KEY.format("new"))
    (estate / "rolefirst.toml").write_text('[disabled]\nRF101 = "mine"\n')
    outcome = run("scan", "infra", option, "main", "--format", "json")
    assert ("RF101", "aws_iam_access_key.new") in found(outcome)
    notices = [notice["message"] for notice in json.loads(outcome.out)["notices"]]
    assert "this change edits the configuration: what counts is that of main" in notices


def test_a_configuration_that_is_merged_counts(estate: Path, run, git) -> None:
    (estate / "rolefirst.toml").write_text('[disabled]\nRF101 = "team decision"\n')
    git(estate, "add", "-A")
    git(estate, "commit", "-qm", "configuration")
    git(estate, "branch", "-f", "main", "topic")
    (estate / "infra" / "new.tf").write_text(KEY.format("new"))
    (estate / "rolefirst.toml").unlink()
    now = scanned(run, "--exceptions-ref", "main")
    assert not [pair for pair in now if pair[0] == "RF101"]


def test_a_configuration_from_elsewhere_is_nobodys_change(
    estate: Path, run, tmp_path_factory
) -> None:
    elsewhere = tmp_path_factory.mktemp("organization") / "policy.toml"
    elsewhere.write_text('[disabled]\nRF101 = "policy"\n')
    now = scanned(run, "--exceptions-ref", "main", "--config", str(elsewhere))
    assert not [pair for pair in now if pair[0] == "RF101"]


def test_an_empty_name_of_a_configuration_is_a_mistake(trees: Path, run) -> None:
    outcome = run("scan", "key", "--config", "")
    assert outcome.code == 2
    assert "--config: the name is empty" in outcome.err


def test_wider_rights_far_from_the_key_are_new(estate: Path, run, git) -> None:
    rights = estate / "infra" / "rights.tf"
    rights.write_text(
        'variable "actions" {\n  default = ["s3:*"]\n}\n'
        'data "aws_iam_policy_document" "rights" {\n  statement {\n    actions   = var.actions\n'
        '    resources = ["*"]\n  }\n}\n'
        'resource "aws_iam_user_policy" "rights" {\n  user   = aws_iam_user.old.name\n'
        "  policy = data.aws_iam_policy_document.rights.json\n}\n"
    )
    git(estate, "add", "-A")
    git(estate, "commit", "-qm", "rights")
    git(estate, "branch", "-f", "main", "topic")
    rights.write_text(rights.read_text().replace('["s3:*"]', '["s3:*", "ec2:*"]'))
    assert scanned(run, "--changed-since", "main") == {("RF502", "aws_iam_user.old")}


def test_what_was_untold_before_does_not_fail_a_strict_gate(estate: Path, run, git) -> None:
    unknown = 'variable "{0}" {{\n  type = string\n}}\nresource "aws_iam_user" "{0}" {{\n'
    unknown += '  name = "{0}"\n  tags = {{ Owner = var.{0} }}\n}}\nprovider "aws" {{}}\n'
    (estate / "infra" / "a.tf").write_text(unknown.format("a"))
    git(estate, "add", "-A")
    git(estate, "commit", "-qm", "unknown")
    git(estate, "branch", "-f", "main", "topic")
    strict = ("scan", "infra", "--strict", "--changed-since", "main", "--format", "json")
    assert run(*strict).code == 0
    (estate / "infra" / "b.tf").write_text(unknown.format("b").replace('provider "aws" {}', ""))
    outcome = run(*strict)
    assert outcome.code == 1
    assert {u["address"] for u in json.loads(outcome.out)["undetermined"]} == {"aws_iam_user.b"}


def test_the_text_report_counts_what_is_old(estate: Path, run) -> None:
    outcome = run("scan", "infra", "--changed-since", "main")
    assert "from before (not changed since main): see them with --verbose" in outcome.out
    assert "aws_iam_access_key.old" not in outcome.out
    assert "aws_iam_access_key.old" in run("scan", "infra", "--changed-since", "main", "-v").out


# --- baseline --------------------------------------------------------------------------------


def test_a_baseline_adopts_what_is_there(estate: Path, run) -> None:
    written = run("baseline", "infra", "--output", "known.json")
    assert written.code == 0
    assert "known.json: " in written.err
    outcome = run("scan", "infra", "--baseline", "known.json", "--format", "json")
    assert outcome.code == 0
    assert found(outcome) == set()
    (estate / "infra" / "new.tf").write_text(KEY.format("new"))
    now = scanned(run, "--baseline", "known.json")
    assert {address for _, address in now} == {"aws_iam_access_key.new"}


def test_a_renamed_folder_is_not_new(estate: Path, run) -> None:
    (estate / "infra" / "live").mkdir()
    for name in ("main.tf", "user.tf"):
        (estate / "infra" / name).rename(estate / "infra" / "live" / name)
    run("baseline", "infra", "--output", "known.json")
    (estate / "infra" / "live").rename(estate / "infra" / "prod")
    assert scanned(run, "--baseline", "known.json") == set()


def test_what_is_mended_is_said(estate: Path, run) -> None:
    run("baseline", "infra", "--output", "known.json")
    (estate / "infra" / "main.tf").write_text("")
    outcome = run("scan", "infra", "--baseline", "known.json")
    assert "of its entries are gone" in outcome.out


def test_a_change_cannot_add_to_the_baseline(estate: Path, run, git) -> None:
    run("baseline", "infra", "--output", "known.json")
    git(estate, "add", "-A")
    git(estate, "commit", "-qm", "baseline")
    git(estate, "branch", "-f", "main", "topic")
    (estate / "infra" / "new.tf").write_text(KEY.format("new"))
    run("baseline", "infra", "--output", "known.json")
    assert scanned(run, "--baseline", "known.json") == set()
    approved = scanned(run, "--baseline", "known.json", "--exceptions-ref", "main")
    assert ("RF101", "aws_iam_access_key.new") in approved


def test_no_baseline_of_half_a_scan(trees: Path, run) -> None:
    outcome = run("baseline", "broken")
    assert outcome.code == 2
    assert "no baseline was written" in outcome.err
    assert not (trees / "rolefirst-baseline.json").exists()


def test_a_baseline_that_never_ends_is_not_read(trees: Path, run) -> None:
    (trees / "known.json").symlink_to("/dev/zero")
    outcome = run("scan", "key", "--baseline", "known.json")
    assert outcome.code == 2
    assert "not a regular file" in outcome.err


@pytest.mark.parametrize("content", [None, "no json"])
def test_a_baseline_that_is_none(trees: Path, run, content: str | None) -> None:
    if content is not None:
        (trees / "known.json").write_text(content)
    outcome = run("scan", "key", "--baseline", "known.json")
    assert outcome.code == 2
    assert outcome.out == ""
    assert "known.json" in outcome.err


# --- several reports, completion --------------------------------------------------------------


def test_one_scan_writes_many_reports(trees: Path, run) -> None:
    files = {"sarif": "a.sarif", "junit": "b.xml", "markdown": "c.md"}
    options = [f"--report={format}={name}" for format, name in files.items()]
    outcome = run("scan", "key", *options)
    assert outcome.code == 1
    assert "RF101" in outcome.out
    for name in files.values():
        assert "RF101" in (trees / name).read_text()


@pytest.mark.parametrize("report", ["sarif", "sarif=", "nothing=x", "=x"])
def test_a_report_that_is_none(trees: Path, run, report: str) -> None:
    outcome = run("scan", "key", "--report", report)
    assert outcome.code == 2
    assert outcome.out == ""
    assert "FORMAT=FILE" in outcome.err


def test_two_reports_are_two_files(trees: Path, run) -> None:
    outcome = run("scan", "key", "--report", "json=x", "--report", "sarif=./x")
    assert outcome.code == 2
    assert "two reports cannot be one file" in outcome.err
    assert not (trees / "x").exists()


def test_report_only(trees: Path, run) -> None:
    outcome = run("scan", "key", "--fail-on", "none", "--strict")
    assert outcome.code == 0
    assert "RF101" in outcome.out
    assert run("scan", "broken", "--fail-on", "none").code == 2


def test_a_dash_is_standard_output(trees: Path, run) -> None:
    outcome = run("baseline", "key", "--output", "-")
    assert json.loads(outcome.out)["schema_version"] == 1
    assert not (trees / "-").exists()


def test_programs_get_edits_when_they_ask(trees: Path, run) -> None:
    def edits(*options: str) -> list[object]:
        document = json.loads(run("scan", "key", "--format", "json", *options).out)
        remedies = [f["remediation"] for f in document["findings"] if f["remediation"]]
        return [edit for remedy in remedies for edit in remedy["edits"]]

    assert edits() == []
    assert edits("--fixes")


def test_a_secret_between_two_places_of_an_edit_is_not_shown(trees: Path, run) -> None:
    (trees / "key" / "main.tf").write_text(
        KEY.format("ci")
        + """
resource "aws_lambda_function" "f" {
  function_name = "f"
  environment {
    variables = {
      AWS_ACCESS_KEY_ID     = aws_iam_access_key.ci.id
      DB_PASSWORD           = "correct horse"
      AWS_SECRET_ACCESS_KEY = aws_iam_access_key.ci.secret
    }
  }
}
"""
    )
    assert "horse" not in run("scan", "key", "--format", "json", "--fixes").out


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_knows_every_command(run, shell: str) -> None:
    outcome = run("completion", shell)
    assert outcome.code == 0
    for word in ("scan", "exceptions", "baseline", "--changed-since", "explain"):
        assert word in outcome.out


def test_every_command_has_help(run) -> None:
    for command in ("scan", "fix", "exceptions", "baseline", "explain", "rules", "completion"):
        outcome = run(command, "--help")
        assert outcome.code == 0
        assert f"usage: rolefirst {command}" in outcome.out
