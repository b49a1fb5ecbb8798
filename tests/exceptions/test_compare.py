"""Two versions of a register, compared entry by entry."""

from __future__ import annotations

from datetime import date

from rolefirst.exceptions.compare import Edit, compare, elements
from rolefirst.exceptions.entries import Entry, Register
from rolefirst.exceptions.reading import FIELDS, ROTATION

A = Entry("A", "A", key="k.a", approved_on=date(2030, 1, 1), expires=date(2030, 6, 1))
B = Entry("B", "B", key="k.b", source=("x", "y"))


def registers(*entries: Entry, path: str = "r.yaml") -> tuple[Register, ...]:
    return (Register(path, entries),)


def changed(old: Entry, new: Entry) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    (change,) = compare(registers(old), registers(new))
    assert (change.kind, change.entry) == ("changed", new)
    return change.edits, change.notes


def test_the_same_is_no_change() -> None:
    assert compare(registers(A, B), registers(B, A)) == ()


def test_added_and_removed() -> None:
    found = compare(registers(A), registers(B))
    assert [(change.kind, change.entry) for change in found] == [("added", B), ("removed", A)]


def test_another_register_has_other_entries() -> None:
    found = compare(registers(A), registers(A, path="other.yaml"))
    assert [change.kind for change in found] == ["added", "removed"]


def test_element_by_element() -> None:
    new = Entry("B", "B", key="k.b", source=("y",), days=60, alternatives={"iam_role": "no"})
    edits, notes = changed(B, new)
    assert edits == (
        Edit("alternatives_considered.iam_role", "", "no"),
        Edit("source", "x, y", "y"),
        Edit("rotation.days", "", "60"),
    )
    assert notes == ()


def test_a_later_end() -> None:
    later = {"key": "k.a", "expires": date(2030, 6, 2)}
    _, kept = changed(A, Entry("A", "A", approved_on=date(2030, 1, 1), **later))
    assert kept == ("its end was put off by 1 day, while approved_on is what it was",)
    _, again = changed(A, Entry("A", "A", approved_on=date(2030, 5, 1), **later))
    assert again == ("its end was put off by 1 day",)


def test_no_end_and_an_earlier_one() -> None:
    _, none = changed(A, Entry("A", "A", key="k.a", approved_on=date(2030, 1, 1)))
    assert none == ("it has no end any more",)
    _, earlier = changed(A, Entry("A", "A", key="k.a", expires=date(2030, 5, 1)))
    assert earlier == ()


def test_another_approver() -> None:
    _, notes = changed(B, Entry("B", "B", key="k.b", source=("x", "y"), approved_by="c"))
    assert notes == ("somebody else approves it",)


def test_every_element_is_compared() -> None:
    names = {name.partition(".")[0] for name, _ in elements(A)}
    assert names == set(FIELDS) - {"id"}
    assert {f"rotation.{name}" for name in ROTATION} <= {name for name, _ in elements(A)}
