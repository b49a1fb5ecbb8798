"""From byte offsets to lines and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.loaders.hcl.source import Source

characters = st.sampled_from(["a", "é", "€", "😀", "\n", "\r\n", " ", "\t"])


@given(st.lists(characters, max_size=40), st.booleans(), st.data())
def test_position(parts: list[str], bom: bool, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(parts)))
    text = "".join(parts)
    before = "".join(parts[:at])
    start = b"\xef\xbb\xbf" if bom else b""
    source = Source("x.tf", start + text.encode())

    line, column = source.position(len(start) + len(before.encode()))

    assert line == before.count("\n") + 1
    assert column == len(before.rpartition("\n")[2]) + 1


@given(st.binary(max_size=60), st.integers(0, 60))
def test_position_in_any_bytes(data: bytes, offset: int) -> None:
    line, column = Source("x.tf", data).position(min(offset, len(data)))
    assert line == data[:offset].count(b"\n") + 1
    assert column >= 1


def test_a_giant_line_costs_its_length() -> None:
    source = Source("x.tf", b"\xc3\xa9" * 10_000_000)
    assert source.position(2_000) == (1, 1_001)
    for _ in range(1_000):
        assert source.position(19_000_000)[0] == 1


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("# why\nx {}", "why"),
        ("# a\n# b\nx {}", "a\nb"),
        ("// a\r\nx {}", "a"),
        ("# a\n\nx {}", ""),
        ("y = 1 # a\nx {}", ""),
        ("x {}", ""),
        ("# ==== a ====\nx {}", "a"),
    ],
)
def test_comment_above(text: str, comment: str) -> None:
    source = Source("x.tf", text.encode())
    assert source.comment_above(text.encode().index(b"x {}")) == comment
