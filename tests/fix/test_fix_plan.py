"""How fixes of several findings come together, how a diff is written and what is laid out."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolefirst.findings import (
    Confidence,
    Decision,
    Edit,
    Finding,
    Location,
    Remediation,
    RuleInfo,
    Severity,
)
from rolefirst.fix.diff import unified
from rolefirst.fix.layout import mended
from rolefirst.fix.plan import FileChange, Plan, plan
from rolefirst.remediation.applied import applied
from rolefirst.remediation.leftover import left_in, pattern_of

CODE = 'resource "a" "b" {\n  name = 1\n}\n\nresource "a" "c" {\n  name = 2\n}\n'
NEW = 'resource "a" "new" {\n  x = 1\n}\n'


def finding(
    *edits: Edit, terraform: str = "", file: str = "", address: str = "a.b", line: int = 1
) -> Finding:
    """A finding with these edits."""
    rule = RuleInfo("RF101", "name", "Title", Severity.HIGH)
    remedy = Remediation("t", terraform, (), "safe", file, edits)
    place = Location("main.tf", line)
    high = Confidence.HIGH
    return Finding(rule, Severity.HIGH, high, ".", address, place, "m", remediation=remedy)


def planned(*findings: Finding, until: str = "remove", **files: str) -> Plan:
    """The plan for a tree of main.tf and more files, by name without the extension."""
    tree = {"main.tf": CODE, **{f"{name}.tf": text for name, text in files.items()}}

    def read(path: str) -> bytes | None:
        return tree[path].encode() if path in tree else None

    return plan(findings, read, lambda folder: [n for n in tree if not folder], until)


def texts(made: Plan) -> dict[str, str | None]:
    """The changed files."""
    return {c.path: c.after.decode() if c.after is not None else None for c in made.files}


def at(text: str, new: str, stage: str = "add") -> Edit:
    """An edit of main.tf in place of a text."""
    start = CODE.index(text)
    return Edit("main.tf", start, start + len(text), new, stage)


def test_the_same_edit_twice_is_one() -> None:
    edit = at("1", "3")
    made = planned(finding(edit), finding(edit, address="a.c"))
    assert texts(made) == {"main.tf": CODE.replace("1", "3")}
    assert len(made.findings) == len(made.files[0].findings) == 2


def test_the_later_of_two_that_conflict_is_left_out() -> None:
    first, second = at("name = 1", "name = 3"), at("1\n}", "4\n}")
    more = finding(second, at("2", "5"), address="a.c")
    made = planned(finding(first), more)
    assert texts(made) == {"main.tf": CODE.replace("1", "3")}
    (notice,) = made.notices
    assert "RF101 a.c is left out" in notice
    assert "main.tf" in notice
    assert "RF101 a.b" in notice


def test_two_insertions_at_one_place() -> None:
    where = at("}\n\n", "")
    one = Edit("main.tf", where.start, where.start, "\n  tags = 1\n")
    other = Edit("main.tf", where.start, where.start, "\n  role = 1\n")
    again = Edit("main.tf", where.start, where.start, "\n  role = 2\n")
    made = planned(finding(one), finding(other), finding(again, address="x"))
    assert "\n  tags = 1\n\n  role = 1\n}" in (texts(made)["main.tf"] or "")
    assert len(made.notices) == 1


def test_stages() -> None:
    edits = (at("1", "3"), at("2", "4", "switch"), at(CODE[CODE.index("\nres") :], "", "remove"))
    assert texts(planned(finding(*edits), until="add"))["main.tf"] == CODE.replace("1", "3")
    switched = CODE.replace("1", "3").replace("2", "4")
    assert texts(planned(finding(*edits), until="switch"))["main.tf"] == switched
    # What is removed in the end is not changed before.
    removed = CODE[: CODE.index("\nres")].replace("1", "3")
    assert texts(planned(finding(*edits)))["main.tf"] == removed


def test_what_goes_away_needs_no_other_fix() -> None:
    block = CODE[: CODE.index("resource", 1)]
    gone = finding(at(block, "", "remove"))
    beside = finding(at("1", "7"), line=1)
    other = finding(at("2", "8"), address="a.c", line=5)
    made = planned(gone, beside, other)
    assert made.findings == (gone, other)
    assert made.notices == ()


def test_what_a_switch_takes_away_needs_no_other_fix() -> None:
    line = CODE[CODE.index("  name = 1") : CODE.index("}\n\n")]
    gone = finding(at(line, "", "switch"))
    made = planned(gone, finding(at("1", "7"), line=1, address="a.c"))
    assert made.findings == (gone,)
    assert made.notices == ()


def test_a_fix_that_needs_what_is_removed_is_not_made() -> None:
    gone = finding(at(CODE[: CODE.index("resource", 1)], "", "remove"))
    needs = finding(terraform=NEW.replace("1", "a.b.name"), file="new.tf", line=5)
    says = finding(terraform=f"# a.b.name\n{NEW}", file="new.tf", line=5)
    assert planned(gone, needs).findings == (gone,)
    assert planned(gone, says).findings == (gone, says)


def test_two_keys_of_one_code_both_get_their_new_code() -> None:
    edit = at(CODE[: CODE.index("resource", 1)], "", "remove")
    decision = Decision("ci", "oidc", Confidence.HIGH, "", "oidc_github")
    one = replace(finding(edit, terraform=NEW, file="one.tf"), decision=decision)
    more = NEW.replace("new", "other")
    other = replace(finding(edit, terraform=more, file="two.tf", address="x"), decision=decision)
    made = planned(one, other)
    assert list(texts(made)) == ["main.tf", "one.tf", "two.tf"]
    assert made.files[0].findings == (one, other)


def test_new_code_gets_a_file_of_its_own() -> None:
    made = planned(finding(terraform=NEW, file="new.tf"))
    assert texts(made) == {"new.tf": NEW}
    assert made.files[0].before is None
    made = planned(finding(terraform=NEW, file="new.tf"), new="# mine\n", new_2="")
    assert texts(made) == {"new_3.tf": NEW}


def test_new_code_that_is_there_is_not_written_again() -> None:
    made = planned(finding(at("1", "3"), terraform=NEW, file="new.tf"), new=NEW)
    assert list(texts(made)) == ["main.tf"]
    made = planned(finding(terraform=NEW, file="new.tf"), finding(terraform=NEW, file="x.tf"))
    assert list(texts(made)) == ["new.tf"]


def test_new_code_that_is_declared_otherwise_is_left_out() -> None:
    other = NEW.replace("1", "2")
    made = planned(finding(at("1", "3"), terraform=NEW, file="new.tf"), mine=other)
    assert made.files == ()
    assert "resource a new" in made.notices[0]
    assert "mine.tf" in made.notices[0]


def test_new_code_without_what_another_file_declares() -> None:
    more = f'variable "v" {{\n}}\n\nlocals {{\n  a = 1\n}}\n\n{NEW}'
    made = planned(
        finding(terraform=more, file="new.tf"), mine='variable "v" {\n}\n\nlocals {\n}\n'
    )
    assert texts(made) == {"new.tf": f"locals {{\n  a = 1\n}}\n\n{NEW}"}


def test_a_file_of_comments_is_no_new_code() -> None:
    assert planned(finding(terraform="# Nothing to do.\n", file="new.tf")) == Plan()


def test_a_file_without_code_is_deleted() -> None:
    made = planned(finding(at(CODE, "", "remove")))
    assert texts(made) == {"main.tf": None}


# --- the diff ----------------------------------------------------------------------------------

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1)
FILES = st.lists(st.sampled_from(["a", "b", "é", "", "x\r", "\t"]), max_size=12).map("\n".join)


@given(
    before=FILES, after=FILES, name=st.sampled_from(["a.tf", "a b.tf", 'q"t.tf', "t\tb.tf", "é.tf"])
)
def test_git_takes_every_diff(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, name: str
) -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    if before == after:
        return
    folder = tmp_path_factory.mktemp("tree")
    old = before.encode() if before else None
    new = after.encode() if after else None
    if old is not None:
        (folder / name).write_bytes(old)
    text, hidden = unified(Plan((FileChange(name, old, new, (finding(),)),)), lambda path: path)
    assert hidden == ()
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=text.encode(), cwd=folder, check=True, capture_output=True)
    assert ((folder / name).read_bytes() if new is not None else None) == new
    assert (folder / name).exists() == (new is not None)


def test_a_finding_does_not_break_the_diff() -> None:
    hostile = finding(address="a.b\n--- a/x\n+++ b/etc/passwd")
    text, _ = unified(Plan((FileChange("m.tf", b"a\n", b"b\n", (hostile,)),)), lambda path: path)
    assert text.count("\n--- ") == 1
    assert text.splitlines()[0].startswith("# RF101 a.b\\x0a---")


# --- bytes and columns -------------------------------------------------------------------------


@given(st.binary(max_size=40), st.data())
def test_edits_change_their_own_bytes_alone(data: bytes, draw: st.DataObject) -> None:
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), min_size=2, max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [Edit("f", start, end, "<new>") for start, end in spans]
    new = applied(data, edits)
    assert applied(data, []) == data
    if len({start for start, _ in spans}) == len(spans):
        kept = [b"", *(b"<new>" for _ in spans)]
        position = 0
        for (start, end), text in zip(spans, kept[1:], strict=True):
            assert new.startswith(data[position:start] + text)
            new = new[start - position + len(text) :]
            position = end
        assert new == data[position:]


FORMATTED = """\
resource "a" "b" {
  description = "y"
  name        = "x" # one
  role        = z   # two
  text        = <<EOT
  a = 1
EOT
  more        = 1

  tags = {
    a    = 1
    long = 2 // c
  }
  count = 1 == 2 ? "=" : "b" # tail
}
"""


def aligned_by_terraform(text: str) -> str:
    """What ``terraform fmt`` makes of it."""
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("needs terraform")
    done = subprocess.run(
        [terraform, "fmt", "-"], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('  description = "y"\n', ""),
        lambda text: text.replace("    long = 2 // c\n", ""),
        lambda text: text.replace("z   # two", "a_longer_name   # two"),
        lambda text: text.replace("  more        = 1\n", ""),
        lambda text: text.replace('"x" # one', "[\n    1\n  ] # one"),
        lambda text: text.replace('"x" # one', "1 # one"),
    ],
)
def test_columns_are_aligned_as_terraform_does(change: Callable[[str], str]) -> None:
    assert aligned_by_terraform(FORMATTED) == FORMATTED
    changed = change(FORMATTED)
    assert changed != FORMATTED
    expected = aligned_by_terraform(changed)
    assert mended(FORMATTED.encode(), changed.encode()).decode() == expected
    windows = mended(*(text.replace("\n", "\r\n").encode() for text in (FORMATTED, changed)))
    assert windows.decode() == expected.replace("\n", "\r\n")


def test_what_was_not_aligned_is_left_alone() -> None:
    before = "a {\n  b= 1\n  long   =   2\n  c = 1\n}\n"
    after = before.replace("  c = 1\n", "")
    assert mended(before.encode(), after.encode()) == after.encode()


def test_a_fix_leaves_no_columns_out_of_line() -> None:
    code = 'resource "a" "b" {\n  long_name = 1\n  n         = 2\n}\n'
    start = code.index("  long")
    edit = Edit("main.tf", start, start + len("  long_name = 1\n"), "", "remove")

    made = plan([finding(edit)], lambda _: code.encode(), lambda _: [])
    assert texts(made)["main.tf"] == 'resource "a" "b" {\n  n = 2\n}\n'


def test_one_long_line_does_not_widen_its_neighbours() -> None:
    """20,000 short lines below one of 20,000 characters would be 400 MB."""
    code = b"a" * 20_000 + b" = 1\n" + b"b = 1 # x\n" * 20_000
    assert len(mended(code, code + b"c = 2\n")) < 2 * len(code)


def test_a_long_heredoc_is_read_in_linear_time() -> None:
    code = b"a = <<A\n" * 300_000
    started = time.process_time()
    mended(code, code)
    assert time.process_time() - started < 10


def test_what_is_left_is_found_in_linear_time() -> None:
    """20,000 comments that mention a name, then strings that do."""
    data = b"# a.b\n" * 20_000 + b'x = "a.b"\n' * 20_000 + b"y = [a.b]\n"
    started = time.process_time()
    assert left_in(data, pattern_of("a.b")) == 20_001  # a string counts, a comment does not
    assert left_in(b"# a.b\n" * 20_000, pattern_of("a.b")) == 0
    assert time.process_time() - started < 10
