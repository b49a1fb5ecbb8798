"""OIDC federation of CI platforms, from the code of an estate to a trust that pins its subject."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from checks import blocks
from oidc_shapes import GITHUB_PROVIDER, SHAPES, USER

from rolefirst import rules
from rolefirst.cli import main
from rolefirst.decision import catalogue
from rolefirst.decision.federations import WORD
from rolefirst.facts import facts_of, with_remediation
from rolefirst.findings import Edit, Remediation
from rolefirst.loaders import hcl
from rolefirst.remediation.filters import hcl as hcl_string
from rolefirst.remediation.switches import switch_edits
from rolefirst.scan import scan

hcl2 = pytest.importorskip("hcl2")
#: What of a subject may be a wildcard: the parts that differ from run to run.
RUNS = re.compile(r"(?:user/|step:|commit:|:)\*")


def remedy(folder: Path, code: str, user: str = USER) -> Remediation:
    """The remediation of the only key of an estate."""
    (folder / "main.tf").write_text(user + code, encoding="utf-8")
    project = hcl.load(folder)
    result = with_remediation(scan(project, rules.load()), project)
    assert result.errors == ()
    (found,) = (f.remediation for f in result.findings if f.rule.id == "RF101" and f.remediation)
    return found


def statement_of(terraform: str) -> dict:
    """The one statement of the trust policy."""
    (body,) = (b for t, name, b in blocks(terraform, "data") if name.endswith("_trust"))
    (statement,) = body["statement"]
    return statement


def subjects_of(terraform: str, values: object) -> list[str]:
    """The subjects behind the values of a condition, as they are written."""
    if isinstance(values, str):  # of GitHub, by format
        (found,) = (
            each
            for local in hcl2.load(io.StringIO(terraform))["locals"]
            for name, each in local.items()
            if name.endswith("_subjects")
        )
        values = [subject for name in ("immutable", "name") for subject in found[name]]
    return [str(value).strip('"') for value in values]  # type: ignore[union-attr]


def lint(terraform: str) -> list[str]:
    """What is wrong with the OIDC trust: too wide, not pinned, or of two issuers."""
    wrong = []
    statement = statement_of(terraform)
    if statement["actions"] != ['"sts:AssumeRoleWithWebIdentity"']:
        wrong.append("another action")
    (principal,) = statement["principals"]
    if principal["type"] != '"Federated"' or "*" in str(principal["identifiers"]):
        wrong.append("another principal")
    conditions = {c["variable"].strip('"').rpartition(":")[2]: c for c in statement["condition"]}
    if set(conditions) != {"aud", "sub"}:
        return [*wrong, "audience or subject is not pinned"]
    hosts = {c["variable"].strip('"').rpartition(":")[0] for c in conditions.values()}
    if len(hosts) != 1 or "://" in hosts.pop():
        wrong.append("the issuer of a condition key")
    audience, subject = conditions["aud"], conditions["sub"]
    if audience["test"] != '"StringEquals"' or "*" in str(audience["values"]):
        wrong.append("the audience")
    subjects = subjects_of(terraform, subject["values"])
    if not subjects:
        wrong.append("no subject")
    for text in subjects:
        if text[:1] in ("*", "?") or "?" in text or "*" in RUNS.sub("", text):
            wrong.append(f"a wildcard in {text}")
        whole = re.fullmatch(r"\$\{var\.\w+\}", text)
        if subject["test"] == '"StringLike"' and "*" not in text and not whole:
            wrong.append(f"{text} needs no StringLike")
        if subject["test"] == '"StringEquals"' and "*" in text:
            wrong.append(f"{text} never matches")
    return wrong


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"StringLike"', '"StringEquals"', "never matches"),
        ("/user/*", "/*/user/*", "a wildcard in"),
        ('["org/', '["*/', "a wildcard in"),
        (":sub", ":jti", "is not pinned"),
        ("[circleci_context.aws.organization_id]\n    }", '["*"]\n    }', "the audience"),
        ("oidc.circleci.com/org/${circleci_context.aws.organization_id}:sub", "x:sub", "key"),
        ("local.shop_ci_oidc_provider]", '"*"]', "another principal"),
        ("sts:AssumeRoleWithWebIdentity", "sts:*", "another action"),
    ],
)
def test_the_linter_sees_what_is_wrong(old, new, says, tmp_path):
    good = remedy(tmp_path, SHAPES["circleci, a context"][0]).terraform
    assert lint(good) == []
    assert old in good
    assert any(says in each for each in lint(good.replace(old, new)))


@pytest.mark.parametrize("shape", SHAPES)
def test_trusts_exactly_the_job(shape, tmp_path):
    code, host, audience, subjects, variables = SHAPES[shape]
    terraform = remedy(tmp_path, code).terraform
    assert lint(terraform) == []
    aud, sub = statement_of(terraform)["condition"]
    assert aud["variable"] == f'"{host}:aud"'
    assert [v.removeprefix("${").removesuffix("}") for v in aud["values"]] == [audience]
    assert subjects_of(terraform, sub["values"]) == list(subjects)
    asked = re.findall(r'^variable "shop_ci_(?:oidc|github|gitlab)_(\w+)"', terraform, re.MULTILINE)
    assert sorted(asked) == sorted(variables)


@pytest.mark.parametrize(
    "sink",
    [sink for sink in catalogue.packaged().sinks if sink.template.startswith("oidc_")],
    ids=lambda sink: sink.types[0],
)
def test_every_word_of_a_platform_is_explained(sink):
    if sink.oidc is None:
        return
    texts = (sink.oidc.issuer, sink.oidc.audience, *sink.oidc.subject)
    used = {word for text in texts for word in WORD.findall(text)}
    assert set(sink.oidc.words) <= used
    assert not sink.oidc.platform or used == set(sink.oidc.words)
    for word in sink.oidc.words.values():
        assert word.description.endswith((".", ".)", '").', "}."))
        assert not word.of or word.of in sink.oidc.words


# --- what is there already ----------------------------------------------------------------------

SECRET = """
resource "github_actions_secret" "secret" {
  repository      = "shop"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.ci.secret
}
"""
MODULE = """
module "github" {
  source = "terraform-aws-modules/iam/aws//modules/iam-github-oidc-provider"
}
"""


@pytest.mark.parametrize(
    ("provider", "arn"),
    [
        (GITHUB_PROVIDER, "aws_iam_openid_connect_provider.github.arn"),
        (
            GITHUB_PROVIDER.replace("{\n", "{\n  count = 1\n", 1),
            "aws_iam_openid_connect_provider.github[0].arn",
        ),
        (GITHUB_PROVIDER.replace("https://", ""), "aws_iam_openid_connect_provider.github.arn"),
        (
            'data "aws_iam_openid_connect_provider" "github" {\n  arn = var.arn\n}\n'
            'variable "arn" {}\n',
            "data.aws_iam_openid_connect_provider.github.arn",
        ),
        ('variable "github_oidc_provider_arn" {}\n', "var.github_oidc_provider_arn"),
        (MODULE, "module.github.arn"),
    ],
)
def test_the_provider_that_is_there_is_used(provider, arn, tmp_path):
    terraform = remedy(tmp_path, SECRET + provider).terraform
    assert f"identifiers = [{arn}]" in terraform
    assert "create_provider" not in terraform
    assert 'resource "aws_iam_openid_connect_provider"' not in terraform


@pytest.mark.parametrize(
    "provider",
    [
        GITHUB_PROVIDER.replace("token.actions.githubusercontent.com", "gitlab.com"),
        GITHUB_PROVIDER.replace(".com", ".com/acme"),
        GITHUB_PROVIDER.replace("{\n", "{\n  count = var.n\n", 1) + 'variable "n" {}\n',
        GITHUB_PROVIDER.replace("{\n", "{\n  provider = aws.other\n", 1)
        + 'provider "aws" {\n  alias = "other"\n}\n',
        'variable "gitlab_oidc_provider_arn" {}\n',
        'variable "github_token_arn" {}\n',
        MODULE.replace("{\n", "{\n  create = var.create\n", 1) + 'variable "create" {}\n',
        MODULE.replace("{\n", '{\n  url = "https://gitlab.com"\n', 1),
    ],
)
def test_a_provider_of_somebody_else_is_not_used(provider, tmp_path):
    terraform = remedy(tmp_path, SECRET + provider).terraform
    assert "_create_provider" in terraform
    assert "[local.shop_ci_github_provider]" in terraform


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("https://gitlab.acme.example", True),
        ("https://token.actions.githubusercontent.com", False),
        ("https://oidc.circleci.com/org/gitlab", False),
    ],
)
def test_any_host_may_be_gitlab_but_not_that_of_another_platform(url, is_ours, tmp_path):
    code = SHAPES["gitlab.com, a provider that is there"][0]
    terraform = remedy(
        tmp_path, code.replace('url            = "https://gitlab.com"', f'url = "{url}"')
    ).terraform
    assert ("_create_provider" in terraform) is not is_ours
    assert ('"gitlab.acme.example:sub"' in terraform) is is_ours


def test_a_provider_in_another_module_is_out_of_reach(tmp_path):
    (tmp_path / "oidc").mkdir()
    (tmp_path / "oidc" / "main.tf").write_text(GITHUB_PROVIDER, encoding="utf-8")
    terraform = remedy(tmp_path, SECRET + 'module "oidc" {\n  source = "./oidc"\n}\n').terraform
    assert "_create_provider" in terraform
    assert "openid_connect_provider.github." not in terraform


def test_an_audience_that_the_provider_does_not_take_is_a_step(tmp_path):
    other = GITHUB_PROVIDER.replace("sts.amazonaws.com", "https://github.com/acme")
    found = remedy(tmp_path, SECRET + other)
    assert '"sts.amazonaws.com"' in found.terraform
    wanted = (
        "Add sts.amazonaws.com to the client_id_list of aws_iam_openid_connect_provider.github:"
    )
    assert any(step.startswith(wanted) for step in found.steps)
    taken = remedy(tmp_path, SECRET + GITHUB_PROVIDER)
    assert not any("client_id_list" in step for step in taken.steps)


def test_china_has_an_audience_of_its_own(tmp_path):
    china = 'provider "aws" {\n  region = "cn-north-1"\n}\n'
    assert '["sts.amazonaws.com.cn"]' in remedy(tmp_path, SECRET + china).terraform
    assert ".cn" not in remedy(tmp_path, SECRET).terraform


def test_the_workflow_is_a_step(tmp_path):
    text = "\n".join(remedy(tmp_path, SECRET).steps)
    assert "role-to-assume: ${{ vars.AWS_ROLE_ARN }}" in text
    assert "id-token: write" in text


def test_a_module_is_given_the_provider_of_the_account(tmp_path):
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "main.tf").write_text(USER + SECRET, encoding="utf-8")
    found = remedy(tmp_path, 'module "ci" {\n  source = "./ci"\n}\n', user="")
    assert lint(found.terraform) == []
    assert "identifiers = [var.shop_ci_github_provider_arn]" in found.terraform
    assert 'variable "shop_ci_github_provider_arn" {' in found.terraform
    assert "create_provider" not in found.terraform
    assert "aws_iam_openid_connect_provider" not in found.terraform
    (step,) = (s for s in found.steps if s.startswith("Declare the aws_iam_openid_connect"))
    assert 'url "https://token.actions.githubusercontent.com"' in step
    assert "pass its ARN as shop_ci_github_provider_arn" in step
    assert any(s.startswith("Pass the new variables in every call") for s in found.steps)


def test_what_a_module_is_given_stays_an_expression(tmp_path):
    (tmp_path / "ci").mkdir()
    module = SECRET.replace('"shop"', "var.repository") + 'variable "repository" {}\n'
    (tmp_path / "ci" / "main.tf").write_text(USER + module, encoding="utf-8")
    call = 'module "ci" {\n  source     = "./ci"\n  repository = "shop"\n}\n'
    terraform = remedy(tmp_path, call, user="").terraform
    assert "/${var.repository}:" in terraform


# --- policies that keep other networks out -------------------------------------------------------

DENIAL = """
resource "aws_iam_user_policy" "office" {
  user = aws_iam_user.ci.name
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } }
    }]
  })
}
"""
MANAGED = (
    """
resource "aws_iam_policy" "office" {
  name   = "office"
"""
    + DENIAL.split("ci.name\n")[1]
    + """
resource "aws_iam_user_policy_attachment" "office" {
  user       = aws_iam_user.ci.name
  policy_arn = aws_iam_policy.office.arn
}
"""
)


@pytest.mark.parametrize(
    "denial", [DENIAL, DENIAL.replace("aws:SourceIp", "aws:sourceVpce"), MANAGED]
)
def test_the_network_of_the_user_does_not_lock_the_pipeline_out(denial, tmp_path):
    found = remedy(tmp_path, SECRET + denial)
    assert "Deny" not in found.terraform
    assert "office" not in found.terraform
    assert "s3:PutObject" in found.terraform
    (step,) = (
        s for s in found.steps if re.match(r"Nothing of aws_iam_user_policy\w*\.office is", s)
    )
    assert "would lock them out" in step


def test_a_user_with_a_denial_alone_has_rights_to_ask_for(tmp_path):
    only = DENIAL.replace('"office"', '"ci"')
    user = (
        USER[: USER.index('resource "aws_iam_user_policy"')]
        + USER[USER.index('resource "aws_iam_access') :]
    )
    terraform = remedy(tmp_path, SECRET + only, user).terraform
    assert "Deny" not in terraform
    assert '_policy_json" {' in terraform


def test_a_denial_with_more_in_it_is_carried_over_and_said(tmp_path):
    more = DENIAL.replace("Statement = [{", 'Statement = [{ Effect = "Allow", Action = "s3:*" }, {')
    found = remedy(tmp_path, SECRET + more)
    assert "Deny" in found.terraform
    assert any(
        s.startswith("Check the networks in aws_iam_user_policy.office") for s in found.steps
    )


# --- hostile names ------------------------------------------------------------------------------

BREAKOUT = 'x"]\n}\nresource "evil" "e" {\n${file("/etc/passwd")} %{ if true }'
PLACES = {
    "repository": SECRET.replace('"shop"', "NAME"),
    "environment": SHAPES["github, an environment and a provider that is read"][0].replace(
        '"production"', "NAME"
    ),
    "owner": 'provider "github" {\n  owner = NAME\n}\n' + SECRET,
    "workspace": SHAPES["hcp terraform, a workspace of a project"][0].replace('"shop"', "NAME"),
    "branch": SHAPES["buildkite, a schedule"][0].replace('"main"', "NAME"),
    "connection": SHAPES["azure devops, a service connection"][0].replace(
        '_name = "aws"', "_name = NAME"
    ),
    "host": SHAPES["gitlab, its own host"][0].replace('"https://git.acme.example/api/v4/"', "NAME"),
    "url": GITHUB_PROVIDER.replace('"https://token.actions.githubusercontent.com"', "NAME")
    + SECRET,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "name",
    [
        BREAKOUT,
        '"',
        "\\",
        "${aws:username}",
        "*",
        "sh?p",
        "a:ref:refs/heads/*",
        "\u202e\u0000é",
        "日本",
        "n" * 200,
        "n" * 5000,
        "https://" + BREAKOUT,
    ],
)
def test_a_hostile_name_stays_a_name(place, name, tmp_path):
    found = remedy(tmp_path, PLACES[place].replace("NAME", hcl_string(name)))
    assert lint(found.terraform) == []
    assert {kind for kind, _, _ in blocks(found.terraform, "resource")} <= {
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_openid_connect_provider",
    }
    for text in (found.terraform, *found.steps):
        assert all(c.isprintable() or c == "\n" for c in text)
    assert re.search(r"(?<!\$)\$\{(?:file|aws:)", found.terraform) is None
    assert all(len(line) < 900 for line in found.terraform.splitlines())


@pytest.mark.parametrize("name", ["*", "sh?p", "a:b", "${aws:username}", "a\nb", "n" * 300, "a/b"])
def test_what_could_mean_more_than_one_repository_is_asked_for(name, tmp_path):
    terraform = remedy(tmp_path, SECRET.replace('"shop"', hcl_string(name))).terraform
    assert 'variable "shop_ci_github_repository" {' in terraform


@pytest.mark.parametrize("name", ["shop", 'sh"op', "日本", "a b", "n" * 200])
def test_a_plain_name_is_a_value(name, tmp_path):
    terraform = remedy(tmp_path, SECRET.replace('"shop"', hcl_string(name))).terraform
    assert f"/{hcl_string(name)[1:-1]}:" in terraform
    assert 'variable "shop_ci_github_repository" {' not in terraform


# --- the switch ---------------------------------------------------------------------------------

#: Shapes whose switch is written; for the others the steps say what to change by hand.
SWITCHED = [
    name
    for name in SHAPES
    if name
    not in (
        "buildkite, a schedule",
        "azure devops, a variable group",
        "vercel, in the project",
        "env0, a configuration variable",
        "scalr, a variable, the provider's URL an expression",
    )
]


def switched(folder: Path, code: str) -> str | None:
    """The code beside the user once its consumers hold the role, or None when that is a guess."""
    (folder / "user.tf").write_text(USER, encoding="utf-8")
    (folder / "main.tf").write_text(code, encoding="utf-8")
    project = hcl.load(folder)
    key = next(iter(project.resources("aws_iam_access_key")))
    (decision,) = (f.decision for f in scan(project, rules.load()).findings if f.decision)
    facts = facts_of(key, decision, project, {})
    edits: dict[Edit, None] = {}
    for consumer in decision.consumers:
        blocks_of = project.resources(consumer.type)
        (block,) = (b for b in blocks_of if b.address == consumer.address)
        made = switch_edits(block, consumer.attribute, (key.address,), "ci_role", facts)
        if made is None:
            return None
        edits |= dict.fromkeys(made)
    assert all(edit.stage == "switch" and edit.path == "main.tf" for edit in edits)
    data = code.encode()
    for edit in sorted(edits, key=lambda edit: -edit.start):
        data = data[: edit.start] + edit.text.encode() + data[edit.end :]
    return data.decode()


#: The platforms that take a key or a role: there, one becomes the other.
IN_PLACE = ("hcp terraform", "azure devops", "env0", "scalr")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_consumer_holds_the_role_instead_of_the_key(shape, tmp_path):
    code = SHAPES[shape][0]
    after = switched(tmp_path, code)
    if shape not in SWITCHED:
        assert after is None
        return
    assert after is not None
    assert "aws_iam_role.ci_role.arn" in after
    if not shape.startswith(IN_PLACE):
        assert all(line in after.splitlines() for line in code.splitlines())
        return
    assert "aws_iam_access_key" not in after
    assert "SECRET" not in after
    before, now = (hcl2.load(io.StringIO(text)) for text in (code, after))
    kept = [b for b in before["resource"] if "secret" not in str(b) and "access_key" not in str(b)]
    assert all(block in now["resource"] for block in kept)


def test_hcp_terraform_is_told_twice(tmp_path):
    after = switched(tmp_path, SHAPES["hcp terraform, a workspace of a project"][0])
    assert after is not None
    made = {b["key"]: b for t, _, b in blocks(after, "resource") if t == "tfe_variable"}
    assert set(made) == {'"TFC_AWS_RUN_ROLE_ARN"', '"TFC_AWS_PROVIDER_AUTH"'}
    assert made['"TFC_AWS_PROVIDER_AUTH"']["value"] == '"true"'
    assert {b["workspace_id"] for b in made.values()} == {"${tfe_workspace.shop.id}"}
    assert not any("sensitive" in b for b in made.values())


def test_a_workflow_finds_its_secrets_until_the_key_goes(tmp_path):
    code = SHAPES["github, all by reference"][0]
    after = switched(tmp_path, code)
    assert after is not None
    new = """
resource "github_actions_variable" "aws_role_arn" {
  repository    = github_repository.shop.name
  variable_name = "AWS_ROLE_ARN"
  value         = aws_iam_role.ci_role.arn
}
"""
    assert new in after
    assert after.replace(new, "", 1) == code


ID = """
resource "github_actions_variable" "id" {
  repository    = "shop"
  variable_name = "AWS_ACCESS_KEY_ID"
  value         = aws_iam_access_key.ci.id
}
"""


@pytest.mark.parametrize("before", ["", "# The pipeline's key.\n"])
@pytest.mark.parametrize("behind", ["", ID, ID.replace('"id"', '"aws_role_arn"')])
@pytest.mark.parametrize("stages", [("remove",), ("switch", "remove"), ("switch", "switch")])
def test_secrets_go_with_the_key_and_the_variable_stays(before, behind, stages, tmp_path):
    file = tmp_path / "secrets.tf"
    (tmp_path / "main.tf").write_text(USER + GITHUB_PROVIDER, encoding="utf-8")
    file.write_text(before + SECRET.lstrip() + behind, encoding="utf-8")
    for stage in stages:
        main(["fix", "--write", "--all", "-q", "--stage", stage, str(tmp_path)])
    left = file.read_text(encoding="utf-8")
    assert left.count('= "AWS_ROLE_ARN"') == 1
    assert left.count("aws_iam_role.shop_ci_github.arn") == 1
    gone = stages[-1] == "remove"
    assert ("github_actions_secret" not in left) is gone
    assert ("aws_iam_access_key" not in left) is gone


def test_a_variable_with_another_role_is_left_to_its_owner(tmp_path):
    other = """
resource "github_actions_variable" "role" {
  repository    = "shop"
  variable_name = "AWS_ROLE_ARN"
  value         = "arn:aws:iam::111122223333:role/other"
}
"""
    assert switched(tmp_path, SECRET + other) is None
    mine = other.replace('"arn:aws:iam::111122223333:role/other"', "aws_iam_role.ci_role.arn")
    assert switched(tmp_path, SECRET + mine) == SECRET + mine


def test_two_secrets_have_two_variables(tmp_path):
    second = SECRET.replace('"secret"', '"access_key"', 1).replace('"shop"', '"blog"')
    after = switched(tmp_path, SECRET + second)
    assert after is not None
    made = [n for t, n, _ in blocks(after, "resource") if t == "github_actions_variable"]
    assert made == ["secret_aws_role_arn", "access_key_aws_role_arn"]


def test_repeated_secrets_have_one_repeated_variable(tmp_path):
    repeated = SECRET.replace("{\n", '{\n  for_each = toset(["shop", "blog"])\n\n', 1)
    after = switched(tmp_path, repeated.replace('= "shop"', "= each.key"))
    assert after is not None
    assert after.count('resource "github_actions_variable"') == 1
    assert after.count('for_each = toset(["shop", "blog"])') == 2


def test_the_steps_keep_the_secret_until_the_key_goes(tmp_path):
    text = "\n".join(remedy(tmp_path, SECRET).steps)
    assert "The secret stays for now" in text
    assert "remove aws_iam_access_key.ci, github_actions_secret.secret, aws_iam_user.ci" in text
    tfe = remedy(tmp_path, SHAPES["hcp terraform, a workspace of a project"][0]).steps
    assert any(step.startswith("Change both in one apply") for step in tfe)


def test_another_connection_with_the_same_key_stays(tmp_path):
    code = SHAPES["azure devops, a service connection"][0]
    start = code.index('resource "azuredevops_serviceendpoint_aws"')
    after = switched(tmp_path, code + code[start:].replace('"aws"', '"other"'))
    assert after is not None
    assert after.count('resource "azuredevops_serviceendpoint_aws"') == 2
    assert after.count("use_oidc") == 2


def test_meta_arguments_stay(tmp_path):
    code = (
        SECRET.replace("{\n", "{\n  count    = 1\n  provider = github.acme\n\n", 1).replace(
            "secret\n}", "secret\n\n  lifecycle {\n    prevent_destroy = false\n  }\n}"
        )
        + 'provider "github" {\n  alias = "acme"\n}\n'
    )
    after = switched(tmp_path, code)
    assert after is not None
    assert after.count("= 1\n") == after.count("  provider = github.acme\n") == 2
    assert after.count("lifecycle {") == 1  # it speaks of the secret


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("AWS_SECRET_ACCESS_KEY", "PASSWORD"),
        ('"shop"', 'join("-", [\n    "shop",\n  ])'),
        (
            "aws_iam_access_key.ci.secret",
            "each.value\n  for_each = { a = aws_iam_access_key.ci.secret }",
        ),
    ],
)
def test_what_is_not_plain_is_not_switched(old, new, tmp_path):
    assert switched(tmp_path, SECRET) is not None
    assert old in SECRET
    assert switched(tmp_path, SECRET.replace(old, new, 1)) is None


def test_a_block_that_others_refer_to_keeps_its_type(tmp_path):
    code = SHAPES["env0, credentials"][0]
    assignment = """
resource "env0_cloud_credentials_project_assignment" "a" {
  credential_id = env0_aws_credentials.aws.id
}
"""
    assert switched(tmp_path, code) is not None
    assert switched(tmp_path, code + assignment) is None


def test_a_connection_with_another_role_is_not_switched(tmp_path):
    code = SHAPES["azure devops, a service connection"][0]
    line = '  service_endpoint_name = "aws"\n'
    assert line in code
    other = f'{line}  role_to_assume        = "arn:aws:iam::123456789012:role/x"\n'
    assert switched(tmp_path, code.replace(line, other)) is None


SPACELIFT = """
resource "spacelift_stack" "shop" {
  name = "shop"
}

resource "spacelift_environment_variable" "id" {
  stack_id = spacelift_stack.shop.id
  name     = "AWS_ACCESS_KEY_ID"
  value    = aws_iam_access_key.ci.id
}

resource "spacelift_environment_variable" "secret" {
  stack_id = spacelift_stack.shop.id
  name     = "AWS_SECRET_ACCESS_KEY"
  value    = aws_iam_access_key.ci.secret
}
"""


def test_spacelift_assumes_the_role_with_an_external_id_for_one_stack(tmp_path):
    terraform = remedy(tmp_path, SPACELIFT).terraform
    (condition,) = statement_of(terraform)["condition"]
    assert (condition["test"], condition["variable"]) == ('"StringEquals"', '"sts:ExternalId"')
    ids = "data.spacelift_aws_integration_attachment_external_id.shop_ci_external"
    assert condition["values"] == [f"${{{ids}_{kind}.external_id}}" for kind in ("read", "write")]
    for kind in ("resource", "data"):
        for _, _, body in blocks(terraform, kind):
            assert (
                body.get("stack_id", "${spacelift_stack.shop.id}") == "${spacelift_stack.shop.id}"
            )
    assert "openid_connect" not in terraform


def test_spacelift_hands_the_role_to_its_runs(tmp_path):
    after = switched(tmp_path, SPACELIFT)
    assert after is not None
    assert [(t, n) for t, n, _ in blocks(after, "resource")] == [("spacelift_stack", "shop")]


def test_spacelift_without_a_stack_asks_for_it(tmp_path):
    context = SPACELIFT.replace("stack_id = spacelift_stack.shop.id", 'context_id = "aws"')
    terraform = remedy(tmp_path, context).terraform
    assert 'variable "shop_ci_external_stack_id"' in terraform
