"""What a policy document says, in every form in which code writes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from rolefirst.iam.documents import document_of, stands_for
from rolefirst.iam.statements import UNNAMED, Document, Text
from rolefirst.loaders.hcl import combine
from rolefirst.project import ABSENT, Project, known

Estate = Callable[[str | Mapping[str, str]], Project]

VARIABLES = 'variable "x" {}\nvariable "y" {}\n'
DATA = 'data "aws_iam_policy_document" "d" {{\n{body}\n}}\n'


def read(project: Project) -> Document:
    policy = next(iter(project.resources("aws_iam_policy")))
    return document_of(policy["policy"])


def policy(expression: str) -> str:
    return f'{VARIABLES}resource "aws_iam_policy" "p" {{\n  policy = {expression}\n}}\n'


def data(body: str, more: str = "") -> str:
    return DATA.format(body=body) + policy("data.aws_iam_policy_document.d.json") + more


ALLOW = '{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*", Sid = "a" }'
FORMS = {
    "jsonencode": policy(f"jsonencode({{ Statement = [{ALLOW}] }})"),
    "one statement": policy(f"jsonencode({{ Statement = {ALLOW} }})"),
    "text": policy(
        "<<-EOT\n"
        '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["*"], '
        '"Sid": "a"}]}\n  EOT'
    ),
    "data": data(
        '  statement {\n    sid = "a"\n    actions = ["s3:GetObject"]\n    resources = ["*"]\n  }'
    ),
    "minified": data(
        '  statement {\n    sid = "a"\n    actions = ["s3:GetObject"]\n    resources = ["*"]\n  }'
    ).replace("d.json", "d.minified_json"),
    "source": data(
        "  source_policy_documents = [jsonencode({ Statement = [" + ALLOW + "] })]",
    ),
    "override": data(
        '  statement {\n    sid = "a"\n    actions = ["*"]\n  }\n'
        "  override_policy_documents = [jsonencode({ Statement = [" + ALLOW + "] })]",
    ),
    "by a local": policy("local.doc")
    + f"locals {{\n  doc = jsonencode({{ Statement = [{ALLOW}] }})\n}}\n",
    "by another policy": policy("aws_iam_role_policy.other.policy")
    + 'resource "aws_iam_role_policy" "other" {\n'
    f'  role = "x"\n  policy = jsonencode({{ Statement = [{ALLOW}], Id = var.x }})\n}}\n',
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(estate: Estate, form: str) -> None:
    document = read(estate(FORMS[form]))

    (statement,) = document.statements
    assert (document.why, statement.why, statement.sid) == ("", "", "a")
    assert statement.effect == Text("Allow")
    assert statement.actions == (Text("s3:GetObject"),)
    assert statement.resources == (Text("*"),)


def test_what_is_not_written_is_empty(estate: Estate) -> None:
    (statement,) = read(estate(FORMS["jsonencode"])).statements

    assert statement.not_actions == statement.not_resources == ()
    assert statement.principals == statement.not_principals == statement.conditions == ()
    assert document_of(ABSENT) == Document()


NAMED = {
    "variable": ('"arn:aws:s3:::${var.x}/*"', "arn:aws:s3:::${var.x}/*"),
    "attribute": ("aws_sqs_queue.q.arn", "${aws_sqs_queue.q.arn}"),
    "index": ("data.aws_eks_cluster.c.identity[0].x", "${data.aws_eks_cluster.c.identity[0].x}"),
    "module": ("module.m.arn", "${module.m.arn}"),
    "key with quotes": ('aws_sqs_queue.many["a"].arn', "${aws_sqs_queue.many['a'].arn}"),
    "workspace": ("terraform.workspace", "${terraform.workspace}"),
    "function": ("upper(var.x)", UNNAMED),
    "function in a text": ('"a/${upper(var.x)}"', f"a/{UNNAMED}"),
    "one of two": ('var.x == "a" ? var.x : var.y', UNNAMED),
}
BLOCKS = (
    'resource "aws_sqs_queue" "q" {}\nresource "aws_sqs_queue" "many" {\n'
    '  for_each = toset(["a"])\n}\ndata "aws_eks_cluster" "c" {}\n'
    'module "m" {\n  source = "acme/m/aws"\n}\n'
)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("form", ["jsonencode", "heredoc", "data"])
def test_an_unknown_part_has_a_name_or_none(estate: Estate, name: str, form: str) -> None:
    expression, text = NAMED[name]
    written = {
        "jsonencode": policy(
            f'jsonencode({{ Statement = [{{ Effect = "Allow", Resource = {expression} }}] }})'
        ),
        "heredoc": policy(
            '<<-EOT\n{"Statement": [{"Effect": "Allow", "Resource": "${' + expression + '}"}]}\nEOT'
        ),
        "data": data(f"  statement {{\n    resources = [{expression}]\n  }}"),
    }[form]
    (statement,) = read(estate(written + BLOCKS)).statements

    (resource,) = statement.resources
    assert resource.text == text
    assert resource.why
    assert resource.comparable is (UNNAMED not in text)


@pytest.mark.parametrize(
    "expression",
    [
        "var.x",
        '"nonsense"',
        "jsonencode([1])",
        "jsonencode({ Statement = var.x })",
        'jsonencode({ Statement = concat([], [for s in var.x : { Effect = "Allow" }]) })',
        "upper(data.aws_iam_policy_document.d.json)",
        '"${data.aws_iam_policy_document.d.json} "',
        '"{"',
        "data.aws_iam_policy.d.policy",
    ],
)
def test_what_cannot_be_read_says_why(estate: Estate, expression: str) -> None:
    body = DATA.format(body="  statement {\n    actions = []\n  }")
    document = read(estate(policy(expression) + body))

    assert document.statements == ()
    assert document.why


def test_one_unknown_statement_leaves_the_others_readable(estate: Estate) -> None:
    document = read(estate(policy(f"jsonencode({{ Statement = [{ALLOW}, var.x] }})")))

    first, second = document.statements
    assert first.actions == (Text("s3:GetObject"),)
    assert second.effect.why
    assert second.allows


def test_a_statement_with_unknown_members_says_so(estate: Estate) -> None:
    merged = f"merge({ALLOW}, var.x)"
    (statement,) = read(estate(policy(f"jsonencode({{ Statement = [{merged}] }})"))).statements

    assert statement.why


@pytest.mark.parametrize("form", ["json", "data"])
def test_principals_and_conditions(estate: Estate, form: str) -> None:
    text = {
        "json": policy(
            'jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",\n'
            'Principal = { Service = ["ec2.amazonaws.com"] },\n'
            'Condition = { Bool = { "aws:SecureTransport" = true } } }] })'
        ),
        "data": data(
            "  statement {\n"
            '    actions = ["sts:AssumeRole"]\n'
            '    principals {\n      type = "Service"\n'
            '      identifiers = ["ec2.amazonaws.com"]\n    }\n'
            '    condition {\n      test = "Bool"\n      variable = "aws:SecureTransport"\n'
            '      values = ["true"]\n    }\n  }'
        ),
    }[form]
    (statement,) = read(estate(text)).statements

    (principal,) = statement.principals
    assert (principal.type, principal.identifiers) == ("Service", (Text("ec2.amazonaws.com"),))
    (condition,) = statement.conditions
    assert (condition.test, condition.variable) == ("Bool", "aws:SecureTransport")
    assert condition.values == (Text("true"),)


def test_anybody_is_a_principal(estate: Estate) -> None:
    text = policy('jsonencode({ Statement = [{ Effect = "Allow", Principal = "*" }] })')
    (statement,) = read(estate(text)).statements

    assert [p.type for p in statement.principals] == ["*"]


def test_policy_variables_are_no_unknown_parts(estate: Estate) -> None:
    """Both notations of what IAM fills in; beside a part that Terraform fills in, too."""
    body = '  statement {\n    resources = ["a/&{aws:username}/*"]\n  }'
    (statement,) = read(estate(data(body))).statements
    assert statement.resources == (Text("a/${aws:username}/*"),)

    heredoc = (
        '<<-EOT\n{"Statement": [{"Effect": "Allow", "Action": "${var.x}", '
        '"Resource": "a/$${aws:username}/*"}]}\nEOT'
    )
    (statement,) = read(estate(policy(heredoc))).statements
    assert statement.resources == (Text("a/${aws:username}/*"),)
    assert statement.actions[0].why


def test_sources_come_first_and_a_sid_is_replaced(estate: Estate) -> None:
    def encoded(sid: str, action: str) -> str:
        return (
            f'jsonencode({{ Statement = [{{ Sid = "{sid}", Effect = "Allow", '
            f'Action = "{action}", Resource = "*" }}] }})'
        )

    body = (
        f"  source_policy_documents = [{encoded('one', 's:1')}, {encoded('', 's:2')}]\n"
        '  statement {\n    sid = "one"\n    actions = ["o:1"]\n  }\n'
        '  statement {\n    actions = ["o:2"]\n  }\n'
        f"  override_policy_documents = [{encoded('one', 'v:1')}]"
    )
    document = read(estate(data(body)))

    assert [s.actions[0].text for s in document.statements] == ["v:1", "s:2", "o:2"]


def test_an_unknown_source_is_said(estate: Estate) -> None:
    body = "  source_policy_documents = [var.x]\n  statement {\n    actions = []\n  }"
    document = read(estate(data(body)))

    assert len(document.statements) == 1
    assert document.why


def test_documents_that_include_each_other_end(estate: Estate) -> None:
    loop = 'data "aws_iam_policy_document" "e" {\n  source_policy_documents = [%s]\n}\n'
    body = "  source_policy_documents = [data.aws_iam_policy_document.e.json]"
    document = read(estate(data(body) + loop % "data.aws_iam_policy_document.d.json"))

    assert document.why


@pytest.mark.parametrize("depth", [30, 900, 5_000])
def test_deep_json_ends(depth: int) -> None:
    text = '{"Statement": [{"Effect": "Allow", "Action": ' + "[" * depth + "]" * depth + "}]}"
    document = document_of(known(text))

    assert document.why or document.statements[0].actions[0].why


def test_the_name_of_a_value(estate: Estate) -> None:
    project = estate(policy("var.x") + BLOCKS)
    (block,) = project.resources("aws_iam_policy")

    assert stands_for(block["policy"]) == "var.x"
    assert stands_for(known("${var.x}")) == ""
    assert UNNAMED == combine.PLACEHOLDER, "the loaders write it, the documents read it"
