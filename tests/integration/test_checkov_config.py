"""``rolefirst.toml`` and inline skips in a real checkov mean what they mean on the command line."""

from __future__ import annotations

from pathlib import Path

import checkov_env
import pytest
from checkov_env import run

pytestmark = pytest.mark.checkov

USER = 'resource "aws_iam_user" "{0}" {{\n  {1}\n  name = "{0}"\n  tags = {{ {2} }}\n}}\n'


@pytest.fixture(scope="module")
def checkov() -> Path:
    return checkov_env.executables()[-1]


def test_what_rules_are_told(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "rolefirst.toml").write_text(
        "[scan]\nexclude = ['sandbox/*']\n[owner]\nkeys = ['Responsible']\n"
        "placeholders = ['platform']\n[tags]\nrequired = ['Purpose']\n",
        "utf-8",
    )
    (tmp_path / "main.tf").write_text(
        USER.format("complete", "", 'Responsible = "search"\n Purpose = "x"')
        + USER.format("other_key", "", 'Owner = "search"\n Purpose = "x"')
        + USER.format("nobody", "", 'Responsible = "platform"\n Purpose = "x"')
        + USER.format("lacking", "", 'Responsible = "search"'),
        "utf-8",
    )
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "main.tf").write_text(USER.format("sandbox", "", ""), "utf-8")
    done = run(checkov, tmp_path, only="RF4*")

    assert done.pairs() == {
        ("RF401", "aws_iam_user.other_key"),
        ("RF401", "aws_iam_user.lacking"),
        ("RF402", "aws_iam_user.nobody"),
    }
    assert "requires: add Purpose" in done.text("RF401", "aws_iam_user.lacking")


def test_skips(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        USER.format("spaced", "#checkov:skip=RF401:why until = 2020-01-01", "")
        + USER.format("wordy", "#checkov:skip=RF401:why until=soon", "")
        + USER.format("foreign", "#checkov:skip=CKV_AWS_273:why", "")
        + USER.format("tfsec", "#tfsec:ignore:RF401 why", "")
        + USER.format("older", "#bridgecrew:skip=RF401:why", "")
        + USER.format("unused", "#checkov:skip=RF401:why", 'Owner = "search"'),
        "utf-8",
    )
    done = run(checkov, tmp_path, only="RF401")

    assert {address.split(".")[1] for _, address in done.pairs()} == {
        *("spaced", "wordy", "foreign", "tfsec"),
    }
    assert "it expired on 2020-01-01" in done.text("RF401", "aws_iam_user.spaced")
    skipped = {
        r["resource"]: r["check_result"]["suppress_comment"] for r in done.records("skipped")
    }
    assert skipped == {
        "aws_iam_user.older": "why",
        "aws_iam_user.unused": "why (this skip silences nothing)",
    }


def test_variable_files_that_are_left_out(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "rolefirst.toml").write_text("[scan]\nexclude = ['sandbox.tfvars']\n", "utf-8")
    (tmp_path / "main.tf").write_text(USER.format("ci", "", ""), "utf-8")
    for name in ("prod", "sandbox"):  # made up, valid nowhere
        (tmp_path / f"{name}.tfvars").write_text('x = "AKIAPTGZ6JFEBZSDOXRL"\n', "utf-8")
    done = run(checkov, tmp_path, only="RF704")
    said = [record["check_name"] for record in done.records()]

    assert len(said) == 1
    assert "prod.tfvars" in said[0]
