"""Where the secret of a key lies in the open, and what closes such a place."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from rolefirst.decision.catalogue import Rows, extend
from rolefirst.decision.catalogue_rows import rows_of, sinks
from rolefirst.decision.landings import landings
from rolefirst.loaders import hcl
from rolefirst.project import Project

KEY = 'resource "aws_iam_access_key" "k" {\n  user = "k"\n}\n'


def project(folder: Path, text: str) -> Project:
    (folder / "main.tf").write_text(KEY + textwrap.dedent(text), encoding="utf-8")
    return hcl.load(folder)


def places(project: Project) -> list[tuple[str, str, str]]:
    return [
        (landing.block.address, landing.argument, landing.doubt)
        for found in landings(project).values()
        for landing in found
    ]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ('type = "SecureString"', []),
        ('type = "String"', [("aws_ssm_parameter.p", "value", "")]),
        ("type = var.type", [("aws_ssm_parameter.p", "value", "type")]),
        ("", [("aws_ssm_parameter.p", "value", "")]),
    ],
)
def test_a_parameter(tmp_path: Path, arguments: str, found: list[object]) -> None:
    text = f"""
        variable "type" {{}}
        resource "aws_ssm_parameter" "p" {{
          {arguments}
          value = aws_iam_access_key.k.secret
        }}
    """
    assert places(project(tmp_path, text)) == found


def test_the_secret_is_followed_through_stores(tmp_path: Path) -> None:
    text = """
        resource "aws_secretsmanager_secret" "s" {
          name = "some/secret"
        }
        resource "aws_secretsmanager_secret_version" "s" {
          secret_id     = aws_secretsmanager_secret.s.id
          secret_string = jsonencode({ secret = aws_iam_access_key.k.secret })
        }
        data "aws_secretsmanager_secret_version" "s" {
          secret_id = aws_secretsmanager_secret.s.arn
        }
        resource "aws_ssm_parameter" "p" {
          name  = "/p"
          type  = "SecureString"
          value = jsondecode(data.aws_secretsmanager_secret_version.s.secret_string)["secret"]
        }
        data "aws_ssm_parameter" "p" {
          name = "/p"
        }
        resource "aws_launch_template" "t" {
          user_data = base64encode(data.aws_ssm_parameter.p.value)
        }
    """
    assert places(project(tmp_path, text)) == [("aws_launch_template.t", "user_data", "")]


def test_the_address_of_a_store_is_no_secret(tmp_path: Path) -> None:
    text = """
        resource "aws_ssm_parameter" "p" {
          name  = "/p"
          type  = "SecureString"
          value = aws_iam_access_key.k.secret
        }
        data "aws_ssm_parameter" "p" {
          name = aws_ssm_parameter.p.name
        }
        resource "aws_lambda_function" "f" {
          environment {
            variables = { ARN = aws_ssm_parameter.p.arn, NAME = data.aws_ssm_parameter.p.name }
          }
        }
    """
    assert places(project(tmp_path, text)) == []


def test_stores_that_read_each_other_end(tmp_path: Path) -> None:
    text = """
        resource "aws_ssm_parameter" "a" {
          type  = "String"
          name  = "/a"
          value = "${aws_iam_access_key.k.secret}${aws_ssm_parameter.b.value}"
        }
        resource "aws_ssm_parameter" "b" {
          type  = "String"
          name  = "/b"
          value = aws_ssm_parameter.a.value
        }
    """
    found = places(project(tmp_path, text))
    assert found == [("aws_ssm_parameter.a", "value", ""), ("aws_ssm_parameter.b", "value", "")]


@pytest.mark.parametrize(
    ("part", "count"),
    [("secret", 1), ("ses_smtp_password_v4", 1), ("id", 0), ("encrypted_secret", 0)],
)
def test_what_arrives_counts(tmp_path: Path, part: str, count: int) -> None:
    text = f"""
        resource "any_thing" "t" {{
          tags = {{ key = aws_iam_access_key.k.{part} }}
        }}
    """
    assert len(places(project(tmp_path, text))) == count


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("tags = merge(var.tags, { key = aws_iam_access_key.k.secret })", "tags"),
        ("tag {\n    value = aws_iam_access_key.k.secret\n  }", "tag.value"),
        ('description = "key ${aws_iam_access_key.k.secret}"', "description"),
        ("name = aws_iam_access_key.k.secret", ""),
    ],
)
def test_what_everybody_reads_of_any_resource(tmp_path: Path, text: str, argument: str) -> None:
    code = f'variable "tags" {{}}\nresource "any_thing" "t" {{\n  {text}\n}}\n'
    found = [place for _, place, _ in places(project(tmp_path, code))]

    assert [place.partition(".")[0] for place in found] == [argument.partition(".")[0]] * len(found)
    assert bool(found) is bool(argument)


@pytest.mark.parametrize(("sealed", "count"), [("true", 0), ("false", 1)])
def test_an_own_row_says_what_lies_open(tmp_path: Path, sealed: str, count: int) -> None:
    row = {
        "types": ["own_thing"],
        "category": "ci",
        "alternative": "ask-owner",
        "template": "ask_owner",
        "use": "something else",
        "plain": ["text"],
        "plain_unless": {"sealed": True},
    }
    text = f"""
        resource "own_thing" "t" {{
          text   = aws_iam_access_key.k.secret
          other  = aws_iam_access_key.k.secret
          sealed = {sealed}
        }}
    """
    loaded = project(tmp_path, text)
    (made,) = rows_of([row], "sinks", sinks)
    extend(loaded, Rows(sinks=made))

    assert places(loaded) == [("own_thing.t", "text", "")] * count
