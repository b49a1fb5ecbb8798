"""A directory indexes a file once it holds a word that is asked for, and never answers less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.findings import ScanError
from rolefirst.loaders.hcl import directory as module
from rolefirst.loaders.hcl.directory import Directory
from rolefirst.loaders.hcl.source import Source

A = b'resource "aws_sqs_queue" "a" {\n  name = local.prefix\n}\n'
B = b'resource "aws_sns_topic" "b" {\n  name = aws_sqs_queue.a.name\n}\n'
C = b'locals {\n  prefix = "x"\n}\nresource "aws_sqs_queue" "c" {}\n'


def directory(*texts: bytes, names: str = "abcdefgh") -> Directory:
    sources = [Source(f"{name}.tf", text) for name, text in zip(names, texts, strict=False)]
    return Directory(".", sources, [])


def test_a_file_without_the_word_is_not_indexed() -> None:
    found = directory(A, B, C)

    assert found.get("resource", "aws_sns_topic", "b") is not None
    assert found.block_count == 1
    assert found.get("local", "", "prefix") is not None
    assert found.block_count == 3


def test_what_is_asked_first_does_not_change_the_order() -> None:
    found = directory(A, B, C)
    assert found.get("resource", "aws_sqs_queue", "c") is not None

    assert [d.name for d in found.of("resource", "aws_sqs_queue")] == ["a", "c"]
    assert [d.name for d in found.of("resource")] == ["a", "c", "b"]


def test_mentions() -> None:
    found = directory(A, B, C)

    assert [d.name for d in found.mentions("aws_sqs_queue.a")] == ["b"]
    assert [d.name for d in found.mentions("local.prefix")] == ["a"]
    assert found.mentions("aws_sqs_queue") == []


def test_holding() -> None:
    found = directory(A, B, C, b"# local.prefix in a comment of no block\n")

    assert [d.name for d in found.holding("local.pre")] == ["a"]
    assert found.block_count == 1


def test_all_is_indexed_once_searching_has_cost_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SEARCHES", 2)
    found = directory(A, B, C)
    for name in ("x", "y", "z"):
        assert found.get("resource", "aws_nothing", name) is None

    assert found.block_count == 4


def test_an_override_brings_its_base() -> None:
    sources = [Source("main.tf", A), Source("override.tf", A.replace(b"local.prefix", b'"o"'))]
    (found,) = Directory(".", sources, []).of("resource")

    assert len(found.parts) == 2


@pytest.mark.parametrize(
    "text",
    [
        b'resource "aws_sqs_queue" "q" {\n  name = "x"\n',
        b'stray text\nresource "aws_sqs_queue" "q" {}\n',
        b'{{ if .Queue }}\nresource "aws_sqs_queue" "q" {}\n{{ end }}\n',
        b'resource "aws_sqs_queue" "q" {}\n}\n',
        b"locals {\n  a = <<EOT\n never closed\n}\n",
        b"name = 1\n",
    ],
)
def test_a_broken_file_is_said_though_nobody_asks_for_it(text: bytes) -> None:
    errors: list[ScanError] = []
    Directory(".", [Source("a.tf", A), Source("b.tf", text)], errors)

    assert {error.path for error in errors} == {"b.tf"}


QUESTIONS = st.lists(
    st.sampled_from(["of a", "of b", "all", "get c", "local", "mentions", "holding"]), max_size=8
)


@given(QUESTIONS)
def test_any_order_of_questions_gives_the_same_answers(questions: list[str]) -> None:
    asked = directory(A, B, C)
    for question in questions:
        _answer(asked, question)

    assert _all(asked) == _all(directory(A, B, C))


def _answer(found: Directory, question: str) -> object:
    match question:
        case "of a":
            return list(found.of("resource", "aws_sqs_queue"))
        case "of b":
            return list(found.of("resource", "aws_sns_topic"))
        case "all":
            return list(found.of("resource"))
        case "get c":
            return found.get("resource", "aws_sqs_queue", "c")
        case "local":
            return found.get("local", "", "prefix")
        case "mentions":
            return found.mentions("aws_sqs_queue.a")
        case _:
            return list(found.holding("name"))


def _all(found: Directory) -> list[object]:
    return [
        [d.name for d in found.of("resource", "aws_sqs_queue")],
        sorted(d.name for d in found.of("resource")),
        [d.name for d in found.mentions("aws_sqs_queue.a")],
        [d.name for d in found.mentions("local.prefix")],
        [d.name for d in found.holding("name")],
    ]
