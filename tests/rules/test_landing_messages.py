"""What RF702 says beside the place: whose secret, where exactly, and on what that depends."""

from __future__ import annotations

import textwrap

from rolefirst import testing
from rolefirst.findings import Finding
from rolefirst.rules.rf702_secret_in_plain_sink import SecretInPlainSink

KEYS = """
resource "aws_iam_access_key" "ci" {
  user = "ci"
}
resource "aws_iam_access_key" "cd" {
  user = "cd"
}
"""


def found(code: str) -> Finding:
    text = KEYS.lstrip() + textwrap.dedent(code).lstrip()
    (finding,) = testing.scan({"main.tf": text}, SecretInPlainSink()).findings
    return finding


def related(finding: Finding) -> list[tuple[int, str]]:
    return [(place.location.line, place.label) for place in finding.related]


def test_each_line_in_which_a_secret_stands() -> None:
    finding = found("""
        resource "aws_lambda_function" "app" {
          function_name = "app"
          environment {
            variables = {
              NAME = "app"
              CD   = aws_iam_access_key.cd.secret
              CI   = aws_iam_access_key.ci.secret
            }
          }
        }
    """)

    assert finding.location.line == 9
    assert related(finding) == [
        (12, "the secret: environment.variables.CD"),
        (13, "the secret: environment.variables.CI"),
        (1, "the key: aws_iam_access_key.ci"),
        (4, "the key: aws_iam_access_key.cd"),
    ]
    assert finding.message.startswith("the secret of 2 access keys can be read in environment")


def test_the_line_in_which_a_carrier_is_read() -> None:
    finding = found("""
        locals {
          secret = aws_iam_access_key.ci.secret
        }
        resource "aws_instance" "app" {
          tags = {
            first  = "app"
            second = local.secret
          }
        }
    """)

    assert finding.location.line == 11
    assert related(finding)[0] == (13, "the secret: tags.second")
    assert finding.message.startswith("the secret of an access key can be read in tags.second")
    assert "whether it exists" not in finding.message


def test_a_line_is_said_once() -> None:
    finding = found("""
        resource "aws_instance" "app" {
          user_data = "export SECRET=${aws_iam_access_key.ci.secret}"
        }
    """)

    assert related(finding) == [(1, "the key: aws_iam_access_key.ci")]


def test_a_block_that_may_not_exist() -> None:
    finding = found("""
        variable "on" {}
        resource "aws_instance" "app" {
          count     = var.on
          user_data = aws_iam_access_key.ci.secret
        }
    """)

    assert finding.message.endswith("; whether it exists depends on: var.on has no default")
