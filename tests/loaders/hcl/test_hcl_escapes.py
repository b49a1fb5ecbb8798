"""A name spelled with escapes is the same name: a key must not hide behind them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.loaders.hcl import load
from rolefirst.loaders.hcl.files import spelled_out

KEY = 'resource "aws_iam_access\\u005fkey" "k" {\n  user = "ci"\n}\n'
USER = 'resource "aws_iam_user" "u" {\n  name = "u"\n}\n'
READER = 'output "s" {\n  value = aws_iam_access_key.k.secret\n}\n'
JSON = '{"resource": {"aws_iam_acc\\U00000065ss_key": {"k": {"user": "ci"}}}}'.replace(
    "\\U00000065", "\\u0065"
)


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": KEY},
        {"main.tf": KEY.replace("\\u005f", "\\U0000005F")},
        {"a.tf": USER, "b.tf": KEY},
        {"main.tf.json": JSON},
        {"elsewhere/a.tf": USER, "main.tf.json": JSON},
        {"key_override.tf": KEY},
    ],
)
def test_a_key_whose_type_is_spelled_with_escapes(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    project = load(tmp_path)

    (key,) = project.resources("aws_iam_access_key")
    assert (key.type, key.name, key["user"].text) == ("aws_iam_access_key", "k", "ci")


def test_its_readers_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text(KEY, "utf-8")
    (tmp_path / "b.tf").write_text(READER, "utf-8")
    (tmp_path / "c.tf.json").write_text(
        '{"output": {"t": {"value": "${aws_iam_access\\u005fkey.k.secret}"}}}', "utf-8"
    )
    project = load(tmp_path)
    (key,) = project.resources("aws_iam_access_key")

    assert [reader.name for reader in project.readers(key)] == ["s", "t"]


def test_a_secret_spelled_with_escapes_is_suspicious(tmp_path: Path) -> None:
    text = 'locals {\n  a = 1\n  id = "AKI\\u0041Q4RTSVXYZ2345675"\n}\n'
    (tmp_path / "main.tf").write_text(text, "utf-8")
    project = load(tmp_path)

    assert [block.name for block in project.suspects()] == ["id"]


def test_a_file_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(USER.encode("utf-16"))
    project = load(tmp_path)

    assert [(error.path, "UTF-8" in error.message) for error in project.errors] == [
        ("main.tf", True)
    ]


@given(st.text(st.characters(exclude_characters="\\", codec="utf-8")))
def test_escapes_mean_their_characters(text: str) -> None:
    spelled = "".join(f"\\U{ord(character):08x}" for character in text)

    assert spelled_out(spelled.encode()).decode() == text
    assert spelled_out(text.encode()).decode() == text


@pytest.mark.parametrize("text", [b"\\u12", b"\\U00110000", b"\\", b"\\ud800", b"\\x41"])
def test_what_is_no_escape_stays_readable(text: bytes) -> None:
    assert isinstance(spelled_out(text), bytes)
