"""Every long-lived key, however it is made, and none that is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.decision.keys import Origin, dormant, keys
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]


def found(project: Project) -> list[tuple[str, Origin, bool]]:
    return [(key.block.address, key.origin, bool(key.doubt)) for key in keys(project)]


def resource(more: str = "") -> str:
    return f'resource "aws_iam_access_key" "k" {{\n  user = "u"\n{more}}}\n'


def credential(more: str = "") -> str:
    return (
        'resource "aws_iam_service_specific_credential" "c" {\n'
        f'  service_name = "bedrock.amazonaws.com"\n  user_name = "u"\n{more}}}\n'
    )


def module(source: str, more: str = "") -> str:
    return f'module "m" {{\n  source = "{source}"\n{more}}}\n'


def command(text: str) -> str:
    return (
        f'resource "null_resource" "n" {{\n  provisioner "local-exec" {{\n    command = "{text}"\n'
        "  }\n}\n"
    )


IAM_USER = "terraform-aws-modules/iam/aws//modules/iam-user"
KEY = "aws_iam_access_key.k"
CREDENTIAL = "aws_iam_service_specific_credential.c"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        (resource(), [(KEY, Origin.RESOURCE, False)]),
        (resource('  status = "Inactive"\n'), [(KEY, Origin.RESOURCE, False)]),
        (resource("  count = 0\n"), []),
        (resource("  for_each = {}\n"), []),
        (
            resource("  count = 2\n"),
            [(f"{KEY}[0]", Origin.RESOURCE, False), (f"{KEY}[1]", Origin.RESOURCE, False)],
        ),
        (
            'variable "n" {}\n' + resource("  count = var.n\n"),
            [(KEY, Origin.RESOURCE, True)],
        ),
        ('data "aws_iam_access_keys" "k" {\n  user = "u"\n}\n', []),
        (credential(), [(CREDENTIAL, Origin.SERVICE_CREDENTIAL, False)]),
        (
            credential("  credential_age_days = 91\n"),
            [(CREDENTIAL, Origin.SERVICE_CREDENTIAL, False)],
        ),
        (credential("  credential_age_days = 90\n"), []),
        (credential("  credential_age_days = 1\n"), []),
        (
            'variable "d" {}\n' + credential("  credential_age_days = var.d\n"),
            [(CREDENTIAL, Origin.SERVICE_CREDENTIAL, True)],
        ),
        (module(IAM_USER), [("module.m", Origin.MODULE, False)]),
        (module(IAM_USER, "  create_access_key = false\n"), []),
        (module(IAM_USER, '  create_access_key = "false"\n'), []),
        (module(IAM_USER, "  create_iam_access_key = false\n"), []),
        (module(IAM_USER, "  create = false\n"), []),
        (
            'variable "on" {}\n' + module(IAM_USER, "  create_access_key = var.on\n"),
            [("module.m", Origin.MODULE, True)],
        ),
        (module(IAM_USER, "  count = 0\n"), []),
        (module("acme/iam/aws"), []),
        (module("cloudposse/s3-bucket/aws"), []),
        (
            module("cloudposse/s3-bucket/aws", "  user_enabled = true\n"),
            [("module.m", Origin.MODULE, False)],
        ),
        (
            command("aws iam create-access-key --user-name u"),
            [("null_resource.n", Origin.SCRIPT, False)],
        ),
        (command("aws iam list-access-keys"), []),
        (
            'data "external" "e" {\n  program = ["sh", "-c", "aws iam create-access-key"]\n}\n',
            [("data.external.e", Origin.SCRIPT, False)],
        ),
        (
            'resource "null_resource" "n" {\n  # aws iam create-access-key --user-name u\n}\n',
            [],
        ),
        ('output "help" {\n  value = "run aws iam create-access-key"\n}\n', []),
    ],
)
def test_keys(estate: Estate, text: str, wanted: list[tuple[str, Origin, bool]]) -> None:
    assert found(estate({"main.tf": text})) == wanted


def test_a_module_is_read_once_per_call(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": module("./key") + module("./key", "  count = 2\n").replace('"m"', '"n"'),
            "key/main.tf": resource(),
        }
    )

    assert sorted(address for address, _, _ in found(project)) == [
        f"module.m.{KEY}",
        f"module.n[0].{KEY}",
        f"module.n[1].{KEY}",
    ]


def test_keys_are_found_once(estate: Estate) -> None:
    project = estate({"main.tf": resource()})

    assert keys(project) is keys(project)


# --- keys that only a default keeps from being made ---------------------------------------------

OFF = 'variable "on" {\n  default = false\n}\n'
SCRIPT = command("aws iam create-access-key --user-name u")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (resource("  count = var.on ? 1 : 0\n"), [KEY]),
        (credential("  count = var.on ? 1 : 0\n"), [CREDENTIAL]),
        (credential("  count = var.on ? 1 : 0\n  credential_age_days = 90\n"), []),
        (module(IAM_USER, "  create_access_key = var.on\n"), ["module.m"]),
        (module(IAM_USER, "  count = var.on ? 1 : 0\n"), ["module.m"]),
        (module(IAM_USER, "  create = false\n  create_access_key = var.on\n"), []),
        (module("cloudposse/s3-bucket/aws", "  user_enabled = var.on\n"), ["module.m"]),
        (SCRIPT.replace("{\n", "{\n  count = var.on ? 1 : 0\n", 1), ["null_resource.n"]),
        (resource("  count = var.on ? 2 : 1\n"), []),
        (resource("  count = 0\n"), []),
        (resource(), []),
    ],
)
def test_dormant(estate: Estate, text: str, wanted: list[str]) -> None:
    project = estate({"main.tf": OFF + text})
    found = dormant(project)

    assert [key.block.address for key in found] == wanted
    assert {key.doubt for key in found} <= {"var.on has only its default (main.tf:1)"}
    assert not {key.block.location for key in found} & {key.block.location for key in keys(project)}


def test_a_dormant_key_stands_in_every_instance_of_its_module(estate: Estate) -> None:
    project = estate(
        {
            "main.tf": OFF
            + module("./key", "  on = var.on\n")
            + module("./key", '  for_each = toset(["a", "b"])\n  on = var.on\n').replace(
                '"m"', '"n"'
            )
            + module("./key", "  on = false\n").replace('"m"', '"o"'),
            "key/main.tf": 'variable "on" {}\n' + resource("  count = var.on ? 2 : 0\n"),
        }
    )

    assert sorted(key.block.address for key in dormant(project)) == [
        f"module.m.{KEY}",
        f'module.n["a"].{KEY}',
        f'module.n["b"].{KEY}',
    ]


def test_dormant_keys_are_looked_for_once(estate: Estate) -> None:
    project = estate({"main.tf": OFF + resource("  count = var.on ? 1 : 0\n")})

    assert dormant(project) is dormant(project)
