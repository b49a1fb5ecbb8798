"""``rolefirst scan`` with a configuration: one wrong word stops it, a right one changes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "Outcome"]  # noqa: F821 (conftest.py)


def write(folder: Path, text: str, name: str = "rolefirst.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


#: A consumer that the packaged catalogue does not know.
SINK = """[[sink]]
types = ["acme_job"]
attribute = "secret"
category = "ci"
alternative = "oidc-federation"
template = "oidc_generic"
use = "the job token of Acme CI"
"""


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("[scan\n", "not valid TOML", ""),
        ("[scan]\nfail_on = 'low'\n", "[scan]: unknown key 'fail_on'", "Did you mean 'fail-on'?"),
        ("[scna]\n", "unknown key 'scna'", "Did you mean 'scan'?"),
        ("[scan]\nqqqq = 1\n", "unknown key 'qqqq'", "Valid are: fail-on, strict"),
        ("[scan]\nfail-on = 'hgih'\n", "'hgih' is no severity", "Did you mean 'high'?"),
        ("[scan]\nfail-on = 3\n", "'3' is no severity", "low, medium, high, critical"),
        ("[severity]\nRF401 = 'none'\n", "[severity] RF401: 'none' is no severity", ""),
        ("[severity]\nrf401 = 'low'\n", "unknown key 'rf401'", "Did you mean 'RF401'?"),
        ("[severity]\nowner_tag = 'low'\n", "unknown key 'owner_tag'", "rolefirst rules"),
        ("[disabled]\nRF402 = ''\n", "[disabled] RF402 needs a reason", "Write why"),
        ("[disabled]\nRF402 = true\n", "[disabled] RF402 needs a reason", "Write why"),
        ("[disabled]\nRF999 = 'x'\n", "[disabled]: unknown key 'RF999'", ""),
        ("scan = 1\n", "scan is not a table", "Write [scan]"),
        ("[scan]\nstrict = 'yes'\n", "strict is not true or false", ""),
        ("[scan]\nallow-unparsed = 'x'\n", "allow-unparsed is not a list of strings", ""),
        ("[scan]\nallow-unparsed = [1]\n", "allow-unparsed is not a list of strings", ""),
        (f"x = {'[' * 5000}", "not valid TOML", ""),
        ("sink = 1\n", "[[sink]] is not a list of tables", ""),
        ("[sink]\n", "[[sink]] is not a list of tables", ""),
        ("[scan]\nexclude = 'x'\n", "exclude is not a list of strings", ""),
        ("[scan]\nexclude = ['']\n", "exclude has an empty string", "Write a word"),
        ("[scan]\nexlude = ['x']\n", "unknown key 'exlude'", "Did you mean 'exclude'?"),
        ("[rotation]\nmax_days = 9\n", "[rotation]: unknown key", "Did you mean 'max-days'?"),
        ("[rotation]\nmax-days = 0\n", "max-days is not a whole number from 1 to 365", ""),
        ("[rotation]\nmax-days = 366\n", "max-days is not a whole number from 1 to 365", ""),
        ("[rotation]\nmax-days = '90'\n", "max-days is not a whole number from 1 to 365", ""),
        ("[rotation]\nmax-days = 1.5\n", "max-days is not a whole number from 1 to 365", ""),
        ("[rotation]\nmax-days = true\n", "max-days is not a whole number from 1 to 365", ""),
        ("rotation = 90\n", "rotation is not a table", "Write [rotation]"),
        ("[owners]\nkeys = ['a']\n", "unknown key 'owners'", "Did you mean 'owner'?"),
        ("[owner]\nkey = ['a']\n", "[owner]: unknown key 'key'", "Did you mean 'keys'?"),
        ("[owner]\nkeys = []\n", "[owner] keys is empty", "Leave the line out"),
        ("[owner]\nkeys = [' ']\n", "keys has an empty string", ""),
        ("[owner]\nplaceholders = [1]\n", "placeholders is not a list of strings", ""),
        ("[tags]\nrequire = ['a']\n", "[tags]: unknown key", "Did you mean 'required'?"),
        ("[tags]\nrequired = 'a'\n", "required is not a list of strings", ""),
        ("[source]\ntrusted-network = []\n", "[source]: unknown key", "'trusted-networks'?"),
        ("[source]\ntrusted-networks = ['10.0.0.0']\n", "'10.0.0.0' is no network", "203.0"),
        ("[source]\ntrusted-networks = ['10.0.0.0/33']\n", "is no network", ""),
        ("[source]\ntrusted-networks = ['vpc-1']\n", "'vpc-1' is no network", ""),
        ("[source]\ntrusted-networks = ['10.0.0.0/255.0.0.0']\n", "is no network", ""),
        ("[source]\ntrusted-networks = ['0.0.0.0/0']\n", "is the whole internet", ""),
        ("[source]\ntrusted-networks = ['::/0']\n", "is the whole internet", ""),
        ("[[sink]]\n", "[[sink]] 1: 'types' is missing", ""),
        ("[[sink]]\ntypes = ['a']\ncategory = 'saaas'\n", "cannot be 'saaas'", "mean 'saas'?"),
        (f"{SINK}tempalte = 'x'\n", "[[sink]] 1: unknown key 'tempalte'", "mean 'template'?"),
        (f"{SINK}\n{SINK}oidc = 1\n", "[[sink]] 2: 'oidc' is not a table", ""),
        ("[[key-module]]\nsource = 'a/b/c'\noutputs = {}\n", "'default' is missing", ""),
        ("[[key-modul]]\n", "unknown key 'key-modul'", "Did you mean 'key-module'?"),
    ],
)
def test_a_mistake_is_named(trees: Path, run: Run, text: str, said: str, hint: str) -> None:
    write(trees, text)
    done = run("scan", "clean")

    assert (done.code, done.out) == (2, "")
    error, *rest = done.err.splitlines()
    assert error.startswith("error: rolefirst.toml: ")
    assert said in error
    assert len(rest) <= 1
    assert hint in "".join(rest)


def test_a_file_that_is_not_text(trees: Path, run: Run) -> None:
    (trees / "c.toml").write_bytes(b"\xff\xfe")

    assert run("scan", "clean", "--config", "c.toml").err == "error: c.toml: not UTF-8\n"


def test_the_file_here_is_read_and_another_when_named(trees: Path, run: Run) -> None:
    write(trees, "[scan]\nfail-on = 'critical'\n")
    write(trees, "[scan]\nfail-on = 'low'\n", "strict.toml")

    assert run("scan", "key").code == 0
    assert run("scan", "key", "--config", "strict.toml").code == 1
    assert run("scan", "key", "--fail-on", "high").code == 1, "the command line wins"


def test_a_file_in_the_scanned_tree_is_not_the_configuration(trees: Path, run: Run) -> None:
    write(trees / "key", "[scan]\nfail-on = 'critical'\n")

    assert run("scan", "key").code == 1


def test_severities(trees: Path, run: Run) -> None:
    write(trees, "[severity]\nRF401 = 'critical'\n")

    assert run("scan", "user").out.startswith("critical RF401")


def test_strict(trees: Path, run: Run) -> None:
    write(trees, "[scan]\nstrict = true\n")

    assert run("scan", "unknown").code == 1


def test_what_a_disabled_rule_finds_is_shown_and_does_not_count(trees: Path, run: Run) -> None:
    write(trees, "[disabled]\nRF401 = 'owners are in the service catalogue'\n")

    done = run("scan", "user", "--format", "json")
    document = json.loads(done.out)

    assert done.code == 0
    assert document["findings"] == []
    (entry,) = document["suppressed"]
    assert entry["rule"] == "RF401"
    assert entry["suppression"]["kind"] == "config"
    assert entry["suppression"]["reason"] == "owners are in the service catalogue"


def test_a_disabled_rule_is_not_undetermined_either(trees: Path, run: Run) -> None:
    write(trees, "[disabled]\nRF401 = 'owners are in the service catalogue'\n")

    assert run("scan", "unknown", "--strict").code == 0


def test_files_that_may_fail_to_parse(trees: Path, run: Run) -> None:
    write(trees, "[scan]\nallow-unparsed = ['z*.tf']\n")

    done = run("scan", "broken", "--format", "json")
    document = json.loads(done.out)

    assert done.code == 1
    assert document["errors"] == []
    assert {notice["path"] for notice in document["notices"]} == {"zz.tf"}


def test_other_files_may_not(trees: Path, run: Run) -> None:
    write(trees, "[scan]\nallow-unparsed = ['templates/*']\n")

    assert run("scan", "broken").code == 2


def test_unreadable_files_of_a_tree_without_keys(trees: Path, run: Run) -> None:
    (trees / "clean" / "gone.tf").symlink_to("nowhere.tf")
    (trees / "clean" / "odd.tf").mkdir()

    assert run("scan", "clean").code == 2

    write(trees, "[scan]\nallow-unparsed = ['gone.tf', 'odd.tf']\n")

    assert run("scan", "clean").code == 0


# --- what rules are told ---


def messages(run: Run, tree: str, rule: str) -> list[str]:
    document = json.loads(run("scan", tree, "--format", "json").out)
    return [item["message"] for item in document["findings"] if item["rule"] == rule]


def doubts(run: Run, tree: str, rule: str) -> list[str]:
    document = json.loads(run("scan", tree, "--format", "json").out)
    return [item["reason"] for item in document["undetermined"] if item["rule"] == rule]


def owned(trees: Path, tags: str, more: str = "") -> None:
    (trees / "user" / "main.tf").write_text(
        f'resource "aws_iam_user" "u" {{\n  name = "u"\n  tags = {tags}\n}}\n{more}',
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ('{ "acme:responsible" = "search" }', True),
        ('{ Responsible = "search" }', True),
        ('{ Owner = "search" }', False),
        ('{ Team = "search" }', False),
    ],
)
def test_owner_keys_stand_instead_of_the_usual_ones(
    trees: Path, run: Run, tags: str, named: bool
) -> None:
    write(trees, "[owner]\nkeys = ['responsible']\n")
    owned(trees, tags)

    assert bool(messages(run, "user", "RF401")) is not named


def test_placeholders_stand_beside_the_usual_ones(trees: Path, run: Run) -> None:
    write(trees, "[owner]\nplaceholders = ['Platform Team']\n")

    for value, placeholder in (("platform-team", True), ("todo", True), ("search", False)):
        owned(trees, f'{{ Owner = "{value}" }}')
        assert bool(messages(run, "user", "RF402")) is placeholder


@pytest.mark.parametrize(
    ("tags", "lacking"),
    [
        ('{ Owner = "search", purpose = "backup", Data = "internal" }', ""),
        ('{ Owner = "search", Purpose = "backup" }', "requires: add Data"),
        ('{ Owner = "search", Purpose = "", Data = null }', "requires: add Purpose, Data"),
        ('{ Purpose = "backup", Data = "x" }', "name an owner"),
        ("{}", "team that answers; nor do they have all that the configuration requires: add Pur"),
    ],
)
def test_required_tags(trees: Path, run: Run, tags: str, lacking: str) -> None:
    write(trees, "[tags]\nrequired = ['Purpose', 'Data']\n")
    owned(trees, tags)

    found = messages(run, "user", "RF401")
    assert len(found) == bool(lacking)
    assert all(lacking in message for message in found)


def test_required_tags_come_from_the_provider_too(trees: Path, run: Run) -> None:
    write(trees, "[tags]\nrequired = ['Purpose']\n")
    owned(
        trees,
        '{ Owner = "search" }',
        'provider "aws" {\n  default_tags {\n    tags = { Purpose = "backup" }\n  }\n}\n',
    )

    assert messages(run, "user", "RF401") == []


@pytest.mark.parametrize("tags", ['{ Owner = "a", Purpose = var.p }', 'merge({Owner="a"}, var.p)'])
def test_a_required_tag_that_cannot_be_told(trees: Path, run: Run, tags: str) -> None:
    write(trees, "[tags]\nrequired = ['Purpose']\n")
    owned(trees, tags, 'variable "p" {}\nprovider "aws" {}\n')

    assert messages(run, "user", "RF401") == []
    assert any("var.p has no default" in reason for reason in doubts(run, "user", "RF401"))


def test_excluded_files_are_not_read_and_counted(trees: Path, run: Run) -> None:
    write(trees, "[scan]\nexclude = ['zz*.tf']\n")

    document = json.loads(run("scan", "broken", "--format", "json").out)

    assert document["errors"] == []
    assert [notice["message"] for notice in document["notices"]] == [
        "1 file is not read: [scan] exclude in rolefirst.toml"
    ]


def test_excluded_files_are_counted_where_nothing_is_left(trees: Path, run: Run) -> None:
    write(trees, "[scan]\nexclude = ['*']\n")

    done = run("scan", "key")
    assert done.code == 0
    assert "1 file is not read" in done.out


def test_a_module_that_is_excluded_is_unknown_and_not_missing(trees: Path, run: Run) -> None:
    write(trees, "[scan]\nexclude = ['legacy/*']\n")
    (trees / "key" / "legacy").mkdir()
    (trees / "key" / "legacy" / "main.tf").write_text('variable "secret" {}\n', encoding="utf-8")
    (trees / "key" / "call.tf").write_text(
        'module "legacy" {\n  source = "./legacy"\n  secret = aws_iam_access_key.ci.secret\n}\n',
        encoding="utf-8",
    )

    done = run("scan", "key", "--format", "json")
    assert done.code == 1
    assert json.loads(done.out)["errors"] == []
    assert "1 file is not read" in done.out


def test_a_consumer_of_ones_own(trees: Path, run: Run) -> None:
    folder = trees / "own"
    folder.mkdir()
    (folder / "main.tf").write_text(
        'resource "aws_iam_user" "u" {\n  name = "x"\n}\n'
        'resource "aws_iam_access_key" "k" {\n  user = aws_iam_user.u.name\n}\n'
        'resource "acme_job" "j" {\n  secret = aws_iam_access_key.k.secret\n}\n',
        encoding="utf-8",
    )

    def decided() -> tuple[str, str]:
        document = json.loads(run("scan", "own", "--format", "json").out)
        found = [item["decision"] for item in document["findings"] if item["rule"] == "RF101"]
        return found[0]["alternative"], found[0]["summary"]

    assert decided()[0] == "ask-owner"
    write(trees, SINK)
    alternative, summary = decided()
    assert alternative == "oidc-federation"
    assert summary.endswith("the job token of Acme CI.")


def test_a_module_of_ones_own(trees: Path, run: Run) -> None:
    folder = trees / "own"
    folder.mkdir()
    source = "git@git.acme.example:infra/modules.git//robot"
    (folder / "main.tf").write_text(
        f'module "old" {{\n  source = "{source}?ref=v1.2.0"\n}}\n'
        f'module "new" {{\n  source = "{source}"\n}}\n',
        encoding="utf-8",
    )

    assert run("scan", "own").code == 0
    write(
        trees,
        "[[key-module]]\nsource = 'https://git.acme.example/infra/modules//robot'\n"
        "outputs = { id = 'key id' }\ndefault = { 0 = true, '2.0.0' = false }\n",
    )
    done = run("scan", "own")
    assert done.code == 1
    assert "module.old" in done.out
    assert "module.new" not in done.out
