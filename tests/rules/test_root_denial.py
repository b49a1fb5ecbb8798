"""What counts as denying root, and what as leaving root sessions alone."""

from __future__ import annotations

import json

import pytest

from rolefirst.iam.documents import document_of
from rolefirst.project import State, Value, known
from rolefirst.rules.root_denial import Denial, denial_of

ROOT = "arn:aws:iam::*:root"
PRINCIPAL = {"ArnLike": {"aws:PrincipalArn": ROOT}}
DENY = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": PRINCIPAL}


def denial(**statement: object) -> Denial:
    policy = {"Version": "2012-10-17", "Statement": [{**DENY, **statement}]}
    return denial_of(document_of(known(json.dumps(policy))))


def test_root_and_its_sessions() -> None:
    assert denial() == Denial(root=True, sessions=True)


@pytest.mark.parametrize(
    ("operator", "pattern", "denied"),
    [
        ("ArnLike", "arn:*:iam::*:root", True),
        ("ArnEquals", ROOT, True),
        ("StringLike", "*:root", True),
        ("StringLike", "arn:aws-us-gov:iam::*:root", True),
        ("StringLikeIfExists", ROOT, True),
        ("ForAnyValue:ArnLike", ROOT, True),
        ("StringEquals", "arn:aws:iam::999988887777:root", True),
        ("ArnLike", "arn:aws:iam::${aws:PrincipalAccount}:root", True),
        ("StringEquals", ROOT, False),
        ("ArnLike", "arn:aws:iam::*:user/root", False),
        ("ArnLike", "arn:aws:iam::[0-9]*:root", False),
        ("ArnNotLike", ROOT, False),
        # It holds for root, as it does for everybody else.
        ("ArnNotLike", "arn:aws:iam::*:role/admin", False),
    ],
)
def test_who_is_meant(operator: str, pattern: str, denied: bool) -> None:
    assert denial(Condition={operator: {"aws:PrincipalArn": [pattern]}}).root is denied


@pytest.mark.parametrize(
    ("statement", "root", "sessions"),
    [
        ({"Effect": "Allow"}, False, False),
        ({"Action": "iam:*"}, True, True),
        ({"Action": ["s3:*", "iam:Create*"]}, True, False),
        ({"Action": "ec2:*"}, False, False),
        ({"Action": None, "NotAction": ["sts:*"]}, True, True),
        ({"Action": None, "NotAction": ["iam:*"]}, False, False),
        ({"Resource": "arn:aws:s3:::*"}, False, False),
        ({"Condition": None}, False, False),
    ],
)
def test_what_is_denied(statement: dict[str, object], root: bool, sessions: bool) -> None:
    assert denial(**statement) == Denial(root, sessions)


@pytest.mark.parametrize(
    ("operator", "value", "root", "sessions"),
    [
        ("Null", "true", True, False),
        ("Null", True, True, False),
        ("Null", "false", False, True),
        ("BoolIfExists", "false", True, False),
        ("StringNotEquals", "true", True, False),
        ("StringNotEqualsIfExists", "true", True, False),
        # The key is missing for the root user itself, so these say nothing about it.
        ("Bool", "false", False, False),
        ("Bool", "true", False, True),
        ("BoolIfExists", "true", True, True),
    ],
)
def test_sessions(operator: str, value: object, root: bool, sessions: bool) -> None:
    condition = {**PRINCIPAL, operator: {"aws:AssumedRoot": value}}
    assert denial(Condition=condition) == Denial(root, sessions)


@pytest.mark.parametrize("variable", ["aws:MultiFactorAuthPresent", "aws:RequestedRegion"])
def test_another_condition_leaves_it_open(variable: str) -> None:
    found = denial(Condition={**PRINCIPAL, "StringEquals": {variable: "x"}})
    assert found.root == f"it depends on {variable}"


def test_accounts_are_a_matter_of_attachment() -> None:
    exempt = {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}
    assert denial(Condition={**PRINCIPAL, **exempt}).root is True


def test_another_operator_leaves_it_open() -> None:
    found = denial(Condition={"Bool": {"aws:PrincipalArn": ROOT}})
    assert found.root == "it compares aws:PrincipalArn by Bool"


def unread(text: str) -> Denial:
    return denial_of(document_of(Value(State.UNKNOWN, text, "var.x has no default")))


def test_an_unknown_account_is_an_account() -> None:
    condition = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${local.id}:root"}}
    assert unread(json.dumps({"Statement": {**DENY, "Condition": condition}})).root is True


@pytest.mark.parametrize("part", ["Action", "Resource", "Effect"])
def test_unknown_parts_leave_it_open(part: str) -> None:
    text = json.dumps({"Statement": {**DENY, part: "${var.x}"}})
    assert unread(text) == Denial("var.x has no default", "var.x has no default")


def test_an_unknown_document_leaves_it_open() -> None:
    assert unread("${var.x}").root == "var.x has no default"


def test_one_statement_is_enough() -> None:
    text = json.dumps({"Statement": [{**DENY, "Action": "${var.x}"}, DENY]})
    assert unread(text).root is True


@pytest.mark.parametrize("known_part", ["Action", "Resource", "Condition"])
def test_a_statement_with_more_in_it_leaves_it_open(known_part: str) -> None:
    parts = document_parts({"Effect": "Deny", known_part: DENY[known_part]})
    statement = Value(State.UNKNOWN, parts, "var.x has no default")
    policy = Value(State.UNKNOWN, {"Statement": known((statement,))}, "var.x has no default")
    assert denial_of(document_of(policy)).root == "var.x has no default"


def document_parts(plain: dict[str, object]) -> dict[str, Value]:
    return {
        name: known(document_parts(part) if isinstance(part, dict) else part)  # type: ignore[arg-type]
        for name, part in plain.items()
    }


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:PrincipalArn": "${var.x}"}},
        {**PRINCIPAL, "Null": {"aws:AssumedRoot": "${var.x}"}},
        {**PRINCIPAL, "StringEquals": "${var.x}"},
    ],
)
def test_an_unknown_condition_leaves_it_open(condition: dict[str, object]) -> None:
    found = unread(json.dumps({"Statement": {**DENY, "Condition": condition}}))
    assert isinstance(found.root, str)
