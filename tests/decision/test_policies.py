"""What a user may do, as far as the code says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.iam.policies import Policy, policies_of
from rolefirst.project import Project

Estate = Callable[[str | Mapping[str, str]], Project]

DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":%s,"Resource":"*"}]}'
ENCODED = 'jsonencode({ Statement = [{ Effect = "Allow", Action = %s, Resource = "*" }] })'
DATA = (
    'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = %s\n'
    '    resources = ["*"]\n  }\n%s}\n'
)
FROM_DATA = "data.aws_iam_policy_document.d.json"


def inline(policy: str, user: str = "aws_iam_user.u.name") -> str:
    return f'resource "aws_iam_user_policy" "p" {{\n  user   = {user}\n  policy = {policy}\n}}\n'


def attached(arn: str, user: str = "aws_iam_user.u.name") -> str:
    return (
        'resource "aws_iam_user_policy_attachment" "a" {\n'
        f"  user       = {user}\n  policy_arn = {arn}\n}}\n"
    )


def managed(policy: str) -> str:
    return f'resource "aws_iam_policy" "m" {{\n  name   = "m"\n  policy = {policy}\n}}\n'


def found(project: Project) -> tuple[Policy, ...]:
    user = next(iter(project.resources("aws_iam_user")))
    return policies_of(user, project)


HEREDOC = "<<-EOT\n" + DOCUMENT % '["s3:GetObject","s3:PutObject"]' + "\n  EOT"

CASES: dict[str, tuple[str, str, tuple[str, ...], bool]] = {
    "jsonencode": (
        inline(ENCODED % '["s3:GetObject", "s3:PutObject"]'),
        "document",
        ("s3:GetObject", "s3:PutObject"),
        True,
    ),
    "one action": (inline(ENCODED % '"s3:GetObject"'), "document", ("s3:GetObject",), True),
    "an unknown resource": (
        'variable "b" {}\n' + inline(ENCODED.replace('"*"', "var.b") % '"s3:GetObject"'),
        "document-expression",
        ("s3:GetObject",),
        True,
    ),
    "an unknown action": (
        'variable "a" {}\n' + inline(ENCODED % '["s3:GetObject", var.a]'),
        "document-expression",
        ("s3:GetObject",),
        False,
    ),
    "unknown actions": (
        'variable "a" {}\n' + inline(ENCODED % "var.a"),
        "document-expression",
        (),
        False,
    ),
    "an unknown policy": (
        'variable "p" {}\n' + inline("var.p"),
        "document-expression",
        (),
        False,
    ),
    "a heredoc": (inline(HEREDOC), "document", ("s3:GetObject", "s3:PutObject"), True),
    "a heredoc with an unknown resource": (
        'variable "b" {}\n' + inline(HEREDOC.replace('"*"', '"${var.b}"')),
        "document-expression",
        ("s3:GetObject", "s3:PutObject"),
        True,
    ),
    "a heredoc with an unknown action": (
        'variable "b" {}\n' + inline(HEREDOC.replace("s3:PutObject", "${var.b}")),
        "document-expression",
        ("s3:GetObject",),
        False,
    ),
    "no JSON": (inline('"nonsense"'), "document", (), False),
    "odd JSON": (inline("jsonencode([1])"), "document", (), False),
    "odd actions": (inline(ENCODED % '[5, "s3:*"]'), "document", ("s3:*",), False),
    "an action that is a number": (inline(ENCODED % "5"), "document", (), False),
    "a denial": (
        inline(
            'jsonencode({ Statement = [{ Effect = "Deny", Action = "*", Resource = "*" }, '
            '{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })'
        ),
        "document",
        ("s3:*",),
        True,
    ),
    "a single statement": (
        inline('jsonencode({ Statement = { Effect = "Allow", Action = "s3:*" } })'),
        "document",
        ("s3:*",),
        True,
    ),
    "NotAction": (
        inline('jsonencode({ Statement = [{ Effect = "Allow", NotAction = "iam:*" }] })'),
        "document",
        ("*",),
        True,
    ),
    "a data document": (
        DATA % ('["s3:GetObject"]', "") + inline(FROM_DATA),
        "document-expression",
        ("s3:GetObject",),
        True,
    ),
    "a data document with another inside": (
        DATA % ('["s3:GetObject"]', "  source_policy_documents = [var.more]\n")
        + 'variable "more" {}\n'
        + inline(FROM_DATA),
        "document-expression",
        ("s3:GetObject",),
        False,
    ),
    "a data document with an unknown action": (
        DATA % ("var.a", "") + 'variable "a" {}\n' + inline(FROM_DATA),
        "document-expression",
        (),
        False,
    ),
    "attached": (
        managed(ENCODED % '"s3:GetObject"') + attached("aws_iam_policy.m.arn"),
        "managed-expression",
        ("s3:GetObject",),
        True,
    ),
    "attached by an exclusive attachment": (
        managed(ENCODED % '"s3:GetObject"')
        + 'resource "aws_iam_policy_attachment" "a" {\n  name = "a"\n'
        "  users = [aws_iam_user.u.name]\n  policy_arn = aws_iam_policy.m.arn\n}\n",
        "managed-expression",
        ("s3:GetObject",),
        True,
    ),
    "of AWS": (attached('"arn:aws:iam::aws:policy/AdministratorAccess"'), "managed", (), False),
    "of AWS in China": (
        attached('"arn:aws-cn:iam::aws:policy/AdministratorAccess"'),
        "managed",
        (),
        False,
    ),
    "of the account": (
        attached('"arn:aws:iam::123456789012:policy/x"'),
        "managed",
        (),
        False,
    ),
    "by a data source": (
        'data "aws_iam_policy" "x" {\n  name = "x"\n}\n' + attached("data.aws_iam_policy.x.arn"),
        "managed-expression",
        (),
        False,
    ),
    "unknown": ('variable "arn" {}\n' + attached("var.arn"), "managed-expression", (), False),
    "by the name": (inline(ENCODED % '"s3:*"', '"svc"'), "document", ("s3:*",), True),
}


@pytest.mark.parametrize("name", CASES)
def test_policy(estate: Estate, name: str) -> None:
    text, kind, actions, complete = CASES[name]
    (policy,) = found(estate(text))

    assert (policy.kind, policy.actions, policy.complete) == (kind, actions, complete)
    assert policy.label
    assert policy.value


@pytest.mark.parametrize(
    "text",
    [
        "",
        inline(ENCODED % '"s3:*"', '"somebody-else"'),
        attached('"arn:aws:iam::aws:policy/ReadOnlyAccess"', '"somebody-else"'),
        inline(ENCODED % '"s3:*"', "aws_iam_user.other.name")
        + 'resource "aws_iam_user" "other" {\n  name = "other"\n}\n',
    ],
)
def test_policies_of_others(estate: Estate, text: str) -> None:
    assert found(estate(text)) == ()


def test_all_of_them_in_order(estate: Estate) -> None:
    project = estate(
        attached('"arn:aws:iam::aws:policy/ReadOnlyAccess"')
        + managed(ENCODED % '"s3:*"')
        + attached("aws_iam_policy.m.arn").replace('"a"', '"b"')
        + inline(ENCODED % '"ec2:*"')
    )

    assert [policy.label for policy in found(project)] == ["p", "readonlyaccess", "m"]
