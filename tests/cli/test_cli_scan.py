"""``rolefirst scan``: exit codes, what is said and where it goes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from rolefirst import cli, reports

Run = Callable[..., "Outcome"]  # noqa: F821 (conftest.py)
SCHEMA = json.loads(
    (Path(reports.__file__).parent / "report.schema.json").read_text(encoding="utf-8")
)


def report(text: str) -> dict:
    document = json.loads(text)
    Draft202012Validator(SCHEMA).validate(document)
    return document


def rules(text: str) -> list[str]:
    return [finding["rule"] for finding in report(text)["findings"]]


@pytest.mark.parametrize(
    ("arguments", "code", "out", "err"),
    [
        (["clean"], 0, "No findings. Scanned 1 file, 0 keys.", ""),
        (["empty"], 0, "No findings. Scanned 0 files, 0 keys.", ""),
        (["key"], 1, "RF101 access_key_last_resort  aws_iam_access_key.ci", ""),
        (["key/main.tf"], 1, "RF101 access_key_last_resort  aws_iam_access_key.ci", ""),
        (["nowhere"], 2, "", "error: nowhere: "),
        (["nowhere", "elsewhere"], 2, "", "error: elsewhere: "),
        (["nowhere", "key"], 2, "RF101", "error: nowhere: "),
        (["broken"], 2, "error: zz.tf:", ""),
        (["unknown"], 0, "1 undetermined", ""),
        (["unknown", "--strict"], 1, "1 undetermined", ""),
        (["dormant"], 0, "1 undetermined", ""),
        (["dormant", "--strict"], 1, "1 undetermined", ""),
        (["user"], 1, "RF401", ""),
        (["user", "--fail-on", "low"], 1, "RF401", ""),
        (["user", "--fail-on", "medium"], 1, "RF401", ""),
        (["user", "--fail-on", "high"], 0, "RF401", ""),
        (["key", "--fail-on", "critical"], 0, "RF101", ""),
        (["broken", "--fail-on", "critical"], 2, "RF101", ""),
        (["user", "--fail-on", "severe"], 2, "", "invalid choice: 'severe'"),
        (["user", "--format", "xml"], 2, "", "invalid choice: 'xml'"),
        (["user", "--colour"], 2, "", "unrecognized arguments: --colour"),
        (["clean", "--var-file", "nope.tfvars"], 2, "", "error: --var-file nope.tfvars: "),
        (["key", "--var-file", "nope.tfvars"], 2, "", "error: --var-file nope.tfvars: "),
        (["key", "--var-file", "empty"], 2, "", "error: --var-file empty: "),
        (["key", "--config", "nope.toml"], 2, "", "error: nope.toml: cannot be read: "),
        (["key", "--config", "empty"], 2, "", "error: empty: cannot be read: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_exit_code_and_streams(
    trees: Path, run: Run, arguments: list[str], code: int, out: str, err: str
) -> None:
    done = run("scan", *arguments)

    assert done.code == code
    assert out in done.out
    assert bool(done.out) == bool(out)
    assert err in done.err
    assert bool(done.err) == bool(err)
    assert "Traceback" not in done.err


def test_the_default_is_this_folder(trees: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(trees / "key")

    assert "RF101" in rules(run("scan", "--format", "json").out)


def test_what_is_wrong_is_one_line_with_one_hint(trees: Path, run: Run) -> None:
    done = run("scan", "nowhere")

    assert [line.split(":")[0] for line in done.err.splitlines()] == ["error", "hint"]


# --- several trees ---------------------------------------------------------------------------


def test_a_broken_file_leaves_its_neighbours(trees: Path, run: Run) -> None:
    document = report(run("scan", "broken", "--format", "json").out)

    assert "RF101" in [finding["rule"] for finding in document["findings"]]
    assert {error["path"] for error in document["errors"]} == {"zz.tf"}


def test_paths_and_excerpts_of_several_trees_are_told_apart(trees: Path, run: Run) -> None:
    for name in ("a", "b"):
        (trees / name).mkdir()
        text = f'resource "aws_iam_user" "{name}" {{\n  name = "{name}"\n}}\n'
        (trees / name / "main.tf").write_text(text, encoding="utf-8")

    text = run("scan", "a", "b/").out
    document = report(run("scan", "a", "b", "--format", "json").out)

    assert "--> a/main.tf:1" in text
    assert "--> b/main.tf:1" in text
    assert '1 | resource "aws_iam_user" "b"' in text
    assert [f["location"]["path"] for f in document["findings"]] == ["a/main.tf", "b/main.tf"]
    assert len({f["fingerprint"] for f in document["findings"]}) == 2


def test_every_place_in_a_decision_gets_the_name_of_its_tree(trees: Path, run: Run) -> None:
    document = report(run("scan", "clean", "key", "broken", "--format", "json").out)

    found = json.dumps(document)
    assert '"path": "main.tf"' not in found
    assert '"path": "zz.tf"' not in found
    assert '"path": "key/main.tf"' in found
    assert {error["path"] for error in document["errors"]} == {"broken/zz.tf"}


def test_one_tree_named_several_times_is_one_tree(trees: Path, run: Run) -> None:
    (trees / "user" / "other.tf").write_text(CLEAN_FILE, encoding="utf-8")
    once = run("scan", "user", "--format", "json")
    again = run(
        "scan", "user/main.tf", "user/other.tf", "user", str(trees / "user"), "--format", "json"
    )

    assert again == once


CLEAN_FILE = 'resource "aws_s3_bucket" "b" {}\n'


def test_a_variable_file_with_a_mistake_keeps_its_own_path(trees: Path, run: Run) -> None:
    (trees / "wrong.tfvars").write_text("owner = [\n", encoding="utf-8")

    document = report(
        run("scan", "unknown", "clean", "--var-file", "wrong.tfvars", "--format", "json").out
    )

    assert {error["path"] for error in document["errors"]} == {"wrong.tfvars"}


# --- variables -------------------------------------------------------------------------------


def test_a_variable_file_answers_what_the_code_leaves_open(trees: Path, run: Run) -> None:
    (trees / "prod.tfvars").write_text('owner = "data@example.com"\n', encoding="utf-8")

    done = run("scan", "unknown", "--strict", "--var-file", "prod.tfvars")

    assert (done.code, done.err) == (0, "")


def test_the_last_variable_file_wins(trees: Path, run: Run) -> None:
    (trees / "a.tfvars").write_text('owner = "data@example.com"\n', encoding="utf-8")
    (trees / "b.tfvars").write_text('owner = "todo"\n', encoding="utf-8")

    done = run(
        "scan", "unknown", "--var-file", "a.tfvars", "--var-file", "b.tfvars", "--format", "json"
    )

    assert rules(done.out) == ["RF402"]


def test_a_key_that_only_a_default_keeps_from_being_made(trees: Path, run: Run) -> None:
    document = report(run("scan", "dormant", "--format", "json").out)

    (found,) = document["undetermined"]
    assert (found["rule"], found["address"]) == ("RF101", "aws_iam_access_key.ci")
    assert (found["location"]["path"], found["location"]["line"]) == ("main.tf", 4)
    assert "var.ci_users has only its default (main.tf:1)" in found["reason"]
    assert "--var-file" in found["reason"]
    assert document["findings"] == []


@pytest.mark.parametrize(
    ("name", "text", "keys"),
    [
        ("on.tfvars", 'ci_users = { a = "x", b = "y" }\n', 2),
        ("on.tfvars.json", '{"ci_users": {"a": "x"}}', 1),
        ("off.tfvars", "ci_users = {}\n", 0),
    ],
)
def test_a_variable_file_says_what_is_deployed(
    trees: Path, run: Run, name: str, text: str, keys: int
) -> None:
    (trees / name).write_text(text, encoding="utf-8")

    done = run("scan", "dormant", "--var-file", name, "--format", "json")

    assert rules(done.out).count("RF101") == keys
    assert [u for u in report(done.out)["undetermined"] if u["rule"] == "RF101"] == []


def test_a_variable_file_comes_after_those_that_terraform_loads(trees: Path, run: Run) -> None:
    (trees / "dormant" / "x.auto.tfvars").write_text('ci_users = { a = "x" }\n', encoding="utf-8")
    (trees / "off.tfvars").write_text("ci_users = {}\n", encoding="utf-8")

    loaded = run("scan", "dormant", "--format", "json")
    assert rules(loaded.out).count("RF101") == 1
    given = run("scan", "dormant", "--var-file", "off.tfvars", "--strict")
    assert given.code == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_variable_file_that_cannot_be_read(trees: Path, run: Run) -> None:
    (trees / "no.tfvars").write_text("", encoding="utf-8")
    (trees / "no.tfvars").chmod(0)

    assert run("scan", "clean", "--var-file", "no.tfvars").code == 2


# --- formats ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tree", ["clean", "empty", "key", "user", "unknown", "broken"])
def test_json_follows_its_schema(trees: Path, run: Run, tree: str) -> None:
    document = report(run("scan", tree, "--format", "json").out)

    assert document["tool"]["version"]


@pytest.mark.parametrize("format", reports.FORMATS)
def test_same_input_same_bytes(trees: Path, spawn: Run, format: str) -> None:
    for name in ("first", "second"):
        root = trees / "key" / name
        root.mkdir()
        (root / "main.tf").write_text(
            'module "m" {\n  source = "../library"\n}\n', encoding="utf-8"
        )
    (trees / "key" / "library").mkdir()
    (trees / "key" / "library" / "main.tf").write_text(
        'resource "aws_iam_user" "u" {\n  name = "u"\n}\n'
        'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n',
        encoding="utf-8",
    )
    seeds = ("1", "2", "3", "4")
    arguments = ("scan", "key", "broken", "--format", format)

    first, *others = (spawn(*arguments, PYTHONHASHSEED=seed) for seed in seeds)

    assert first.code == 2
    assert all(other == first for other in others)


def test_quiet_is_the_summary_alone(trees: Path, run: Run) -> None:
    done = run("scan", "key", "--quiet")

    assert (done.code, done.err) == (1, "")
    assert "-->" not in done.out
    assert "aws_iam_access_key.ci  main.tf:6  oidc-federation" in done.out
    assert run("scan", "key").out.endswith(done.out.split("\n\n")[-1])


def test_verbose_cuts_nothing(trees: Path, run: Run) -> None:
    usual, whole = run("scan", "key").out, run("scan", "key", "-v").out
    (finding,) = (
        finding
        for finding in report(run("scan", "key", "--format", "json").out)["findings"]
        if finding["rule"] == "RF101"
    )
    written = finding["remediation"]["terraform"].strip().splitlines()

    assert "more lines, see all with --verbose" in usual
    assert "--verbose" not in whole
    assert all(f"      {line}".rstrip() in whole.splitlines() for line in written)


def test_json_is_the_same_however_much_the_text_says(trees: Path, run: Run) -> None:
    usual, *others = (
        run("scan", "key", "--format", "json", *option) for option in ([], ["-q"], ["-v"])
    )

    assert all(other == usual for other in others)


# --- the output ------------------------------------------------------------------------------


def test_a_report_in_a_file(trees: Path, run: Run) -> None:
    done = run("scan", "key", "--format", "json", "--output", "report.json")

    assert (done.code, done.out, done.err) == (1, "", "")
    assert "RF101" in rules((trees / "report.json").read_text(encoding="utf-8"))
    assert left_over(trees) == []


def test_a_report_replaces_the_one_before(trees: Path, run: Run) -> None:
    (trees / "report.json").write_text("old " * 100_000, encoding="utf-8")
    run("scan", "clean", "--format", "json", "--output", "report.json")

    assert rules((trees / "report.json").read_text(encoding="utf-8")) == []


def test_a_report_has_the_mode_of_a_new_file(trees: Path, run: Run) -> None:
    before = os.umask(0o027)
    try:
        run("scan", "clean", "--output", "report.txt")
    finally:
        os.umask(before)

    assert stat.S_IMODE((trees / "report.txt").stat().st_mode) == 0o640


def test_a_link_is_replaced_and_not_followed(trees: Path, run: Run) -> None:
    """A repository may hold a link under the name its own workflow writes to."""
    (trees / "precious").write_text("precious", encoding="utf-8")
    (trees / "report.txt").symlink_to("precious")

    run("scan", "clean", "--output", "report.txt")

    assert (trees / "precious").read_text(encoding="utf-8") == "precious"
    assert "No findings" in (trees / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("output", ["nowhere/report.txt", "clean", "clean/main.tf/report.txt"])
def test_a_place_that_cannot_be_written(trees: Path, run: Run, output: str) -> None:
    done = run("scan", "key", "--output", output)

    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith(f"error: {output}: cannot be written: ")
    assert done.err.count("\n") == 1
    assert left_over(trees) == []


def test_a_write_that_fails_leaves_what_was_there(
    trees: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (trees / "report.txt").write_text("old", encoding="utf-8")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    done = run("scan", "key", "--output", "report.txt")

    assert (done.code, done.err) == (
        2,
        "error: report.txt: cannot be written: No space left on device\n",
    )
    assert (trees / "report.txt").read_text(encoding="utf-8") == "old"
    assert left_over(trees) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_device_is_written_to_and_not_replaced(trees: Path, run: Run) -> None:
    """As root a replaced /dev/null would be gone for the whole machine."""
    link = trees / "device"
    link.symlink_to("/dev/full")

    done = run("scan", "clean", "--output", str(link))

    assert done.code == 2
    assert "cannot be written" in done.err
    assert link.is_symlink()
    assert run("scan", "clean", "--output", os.devnull).code == 0
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_wrong_call_writes_no_report(trees: Path, run: Run) -> None:
    assert run("scan", "nowhere", "--output", "report.txt").code == 2
    assert not (trees / "report.txt").exists()


def left_over(folder: Path) -> list[Path]:
    return list(folder.rglob(".rolefirst-*"))


def test_colours_are_for_terminals_only(
    trees: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run("scan", "key").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    coloured = run("scan", "key").out
    monkeypatch.setenv("NO_COLOR", "1")
    refused = run("scan", "key").out

    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    assert refused == plain


def test_main_is_given_its_arguments(trees: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", "clean"]) == 0
    assert "No findings" in capfd.readouterr().out
