"""What goes away with a key: all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from rolefirst import rules
from rolefirst.facts import with_remediation
from rolefirst.findings import Confidence, Consumer, Decision, Edit, Location, ScanResult
from rolefirst.fix.complete import with_edits
from rolefirst.loaders import hcl
from rolefirst.loaders.hcl.loader import HclProject
from rolefirst.remediation.applied import applied
from rolefirst.remediation.removal import removal
from rolefirst.scan import scan

#: What other rules find has fixes of its own.
RULES = [rule for rule in rules.load() if rule.id == "RF101"]
DECISION = Decision("unknown", "delete-unused", Confidence.HIGH, "", "delete_unused")
USER = """\
resource "aws_iam_user" "ci" {
  name = "ci"
}

"""
POLICY = """\
resource "aws_iam_user_policy" "ci" {
  name   = "ci"
  user   = aws_iam_user.ci.name
  policy = data.aws_iam_policy_document.ci.json
}

data "aws_iam_policy_document" "ci" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

"""
KEY = """\
# The key.
resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}
"""
OTHER = """\
resource "aws_s3_bucket" "b" {
  bucket = "b"
}

"""


def project_of(folder: Path, files: dict[str, str]) -> HclProject:
    """A tree with these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return hcl.load(folder)


class Done(NamedTuple):
    """What a removal made of the files, and what it leaves to people."""

    files: dict[str, str]
    left: str
    user: str


def remove(folder: Path, files: dict[str, str], terraform: str = "") -> Done:
    """Take the first key of a tree away."""
    project = project_of(folder, files)
    key = next(iter(project.resources("aws_iam_access_key")))
    found = removal(key, DECISION, project, (), terraform)
    assert all(edit.stage == "remove" for edit in found.edits)
    after = {
        name: applied(text.encode(), [e for e in found.edits if e.path == name]).decode()
        for name, text in files.items()
    }
    return Done(after, " ".join(found.left), " ".join(found.user))


def test_an_unused_key_goes_with_its_user_and_policies(tmp_path: Path) -> None:
    done = remove(tmp_path, {"main.tf": OTHER + USER + POLICY + KEY})
    assert done == ({"main.tf": OTHER}, "", "")


@pytest.mark.parametrize(
    "more",
    [
        'output "id" {\n  value = aws_iam_access_key.ci.id\n}\n',
        'output "both" {\n  value = [aws_iam_access_key.ci.id, aws_iam_access_key.ci.secret]\n}\n',
        'output "id" {\n  value = try(aws_iam_access_key.ci.id, "")\n}\n',
        'output "id" {\n  value = true ? aws_iam_access_key.ci.id : null\n}\n',
        "locals {\n  secret = aws_iam_access_key.ci.secret\n}\n\n"
        'output "secret" {\n  value = local.secret\n}\n',
        'resource "aws_ssm_parameter" "s" {\n  name  = "/k/${aws_iam_access_key.ci.id}"\n'
        '  type  = "SecureString"\n  value = aws_iam_access_key.ci.secret\n}\n',
        'resource "aws_secretsmanager_secret_version" "s" {\n  secret_id = "s"\n'
        "  secret_string = jsonencode({ a = aws_iam_access_key.ci.secret })\n}\n",
        'resource "github_actions_secret" "s" {\n  repository = "app"\n  secret_name = "S"\n'
        "  plaintext_value = aws_iam_access_key.ci.secret\n}\n",
    ],
)
def test_what_only_hands_on_or_keeps_the_key_goes(tmp_path: Path, more: str) -> None:
    done = remove(tmp_path, {"main.tf": OTHER + USER + KEY, "more.tf": more})
    assert (done.left, done.user) == ("", "")
    assert done.files["main.tf"] == OTHER
    assert done.files["more.tf"] == ""


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ('output "u" {\n  value = "https://${aws_iam_access_key.ci.id}@x"\n}\n', "output.u"),
        ('resource "x_y" "z" {\n  secret = aws_iam_access_key.ci.secret\n}\n', "x_y.z"),
        (
            'resource "aws_ssm_parameter" "s" {\n  name = "n"\n  type = "String"\n'
            '  value = "a:${aws_iam_access_key.ci.secret}"\n}\n',
            "aws_ssm_parameter.s",
        ),
        ('resource "x_y" "z" {\n  count = length(aws_iam_access_key.ci.id)\n}\n', "x_y.z"),
    ],
)
def test_a_key_stays_while_something_needs_it(tmp_path: Path, more: str, name: str) -> None:
    files = {"main.tf": USER + KEY, "more.tf": more}
    done = remove(tmp_path, files)
    assert done.files == files
    assert done.left == f"{name} (more.tf:1)"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        (
            'resource "aws_iam_user_login_profile" "ci" {\n  user = aws_iam_user.ci.name\n}\n',
            "aws_iam_user_login_profile.ci",
        ),
        (
            'resource "aws_iam_user_login_profile" "ci" {\n  user = "ci"\n}\n',
            "aws_iam_user_login_profile.ci",
        ),
        (
            'resource "aws_iam_service_specific_credential" "ci" {\n'
            '  service_name = "codecommit.amazonaws.com"\n  user_name = "ci"\n}\n',
            "aws_iam_service_specific_credential.ci",
        ),
        (
            'resource "aws_iam_group_membership" "ci" {\n  name = "g"\n  group = "g"\n'
            '  users = ["ci", "other"]\n}\n',
            "aws_iam_group_membership.ci",
        ),
        ('output "arn" {\n  value = aws_iam_user.ci.arn\n}\n', "output.arn"),
        ('resource "x_y" "z" {\n  who = "${aws_iam_user.ci.arn}/x"\n}\n', "x_y.z"),
    ],
)
def test_a_user_with_another_use_stays(tmp_path: Path, more: str, name: str) -> None:
    done = remove(tmp_path, {"main.tf": USER + KEY, "more.tf": more})
    assert done.files == {"main.tf": USER[:-1], "more.tf": more}
    assert done.left == ""
    assert done.user == f"{name} (more.tf:1)"


def test_a_user_leaves_its_group(tmp_path: Path) -> None:
    more = 'resource "aws_iam_group_membership" "g" {\n  name  = "g"\n  group = "g"\n'
    users = '  users = [aws_iam_user.ci.name, "other"]\n}\n'
    done = remove(tmp_path, {"main.tf": USER + KEY, "more.tf": more + users})
    assert (done.left, done.user) == ("", "")
    assert done.files == {"main.tf": "", "more.tf": f'{more}  users = ["other"]\n}}\n'}


def test_a_user_with_a_second_key_stays(tmp_path: Path) -> None:
    second = KEY.replace('"ci" {', '"two" {')
    done = remove(tmp_path, {"main.tf": USER + KEY + "\n" + second})
    assert done.files["main.tf"] == USER + second
    assert "aws_iam_access_key.two" in done.user


def test_a_comment_and_a_longer_name_are_no_reference(tmp_path: Path) -> None:
    more = (
        "# aws_iam_access_key.ci is gone soon\n"
        'data "aws_iam_user" "ci" {\n  user_name = "x"\n}\n\n'
        'output "u" {\n  value = [data.aws_iam_user.ci.arn, x_aws_iam_user.ci.id]\n}\n'
    )
    done = remove(tmp_path, {"main.tf": USER + KEY, "more.tf": more})
    assert done == ({"main.tf": "", "more.tf": more}, "", "")


def test_outputs_of_a_module_go_with_those_of_its_caller(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n}\n\n'
        'output "secret" {\n  value     = module.m.secret\n  sensitive = true\n}\n',
        "m/main.tf": USER + KEY + "\n" + 'output "secret" {\n'
        "  value     = aws_iam_access_key.ci.secret\n  sensitive = true\n}\n",
    }
    done = remove(tmp_path, files)
    assert (done.left, done.user) == ("", "")
    assert done.files == {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/main.tf": ""}


def test_a_module_keeps_its_key_while_one_caller_needs_it(tmp_path: Path) -> None:
    output = 'output "secret" {\n  value     = aws_iam_access_key.ci.secret\n}\n'
    files = {
        "main.tf": 'module "a" {\n  source = "./m"\n}\n\nmodule "b" {\n  source = "./m"\n}\n\n'
        'resource "x_y" "z" {\n  secret = module.b.secret\n}\n',
        "m/main.tf": f"{USER}{KEY}\n{output}",
    }
    done = remove(tmp_path, files)
    assert done.files == files
    assert done.left == "x_y.z (main.tf:9)"


def test_a_suppressed_instance_keeps_the_code(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n  source = "./m"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../m"\n}\n\nresource "github_actions_secret" "s" {'
        '\n  repository = "app"\n  secret_name = "S"\n  plaintext_value = module.a.secret\n}\n',
        "m/main.tf": USER
        + KEY
        + '\noutput "secret" {\n  value = aws_iam_access_key.ci.secret\n}\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    project = hcl.load(tmp_path)
    result = with_remediation(scan(project, RULES), project)
    kept = [f for f in result.findings if f.root == "."]
    assert {f.root for f in result.findings if f.rule.id == "RF101"} == {".", "b"}
    some = ScanResult(result.files, result.blocks, result.keys, tuple(kept))
    found = next(f for f in with_edits(some, project).findings if f.rule.id == "RF101")
    assert found.remediation
    assert [e for e in found.remediation.edits if e.stage == "remove"] == []
    assert "aws_iam_access_key.ci" in found.remediation.steps[-1]


def test_nothing_is_removed_before_anybody_knows_the_owner(tmp_path: Path) -> None:
    output = 'output "secret" {\n  value     = aws_iam_access_key.ci.secret\n}\n'
    project = project_of(tmp_path, {"main.tf": USER + KEY, "more.tf": output})
    result = with_edits(with_remediation(scan(project, RULES), project), project)
    remedy = result.findings[0].remediation
    assert remedy
    assert (remedy.template, remedy.edits, remedy.file) == ("ask_owner", (), "")


def test_what_new_code_reads_stays(tmp_path: Path) -> None:
    new = 'resource "aws_iam_role_policy" "ci" {\n  policy = aws_iam_user_policy.ci.policy\n}\n'
    done = remove(tmp_path, {"main.tf": USER + POLICY + KEY}, new)
    assert done.files["main.tf"] == USER + POLICY[:-1]
    assert done.user == "aws_iam_user_policy.ci in the new code"
    new = new.replace("aws_iam_user_policy.ci.policy", "data.aws_iam_policy_document.ci.json")
    done = remove(tmp_path, {"main.tf": USER + POLICY + KEY}, new)
    assert done.files["main.tf"] == POLICY[POLICY.index('data "') :][:-1]


def test_members_go_from_what_stays(tmp_path: Path) -> None:
    code = """\
resource "digitalocean_app" "z" {
  depends_on = [aws_iam_access_key.ci, aws_iam_user.ci]

  env {
    name  = "ID"
    value = aws_iam_access_key.ci.id
  }

  env {
    name  = "OTHER"
    value = 1
  }
}
"""
    done = remove(tmp_path, {"main.tf": USER + KEY, "more.tf": code})
    assert (done.left, done.user) == ("", "")
    assert (
        done.files["more.tf"]
        == """\
resource "digitalocean_app" "z" {
  env {
    name  = "OTHER"
    value = 1
  }
}
"""
    )


@pytest.mark.parametrize(
    ("others", "after"), [("", ""), (", aws_x.y", "  depends_on = [aws_x.y]\n")]
)
def test_an_order_loses_what_goes(tmp_path: Path, others: str, after: str) -> None:
    code = 'resource "x_y" "z" {\n  name = 1\n'
    order = f"  depends_on = [aws_iam_access_key.ci{others}]\n}}\n"
    done = remove(tmp_path, {"main.tf": USER + KEY, "more.tf": code + order})
    assert (done.left, done.user) == ("", "")
    assert done.files["more.tf"] == f"{code}{after}}}\n"


def test_a_membership_without_members_goes(tmp_path: Path) -> None:
    more = 'resource "aws_iam_group_membership" "g" {\n  name  = "g"\n  group = "g"\n'
    done = remove(
        tmp_path, {"main.tf": USER + KEY, "more.tf": more + "  users = [aws_iam_user.ci.name]\n}\n"}
    )
    assert done == ({"main.tf": "", "more.tf": ""}, "", "")


STATEMENT = """\
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [%s]

    principals {
      type        = "AWS"
      identifiers = [%s]
    }

    condition {
      test     = "StringNotEquals"
      variable = "aws:PrincipalArn"
      values   = [%s]
    }
  }
"""
ARN = "aws_iam_user.ci.arn"


def bucket_policy(statement: str) -> str:
    """A policy of somebody else."""
    return (
        'resource "aws_s3_bucket_policy" "p" {\n  bucket = "b"\n  policy = jsonencode({\n'
        f'    Statement = [{{ Effect = "Allow", Action = "*", {statement} }}]\n  }})\n}}\n'
    )


@pytest.mark.parametrize(
    "more",
    [
        bucket_policy(f"Principal = {{ AWS = {ARN} }}"),
        bucket_policy(f'NotPrincipal = {{ AWS = ["arn:aws:iam::1:root", {ARN}] }}'),
        bucket_policy(f"Resource = [{ARN}]"),
        bucket_policy(f'Condition = {{ StringNotEquals = {{ "aws:PrincipalArn" = [{ARN}] }} }}'),
        bucket_policy("Condition = { StringNotLike = { k = [aws_iam_user.ci.unique_id] } }"),
        *(
            f'data "aws_iam_policy_document" "p" {{\n{STATEMENT % tuple(parts)}}}\n'
            for parts in ([ARN, '"1"', '"1"'], ['"1"', ARN, '"1"'], ['"1"', '"1"', f'{ARN}, "2"'])
        ),
        f'resource "aws_kms_grant" "p" {{\n  grantee_principal = {ARN}\n}}\n',
        f'resource "digitalocean_app" "p" {{\n  env = {{ WHO = {ARN} }}\n}}\n',
        f'resource "aws_ssm_parameter" "p" {{\n  name = "/n"\n  value = {ARN}\n}}\n',
    ],
)
def test_nothing_is_cut_out_of_what_others_say_of_the_user(tmp_path: Path, more: str) -> None:
    done = remove(tmp_path, {"main.tf": USER + KEY, "more.tf": more})
    assert done.files == {"main.tf": USER[:-1], "more.tf": more}
    assert done.left == ""
    assert done.user.endswith(".p (more.tf:1)")


@pytest.mark.parametrize(
    ("more", "name"),
    [
        (
            bucket_policy('Condition = { StringEquals = { "k" = [aws_iam_access_key.ci.id] } }'),
            "aws_s3_bucket_policy.p",
        ),
        (
            'resource "digitalocean_spaces_bucket_policy" "p" {\n'
            "  policy = jsonencode({ Principal = [aws_iam_access_key.ci.id] })\n}\n",
            "digitalocean_spaces_bucket_policy.p",
        ),
        (
            'resource "kubernetes_secret" "p" {\n  data = { id = aws_iam_access_key.ci.id }\n}\n',
            "kubernetes_secret.p",
        ),
    ],
)
def test_a_key_stays_while_a_policy_or_a_pod_needs_its_id(
    tmp_path: Path, more: str, name: str
) -> None:
    files = {"main.tf": USER + KEY, "more.tf": more}
    done = remove(tmp_path, files)
    assert (done.files, done.left) == (files, f"{name} (more.tf:1)")


@pytest.mark.parametrize("guard", ["true", "var.guard"])
def test_what_may_not_be_destroyed_stays(tmp_path: Path, guard: str) -> None:
    guarded = f"\n  lifecycle {{\n    prevent_destroy = {guard}\n  }}\n}}\n"
    files = {"main.tf": USER + KEY[:-2] + guarded}
    done = remove(tmp_path, files)
    assert (done.files, done.left) == (files, "aws_iam_access_key.ci (main.tf:6)")
    user = USER[:-3] + guarded
    done = remove(tmp_path, {"main.tf": f"{user}\n{KEY}"})
    assert (done.files["main.tf"], done.user) == (user, "aws_iam_user.ci (main.tf:1)")
    done = remove(tmp_path, {"main.tf": USER + KEY[:-2] + guarded.replace(guard, "false")})
    assert done.files["main.tf"] == ""


def test_a_consumer_by_another_way_keeps_the_key(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"main.tf": USER + KEY})
    key = next(iter(project.resources("aws_iam_access_key")))
    reader = Consumer("data.x.y", "name", "secret", Location("elsewhere.tf", 3))
    found = removal(key, replace(DECISION, consumers=(reader,)), project, (), "")
    assert (found.edits, found.left) == ((), ("data.x.y (elsewhere.tf:3)",))


def test_what_a_switch_has_changed_is_left_alone(tmp_path: Path) -> None:
    more = 'resource "x_y" "z" {\n  secret = aws_iam_access_key.ci.secret\n}\n'
    project = project_of(tmp_path, {"main.tf": USER + KEY, "more.tf": more})
    key = next(iter(project.resources("aws_iam_access_key")))
    start = more.index("aws_iam")
    switched = Edit("more.tf", start, len(more) - 3, "aws_iam_role.r.arn", "switch")
    found = removal(key, DECISION, project, (switched,), "")
    assert found.left == ()
    assert {edit.path for edit in found.edits} == {"main.tf"}
