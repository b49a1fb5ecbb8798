"""When two policies give the same rights."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from rolefirst.findings import Location
from rolefirst.iam.compare import Likeness, atoms, compare
from rolefirst.iam.documents import document_of
from rolefirst.iam.grants import Grant
from rolefirst.project import Block, State, Value, known

BLOCK = Block("resource", "aws_iam_policy", "p", "aws_iam_policy.p", ".", Location("main.tf", 1))
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "b"}
WRITE = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "b"}
DENY = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "b"}


def grant(*statements: Mapping[str, Any], name: str = "", **more: Any) -> Grant:
    text = json.dumps({"Statement": statements, **more})
    value = Value(State.UNKNOWN, text, "unknown") if "${" in text else known(text)
    names = frozenset({("arn", name)}) if name else frozenset()
    return Grant(BLOCK, "p", names, document_of(value))


def like(*statements: Mapping[str, Any]) -> bool:
    return compare([grant(READ)], [grant(*statements)]).same


@pytest.mark.parametrize(
    "changes",
    [
        {"Sid": "named"},
        {"Action": ["s3:GetObject"]},
        {"Action": "S3:getobject"},
        {"Action": ["s3:PutObject", "s3:GetObject"]},
        {"Resource": ["a", "b"]},
    ],
)
def test_the_same_in_other_words(changes: dict[str, Any]) -> None:
    assert like({**READ, **changes})
    assert like(WRITE, {**READ, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Action": "s3:PutObject"},
        {"Action": "s3:*"},
        {"Resource": "B"},
        {"Resource": "*"},
        {"Resource": "${…}"},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Principal": "*"},
    ],
)
def test_not_the_same(changes: dict[str, Any]) -> None:
    assert not like({**READ, **changes})


def test_an_exception_counts_as_a_whole() -> None:
    ours = {"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}
    swapped = {**ours, "NotAction": ["S3:*", "iam:*"]}
    narrower = {**ours, "NotAction": "iam:*"}

    assert compare([grant(ours)], [grant(swapped)]).same
    assert not compare([grant(ours)], [grant(narrower)]).same
    assert not compare([grant(ours)], [grant({**ours, "NotAction": [], "Action": "iam:*"})]).same


def test_statements_are_taken_apart() -> None:
    together = {"Effect": "Allow", "Action": ["a:1", "a:2"], "Resource": ["x", "y"]}
    apart = [
        {"Effect": "Allow", "Action": ["a:1", "a:2"], "Resource": "x"},
        {"Effect": "Allow", "Action": ["a:2", "a:1"], "Resource": "y"},
    ]
    crossed = [
        {"Effect": "Allow", "Action": "a:1", "Resource": ["x", "y"]},
        {"Effect": "Allow", "Action": "a:2", "Resource": "x"},
    ]

    assert compare([grant(together)], [grant(*apart)]).same
    assert compare([grant(*apart)], [grant(together)]).same
    assert not compare([grant(together)], [grant(*crossed)]).same


def test_conditions_are_compared_without_order_and_case() -> None:
    def under(condition: Mapping[str, Any]) -> Grant:
        return grant({**READ, "Condition": condition})

    ours = under({"StringEquals": {"aws:PrincipalTag/a": ["x", "y"], "s3:prefix": "p"}})
    same = under({"stringequals": {"S3:Prefix": ["p"], "aws:principaltag/a": ["y", "x"]}})
    other = under({"StringEquals": {"aws:PrincipalTag/a": ["x", "Y"], "s3:prefix": "p"}})

    assert compare([ours], [same]).same
    assert not compare([ours], [other]).same


def test_the_version_matters_where_a_policy_variable_stands() -> None:
    plain, variable = READ, {**READ, "Resource": "${aws:username}"}

    assert compare([grant(plain, Version="2012-10-17")], [grant(plain)]).same
    assert not compare([grant(variable, Version="2012-10-17")], [grant(variable)]).same


def test_named_unknown_parts_are_equal() -> None:
    assert compare(
        [grant({**READ, "Resource": "a/${var.x}"})], [grant({**READ, "Resource": ["a/${var.x}"]})]
    ).same
    assert not compare(
        [grant({**READ, "Resource": "a/${var.x}"})], [grant({**READ, "Resource": "a/${var.y}"})]
    ).same


def test_a_name_is_enough() -> None:
    unread = Grant(BLOCK, "x", frozenset({("arn", "x")}), None)

    assert compare([unread], [unread, grant(READ)]).same
    assert not compare([unread], [grant(READ)]).same
    assert not compare([Grant(BLOCK, "", frozenset(), None)], [Grant(BLOCK, "", frozenset())]).same


def test_nothing_is_like_nothing() -> None:
    assert compare([], [grant(READ)]) == Likeness()
    assert compare([grant(DENY)], [grant(DENY)]) == Likeness()


def test_what_the_role_is_denied() -> None:
    ours = [grant(READ, WRITE)]

    assert compare(ours, [grant(READ, WRITE, DENY)]) == Likeness(denies=True)
    assert compare([grant(READ, WRITE, DENY)], [grant(READ, WRITE, DENY)]).same
    assert compare([grant(READ, WRITE, DENY)], [grant(READ, WRITE)]).same
    hidden = {**DENY, "Resource": "${…}"}
    assert compare(ours, [grant(READ, WRITE, hidden)]) == Likeness(denies=True)


def test_what_the_role_lacks() -> None:
    ours = [grant(READ, WRITE)]

    assert compare(ours, [grant(READ)]).lacks == ("s3:PutObject",)
    assert compare(ours, [grant(READ, {**WRITE, "Action": "s3:Put*", "Resource": "c"})]).lacks == ()
    assert compare(ours, [grant({**READ, "Action": "sqs:*"})]) == Likeness()
    unread = Grant(BLOCK, "x", frozenset(), None)
    assert compare(ours, [grant(READ), unread]).lacks == ()


def test_huge_statements_are_not_compared() -> None:
    many = [f"s:{number}" for number in range(5_000)]
    huge = grant({"Effect": "Allow", "Action": many, "Resource": many})
    start = time.perf_counter()

    assert huge.document is not None
    assert atoms(huge.document, "Allow") is None
    assert not compare([huge], [huge]).same
    assert time.perf_counter() - start < 2
