"""Which commands make a key, for whom, and what says that root runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolefirst.decision.commands import key_commands, root_evidence, signs_in
from rolefirst.loaders import hcl
from rolefirst.project import Block


def script(tmp_path: Path, command: str) -> Block:
    (tmp_path / "main.tf").write_text(
        'resource "aws_iam_user" "anchor" {\n  name = "anchor"\n}\n'
        'resource "null_resource" "script" {\n'
        f'  provisioner "local-exec" {{\n    command = <<-EOT\n{command}\n    EOT\n  }}\n}}\n',
        encoding="utf-8",
    )
    return next(iter(hcl.load(tmp_path).resources("null_resource")))


@pytest.mark.parametrize(
    ("command", "users"),
    [
        ("aws iam create-access-key", [None]),
        ("aws iam create-access-key --user-name ci", ["ci"]),
        ("aws iam create-access-key --user-name=ci", ["ci"]),
        ("aws iam create-access-key --user-name 'root' | jq .", ["root"]),
        ("aws --profile x --region y iam create-access-key", [None]),
        ("aws iam create-access-key \\\n  --user-name ci", ["ci"]),
        ("aws iam create-access-key; aws iam tag-user --user-name ci", [None]),
        ("iam.create_access_key(UserName='ci')", ["ci"]),
        ("iam.create_access_key()", [None]),
        ("New-IAMAccessKey -UserName ci", ["ci"]),
        ("new-iamaccesskey", [None]),
        ("# aws iam create-access-key", []),
        ("aws iam delete-access-key --access-key-id x", []),
        ("echo create-access-key", []),
    ],
)
def test_commands(tmp_path: Path, command: str, users: list[str | None]) -> None:
    assert [found.user for found in key_commands(script(tmp_path, command))] == users


@pytest.mark.parametrize(
    "command",
    ["aws iam create-access-key --cli-input-json file://x", "x.create_access_key(**args)"],
)
def test_a_user_may_hide_in_the_input(tmp_path: Path, command: str) -> None:
    assert [found.opaque for found in key_commands(script(tmp_path, command))] == [True]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("aws --profile root iam create-access-key", True),
        ("aws --profile=prod-root iam create-access-key", True),
        ("export AWS_PROFILE=root", True),
        ("export AWS_ACCESS_KEY_ID=$AWS_ROOT_KEY", True),
        ("login_session = arn:aws:iam::111122223333:root", True),
        ("aws --profile rooted iam create-access-key", False),
        ("aws --profile groot iam create-access-key", False),
        ("cd ${path.root} && aws iam create-access-key", False),
        ("echo arn:aws:iam::111122223333:root", False),
        ("sudo -u root aws iam create-access-key", False),
    ],
)
def test_evidence_of_root(tmp_path: Path, command: str, says: bool) -> None:
    assert bool(root_evidence(script(tmp_path, command))) is says


@pytest.mark.parametrize(
    ("command", "signs"),
    [
        ("aws login", True),
        ("aws --profile x login", True),
        ("aws login --profile x --remote", True),
        ("aws sso login", False),
        ("aws ecr get-login-password", False),
        ("docker-aws login", False),
    ],
)
def test_signing_in(tmp_path: Path, command: str, signs: bool) -> None:
    assert signs_in(script(tmp_path, command)) is signs


@pytest.mark.parametrize(
    "command", ["aws " * 20_000, "aws" + " --a b" * 20_000, "create_access_key(" * 5_000]
)
def test_hostile_commands_take_no_time(tmp_path: Path, command: str) -> None:
    block = script(tmp_path, command)

    # A pattern that backtracks would not end within the time a CI job has.
    assert (key_commands(block), signs_in(block), root_evidence(block)) == ((), False, "")
