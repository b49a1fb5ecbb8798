"""From Terraform to the remediation of its key: what is repeated, and what needs a step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rolefirst import rules
from rolefirst.facts import with_remediation
from rolefirst.findings import Remediation
from rolefirst.loaders import hcl
from rolefirst.scan import scan

USER = """
resource "aws_iam_user" "up" {
  name = "${var.name}-up"
  tags = merge(var.tags, { Name = var.name })
}

resource "aws_iam_access_key" "up" {
  user = aws_iam_user.up.name
}

resource "aws_instance" "web" {
  user_data = aws_iam_access_key.up.secret
}

variable "name" {}
variable "tags" {}
"""
POLICY = """
resource "aws_iam_user_policy" "read" {
  user = aws_iam_user.up.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = aws_s3_bucket.b.arn }]
  })
}
"""
CALLS = """
module "a" {
  source = "./modules/up"
  name   = "first"
  tags   = { Owner = "ann" }
}

module "b" {
  source = "./modules/up"
  name   = "second"
  tags   = { Owner = "bob" }
}
"""


@pytest.fixture
def remedies(tmp_path: Path):
    """Scans files and gives the remediation of each key by its address."""

    def made(**files: str) -> dict[str, Remediation]:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".tf").write_text(text, encoding="utf-8")
        project = hcl.load(tmp_path)
        result = with_remediation(scan(project, rules.load()), project)
        assert result.errors == ()
        return {
            finding.address: finding.remediation
            for finding in result.findings
            if finding.rule.id == "RF101" and finding.remediation
        }

    return made


def steps_of(remediation: Remediation) -> str:
    return "\n".join(remediation.steps)


def test_code_for_a_module_fits_each_of_its_calls(remedies):
    found = remedies(main=CALLS, modules__up__main=USER + POLICY)
    first, second = (found[f"module.{call}.aws_iam_access_key.up"] for call in "ab")
    assert first.terraform == second.terraform
    assert 'name               = "${var.name}-up-instance"' in first.terraform
    assert "tags = merge(var.tags, { Name = var.name })" in first.terraform
    assert "Resource = aws_s3_bucket.b.arn" in first.terraform
    assert not re.search("first|second|ann|bob", first.terraform)
    assert first.steps[0].startswith("Save the Terraform as modules/up/up_instance.tf:")
    assert "module.a, module.b" in first.steps[1]
    assert first.applicability == "review"


def test_the_only_call_of_a_module_needs_no_review(remedies):
    one = CALLS[: CALLS.index('module "b"')]
    (found,) = remedies(main=one, modules__up__main=USER + POLICY).values()
    assert found.applicability == "safe"
    assert "Every call" not in steps_of(found)


def test_expressions_stay_in_the_root_module_too(remedies):
    (found,) = remedies(main=USER + POLICY).values()
    assert '"${var.name}-up-instance"' in found.terraform
    assert "Resource = aws_s3_bucket.b.arn" in found.terraform
    assert found.steps[0] == "Save the Terraform as up_instance.tf."
    assert found.applicability == "safe"


def test_literals_are_values(remedies):
    policy = POLICY[: POLICY.index("jsonencode")] + '<<EOF\n{"Statement": []}\nEOF\n}\n'
    (found,) = remedies(main=USER.replace("${var.name}-up", "uploader") + policy).values()
    assert 'name               = "uploader-instance"' in found.terraform
    assert 'policy = <<-JSON\n    {\n      "Statement": []' in found.terraform


def test_what_means_one_instance_is_its_value_and_says_so(remedies):
    text = USER.replace('"${var.name}-up"', "each.key").replace(
        "tags =", 'for_each = toset(["ann"])\n  tags ='
    )
    text = text.replace("up.name", 'up["ann"].name')
    (found,) = remedies(main=text).values()
    assert 'name               = "ann-instance"' in found.terraform
    assert "by an expression that fits every instance: the name" in steps_of(found)
    assert 'the same for_each as aws_iam_user.up["ann"]' in steps_of(found)
    assert found.applicability == "review"


def test_an_expression_that_cannot_be_repeated_is_read_from_its_block(remedies):
    text = POLICY.replace("Statement =", "Statement = /* why */")
    (found,) = remedies(main=USER + text).values()
    assert "policy = aws_iam_user_policy.read.policy" in found.terraform
    assert "before it goes: aws_iam_user_policy.read.policy" in steps_of(found)


def test_names_do_not_repeat_words(remedies):
    text = USER.replace('"up"', '"ci"').replace("up.", "ci.").replace("${var.name}-up", "shop-ci")
    text += """
resource "aws_iam_user_policy" "shop_ci_deploy" {
  user   = aws_iam_user.ci.name
  policy = data.aws_iam_policy_document.x.json
}
"""
    (found,) = remedies(main=text).values()
    assert 'resource "aws_iam_role" "shop_ci_instance"' in found.terraform
    assert 'resource "aws_iam_role_policy" "shop_ci_instance_deploy"' in found.terraform


def test_the_keys_of_one_user_get_roles_of_their_own(remedies):
    second = 'resource "aws_iam_access_key" "two" {\n  user = aws_iam_user.up.name\n}\n'
    used = 'resource "aws_instance" "db" {\n  user_data = aws_iam_access_key.two.secret\n}\n'
    found = remedies(main=USER + second + used)
    one, two = found["aws_iam_access_key.up"], found["aws_iam_access_key.two"]
    assert '"${var.name}-up-two-instance"' in two.terraform
    assert 'resource "aws_iam_role" "up_two_instance"' in two.terraform
    assert one.terraform != two.terraform


@pytest.mark.parametrize(
    ("policy", "means"),
    [
        ('"arn:aws:s3:::b/$${aws:username}/*"', "aws:username"),
        ("aws_iam_user.up.arn", "its ARN"),
        ('"id ${aws_iam_user.up.unique_id}"', "its unique id"),
        ('"arn:aws:iam::*:user/${aws_iam_user.up.name}"', "its name"),
    ],
)
def test_a_policy_that_means_the_user_has_to_be_changed(remedies, policy, means):
    (found,) = remedies(main=USER + POLICY.replace("aws_s3_bucket.b.arn", policy)).values()
    (step,) = [step for step in found.steps if "aws_iam_user_policy.read" in step]
    assert step.startswith("Write a copy of aws_iam_user_policy.read")
    assert step.endswith(f": {means}.")
    assert found.applicability == "review"


def test_a_condition_in_a_policy_document_is_found(remedies):
    text = POLICY[: POLICY.index("jsonencode")] + "data.aws_iam_policy_document.x.json\n}\n"
    text += """
data "aws_iam_policy_document" "x" {
  source_policy_documents = [data.aws_iam_policy_document.y.json]
}

data "aws_iam_policy_document" "y" {
  statement {
    actions = ["s3:*"]
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalArn"
      values   = ["*"]
    }
  }
}
"""
    (found,) = remedies(main=USER + text).values()
    assert "Write a copy of data.aws_iam_policy_document.y" in steps_of(found)


@pytest.mark.parametrize(
    "principal", ["aws_iam_user.up.arn", '"arn:aws:iam::123456789012:user/team/plain-up"']
)
def test_a_resource_policy_has_to_let_the_role_in(remedies, principal):
    text = (
        USER.replace("${var.name}", "plain")
        + """
resource "aws_s3_bucket_policy" "b" {
  policy = jsonencode({ Statement = [{ Principal = { AWS = %s } }] })
}

resource "aws_ssm_parameter" "told" {
  value = aws_iam_user.up.arn
}
"""
    )
    (found,) = remedies(main=text % principal).values()
    (step,) = [step for step in found.steps if step.startswith("Let the new principal in")]
    assert "beside the user, write aws_iam_role.plain_up_instance.arn in" in step
    assert "in aws_s3_bucket_policy.b (which names it by ARN)," in step
    assert "aws_ssm_parameter" not in step
    assert found.applicability == "review"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ('"/deploy/"', '"/deploy/"'),
        ("var.path", "var.path"),
        ('"/${var.path}/"', '"/${var.path}/"'),
        ('"/"', ""),
    ],
)
def test_the_role_has_the_path_of_the_user(remedies, path, written):
    lines = USER.replace('" {\n', f'" {{\n  path = {path}\n', 1)
    (found,) = remedies(main=lines + POLICY, more='variable "path" {}\n').values()
    role = found.terraform.split('resource "aws_iam_role" ')[1].split("\n}\n")[0]
    assert (f"\n  path               = {written}\n" in role) is bool(written)
    assert ("\n  path " in role) is bool(written)


def test_a_path_that_cannot_be_repeated_is_a_step(remedies):
    path = 'path = join("", [\n    "/", # the root\n    "x/",\n  ])'
    lines = USER.replace('" {\n', f'" {{\n  {path}\n', 1)
    (found,) = remedies(main=lines + POLICY).values()
    assert ("\n  path " in found.terraform) is not any(
        step.startswith("Look for policies that let in by the path") for step in found.steps
    )


def test_an_exclusive_attachment_takes_the_role_in(remedies):
    text = """
resource "aws_iam_policy_attachment" "shared" {
  users      = [aws_iam_user.up.name, "other"]
  roles      = ["admin"]
  policy_arn = aws_iam_policy.p.arn
}

resource "aws_iam_policy" "p" {
  policy = "{}"
}
"""
    (found,) = remedies(main=USER + text).values()
    assert "aws_iam_role_policy_attachment" not in found.terraform
    assert 'roles = concat(["admin"], [aws_iam_role.up_instance.name])' in found.terraform
    assert "to roles in aws_iam_policy_attachment.shared" in steps_of(found)
    assert "the user in aws_iam_policy_attachment.shared" in found.steps[-1]
    assert found.applicability == "review"


def test_exclusive_lists_have_a_twin_and_bring_their_policies(remedies):
    text = (
        POLICY
        + """
resource "aws_iam_user_policy_attachments_exclusive" "x" {
  user_name   = aws_iam_user.up.name
  policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", aws_iam_policy.own.arn]
}

resource "aws_iam_policy" "own" {
  policy = "{\\"Resource\\": \\"$${aws:username}\\"}"
}

resource "aws_iam_user_policies_exclusive" "x" {
  user_name    = aws_iam_user.up.name
  policy_names = ["read"]
}
"""
    )
    (found,) = remedies(main=USER + text).values()
    attached = "aws_iam_role_policy_attachment.up_instance_readonlyaccess.policy_arn,"
    assert f"policy_arns = [\n    {attached}\n" in found.terraform
    assert "aws_iam_role_policy_attachment.up_instance_own.policy_arn," in found.terraform
    assert "Write a copy of aws_iam_policy.own" in steps_of(found)
    assert "policy_names = [\n    aws_iam_role_policy.up_instance_read.name,\n" in found.terraform
    assert found.applicability == "review"


def test_a_list_that_cannot_be_told_is_left_to_the_reader(remedies):
    text = """
resource "aws_iam_user_policy_attachments_exclusive" "x" {
  user_name   = aws_iam_user.up.name
  policy_arns = var.arns
}

variable "arns" {}
"""
    (found,) = remedies(main=USER + text).values()
    assert "aws_iam_user_policy_attachments_exclusive.x.policy_arns" in steps_of(found)


@pytest.mark.parametrize(
    "membership",
    [
        '"aws_iam_user_group_membership" "m" {\n  user = aws_iam_user.up.name\n'
        '  groups = [aws_iam_group.devs.name, "elsewhere"]\n}',
        '"aws_iam_group_membership" "m" {\n  users = [aws_iam_user.up.name]\n'
        "  group = aws_iam_group.devs.name\n}",
    ],
)
def test_the_policies_of_groups_come_along(remedies, membership):
    text = f"""
resource "aws_iam_group" "devs" {{
  name = "devs"
}}

resource "aws_iam_group_policy_attachment" "devs" {{
  group      = aws_iam_group.devs.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}}

resource {membership}
"""
    (found,) = remedies(main=USER + text).values()
    assert '"up_instance_devs_readonlyaccess"' in found.terraform
    assert ("through the group elsewhere" in steps_of(found)) == ("elsewhere" in membership)
    assert "the user in aws_iam_" in found.steps[-1]


def test_policies_attached_in_another_module_are_named(remedies):
    inner = 'variable "user" {}\n\nresource "aws_iam_user_policy_attachment" "a" {\n'
    inner += '  user       = var.user\n  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}\n'
    call = '\nmodule "rights" {\n  source = "./rights"\n  user   = aws_iam_user.up.name\n}\n'
    (found,) = remedies(main=USER + call, rights__main=inner).values()
    assert "module.rights.aws_iam_user_policy_attachment.a" in steps_of(found)
    assert found.applicability == "review"


def test_the_boundary_comes_along(remedies):
    text = USER.replace("  tags =", "  permissions_boundary = var.boundary\n  tags =")
    (found,) = remedies(main=text + 'variable "boundary" {}\n').values()
    assert "permissions_boundary = var.boundary" in found.terraform


def test_a_workload_has_room_for_one_role(remedies):
    text = USER.replace(
        "user_data = aws_iam_access_key.up.secret",
        'user_data = "${aws_iam_access_key.up.secret} ${aws_iam_access_key.two.secret}"\n'
        "  iam_instance_profile = var.name",
    )
    text += 'resource "aws_iam_access_key" "two" {\n  user = "two"\n}\n'
    found = remedies(main=text)["aws_iam_access_key.up"]
    assert "it takes aws_iam_access_key.two too" in steps_of(found)
    assert "already runs with a role" in steps_of(found)
    assert found.applicability == "review"


def test_labels_that_say_nothing_give_way_to_the_folder(remedies):
    text = USER.replace('"up"', '"this"').replace("up.", "this.").replace("-up", "")
    one = CALLS[: CALLS.index('module "b"')]
    (found,) = remedies(main=one, modules__up__main=text).values()
    assert 'resource "aws_iam_role" "up_instance"' in found.terraform


def test_what_reads_the_id_and_the_name_goes_with_them(remedies):
    text = (
        USER
        + """
resource "github_actions_secret" "id" {
  plaintext_value = aws_iam_access_key.up.id
}

output "user" {
  value = aws_iam_user.up.name
}
"""
    )
    (remedy,) = remedies(main=text).values()
    last = remedy.steps[-1]

    assert "(github_actions_secret.id, output.user)" in last
    assert "aws_instance.web" not in last


@pytest.mark.parametrize(
    ("taker", "said"),
    [
        (
            'output "o" {\n  value = aws_iam_access_key.up.ses_smtp_password_v4\n}\n',
            "let output.o hand on the ARN of aws_secretsmanager_secret.",
        ),
        (
            'resource "fastly_service_vcl" "s" {\n  snippet {\n'
            "    content = aws_iam_access_key.up.secret\n  }\n}\n",
            "because it keeps a copy",
        ),
    ],
)
def test_what_cannot_read_a_secret_is_not_told_to(remedies, taker, said):
    text = USER.replace("user_data = aws_iam_access_key.up.secret", "") + taker
    (remedy,) = remedies(main=text).values()

    assert remedy.template == "exception"
    assert said in steps_of(remedy)


def test_a_workload_on_aws_keeps_the_networks_of_the_user_and_is_told(remedies):
    denial = POLICY.replace('"read"', '"office"').replace(
        'Effect = "Allow", Action = "s3:GetObject", Resource = aws_s3_bucket.b.arn',
        'Effect = "Deny", Action = "*", Resource = "*", '
        'Condition = { StringNotEquals = { "aws:SourceVpc" = "vpc-1" } }',
    )
    (found,) = remedies(main=USER + POLICY + denial).values()
    assert "aws:SourceVpc" in found.terraform
    (step,) = (s for s in found.steps if s.startswith("Check the networks in"))
    assert "aws_iam_user_policy.office" in step
    assert found.applicability == "review"
    (open_to_all,) = remedies(main=USER + POLICY).values()
    assert not any(s.startswith("Check the networks in") for s in open_to_all.steps)
