"""The command as a process: what it imports, other locales, closed pipes, wrong environments."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rolefirst import __version__, cli, output, rules
from rolefirst.loaders import hcl
from rolefirst.scan import scan

Run = Callable[..., "Outcome"]  # noqa: F821 (conftest.py)
RULES = rules.load()
REPOSITORY = Path(__file__).parents[2]

HEAVY = {"hcl2", "lark", "jinja2", "yaml", "jsonschema", "boto3", "botocore", "checkov"}
LOCALES = [
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C.UTF-8"},
]


def imported(err: str) -> set[str]:
    """The top-level modules in the output of ``-X importtime``."""
    names = re.findall(r"^import time:.*\|\s*(\S+)$", err, re.MULTILINE)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["scan", "empty"], ["scan", "clean"], ["scan", "clean", "--format", "json"]],
    ids=" ".join,
)
def test_nothing_heavy_is_imported_without_need(
    trees: Path, spawn: Run, arguments: list[str]
) -> None:
    done = spawn(*arguments, python=("-X", "importtime"))

    assert done.code == 0
    found = imported(done.err)
    assert "rolefirst" in found
    assert found & HEAVY == set()
    assert "rolefirst.rules.base" not in done.err


def test_the_version_costs_no_more_than_the_arguments(spawn: Run) -> None:
    done = spawn("--version", python=("-X", "importtime"))

    ours = set(re.findall(r"\|\s*(rolefirst\S*)$", done.err, re.MULTILINE))
    assert done.out == f"rolefirst {__version__}\n"
    assert ours <= {
        "rolefirst",
        "rolefirst.__main__",
        "rolefirst.arguments",
        "rolefirst.cli",
    }


def test_no_command_shows_the_help(run: Run) -> None:
    done = run()

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("usage: rolefirst")
    assert "Exit codes" in done.err


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        (["--bogus"], "unrecognized arguments: --bogus", "rolefirst --help says what there is."),
        (["scan", "--formt=json"], "unrecognized arguments: --formt=json", "'--format'?"),
        (["scan", "--bogus", "a"], "unrecognized arguments: --bogus", "rolefirst scan --help "),
        (["scan", "--\x1b[2J\n"], r"unrecognized arguments: --\x1b[2J\x0a", "scan --help"),
        (["scan", "-q", "-v"], "argument -v/--verbose: not allowed with", "scan --help"),
        (["scan", "--fail-on", "severe"], "argument --fail-on: invalid choice: 'severe'", "scan -"),
        (["scn"], "argument COMMAND: invalid choice: 'scn'", "rolefirst --help"),
        (["explain"], "the following arguments are required: RULE", "rolefirst explain --help"),
        (["rules", "--format", "xml"], "argument --format: invalid choice", "rolefirst rules -"),
    ],
    ids=lambda value: repr(value) if isinstance(value, list) else "",
)
def test_a_wrong_call_is_one_line_with_one_hint(
    run: Run, arguments: list[str], error: str, hint: str
) -> None:
    done = run(*arguments)

    assert (done.code, done.out) == (2, "")
    first, second = done.err.splitlines()
    assert first.startswith(f"error: {error}")
    assert second.startswith("hint: ")
    assert hint in second


def test_help(run: Run) -> None:
    done = run("scan", "--help")

    assert (done.code, done.err) == (0, "")
    assert "--fail-on" in done.out


@pytest.mark.parametrize("name", ["RF303", "rf303", "rotation_ineffective", "ROTATION_INEFFECTIVE"])
def test_explain(run: Run, name: str) -> None:
    done = run("explain", name)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# RF303 rotation_ineffective\n")
    assert "## Why" in done.out


def test_explain_rotation_missing(run: Run) -> None:
    assert run("explain", "rotation_missing").out.startswith("# RF301 ")


@pytest.mark.parametrize(
    ("name", "shown"), [("nope", "'nope'"), ("", "''"), ("RF\x1b[2J", r"'RF\x1b[2J'")]
)
def test_explain_of_no_rule(run: Run, name: str, shown: str) -> None:
    done = run("explain", name)

    assert (done.code, done.out) == (2, "")
    error, hint = done.err.splitlines()
    assert error == f"error: there is no rule {shown}"
    assert hint == "hint: rolefirst rules lists them."


def test_explain_guesses(run: Run) -> None:
    assert "hint: Did you mean 'rotation_missing'?" in run("explain", "rotation_mising").err


def test_the_list_of_rules(run: Run) -> None:
    done = run("rules")

    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in RULES]
    for line, rule in zip(lines, RULES, strict=True):
        assert line.split()[1:3] == [rule.severity.label, rule.name]


def test_the_list_of_rules_as_json(run: Run) -> None:
    done = run("rules", "--format", "json")

    listed = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert [entry["id"] for entry in listed] == [rule.id for rule in RULES]
    assert listed[0] == {
        "id": "RF101",
        "name": "access_key_last_resort",
        "severity": "high",
        "summary": "A long-lived access key is declared",
        "docs": "docs/rules/rf101_access_key_last_resort.md",
    }
    assert all(list(entry) == list(listed[0]) for entry in listed)
    assert all((REPOSITORY / entry["docs"]).is_file() for entry in listed)


def test_explain_as_json(run: Run) -> None:
    listed = json.loads(run("rules", "--format", "json").out)
    entry = json.loads(run("explain", "RF303", "--format", "json").out)

    page = entry.pop("page")
    assert entry in listed
    assert page.startswith("# RF303 rotation_ineffective\n")
    assert page in run("explain", "RF303").out


# --- the world outside -----------------------------------------------------------------------


@pytest.mark.parametrize("environment", LOCALES, ids=str)
@pytest.mark.parametrize(
    "arguments",
    [["scan", "odd"], ["scan", "odd", "--format", "json"], ["explain", "RF101"], ["rules"]],
    ids=" ".join,
)
def test_a_locale_without_utf_8(
    trees: Path, spawn: Run, arguments: list[str], environment: dict[str, str]
) -> None:
    (trees / "odd").mkdir()
    text = 'resource "aws_iam_user" "ü" {\n  name = "日本"\n}\n'
    Path(os.fsdecode(os.fsencode(trees / "odd") + b"/n\xff\xc3\xa4.tf")).write_text(
        text, encoding="utf-8"
    )

    done = spawn(*arguments, **environment)

    assert done.code == (1 if arguments[0] == "scan" else 0)
    assert done.err == ""


def test_names_cannot_steer_the_terminal(trees: Path, spawn: Run) -> None:
    folder = trees / "evil\x1b]0;owned\x07\n::error::x"
    folder.mkdir()
    (folder / "a\x1b[31m\nRF000.tf").write_text(
        'resource "aws_iam_user" "u" {\n  for_each = toset(["\\u001b[2J", "\\u202e", "\\ud800"])\n'
        "  name = each.key\n}\n"
        'resource "aws_iam_access_key" "k" {\n  for_each = aws_iam_user.u\n'
        "  user = each.value.name\n}\n"
        "# \x1b[31m\n"
        'resource "aws_iam_user" "broken" {\n  tags = {\n',
        encoding="utf-8",
    )

    for arguments in (
        ("scan", str(folder)),
        ("scan", "clean", folder.name),
        ("scan", str(folder), "--format", "json"),
        ("scan", folder.name + "\x1b[1m"),
        ("scan", "clean", "--config", folder.name),
        ("scan", "clean", "--var-file", "x\x1b[1m\n"),
        ("scan", "clean", "--output", folder.name + "/x/y"),
    ):
        done = spawn(*arguments)

        assert done.code == 2
        assert "Traceback" not in done.err
        for text in (done.out, done.err):
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
            assert not re.search(r"^::|^RF000", text, re.MULTILINE)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("scan", "key"), 1),
        (("scan", "clean"), 0),
        (("scan", "broken"), 2),
        (("rules",), 0),
        (("explain", "RF101"), 0),
        (("--help",), 0),
        (("scan", "--help"), 0),
        (("--version",), 0),
    ],
    ids=str,
)
def test_a_reader_that_goes_away(
    trees: Path, arguments: tuple[str, ...], code: int, unbuffered: str
) -> None:
    """As in `rolefirst scan . | head -1`: no noise, and the exit code that it would have been."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rolefirst", *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(cli.__file__).parents[1]),
                "PYTHONUNBUFFERED": unbuffered,
            },
            check=False,
            timeout=60,
        )
    finally:
        os.close(writing)

    assert done.returncode == code
    assert done.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="no POSIX shell")
@pytest.mark.parametrize(
    ("arguments", "closed", "code"),
    [
        ("scan key", ">&-", 1),
        ("scan clean", ">&-", 0),
        ("rules", ">&-", 0),
        ("scan nowhere", "2>&-", 2),
        ("scan --bogus", "2>&-", 2),
    ],
)
def test_a_stream_that_was_never_open(trees: Path, arguments: str, closed: str, code: int) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m rolefirst {arguments} {closed}', sys.executable],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def in_terminal(columns: int, *arguments: str, **environment: str) -> str:
    """What the command shows in a terminal of that width."""
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "rolefirst", *arguments],
        stdout=its,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "TERM": "xterm",
            "PYTHONPATH": str(Path(cli.__file__).parents[1]),
            **environment,
        },
    )
    os.close(its)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # Linux says so when the other side is closed
        pass
    os.close(ours)
    _, said = process.communicate(timeout=60)
    assert said == b""
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_has_colors_and_a_width(trees: Path) -> None:
    narrow = in_terminal(50, "scan", "key", "--quiet")
    wide = in_terminal(200, "scan", "key", "--quiet")

    assert "\x1b[2m  address" in narrow
    assert "aws_...ey.ci  main.tf:6" in narrow
    assert "\x1b[31mhigh\x1b[0m" in in_terminal(80, "scan", "key")
    assert "aws_iam_access_key.ci  main.tf:6" in wide
    assert in_terminal(0, "scan", "key", "-q") == wide


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_colors_can_be_refused(trees: Path, spawn: Run, environment: dict[str, str]) -> None:
    text = in_terminal(200, "scan", "key", **environment)

    assert text == spawn("scan", "key").out


def test_an_empty_no_color_refuses_nothing(trees: Path) -> None:
    assert "\x1b[" in in_terminal(120, "scan", "key", NO_COLOR="")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output(trees: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "rolefirst", "scan", "key"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
            check=False,
            timeout=60,
        )

    assert done.returncode == 2
    assert done.stderr.startswith(b"error: standard output: cannot be written: ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "files",
    [
        {"hcl2.py": ""},
        {"hcl2/__init__.py": "", "hcl2/parser.py": "hcl2 = None\n"},
        {"hcl2/__init__.py": "from no_such_dependency import x\n"},
    ],
    ids=["a module", "bc-python-hcl2", "broken"],
)
def test_the_wrong_hcl2(trees: Path, spawn: Run, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = trees / "fake" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    done = spawn("scan", "key", path=trees / "fake")
    clean = spawn("scan", "clean", path=trees / "fake")

    assert done.code == 2
    error, hint = done.err.splitlines()
    assert error == "error: The module hcl2 is not python-hcl2 8 or newer."
    assert hint.startswith("hint: ")
    assert "pipx" in hint
    assert (clean.code, clean.err) == (0, ""), "nothing to parse, nothing to complain about"


def test_what_nobody_caught_is_no_finding(trees: Path) -> None:
    """Python's own exit code for a traceback is 1, which here says: findings."""
    code = (
        "from rolefirst import cli\n"
        "def boom(arguments): raise ZeroDivisionError\n"
        "cli.main = boom\n"
        "cli.entry()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
        check=False,
        timeout=60,
    )

    assert done.returncode == 2
    assert b"ZeroDivisionError" in done.stderr


class Terminal:
    """Standard error as a person sees it, and a clock that runs."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.text = ""
        self.is_terminal = is_terminal
        self.now = 0.0

    def isatty(self) -> bool:
        return self.is_terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass

    def monotonic(self) -> float:
        self.now += 0.4
        return self.now


@pytest.mark.parametrize(("is_terminal", "term"), [(False, "xterm"), (True, "dumb")])
def test_nobody_waits_for_progress(monkeypatch, is_terminal: bool, term: str) -> None:
    terminal = Terminal(is_terminal=is_terminal)
    monkeypatch.setattr(output.sys, "stderr", terminal)
    monkeypatch.setattr(output.time, "monotonic", terminal.monotonic)
    monkeypatch.setenv("TERM", term)
    with output.Progress() as progress:
        for number in range(10):
            progress(f"rule {number}")
    assert terminal.text == ""


def test_progress_comes_after_a_while_and_goes(monkeypatch) -> None:
    terminal = Terminal(is_terminal=True)
    monkeypatch.setattr(output.sys, "stderr", terminal)
    monkeypatch.setattr(output.time, "monotonic", terminal.monotonic)
    monkeypatch.setenv("TERM", "xterm")
    with output.Progress() as progress:
        for number in range(4):
            progress(f"rule {number}\x1b[31m" + "x" * 200)
    lines = terminal.text.split("\r\x1b[K")
    assert "rule 0" not in terminal.text
    assert lines[1].startswith("rule 2\\x1b")
    assert all(len(line) < 80 for line in lines)
    assert lines[-1] == ""


def test_progress_is_told_what_is_checked(trees) -> None:
    told: list[str] = []
    scan(hcl.project(hcl.survey("key")), rules.load(), progress=told.append)
    assert "RF101 access_key_last_resort: aws_iam_access_key.ci" in told
