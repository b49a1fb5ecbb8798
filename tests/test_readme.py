"""README.md and the rule pages say what the program says."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def command(name: str) -> str:
    found = re.search(rf"<!-- command:{name} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
    assert found is not None, f"README.md lacks the command {name}"
    return found[1]


def rolefirst(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rolefirst", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_generated_parts_are_up_to_date() -> None:
    module = generator()
    stale = [str(path.relative_to(REPOSITORY)) for path in module.outdated(module.generated())]

    assert stale == [], "run `make docs`"


def test_a_missing_marker_is_refused() -> None:
    with pytest.raises(SystemExit, match="lacks <!-- output:scan -->"):
        generator().fill("no markers here", {"scan": "report"})


def test_filling_replaces_only_what_is_between_the_markers() -> None:
    text = "a\n<!-- output:x -->\nold\n<!-- /output:x -->\nb\n"

    filled = generator().fill(text, {"x": "new"})

    assert filled == "a\n<!-- output:x -->\nnew\n<!-- /output:x -->\nb\n"


@pytest.mark.parametrize("name", ["scan", "test"])
def test_commands_are_one_line_and_need_only_python(name: str) -> None:
    line = command(name)

    assert "\n" not in line
    programs = {shlex.split(part)[0] for part in line.split(" && ")}
    assert programs <= {"python3", ".venv/bin/python", ".venv/bin/rolefirst"}


def test_links_into_the_repository_exist() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", README)

    assert links
    assert [link for link in links if not (REPOSITORY / link).exists()] == []


def test_options_and_formats_are_those_of_the_program() -> None:
    usage = rolefirst("scan", "--help").stdout
    synopsis = re.search(r"```sh\n(rolefirst scan \[PATH.*?)```", README, re.DOTALL)

    assert synopsis is not None
    options = set(re.findall(r"--[a-z-]+", synopsis[1]))
    assert options <= set(re.findall(r"--[a-z-]+", usage))


@pytest.fixture
def exception(tmp_path: Path) -> Path:
    """The example with an exception, approved yesterday: as it is, it ends some day."""
    folder = tmp_path / "exception"
    shutil.copytree(REPOSITORY / "examples" / "exception", folder)
    register = folder / "access-key-exceptions.yaml"
    text = register.read_text(encoding="utf-8")
    today = date.today()
    for element, day in (("approved_on", -1), ("expires", 300)):
        text = re.sub(rf"({element}: )\S+", rf"\g<1>{today + timedelta(days=day)}", text)
    register.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("example", "code"), [("insecure", 1), ("keyless", 0), ("exception", 0)])
def test_examples_end_with_the_code_their_readme_names(
    example: str, code: int, exception: Path
) -> None:
    folder = str(exception) if example == "exception" else f"examples/{example}"
    done = rolefirst("scan", folder, "--format", "json")
    text = (REPOSITORY / "examples" / example / "README.md").read_text(encoding="utf-8")

    assert done.returncode == code, done.stderr
    assert f"exit code {code}" in text.replace("\n", " ")
    assert json.loads(done.stdout)["errors"] == []


def test_keyless_example_is_clean() -> None:
    report = json.loads(rolefirst("scan", "examples/keyless", "--format", "json").stdout)

    assert report["findings"] == []
    assert report["undetermined"] == []
    assert report["summary"]["keys"] == 0


def test_insecure_example_shows_every_kind_of_consumer() -> None:
    report = json.loads(rolefirst("scan", "examples/insecure", "--format", "json").stdout)
    keys = {f["address"]: f["decision"] for f in report["findings"] if f["rule"] == "RF101"}

    assert {address: decision["alternative"] for address, decision in keys.items()} == {
        "aws_iam_access_key.ci": "oidc-federation",
        "aws_iam_access_key.anna": "identity-center",
        "module.orders.aws_iam_access_key.this": "iam-role",
        "module.invoices.aws_iam_access_key.this": "iam-role",
    }


def test_exception_example_is_covered(exception: Path) -> None:
    report = json.loads(rolefirst("scan", str(exception), "--format", "json").stdout)
    found = {(finding["rule"], finding["address"]) for finding in report["findings"]}

    keys = {"aws_iam_access_key.a", "aws_iam_access_key.b"}
    assert found == {("RF703", key) for key in keys}
    assert {finding["address"] for finding in report["suppressed"]} == keys
    assert {finding["suppression"]["kind"] for finding in report["suppressed"]} == {"exception"}
    assert report["undetermined"] == []
