"""The plugin in real checkovs: messages, places, skips, formats and what must not pass unseen."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import checkov_env
import pytest
from checkov_env import CHECKS, REPOSITORY, run

from rolefirst import rules, testing
from rolefirst.loaders.checkov_places import concerned, shown_as

pytestmark = pytest.mark.checkov
CASES = Path(__file__).parent / "cases"
KEY = """
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}
"""


@pytest.fixture(scope="module", params=range(2), ids=["oldest", "newest"])
def checkov(request: pytest.FixtureRequest) -> Path:
    found = checkov_env.executables()
    if request.param >= len(found):
        pytest.skip("ROLEFIRST_CHECKOV names one checkov only")
    return found[request.param]


def estate(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.tf").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def places(checkov: Path) -> checkov_env.Run:
    return run(checkov, CASES / "places")


# --- messages and places ---


def test_message_says_what_is_wrong_and_what_to_use(checkov: Path, tmp_path: Path) -> None:
    text = run(checkov, estate(tmp_path, main=KEY)).text("RF101", "aws_iam_access_key.ci")
    assert text.startswith("A long-lived access key is declared. Decision: ")
    other = run(checkov, tmp_path).text("RF301", "aws_iam_access_key.ci")
    assert other.startswith("No automation rotates the access key: nothing in this code ")


def test_severity_and_exit_code(places: checkov_env.Run) -> None:
    assert places.code == 1
    found = {(record["check_id"], record["severity"]) for record in places.records()}
    assert {("RF101", "HIGH"), ("RF401", "MEDIUM")} <= found
    # With its secret, and an id alone.
    assert {("RF704", "CRITICAL"), ("RF704", "MEDIUM")} <= found


def test_what_has_no_place_goes_to_the_nearest_key(places: checkov_env.Run) -> None:
    text = places.text("RF704", "aws_iam_access_key.ci")
    for address in ("terraform", "var.fallback", "local.leaked"):
        assert f"[concerns {address} at main.tf:" in text


def test_provider_is_reported_itself(places: checkov_env.Run) -> None:
    assert ("RF704", "aws.west") in places.pairs()
    assert ("RF704", "aws.default") not in places.pairs()


def test_output_is_reported_on_its_key(places: checkov_env.Run) -> None:
    assert "(main.tf:" in places.text("RF701", "aws_iam_access_key.ci")


def test_instances_that_checkov_does_not_expand_are_named(places: checkov_env.Run) -> None:
    text = places.text("RF101", "aws_iam_access_key.many")
    assert re.findall(r'concerns aws_iam_access_key\.many\["(\w)"\]', text) == ["a", "b"]


def test_key_that_checkov_drops_is_reported_beside_it(places: checkov_env.Run) -> None:
    text = places.text("RF101", "aws_iam_access_key.many")
    assert "[concerns aws_iam_access_key.dropped at main.tf:" in text
    assert "var.names has no default" in text


def test_no_secret_in_any_output(checkov: Path, places: checkov_env.Run, tmp_path: Path) -> None:
    shown = [places.stdout, run(checkov, CASES / "places", form="cli").stdout]
    shutil.copy(CASES / "places" / "main.tf", tmp_path)
    run(checkov, tmp_path, form="sarif")  # checkov writes SARIF to a file
    shown.append((tmp_path / "results.sarif").read_text("utf-8"))
    for text in shown:
        assert not re.search(r"AKIA[A-Z2-7]{2}", text)
        assert "x9Kq2mZ7" not in text
        assert "Gc+Ua/EiXoB" not in text


def test_what_cannot_be_told_has_not_passed(checkov: Path, tmp_path: Path) -> None:
    code = 'variable "tags" {\n  type = map(string)\n}\n'
    code += 'resource "aws_iam_user" "u" {\n  name = "u"\n  tags = var.tags\n}\n'
    folder = estate(tmp_path, main=code)
    done = run(checkov, folder, only="RF401")
    assert done.pairs("passed") | done.pairs("failed") == set()
    strict = run(checkov, folder, only="RF401", env={"ROLEFIRST_STRICT": "1"})
    assert "var.tags has no default" in strict.text("RF401", "aws_iam_user.u")


def test_what_only_a_default_switches_off_has_not_passed(checkov: Path) -> None:
    """The command line says the same: tests/integration/cases/dormant/main.tf marks it."""
    folder = CASES / "dormant"
    real = {("RF101", "aws_iam_access_key.real")}
    done = run(checkov, folder, only="RF101")
    assert (done.pairs("passed"), done.pairs("failed")) == (set(), real)
    strict = run(checkov, folder, only="RF101", env={"ROLEFIRST_STRICT": "1"})
    found: set[str] = set()
    for record in strict.records():
        found |= concerned(record["check_name"], record["resource"])
    assert {("RF101", address) for address in found} - real == {
        ("RF101", shown_as(item.address))
        for item in testing.scan(
            testing.read(folder), *(r for r in rules.load() if r.id == "RF101")
        ).undetermined
    }


def test_hostile_names_are_escaped(checkov: Path, tmp_path: Path) -> None:
    code = KEY.replace('name = "ci"', 'name = "ci"\n  tags = { Owner = "\\u001b[31mtodo" }')
    done = run(checkov, estate(tmp_path, main=code))
    assert all(record["check_name"].isprintable() for record in done.records())


# --- skips ---


def test_skips(checkov: Path) -> None:
    done = run(checkov, CASES / "skips")
    failed, skipped = done.pairs(), done.pairs("skipped")
    assert ("RF101", "aws_iam_access_key.protected") in failed
    assert "the skip does not count" in done.text("RF101", "aws_iam_access_key.protected")
    assert "it expired on 2020-01-01" in done.text("RF401", "aws_iam_user.expired")
    assert "it gives no reason" in done.text("RF401", "aws_iam_user.reasonless")
    assert skipped == {("RF401", "aws_iam_user.valid"), ("RF401", "aws_iam_user.clean")}
    for record in done.records("skipped"):
        assert record["check_name"] == "The IAM user lacks an owner tag or a tag that is required"


# --- formats ---


def test_sarif_carries_the_message(checkov: Path, tmp_path: Path) -> None:
    run(checkov, estate(tmp_path, main=KEY), form="sarif")
    (scan,) = json.loads((tmp_path / "results.sarif").read_text("utf-8"))["runs"]
    messages = {result["ruleId"]: result["message"]["text"] for result in scan["results"]}
    assert "Decision: " in messages["RF101"]
    assert not any(result.get("attachments") for result in scan["results"])


def test_junit_carries_the_message(checkov: Path, tmp_path: Path) -> None:
    done = run(checkov, estate(tmp_path, main=KEY), form="junitxml")
    names = [case.get("name", "") for case in ET.fromstring(done.stdout).iter("testcase")]
    assert any("RF101" in name and "Decision: " in name for name in names), names


# --- frameworks and environments ---


def test_several_frameworks_in_processes_and_threads(checkov: Path, tmp_path: Path) -> None:
    folder = estate(tmp_path, main=KEY)
    for kind in ("fork", "thread"):
        done = run(checkov, folder, framework=None, env={"CHECKOV_PARALLELIZATION_TYPE": kind})
        assert ("RF101", "aws_iam_access_key.ci") in done.pairs(), kind
        assert not [r for r in done.records() if "not evaluated" in r["check_name"]]


def test_networkx_graph(checkov: Path) -> None:
    other = run(checkov, CASES / "shapes", env={"CHECKOV_GRAPH_FRAMEWORK": "NETWORKX"})
    assert other.pairs() == run(checkov, CASES / "shapes").pairs()


def test_plan(checkov: Path, tmp_path: Path) -> None:
    shutil.copy(CASES / "plan.json", tmp_path)
    done = run(checkov, tmp_path, framework="terraform_plan")
    assert ("RF101", 'module.m["a"].aws_iam_access_key.k[0]') in done.pairs()
    assert ("RF401", "aws_iam_user.ci") in done.pairs()
    assert ("RF102", "aws_iam_access_key.ci") in done.pairs("passed")
    assert not [r for r in done.records() if "not evaluated" in r["check_name"]]


def test_variable_files(checkov: Path, tmp_path: Path) -> None:
    code = 'variable "tags" {\n  type = map(string)\n}\n'
    code += 'resource "aws_iam_user" "u" {\n  name = "u"\n  tags = var.tags\n}\n'
    folder = estate(tmp_path, main=code)
    values = folder / "other.tfvars"
    values.write_text('tags = { Owner = "platform" }\n', "utf-8")
    done = run(checkov, folder, "--var-file", str(values), only="RF401")
    assert done.pairs("passed") == {("RF401", "aws_iam_user.u")}


def test_single_file(checkov: Path, tmp_path: Path) -> None:
    folder = estate(tmp_path, main=KEY, other=KEY.replace('"ci"', '"other"'))
    done = run(checkov, folder, scan=("-f", str(folder / "main.tf")))
    assert ("RF101", "aws_iam_access_key.ci") in done.pairs()
    assert not [r for r in done.records() if "not evaluated" in r["check_name"]]


def test_as_installed_in_the_package(checkov: Path, tmp_path: Path) -> None:
    package = tmp_path / "site" / "rolefirst"
    shutil.copytree(REPOSITORY / "src" / "rolefirst", package)
    shutil.copytree(CHECKS, package / "_checks")
    (tmp_path / "code").mkdir()
    done = run(checkov, estate(tmp_path / "code", main=KEY), checks=package / "_checks")
    assert ("RF101", "aws_iam_access_key.ci") in done.pairs()
    assert done.stderr == ""


def test_quiet_without_terraform(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", "utf-8")
    done = run(checkov, tmp_path, framework=None)
    assert (done.code, done.stderr) == (0, "")


def test_folders_left_out_on_purpose_are_no_failure(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    estate(tmp_path / "out", main=KEY)
    folder = estate(tmp_path, main='resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n')
    assert run(checkov, folder, "--skip-path", "out").pairs() == set()


# --- fail closed ---


def copy_of_the_clone(folder: Path) -> Path:
    shutil.copytree(CHECKS, folder / "checks")
    shutil.copytree(REPOSITORY / "src", folder / "src")
    return folder


def test_without_the_engine_everything_fails(checkov: Path, tmp_path: Path) -> None:
    shutil.copytree(CHECKS, tmp_path / "checks")
    (tmp_path / "code").mkdir()
    done = run(checkov, estate(tmp_path / "code", main=KEY), checks=tmp_path / "checks")
    for rule in ("RF101", "RF704", "RF904"):
        assert "not evaluated" in done.text(rule, "aws_iam_access_key.ci")
    assert done.code == 1


def test_without_the_engine_and_without_keys_one_block_fails(checkov: Path, tmp_path: Path) -> None:
    shutil.copytree(CHECKS, tmp_path / "checks")
    (tmp_path / "code").mkdir()
    bucket = 'resource "aws_s3_bucket" "{0}" {{\n  bucket = "{0}"\n}}\n'
    folder = estate(tmp_path / "code", main=bucket.format("a") + bucket.format("b"))
    done = run(checkov, folder, checks=tmp_path / "checks", only="RF401")
    assert len(done.records()) == 1


def test_crashing_rule_fails_and_the_others_go_on(checkov: Path, tmp_path: Path) -> None:
    clone = copy_of_the_clone(tmp_path)
    rule = clone / "src" / "rolefirst" / "rules" / "rf401_owner_tag_missing.py"
    text = rule.read_text("utf-8")
    rule.write_text(re.sub(r"(    def check\(.*?\n)", r'\1        raise KeyError("x")\n', text))
    (tmp_path / "code").mkdir()
    done = run(checkov, estate(tmp_path / "code", main=KEY), checks=clone / "checks")
    crashed = [r["check_name"] for r in done.records() if r["check_id"] == "RF401"]
    assert len(crashed) == 1
    assert "rule RF401 crashed" in crashed[0]
    assert ("RF101", "aws_iam_access_key.ci") in done.pairs()


@pytest.mark.parametrize("name", ["broken.tf", "keys.tofu", "keys.tf.json"])
def test_file_that_checkov_has_not_read_fails(checkov: Path, tmp_path: Path, name: str) -> None:
    text = KEY + 'variable "n" {\n  default = 1e10\n}\n'
    if name.endswith(".json"):
        text = '{"resource": {"aws_iam_access_key": {"j": {"user": "j"}}}}'
    (tmp_path / name).write_text(text, "utf-8")
    folder = estate(tmp_path, main='resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n')
    done = run(checkov, folder, only="RF401,RF101")
    (record,) = done.records()
    assert record["resource"] == "aws_s3_bucket.b"
    assert f"not evaluated: {name}: is about access keys" in record["check_name"]


def test_no_graph_fails(checkov: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        estate(tmp_path / name, main=KEY)
    done = run(checkov, tmp_path, only="RF101", env={"TF_SPLIT_GRAPH": "True"})
    assert ("RF101", "aws_iam_access_key.ci") in done.pairs()


def test_wrong_configuration_fails(checkov: Path, tmp_path: Path) -> None:
    (tmp_path / "rolefirst.toml").write_text("[scan]\nfail-onn = 1\n", "utf-8")
    done = run(checkov, estate(tmp_path, main=KEY), only="RF101")
    assert "fail-onn" in done.text("RF101", "aws_iam_access_key.ci")


# --- the folder itself ---


def test_ids_cover_every_rule() -> None:
    listed = re.search(
        r"^IDS = \((.*?)^\)", (CHECKS / "rolefirst_checkov.py").read_text(), re.M | re.S
    )
    assert listed
    code = "from rolefirst import rules; print(*(rule.id for rule in rules.load()))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert set(loaded.stdout.split()) <= set(re.findall(r"RF\d{3}", listed[1]))


def test_folder_holds_only_what_checkov_may_execute() -> None:
    names = {path.name for path in CHECKS.iterdir() if path.name != "__pycache__"}
    assert names == {"__init__.py", "rolefirst_checkov.py", "rolefirst_verdicts.py"}
    assert (CHECKS / "__init__.py").read_bytes() == b""
    assert not names & {f"{name}.py" for name in sys.stdlib_module_names}
