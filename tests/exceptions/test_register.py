"""Which entry covers which key, and what makes it cover nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from keys_that_stay import KEY, REGISTER, TODAY, Run, entry, register, write

ADDRESS = "aws_iam_access_key.scales"
MODULE = """
variable "name" {
  default = "scales"
}

resource "aws_iam_access_key" "this" {
  user = var.name
}
"""


def messages(outcome: Any, rule: str) -> list[str]:
    return [item["message"] for item in outcome.report["findings"] if item["rule"] == rule]


@pytest.mark.parametrize(
    ("changes", "point"),
    [
        ({"id": None}, "id is missing"),
        ({"id": ""}, "id is missing"),
        ({"alternatives_considered": None}, "alternatives_considered.iam_role is missing"),
        ({"alternatives_considered": {**entry()["alternatives_considered"], "iam_role": "no"}},
         "alternatives_considered.iam_role does not say why"),
        ({"alternatives_considered": {**entry()["alternatives_considered"], "iam_role": "N / A"}},
         'alternatives_considered.iam_role says nothing ("N / A")'),
        ({"purpose": "TODO: ask"}, "purpose is still to be written"),
        ({"purpose": "n/a"}, 'purpose says nothing ("n/a")'),
        ({"purpose": " - "}, 'purpose says nothing ("-")'),
        ({"audit": "To be done"}, 'audit says nothing ("To be done")'),
        ({"deactivation": "???"}, 'deactivation says nothing ("???")'),
        ({"permissions": []}, "permissions is missing"),
        ({"permissions": ["s3:Put", "read"]},
         'permissions: "read" is no action such as s3:PutObject'),
        ({"permissions": ["service:Action"]},
         'permissions: "service:Action" is no action such as s3:PutObject'),
        ({"permissions": ["*:*"]}, 'permissions: "*:*" is everything, which is no limit'),
        ({"source": ["10.0.0.0/7"]},
         'source: "10.0.0.0/7" is so wide that a stranger has an address in it'),
        ({"source": ["::/0"]}, 'source: "::/0" is so wide that a stranger has an address in it'),
        ({"source": ["office"]},
         'source: "office" is no range such as 203.0.113.0/24, and no VPC or endpoint'),
        ({"rotation": {"days": 91, "how": "By hand"}}, "rotation.days is 91, the limit is 90"),
        ({"rotation": {"days": 60}}, "rotation.how is missing"),
        ({"rotation": {"how": "By hand"}}, "rotation.days is missing"),
        ({"rotation": None}, "rotation.days is missing"),
        ({"owner": "terraform"}, 'owner says nothing ("terraform")'),
        ({"approved_by": "Team Warehouse"}, "approved_by is the owner: somebody else approves"),
        ({"approved_on": None}, "approved_on is missing"),
        ({"approved_on": TODAY + timedelta(days=1)},
         f"approved_on is in the future: {TODAY + timedelta(days=1)}"),
        ({"expires": None}, "expires is missing"),
    ],
    ids=range(26),
)  # fmt: skip
def test_incomplete(tree: Path, run: Run, changes: dict[str, Any], point: str) -> None:
    write(tree, register(entry(**changes)))
    done = run("scan")

    assert (done.code, done.covered) == (1, {})
    assert {"RF101", "RF901"} <= done.rules()
    (message,) = messages(done, "RF901")
    assert point in message


def test_the_limits_are_those_of_the_configuration(tree: Path, run: Run) -> None:
    dates = {"approved_on": TODAY - timedelta(days=66), "expires": TODAY + timedelta(days=300)}
    write(tree, register(entry(**dates)))
    assert run("scan").code == 0

    write(tree, "[exceptions]\nmax-days = 365\n", "rolefirst.toml")
    assert run("scan").rules() == {"RF101", "RF902"}
    (message,) = messages(run("scan"), "RF902")
    assert "it lasts 366 days from its approval, the limit is 365" in message

    write(tree, "[exceptions]\nmax-days = 366\n[rotation]\nmax-days = 59\n", "rolefirst.toml")
    assert run("scan").rules() == {"RF101", "RF901"}


@pytest.mark.parametrize(
    ("second", "covered"),
    [
        ({"id": "EXC-1", "key": "aws_iam_access_key.b"}, set()),
        ({"id": "EXC-2"}, set()),
        ({"id": "EXC-2", "key": "aws_iam_access_key.scales[*]"}, set()),
        ({"id": "EXC-2", "key": "aws_iam_access_key.b"}, {ADDRESS, "aws_iam_access_key.b"}),
    ],
)
def test_two_entries_with_one_id_or_key_cover_nothing(
    tree: Path, run: Run, second: dict[str, Any], covered: set[str]
) -> None:
    text = KEY + '\nresource "aws_iam_access_key" "b" {\n  user = "b"\n  lifecycle {\n'
    text += "    replace_triggered_by = [terraform_data.scales]\n  }\n}\n"
    write(tree, text, "main.tf")
    write(tree, register(entry(), entry(**second)))

    assert set(run("scan").covered) == covered


@pytest.mark.parametrize(
    ("address", "covered"),
    [
        ("module.ci[*].aws_iam_access_key.this", {'module.ci["a"]', 'module.ci["b.c"]'}),
        ('module.ci["*"].aws_iam_access_key.this', {'module.ci["a"]', 'module.ci["b.c"]'}),
        ('module.ci["b.c"].aws_iam_access_key.this', {'module.ci["b.c"]'}),
        ("module.ci.aws_iam_access_key.this", set()),
        ("module.one.aws_iam_access_key.this", {"module.one"}),
        ("module.*.aws_iam_access_key.this", None),
    ],
)
def test_instances_of_modules(tree: Path, run: Run, address: str, covered: set[str] | None) -> None:
    calls = (
        'module "ci" {\n  source   = "./user"\n  for_each = toset(["a", "b.c"])\n}\n'
        'module "one" {\n  source = "./user"\n}\n'
    )
    rotating = KEY.replace('"scales"', '"this"').replace(".scales", ".this")
    write(tree, calls, "main.tf")
    write(tree, rotating, "user/main.tf")
    write(tree, register(entry(key=address)))
    done = run("scan")

    if covered is None:
        assert done.code == 2
        return
    found = {name.removesuffix(".aws_iam_access_key.this") for name in done.covered}
    assert found == covered


def test_keys_of_modules_and_commands_go_by_what_makes_them(tree: Path, run: Run) -> None:
    text = """
module "user" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.0.0"
  name    = "scales"

  create_iam_access_key = true
}

resource "terraform_data" "script" {
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name scales"
  }
}
"""
    write(tree, text, "main.tf")
    made = entry(key="module.user"), entry(id="EXC-2", key="terraform_data.script")
    write(tree, register(*made))
    done = run("scan")

    assert set(done.covered) == {"module.user", "terraform_data.script"}
    undetermined = {item["address"] for item in done.report["undetermined"]}
    assert {"module.user", "terraform_data.script"} <= undetermined


# --- where registers lie ---


def test_registers_beside_root_modules(tree: Path, run: Run) -> None:
    for folder in ("a", "b/c", "d"):
        write(tree, KEY, f"{folder}/main.tf")
    (tree / "main.tf").unlink()
    write(tree, register(entry(root="b/c")))
    write(tree, register(entry()), f"a/{REGISTER}")
    done = run("scan")

    assert len(done.report["suppressed"]) == 2
    assert {item["exception"]["path"] for item in done.report["suppressed"]} == {
        REGISTER,
        f"a/{REGISTER}",
    }
    assert done.notices == [
        f"a/{REGISTER} 1 exception, read from the work tree",
        f"{REGISTER} 1 exception, read from the work tree",
    ]


def test_several_paths(tree: Path, run: Run) -> None:
    for folder in ("a", "b"):
        write(tree, KEY, f"{folder}/main.tf")
    write(tree, register(entry()), f"a/{REGISTER}")
    done = run("scan", "a", "b")

    (item,) = done.report["suppressed"]
    assert (item["location"]["path"], item["exception"]["path"]) == (
        "a/main.tf",
        f"a/{REGISTER}",
    )


def test_a_named_register_above_the_scanned_folders(tree: Path, run: Run) -> None:
    for folder in ("a", "b"):
        write(tree, KEY, f"{folder}/main.tf")
    write(tree, register(entry(root="a"), entry(id="EXC-2", root="c")), "keys.yaml")
    done = run("scan", "a", "b", "--exceptions", "keys.yaml", "--fail-on", "low")

    (item,) = done.report["suppressed"]
    assert (item["location"]["path"], item["exception"]["path"]) == ("a/main.tf", "keys.yaml")
    assert run("scan", "a", "--exceptions", "keys.yaml").covered[ADDRESS]["path"] == "../keys.yaml"
    # What lies outside of the scanned folders is not judged here.
    assert done.rules("exception.EXC-2") == set()


def test_a_named_register_elsewhere_counts_from_the_scanned_folder(
    tree: Path, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = write(tmp_path_factory.mktemp("policy"), register(entry()))
    done = run("scan", "--exceptions", str(file))

    assert (done.code, list(done.covered)) == (0, [ADDRESS])


def test_a_named_register_replaces_the_others(tree: Path, run: Run) -> None:
    write(tree, register(entry()))
    write(tree, register(), "empty.yaml")

    assert run("scan", "--exceptions", "empty.yaml").covered == {}


def test_a_register_that_is_excluded_does_not_count(tree: Path, run: Run) -> None:
    write(tree, KEY, "a/main.tf")
    write(tree, register(entry()), f"a/{REGISTER}")
    write(tree, '[scan]\nexclude = ["a/*.yaml"]\n', "rolefirst.toml")

    assert run("scan").covered == {}


def test_a_register_with_the_wrong_ending_is_not_passed_over_in_silence(
    tree: Path, run: Run
) -> None:
    (tree / "infra").mkdir()
    (tree / "infra" / "access-key-exceptions.yml").write_bytes(b"\xff")
    (tree / "infra" / "our-access-key-exceptions.yml").write_text("x: 1\n", encoding="utf-8")

    notice = f"infra/access-key-exceptions.yml is not read: name it {REGISTER}"
    assert run("scan").notices == [notice]
    (tree / "main.tf").write_text('resource "aws_vpc" "a" {}\n', encoding="utf-8")
    clean = run("scan")
    assert (clean.code, clean.notices) == (0, [notice])


# --- what else is said about the key ---


def test_only_rf101_yields(tree: Path, run: Run) -> None:
    write(tree, KEY.replace('name = "scales"', 'name = "root"', 1), "main.tf")
    write(tree, register(entry()))
    done = run("scan")

    assert {item["rule"] for item in done.report["suppressed"]} == {"RF101"}
    assert "RF201" in {item["rule"] for item in done.report["findings"]}
    assert done.code == 1


@pytest.mark.parametrize("rule", ["RF101", "RF901", "RF904"])
def test_inline_skips_of_exceptions_need_the_configuration(tree: Path, run: Run, rule: str) -> None:
    skip = f"#checkov:skip={rule}:trust me\n  user = aws_iam_user.scales.name\n\n  lifecycle"
    text = KEY.replace("user = aws_iam_user.scales.name\n\n  lifecycle", skip)
    write(tree, text, "main.tf")
    write(tree, register(entry(purpose=None, permissions=["ses:Send"])))

    assert rule in run("scan").rules()
    assert any(f"skip of {rule} does not count" in notice for notice in run("scan").notices)
    write(tree, "[scan]\ninline-skips-of-keys = true\n", "rolefirst.toml")
    assert rule not in run("scan").rules()


def test_check_says_nothing_else(tree: Path, run: Run) -> None:
    write(tree, register(entry(expires=TODAY - timedelta(days=1))))
    done = run("exceptions", "check")

    assert done.code == 1
    assert {item["rule"] for item in done.report["findings"]} == {"RF902"}
    assert run("exceptions", "check", "--fail-on", "critical").code == 0


def test_check_says_what_it_has_read(tree: Path, run: Run) -> None:
    assert run("exceptions", "check").notices == [
        ". no register of exceptions here: nothing was checked"
    ]
    write(tree, register(entry()), "keys.yaml")
    named = run("exceptions", "check", "--exceptions", "keys.yaml")
    assert named.notices == ["keys.yaml 1 exception, read from the work tree"]
    assert list(named.covered) == [ADDRESS]


def test_an_action_is_needed(tree: Path, run: Run) -> None:
    done = run("exceptions")

    assert done.code == 2
    assert done.err.startswith("error: ")
