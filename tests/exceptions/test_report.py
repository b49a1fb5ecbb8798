"""``rolefirst exceptions report``: the command."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from keys_that_stay import KEY, REGISTER, TODAY, Outcome, entry, register, write

from rolefirst import cli

Report = Callable[..., Outcome]
Commit = Callable[[str], None]
SECOND = KEY.replace("scales", "camera")


@pytest.fixture
def report(tree: Path, capfd: pytest.CaptureFixture[str]) -> Report:
    def call(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = cli.main(["exceptions", "report", "--format", "markdown", *arguments])
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def commit(tree: Path, git: Callable[..., str]) -> Commit:
    """Commits everything and gives the commit a name."""
    git(tree, "init", "-q")

    def call(tag: str) -> None:
        git(tree, "add", "-A")
        git(tree, "commit", "-q", "-m", tag)
        git(tree, "tag", tag)

    return call


def test_an_exception_that_holds(tree: Path, report: Report) -> None:
    write(tree, register(entry()))
    done = report()
    assert (done.code, done.err) == (0, "")
    assert "# rolefirst: 1 exception, 1 key, 0 without exception" in done.out
    assert f"`{REGISTER}`: 1 exception, read from the work tree" in done.out
    assert "### EXC-1: valid" in done.out
    assert "100 days left" in done.out


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"source": ["198.51.100.0/24"]}, "contradicted"),
        ({"expires": TODAY - timedelta(days=1)}, "expired"),
        ({"expires": TODAY}, "ends within 30 days"),
        ({"expires": TODAY + timedelta(days=31)}, "ends within 60 days"),
        ({"expires": TODAY + timedelta(days=61)}, "valid"),
        ({"expires": TODAY + timedelta(days=900)}, "not valid"),
        ({"expires": None}, "not valid"),
        ({"audit": "TODO"}, "not valid"),
        ({"key": "aws_iam_access_key.gone"}, "orphaned"),
    ],
)
def test_a_report_is_no_gate(
    tree: Path, report: Report, changes: dict[str, object], status: str
) -> None:
    write(tree, register(entry(**changes)))
    done = report()
    assert done.code == 0
    assert f"### EXC-1: {status}\n" in done.out


def test_an_exception_in_doubt(tree: Path, report: Report) -> None:
    doubtful = KEY.replace(
        'resource "aws_iam_access_key" "scales" {',
        'variable "n" {}\nresource "aws_iam_access_key" "scales" {\n  count = var.n',
    )
    write(tree, doubtful, "main.tf")
    write(tree, register(entry(key="aws_iam_access_key.scales[0]")))
    assert "### EXC-1: key not told" in report().out


def test_without_register_the_keys_stand_there(report: Report) -> None:
    done = report()
    assert done.code == 0
    assert "There is no register of exceptions here" in done.out
    assert "### `aws_iam_access_key.scales`" in done.out
    assert "oidc-federation" in done.out


def test_a_key_that_is_skipped_is_on_the_page(tree: Path, report: Report) -> None:
    write(tree, '[disabled]\nRF101 = "known"\n', "rolefirst.toml")
    done = report()
    assert "does not count in a scan, config: known" in done.out


def test_what_cannot_be_read_is_on_the_page_and_in_the_exit_code(
    tree: Path, report: Report
) -> None:
    write(tree, "exceptions: [{id: EXC-1, nonsense: 1}]")
    done = report()
    assert done.code == 2
    assert "The scan is not complete" in done.out
    assert "nonsense" in done.out


def test_a_missing_folder_has_no_page(report: Report) -> None:
    done = report("nowhere")
    assert (done.code, done.out) == (2, "")
    assert "nowhere" in done.err


def test_html_goes_to_a_file(tree: Path, report: Report) -> None:
    write(tree, register(entry(purpose="<script>alert(1)</script>")))
    done = report("--format", "html", "--output", "page.html")
    assert (done.code, done.out) == (0, "")
    text = (tree / "page.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text


def test_what_changed_since_a_ref(tree: Path, report: Report, commit: Commit) -> None:
    write(tree, register(entry(), entry(id="EXC-2", key="aws_iam_access_key.gone")))
    write(tree, 'resource "aws_iam_access_key" "gone" {\n  user = "x"\n}\n', "gone.tf")
    commit("base")
    (tree / "gone.tf").unlink()
    write(tree, SECOND, "camera.tf")
    write(
        tree,
        register(
            entry(expires=TODAY + timedelta(days=130), approved_by="somebody"),
            entry(id="EXC-3", key="aws_iam_access_key.camera"),
        ),
    )
    done = report("--since", "base")
    assert done.code == 0
    _, changes = done.out.split("## Changed since base\n")
    assert "### EXC-3: added" in changes
    assert "### EXC-2: removed" in changes
    assert "### EXC-1: changed" in changes
    assert "its end was put off by 30 days, while approved_on is what it was" in changes
    assert "somebody else approves it" in changes
    assert f"| expires | {TODAY + timedelta(days=100)} | {TODAY + timedelta(days=130)} |" in changes
    assert "| approved_by | security-architecture | somebody |" in changes
    assert "**Keys added: 1**\n\n- `aws_iam_access_key.camera` `camera.tf:33`" in changes
    assert "**Keys removed: 1**\n\n- `aws_iam_access_key.gone`" in changes


def test_nothing_changed(tree: Path, report: Report, commit: Commit) -> None:
    write(tree, register(entry()))
    commit("base")
    done = report("--since", "base")
    assert "No entry of the register has changed." in done.out
    assert "**Keys added: 0**" in done.out


def test_a_register_that_is_named_may_be_new(tree: Path, report: Report, commit: Commit) -> None:
    commit("base")
    write(tree, register(entry()), "own.yaml")
    done = report("--since", "base", "--exceptions", "own.yaml")
    assert done.code == 0
    assert "### EXC-1: added" in done.out


def test_the_register_of_a_ref(tree: Path, report: Report, commit: Commit) -> None:
    write(tree, register(entry()))
    commit("base")
    (tree / REGISTER).unlink()
    done = report("--exceptions-ref", "base")
    assert "1 exception, read from base" in done.out
    assert "the work tree does not have this entry any more" in done.out


def test_what_a_commit_could_not_be_read_is_no_error_of_today(
    tree: Path, report: Report, commit: Commit
) -> None:
    write(tree, 'resource "aws_iam_access_key" "b" {\n', "broken.tf")
    commit("base")
    (tree / "broken.tf").unlink()
    done = report("--since", "base")
    assert done.code == 0
    assert "at base its keys cannot be told" in done.out


@pytest.mark.parametrize("ref", ["gone", "", "--all"])
def test_an_unknown_ref_is_wrong_usage(
    tree: Path, report: Report, commit: Commit, ref: str
) -> None:
    commit("base")
    done = report(f"--since={ref}")
    assert (done.code, done.out) == (2, "")
    assert "does not know the ref" in done.err


def test_nothing_is_left_behind(
    tree: Path, report: Report, commit: Commit, monkeypatch, tmp_path_factory
) -> None:
    commit("base")
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", os.fspath(temporary))
    assert report("--since", "base").code == 0
    assert list(temporary.iterdir()) == []


def test_keys_of_a_loop_are_shown_up_to_a_number(tree: Path, report: Report) -> None:
    made = '  count = 12\n  user = "u"\n'
    write(tree, f'resource "aws_iam_access_key" "many" {{\n{made}}}\n', "main.tf")
    write(tree, register(entry(key="aws_iam_access_key.many[*]")))
    done = report()
    assert "1 exception, 12 keys, 0 without exception" in done.out
    assert done.out.count("**Key** `aws_iam_access_key.many[") == 10
    assert "And 2 more of this exception." in done.out


def test_an_inactive_key_confirms_nothing(tree: Path, report: Report) -> None:
    head = 'resource "aws_iam_access_key" "scales" {\n'
    write(tree, KEY.replace(head, f'{head}  status = "Inactive"\n'), "main.tf")
    write(tree, register(entry()))
    out = report().out
    assert out.count("the key is Inactive: nobody can use it") == 6
    assert "**holds**" not in out


def test_a_crash_is_on_the_page(
    tree: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("rolefirst.rules.exception_review.decide", crash)
    write(tree, register(entry()))
    done = report()
    assert done.code == 2
    assert "exception EXC-1 cannot be shown (RuntimeError)" in done.out
    assert "0 without exception" in done.out
