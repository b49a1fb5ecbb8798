from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.errors import UsageError
from rolefirst.findings import ScanResult
from rolefirst.reports import FORMATS, ReportContext, mask, mask_key_ids, render, secret_spans
from rolefirst.reports.terminal import columns, escape, fit, inert

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TRICKS = "\x00\x1b\x7f\x80\x9b\xad\u061c\u200b\u200f\u2028\u202a\u202e\u2066\u2069\ufeff\U000e0041"


@given(st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from(TRICKS + "a ")))
def test_escape_lets_no_control_character_through(text: str) -> None:
    escaped = escape(text)
    assert escaped.isprintable()
    assert not set(escaped) & set(TRICKS + "\n\r\t")
    assert not any(0xD800 <= ord(char) <= 0xDFFF for char in escaped)
    assert escape(escaped) == escaped


def test_escape_writes_codes() -> None:
    assert (
        escape("a\x1b[0m\u202e\U000e0041\udc80 é 日") == "a\\x1b[0m\\u202e\\U000e0041\\udc80 é 日"
    )


@given(st.text(st.sampled_from(":# \nab[")))
def test_inert_leaves_no_command(text: str) -> None:
    for line in inert(text).split("\n"):
        assert not line.lstrip(" ").startswith("::")
        assert "##[" not in line
        assert "##ab[" not in line


def test_columns() -> None:
    assert columns("abc") == 3
    assert columns("日本") == 4
    assert columns("e\u0301") == 1


@given(st.text(st.characters(exclude_categories=("C",))), st.integers(3, 40))
def test_fit_leaves_room(text: str, room: int) -> None:
    fitted = fit(text, room)

    assert columns(fitted) <= room
    assert len(fitted) <= room
    assert fitted == text or (len(text) > room or columns(text) > room)


def test_fit_keeps_both_ends() -> None:
    assert fit("module.long_name.aws_iam_access_key.this", 20) == "module.l..._key.this"
    assert fit("日本日本日本", 9) == "日...本"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (KEY_ID, "AKIA****"),
        (f"ASIA{KEY_ID[4:]}.", "ASIA****."),
        (f"x{KEY_ID}9", "xAKIA****"),
        (f'"{SECRET}"', '"****"'),
        (f"'{SECRET}'", "'****'"),
        (f'\\"{"x" * 40}\\"', '\\"****\\"'),
        (f'thumbprints = ["{"0a" * 20}"]', f'thumbprints = ["{"0a" * 20}"]'),
        (f"set aws_secret_access_key {SECRET}", "set aws_secret_access_key ****"),
        (f"{KEY_ID}:{SECRET}", "AKIA****:****"),
        (f"{KEY_ID}/{SECRET}", "AKIA****"),
        (f"a\\n{SECRET}\\nb", "a\\n****\\nb"),
        ("B" + SECRET + "9aZ", "****"),
        ("git::https://x:ghp_abc@github.com/y", "git::https://x:****@github.com/y"),
        ("https://x:${var.pw}@y", "https://x:${var.pw}@y"),
        (
            "ref=" + "0123456789abcdef" * 2 + "01234567",
            "ref=" + "0123456789abcdef" * 2 + "01234567",
        ),
        ("aws_iam_access_key.this", "aws_iam_access_key.this"),
        (
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/AdministratorAccess",
        ),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("row", "hidden"),
    [
        ('password = "hun\\"ter2"', ['hun\\"ter2']),
        ("PASSWORD='hunter2'", ["hunter2"]),
        ("export DB_PASSWORD=hunter2 x", ["hunter2"]),
        ("  password: hunter2", ["hunter2"]),
        ('"secretAccessKey": "x"', ["x"]),
        ('var.token == "x"', ["x"]),
        (f'x = "{"0a" * 20}"', ["0a" * 20]),
        ("password = var.db_password", []),
        ('token = "${var.token}"', []),
        ("secret = aws_iam_access_key.this.secret", []),
        ("x = var.a ? b.token : c.token", []),
        ('secret_id = "name"', []),
    ],
)
def test_source_is_also_judged_by_names(row: str, hidden: list[str]) -> None:
    assert [row[start:end] for start, end in secret_spans(row, source=True)] == hidden


@given(st.text(), st.text())
def test_key_id_is_masked_wherever_it_stands(before: str, after: str) -> None:
    assert KEY_ID not in mask(before + KEY_ID + after)
    assert KEY_ID not in mask_key_ids(before + KEY_ID + after)


@pytest.mark.parametrize("part", ["token ", "://a:", 'password="', '"', "\\", "AKIA", "a/"])
def test_mask_is_linear(part: str) -> None:
    # Quadratic time would not end here.
    secret_spans(part * 200_000, source=True)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_with_one_newline(
    name: str, result: ScanResult, context: ReportContext
) -> None:
    for one in (result, ScanResult(0, 0, 0)):
        text = render(name, one, context)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_unknown_format_is_refused(result: ScanResult, context: ReportContext) -> None:
    with pytest.raises(UsageError, match="Unknown report format 'xml'") as caught:
        render("xml", result, context)
    assert "text, json" in caught.value.hint


def test_a_format_imports_no_other() -> None:
    code = (
        "import sys; from rolefirst.findings import ScanResult\n"
        "from rolefirst.reports import ReportContext, render\n"
        "assert not any(m.startswith('rolefirst.reports.') for m in sys.modules)\n"
        "render('json', ScanResult(0, 0, 0),"
        " ReportContext(excerpt=lambda *_: '', color=False, version='1'))\n"
        "assert 'rolefirst.reports.text' not in sys.modules\n"
        "assert 'jinja2' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
