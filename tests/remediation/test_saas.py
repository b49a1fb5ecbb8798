"""Consumers outside of the account: what stands beside the role, and how they take it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from checks import blocks, breakouts
from saas_shapes import CONSUMERS, EXCEPTIONS, USERS

from rolefirst import rules
from rolefirst.decision import catalogue
from rolefirst.decision.keys import keys
from rolefirst.facts import facts_of
from rolefirst.findings import Edit, Finding, Remediation
from rolefirst.iam.users import user_of
from rolefirst.loaders import hcl
from rolefirst.remediation import KeyFacts, remediate
from rolefirst.remediation.edits import remove_block
from rolefirst.remediation.keyfacts import Written
from rolefirst.remediation.names import names_for
from rolefirst.remediation.swaps import SWAPS
from rolefirst.remediation.switches import switch_edits
from rolefirst.remediation.vendors import VENDORS
from rolefirst.scan import scan

CASES = [(name, user) for name in CONSUMERS for user in USERS]
KEY = "aws_iam_access_key.sync"


class Estate:
    """One estate with its key, the remediation, and the edits that switch its consumer."""

    def __init__(self, directory: Path, code: str) -> None:
        self.directory = directory
        (directory / "main.tf").write_text(code, encoding="utf-8")
        self.project = hcl.load(directory)
        self.finding = next(f for f in self.scan() if f.rule.id == "RF101")
        decision = self.finding.decision
        assert decision is not None
        self.key = next(k.block for k in keys(self.project) if k.block.address == KEY)
        self.facts: KeyFacts = facts_of(self.key, decision, self.project, {})
        self.remediation: Remediation = remediate(decision, self.facts)
        self.label = str(names_for(decision.template, self.facts).label)

    def scan(self) -> tuple[Finding, ...]:
        result = scan(hcl.load(self.directory), rules.load())
        assert result.errors == ()
        return result.findings

    def switched(self) -> tuple[Edit, ...] | None:
        consumer = self.facts.consumer
        assert consumer is not None
        sink = next(
            b for b in self.project.resources(consumer.type) if b.address == consumer.address
        )
        return switch_edits(sink, consumer.attribute, (KEY,), self.label, self.facts)

    def removed(self) -> list[Edit]:
        """What goes with the user."""
        user = user_of(self.key, self.project)
        attached = ("aws_iam_user_policy", "aws_iam_user_policy_attachment")
        gone = [self.key, user, *self.project.resources(*attached)]
        return [edit for block in gone if block is not None and (edit := remove_block(block))]

    def apply(self, edits: list[Edit]) -> str:
        path = self.directory / "main.tf"
        data = path.read_bytes()
        for edit in sorted(edits, key=lambda each: each.start, reverse=True):
            data = data[: edit.start] + edit.text.encode() + data[edit.end :]
        path.write_bytes(data)
        (self.directory / "new.tf").write_text(self.remediation.terraform, encoding="utf-8")
        return data.decode()


@pytest.fixture
def estate(tmp_path: Path) -> Callable[[str, str], Estate]:
    return lambda name, user: Estate(tmp_path, USERS[user] + CONSUMERS[name][0])


@pytest.mark.parametrize(("name", "user"), CASES)
def test_a_consumer_is_switched_or_left_to_people(estate, name, user):
    edits = estate(name, user).switched()
    assert {edit.stage for edit in edits or ()} == ({"switch"} if CONSUMERS[name][2] else set())
    assert (edits is None) is not CONSUMERS[name][2]


def test_a_use_that_a_switch_would_leave_keeps_it_from_being_made(tmp_path):
    code = CONSUMERS["fastly"][0].replace(
        '  name = "cdn"\n', f'  name    = "cdn"\n  comment = {KEY}.id\n', 1
    )
    assert Estate(tmp_path, USERS["policy"] + code).switched() is None


def test_two_log_endpoints_are_switched_by_hand(tmp_path):
    code = CONSUMERS["fastly"][0]
    start, end = code.index("  logging_s3"), code.index("    period")
    twice = code.replace("  logging_s3", f"{code[start:end]}  }}\n\n  logging_s3", 1)
    assert Estate(tmp_path, USERS["policy"] + twice).switched() is None


def test_a_role_arn_stands_in_a_group_of_its_own(tmp_path):
    tight = CONSUMERS["transfer"][0].replace('"landing"\n\n', '"landing"\n', 1)
    made = Estate(tmp_path, USERS["policy"] + tight)
    code = made.apply(list(made.switched() or ()))
    assert '      bucket_name = "landing"\n\n      role_arn = aws_iam_role.' in code


def test_what_the_code_has_is_not_made_again(estate_of):
    anchored = estate_of("heroku_anchored")
    assert 'resource "aws_rolesanywhere_trust_anchor"' not in anchored
    assert "[aws_rolesanywhere_trust_anchor.corp.arn]" in anchored
    authority = estate_of("openstack_authority")
    assert "acm_pca_arn = aws_acmpca_certificate_authority.root.arn" in authority
    assert "ca_bundle" not in authority
    assert "tolist(data.aws_ssoadmin_instances.main.arns)[0]" in estate_of("codespace_sso")
    assert 'data "aws_ssoadmin_instances"' not in estate_of("codespace_sso")
    assert 'resource "datadog_integration_aws_external_id"' not in estate_of("datadog_of_a_site")
    assert "[datadog_integration_aws_external_id.here.id]" in estate_of("datadog_of_a_site")
    assert "_access_setup.aws.role_id" in estate_of("atlas_set_up")
    assert 'resource "mongodbatlas_cloud_provider_access_setup"' not in estate_of("atlas_set_up")


@pytest.fixture
def estate_of(tmp_path):
    def made(name: str) -> str:
        directory = tmp_path / name
        directory.mkdir(exist_ok=True)
        return Estate(directory, USERS["policy"] + CONSUMERS[name][0]).remediation.terraform

    return made


def test_a_setup_that_another_role_uses_is_left_alone(tmp_path):
    used = (
        CONSUMERS["atlas_set_up"][0]
        + """
resource "mongodbatlas_cloud_provider_access_authorization" "other" {
  project_id = mongodbatlas_project.main.id
  role_id    = mongodbatlas_cloud_provider_access_setup.aws.role_id
}
"""
    )
    terraform = Estate(tmp_path, USERS["policy"] + used).remediation.terraform
    assert 'resource "mongodbatlas_cloud_provider_access_setup" "vendor_sync_external"' in terraform


@pytest.mark.parametrize(
    ("name", "principal", "external_id"),
    [
        ("fastly", "var.vendor_sync_external_principal", "var.vendor_sync_external_id"),
        (
            "datadog",
            "var.vendor_sync_external_principal",
            "datadog_integration_aws_external_id.vendor_sync_external.id",
        ),
        (
            "snowflake",
            "snowflake_storage_integration.vendor_sync_external.storage_aws_iam_user_arn",
            "snowflake_storage_integration.vendor_sync_external.storage_aws_external_id",
        ),
        (
            "atlas",
            "mongodbatlas_cloud_provider_access_setup.vendor_sync_external.aws_config[0]"
            ".atlas_aws_account_arn",
            "mongodbatlas_cloud_provider_access_setup.vendor_sync_external.aws_config[0]"
            ".atlas_assumed_role_external_id",
        ),
        (
            "databricks",
            "databricks_storage_credential.vendor_sync_external.aws_iam_role[0]"
            ".unity_catalog_iam_arn",
            "databricks_storage_credential.vendor_sync_external.aws_iam_role[0].external_id",
        ),
        (
            "confluent",
            "confluent_provider_integration.vendor_sync_external.aws[0].iam_role_arn",
            "confluent_provider_integration.vendor_sync_external.aws[0].external_id",
        ),
    ],
)
def test_the_trust_policy_pins_the_vendor_and_its_external_id(
    estate_of, name, principal, external_id
):
    trust = trust_in(estate_of(name))
    statement = trust["statement"][0]
    assert statement["principals"][0]["identifiers"] == [f"${{{principal}}}"]
    (condition,) = statement["condition"]
    assert condition["test"] == '"StringEquals"'
    assert condition["variable"] == '"sts:ExternalId"'
    assert condition["values"] == [f"${{{external_id}}}"]
    for variable in re.findall(r'variable "(\w+)" {(.*?)\n}', estate_of(name), re.DOTALL):
        assert "default" not in variable[1], variable[0]


def trust_in(terraform: str) -> dict:
    (trust,) = [
        body
        for type, label, body in blocks(terraform, "data")
        if type == "aws_iam_policy_document" and label.endswith("_trust")
    ]
    return trust


def test_databricks_wants_a_role_that_may_assume_itself(estate_of):
    terraform = estate_of("databricks")
    own, itself = trust_in(terraform)["statement"]
    (condition,) = itself["condition"]
    assert condition["variable"] == '"aws:PrincipalArn"'
    assert condition["test"] == '"ArnEquals"'
    assert ":role/vendor-sync-external" in condition["values"][0]
    assert "*" not in str(trust_in(terraform))
    assert own["condition"][0]["variable"] == '"sts:ExternalId"'
    assert "Resource = aws_iam_role.vendor_sync_external.arn" in terraform


def test_a_role_that_names_itself_has_no_path(tmp_path):
    user = USERS["policy"].replace('" {\n', '" {\n  path = "/vendors/"\n', 1)
    found = Estate(tmp_path, user + CONSUMERS["databricks"][0]).remediation
    assert "/vendors/" not in found.terraform
    (step,) = (s for s in found.steps if s.startswith("Look for policies that let in by the path"))
    assert "(/vendors/): aws_iam_role.vendor_sync_external has none" in step


@pytest.mark.parametrize("name", ["heroku", "heroku_anchored", "openstack_authority"])
def test_roles_anywhere_is_bound_to_one_certificate_of_one_authority(estate_of, name):
    terraform = estate_of(name)
    (statement,) = trust_in(terraform)["statement"]
    (principal,) = statement["principals"]
    assert principal["type"] == '"Service"'
    assert principal["identifiers"] == ['"rolesanywhere.amazonaws.com"']
    assert statement["actions"] == [
        '"sts:AssumeRole"',
        '"sts:TagSession"',
        '"sts:SetSourceIdentity"',
    ]
    conditions = {c["variable"]: (c["test"], c["values"]) for c in statement["condition"]}
    anchor = "corp" if name == "heroku_anchored" else "vendor_sync_anywhere"
    assert conditions == {
        '"aws:SourceArn"': ('"ArnEquals"', [f"${{aws_rolesanywhere_trust_anchor.{anchor}.arn}}"]),
        '"aws:PrincipalTag/x509Subject/CN"': (
            '"StringEquals"',
            ["${var.vendor_sync_anywhere_common_name}"],
        ),
    }
    (profile,) = [b for t, _, b in blocks(terraform, "resource") if t.endswith("_profile")]
    assert profile["enabled"] is True
    assert profile["role_arns"] == ["${aws_iam_role.vendor_sync_anywhere.arn}"]
    assert 900 <= profile["duration_seconds"] <= 43_200


@pytest.mark.parametrize(
    ("name", "subject", "others"),
    [
        ("google", "google_service_account.app.unique_id", ["oaud"]),
        ("google_default", "var.vendor_sync_google_subject", ["oaud"]),
        (
            "transfer",
            "data.google_storage_transfer_project_service_account.vendor_sync_google.subject_id",
            [],
        ),
    ],
)
def test_google_is_trusted_by_the_unique_id_of_the_account(estate_of, name, subject, others):
    (statement,) = trust_in(estate_of(name))["statement"]
    first, *rest = statement["condition"]
    assert first["variable"] == '"accounts.google.com:sub"'
    assert first["values"] == [f"${{{subject}}}"]
    assert [c["variable"] for c in rest] == [f'"accounts.google.com:{o}"' for o in others]


@pytest.mark.parametrize(
    ("name", "tenant", "subject"),
    [
        (
            "azure",
            "azurerm_user_assigned_identity.app.tenant_id",
            "azurerm_user_assigned_identity.app.principal_id",
        ),
        (
            "azure_own",
            "azurerm_linux_function_app.job.identity[0].tenant_id",
            "azurerm_linux_function_app.job.identity[0].principal_id",
        ),
        ("azure_none", "var.vendor_sync_azure_tenant_id", "var.vendor_sync_azure_object_id"),
    ],
)
def test_azure_is_trusted_by_tenant_application_and_identity(estate_of, name, tenant, subject):
    (statement,) = trust_in(estate_of(name))["statement"]
    audience, identity = statement["condition"]
    host = f"sts.windows.net/${{{tenant}}}/"
    assert audience["variable"].strip('"') == f"{host}:aud"
    assert audience["values"] == ["${var.vendor_sync_azure_application}"]
    assert identity["variable"].strip('"') == f"{host}:sub"
    assert identity["values"] == [f"${{{subject}}}"]


def test_vault_gets_tokens_only_where_the_code_shows_enterprise(estate_of):
    assert "ec2.amazonaws.com" in estate_of("vault")
    assert "openid_connect" not in estate_of("vault")
    (statement,) = trust_in(estate_of("vault_enterprise"))["statement"]
    assert [c["variable"].rpartition(":")[2] for c in statement["condition"]] == ['aud"', 'sub"']
    assert "^plugin-identity:[^:*?]+:(secret|auth):[^:*?]+$" in estate_of("vault_enterprise")


def test_a_consumer_in_another_module_gets_variables(tmp_path):
    child = tmp_path / "modules" / "user"
    child.mkdir(parents=True)
    output = f'output "secret" {{\n  value     = {KEY}.secret\n  sensitive = true\n}}\n'
    (child / "main.tf").write_text(USERS["policy"] + output, encoding="utf-8")
    code = CONSUMERS["snowflake"][0].replace(f"${{{KEY}.id}}", "x")
    code = code.replace(f"{KEY}.secret", "module.user.secret")
    module = 'module "user" {\n  source = "./modules/user"\n}\n'
    (tmp_path / "main.tf").write_text(module + code, encoding="utf-8")
    project = hcl.load(tmp_path)
    (finding,) = [f for f in scan(project, rules.load()).findings if f.rule.id == "RF101"]
    key = next(k.block for k in keys(project))
    remedy = remediate(finding.decision, facts_of(key, finding.decision, project, {}))
    assert "snowflake_storage_integration" not in remedy.terraform
    assert 'variable "vendor_sync_external_principal"' in remedy.terraform
    assert 'variable "vendor_sync_external_id"' in remedy.terraform


def test_each_row_is_of_a_consumer_that_takes_a_role():
    sinks = catalogue.packaged().sinks
    known = {type for sink in sinks for type in sink.types}
    assert set(VENDORS) | set(SWAPS) <= known
    for type in VENDORS:
        rows = [sink for sink in sinks if type in sink.types]
        assert any(sink.template == "cross_account_role" for sink in rows), type


HOSTILE = 'x"}\nresource "evil" "e" {\n${file("/etc/passwd")} %{ if true }'


@pytest.mark.parametrize("name", CONSUMERS)
def test_hostile_expressions_do_not_break_out(estate, name):
    made = estate(name, "policy")
    hostile = Written(HOSTILE, HOSTILE, HOSTILE)
    stated = dict.fromkeys(made.facts.stated, hostile)
    result = remediate(made.finding.decision, replace(made.facts, stated=stated))
    assert breakouts(result) == []


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_has_only_the_findings_that_the_register_covers(tmp_path, name, user):
    made = Estate(tmp_path, USERS[user] + EXCEPTIONS[name])
    assert made.remediation.template == "exception"
    new = f"aws_iam_access_key.{made.label}_a"
    code = made.apply(made.removed()).replace(KEY, new)
    (tmp_path / "main.tf").write_text(code, encoding="utf-8")
    found = {(finding.rule.id, finding.address) for finding in made.scan()}
    keys_of_it = {f"aws_iam_access_key.{made.label}_{slot}" for slot in "ab"}
    assert found == {(rule, key) for rule in ("RF101", "RF703") for key in keys_of_it}


@pytest.mark.parametrize("name", ["keycloak", "auth0"])
def test_an_smtp_password_is_the_last_resort_of_sending_mail(tmp_path, name):
    made = Estate(tmp_path, USERS["policy"] + EXCEPTIONS[name])
    assert "smtp_password = local." in made.remediation.terraform
    assert "local.vendor_sync_exception_newer.secret" not in made.remediation.terraform
    first, second, *_ = made.remediation.steps[1:]
    assert "SES API" in first
    assert "aws_mailmanager_ingress_point" in second


def test_a_key_named_after_the_transfer_service_needs_no_provider_of_google(tmp_path):
    code = USERS["policy"].replace("vendor-sync", "storage-transfer")
    output = f'\nresource "aws_ssm_parameter" "k" {{\n  name  = "k"\n  value = {KEY}.secret\n}}\n'
    made = Estate(tmp_path, code + output)
    assert made.remediation.template == "google_workload"
    assert "google_storage_transfer_project" not in made.remediation.terraform
    assert "oaud" not in made.remediation.terraform
    assert "var.storage_transfer_google_subject" in made.remediation.terraform
    assert any("role_arn of its aws_s3_data_source" in step for step in made.remediation.steps)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("vault", "aws_iam_instance_profile.vendor_sync_vault"),
        ("vault_enterprise", "identity_token_audience"),
        ("google", "from the metadata server"),
        ("azure", "from its managed identity"),
        ("databricks", "databricks_external_location"),
        ("parameter", "cloudtrail lookup-events"),
        ("heroku_anchored", "the ARNs of aws_rolesanywhere_trust_anchor.corp, "),
        ("heroku", "the ARNs of aws_rolesanywhere_trust_anchor.vendor_sync_anywhere, "),
    ],
)
def test_the_steps_fit_the_consumer(tmp_path, name, said):
    made = Estate(tmp_path, USERS["policy"] + CONSUMERS[name][0])
    assert any(said in step for step in made.remediation.steps)


def test_a_role_that_was_there_is_taken_unless_more_has_to_be_made(tmp_path):
    made = Estate(tmp_path, USERS["policy"] + CONSUMERS["fastly"][0])
    made.label = "logs"
    assert any("aws_iam_role.logs.arn" in edit.text for edit in made.switched() or ())
    (other := tmp_path / "other").mkdir()
    made = Estate(other, USERS["policy"] + CONSUMERS["snowflake"][0])
    made.label = "load"
    assert made.switched() is None


def test_a_vendor_that_only_a_name_tells_gets_no_resources(tmp_path):
    code = USERS["policy"].replace("vendor-sync", "fastly-logs")
    output = f'\noutput "secret" {{\n  value     = {KEY}.secret\n  sensitive = true\n}}\n'
    terraform = Estate(tmp_path, code + output).remediation.terraform
    assert "# A role for Fastly, with an external id." in terraform
    assert "Your Fastly customer account id" in terraform
    (other := tmp_path / "other").mkdir()
    code = USERS["policy"].replace("vendor-sync", "snowflake-load")
    terraform = Estate(other, code + output).remediation.terraform
    assert "# A role for Snowflake, with an external id." in terraform
    assert "snowflake_storage_integration" not in terraform


def test_what_somebody_has_to_find_out_is_for_review(tmp_path):
    for name in ("vault", "parameter"):
        (directory := tmp_path / name).mkdir()
        made = Estate(directory, USERS["policy"] + CONSUMERS[name][0])
        assert made.remediation.applicability == "review"


def test_an_exclusive_list_of_the_role_has_the_policy_for_itself(tmp_path):
    lists = """
resource "aws_iam_user_policies_exclusive" "sync" {
  user_name    = aws_iam_user.sync.name
  policy_names = [aws_iam_user_policy.sync.name]
}
"""
    made = Estate(tmp_path, USERS["policy"] + lists + CONSUMERS["databricks"][0])
    terraform = made.remediation.terraform
    (listed,) = [b for t, _, b in blocks(terraform, "resource") if t.endswith("_exclusive")]
    assert "${aws_iam_role_policy.vendor_sync_external_itself.name}" in listed["policy_names"]
