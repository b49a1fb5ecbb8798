"""The catalogue: its data is well-formed, complete and reachable, and its answers are right."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from rolefirst.decision import catalogue as module
from rolefirst.decision.catalogue import Catalogue, Rows, extend, of, packaged
from rolefirst.decision.catalogue_modules import (
    BRANCH,
    NEWEST,
    KnownModule,
    normalise,
    numbers,
    release_of,
)
from rolefirst.decision.catalogue_rows import (
    CATEGORIES,
    OUTPUTS,
    STEPS,
    TEMPLATES,
    RowError,
    carrier,
    rows_of,
    sinks,
    store,
)
from rolefirst.decision.catalogue_rows import module as known_module
from rolefirst.decision.hints import KEY_MODULE_HINTS, key_modules
from rolefirst.decision.keys import keys
from rolefirst.project import Carries, Project

FOLDER = Path(module.__file__).parent
TEMPLATE_FILES = Path(__file__).parents[2] / "templates" / "remediation"
DOCUMENT = yaml.safe_load((FOLDER / "consumers.yaml").read_text("utf-8"))
SCHEMA = json.loads((FOLDER / "consumers.schema.json").read_text("utf-8"))

#: What makes an object of a row of each list.
MAKERS = {"sinks": sinks, "stores": store, "carriers": carrier, "modules": known_module}

#: Where secrets were seen to end in public code, and what stands there instead.
SINKS = """
github_actions_secret plaintext_value ci oidc_github
github_actions_environment_secret encrypted_value ci oidc_github
github_actions_organization_secret plaintext_value ci oidc_github
github_dependabot_secret plaintext_value ci oidc_github
github_codespaces_secret plaintext_value human identity_center
gitlab_project_variable value ci oidc_gitlab
gitlab_group_variable value ci oidc_gitlab
gitlab_instance_variable value ci oidc_gitlab
gitlab_pipeline_schedule_variable value ci oidc_gitlab
circleci_environment_variable value ci oidc_generic
circleci_context_environment_variable value ci oidc_generic
circleci_project_environment_variable value ci oidc_generic
tfe_variable value ci oidc_generic
tfe_variable value_wo ci oidc_generic
buildkite_cluster_secret value ci oidc_generic
buildkite_pipeline steps ci oidc_generic
bitbucket_repository_variable value ci oidc_generic
bitbucket_deployment_variable value ci oidc_generic
bitbucket_workspace_variable value ci oidc_generic
azuredevops_serviceendpoint_aws secret_access_key ci oidc_generic
azuredevops_variable_group variable.0.secret_value ci oidc_generic
spacelift_environment_variable value ci cross_account_role
env0_aws_credentials secret_access_key ci oidc_generic
scalr_provider_configuration aws.0.secret_key ci oidc_generic
null_resource provisioner.local-exec.0.command unknown ask_owner
terraform_data provisioner.0.command unknown ask_owner
external query.secret unknown ask_owner
local_file content unknown ask_owner
local_sensitive_file content unknown ask_owner
vercel_project_environment_variable value external-workload oidc_generic
vercel_project_environment_variables variables.0.value external-workload oidc_generic
vercel_project environment.0.value external-workload oidc_generic
vercel_deployment environment.AWS_SECRET_ACCESS_KEY external-workload oidc_generic
heroku_config sensitive_vars.AWS_SECRET external-workload roles_anywhere
aws_iot_thing attributes.secret external-workload iot_role_alias
heroku_app sensitive_config_vars.AWS_SECRET external-workload roles_anywhere
heroku_app_config_association sensitive_vars.S external-workload roles_anywhere
netlify_environment_variable values external-workload exception
cloudflare_workers_secret secret_text external-workload exception
cloudflare_workers_script secret_text_binding.0.text external-workload exception
snowflake_stage credentials saas cross_account_role
fastly_service_vcl logging_s3.0.s3_secret_key saas cross_account_role
fastly_service_vcl logging_kinesis.0.secret_key saas cross_account_role
fastly_service_vcl snippet.0.content saas exception
fastly_service_vcl vcl.0.content saas exception
datadog_integration_aws secret_access_key saas cross_account_role
datadog_integration_aws_account auth_config.aws_auth_config_keys.x saas cross_account_role
newrelic_cloud_aws_link_account arn saas cross_account_role
databricks_secret string_value saas cross_account_role
databricks_mount extra_configs.x saas cross_account_role
mongodbatlas_encryption_at_rest aws_kms_config.0.secret_access_key saas cross_account_role
confluent_connector config_sensitive.aws.secret.access.key saas cross_account_role
google_storage_transfer_job transfer_spec.0.aws_s3_data_source.0.x saas google_workload
auth0_email credentials.0.smtp_pass ses-smtp exception
auth0_email_provider credentials.0.smtp_pass ses-smtp exception
keycloak_realm smtp_server.0.auth.0.password ses-smtp exception
grafana_contact_point smtp.password ses-smtp exception
aws_mwaa_environment airflow_configuration_options.smtp.smtp_password ses-smtp exception
aws_mwaa_environment airflow_configuration_options.core.x aws-workload service_role
kubernetes_secret data.AWS_SECRET_ACCESS_KEY kubernetes eks_pod_identity
kubernetes_secret_v1 string_data.x kubernetes eks_pod_identity
kubernetes_deployment spec.0.template.0.spec kubernetes eks_pod_identity
kubernetes_config_map data.x kubernetes eks_pod_identity
kubernetes_manifest manifest.data kubernetes eks_pod_identity
kubectl_manifest yaml_body kubernetes eks_pod_identity
helm_release set_sensitive.0.value kubernetes eks_pod_identity
aws_instance user_data aws-workload instance_profile
aws_instance user_data_base64 aws-workload instance_profile
aws_instance provisioner.file.0.content aws-workload instance_profile
aws_launch_template user_data aws-workload instance_profile
aws_launch_configuration user_data aws-workload instance_profile
aws_spot_instance_request user_data aws-workload instance_profile
aws_spot_fleet_request launch_specification.0.user_data aws-workload instance_profile
aws_ecs_task_definition container_definitions aws-workload ecs_task_role
aws_ecs_express_gateway_service primary_container.0.environment aws-workload ecs_task_role
aws_ecs_daemon_task_definition container_definition.0.environment aws-workload ecs_task_role
aws_lambda_function environment.0.variables.SECRET aws-workload lambda_role
aws_codebuild_project environment.0.environment_variable.1.value aws-workload service_role
aws_elastic_beanstalk_environment setting.3.value aws-workload instance_profile
aws_apprunner_service source_configuration.0.image_repository aws-workload service_role
aws_batch_job_definition container_properties aws-workload ecs_task_role
aws_batch_job_definition eks_properties.0.pod_properties kubernetes eks_pod_identity
aws_sagemaker_model primary_container.0.environment aws-workload service_role
aws_sagemaker_training_job environment aws-workload service_role
aws_sagemaker_notebook_instance_lifecycle_configuration on_start aws-workload service_role
aws_amplify_app environment_variables.S aws-workload service_role
aws_amplify_branch environment_variables.S aws-workload service_role
aws_glue_job default_arguments.--secret aws-workload service_role
aws_glue_connection connection_properties.PASSWORD aws-workload service_role
aws_bedrockagentcore_agent_runtime environment_variables.S aws-workload service_role
aws_synthetics_canary run_config.0.environment_variables aws-workload lambda_role
aws_lambdamicrovms_image environment_variables.S aws-workload ask_owner
aws_lightsail_instance user_data aws-workload roles_anywhere
aws_lightsail_container_service_deployment_version container.0.environment aws-workload roles_anywhere
aws_datasync_location_object_storage secret_key aws-workload service_role
vault_aws_secret_backend secret_key vault-root vault_role
vault_aws_auth_backend_client secret_key vault-root vault_role
vault_secrets_sync_aws_destination secret_access_key vault-root cross_account_role
openstack_compute_instance_v2 user_data external-workload roles_anywhere
vsphere_virtual_machine extra_config external-workload roles_anywhere
digitalocean_droplet user_data external-workload roles_anywhere
hcloud_server user_data external-workload roles_anywhere
proxmox_vm_qemu ciuser external-workload roles_anywhere
google_compute_instance metadata.startup external-workload google_workload
azurerm_linux_virtual_machine custom_data external-workload azure_workload
aws_lambda_function filename aws-workload lambda_role
aws_emr_cluster bootstrap_action.0.args aws-workload instance_profile
aws_imagebuilder_component data aws-workload instance_profile
aws_ssm_association parameters.secret aws-workload instance_profile
aws_codepipeline stage.0.action.0.configuration aws-workload service_role
aws_glue_trigger actions.0.arguments aws-workload service_role
aws_cloudformation_stack parameters.SecretKey unknown ask_owner
argocd_application spec.0.source.0.helm.0.parameter.0.value kubernetes eks_pod_identity
rancher2_secret_v2 data.key kubernetes eks_pod_identity
harness_platform_connector_aws manual.0.secret_key_ref ci oidc_generic
harness_platform_secret_text value ci oidc_generic
codefresh_pipeline spec.0.encrypted_variables.S ci oidc_generic
octopusdeploy_aws_account secret_key ci oidc_generic
octopusdeploy_variable sensitive_value ci oidc_generic
google_cloudbuild_trigger substitutions._SECRET ci google_workload
jenkins_credential_aws secret_key ci ask_owner
drone_secret value ci ask_owner
concourse_pipeline vars ci ask_owner
azurerm_linux_web_app app_settings.SECRET external-workload azure_workload
azurerm_linux_function_app_slot app_settings.SECRET external-workload azure_workload
google_app_engine_standard_app_version env_variables.S external-workload google_workload
linode_instance metadata.0.user_data external-workload roles_anywhere
render_web_service env_vars.S.value external-workload roles_anywhere
railway_variable value external-workload roles_anywhere
nomad_job jobspec external-workload oidc_generic
docker_container env external-workload ask_owner
harbor_registry access_secret external-workload ask_owner
rancher2_cloud_credential amazonec2_credential_config.0.secret_key external-workload ask_owner
snowflake_stage_external_s3 credentials.0.aws_secret_key saas cross_account_role
databricks_cluster spark_env_vars.S aws-workload instance_profile
databricks_model_serving config.0.served_entities.0.environment_vars.S aws-workload instance_profile
sumologic_s3_source authentication.0.secret_key saas cross_account_role
dynatrace_aws_credentials authentication_data.0.secret_key saas cross_account_role
signalfx_aws_integration key saas cross_account_role
grafana_data_source secure_json_data_encoded saas cross_account_role
grafana_contact_point sns.0.secret_key saas cross_account_role
fivetran_connector config.0.secret_key saas cross_account_role
fivetran_external_logging config.0.access_key_secret saas cross_account_role
cloudamqp_integration_metric secret_access_key saas cross_account_role
cloudamqp_integration_log secret_access_key saas cross_account_role
infisical_app_connection_aws credentials.secret_access_key saas cross_account_role
infisical_integration_aws_secrets_manager secret_access_key saas cross_account_role
hcp_vault_secrets_integration_aws access_keys.secret_access_key saas oidc_generic
akamai_datastream s3_connector.0.secret_access_key saas exception
akamai_cloudaccess_key credentials_a.cloud_secret_access_key saas exception
aiven_service_integration_endpoint external_aws_s3_user_config.0.x saas exception
rediscloud_cloud_account access_secret_key saas exception
akeyless_target_aws access_key vault-root instance_profile
csbdynamodbns_instance access_key external-workload ask_owner
coderd_ai_provider settings.0.secret_wo external-workload ask_owner
"""  # noqa: E501 (one case, one line)

STORES = [
    "vault_kv_secret_v2",
    "vault_kv_secret",
    "vault_generic_secret",
    "azurerm_key_vault_secret",
    "google_secret_manager_secret_version",
    "onepassword_item",
    "doppler_secret",
    "aws_secretsmanager_secret_version",
    "aws_ssm_parameter",
    "aws_kms_ciphertext",
    "aws_s3_object",
    "aws_s3_bucket_object",
    "aws_dynamodb_table_item",
    "hcp_vault_secrets_secret",
    "akeyless_static_secret",
    "bitwarden_secret",
    "bitwarden_item_login",
    "infisical_secret",
    "consul_keys",
    "google_storage_bucket_object",
    "github_repository_file",
]

CARRIERS = [
    ("data", "template_file", "vars.secret", ("rendered",)),
    ("data", "template_cloudinit_config", "part.0.content", ("rendered",)),
    ("data", "cloudinit_config", "part.0.content", ("rendered",)),
    ("data", "archive_file", "source.0.content", ("output_path",)),
    ("resource", "terraform_data", "input", ("output", "input")),
    ("resource", "terraform_data", "triggers_replace.0", ("triggers_replace",)),
    ("resource", "null_resource", "triggers.secret", ("triggers",)),
    ("data", "null_data_source", "inputs.x", ("outputs", "inputs")),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The packaged catalogue."""
    return packaged()


def module_row(catalogue: Catalogue, source: str) -> KnownModule:
    """The row of a source that must be known."""
    row = catalogue.known_module(source)
    assert row is not None, source
    return row


def test_the_file_follows_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    errors = sorted(Draft202012Validator(SCHEMA).iter_errors(DOCUMENT), key=lambda e: list(e.path))
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("list_name", "row"),
    [
        ("sinks", {"types": ["x"], "category": "ci", "alternative": "iam-role", "template": "t"}),
        ("sinks", {**DOCUMENT["sinks"][0], "category": "robot"}),
        ("sinks", {**DOCUMENT["sinks"][0], "alternative": "hope"}),
        ("sinks", {**DOCUMENT["sinks"][0], "why_not": {"exception": "too late for that"}}),
        ("sinks", {**DOCUMENT["sinks"][0], "plain": True}),
        ("stores", {"secret": ["a"], "address": ["b"]}),
        ("carriers", {"kinds": ["module"], "types": ["a"], "hands": {"a": ["b"]}}),
        ("modules", {**DOCUMENT["modules"][0], "outputs": {"a": "password"}}),
        ("modules", {**DOCUMENT["modules"][0], "default": {"1.0.0": True}}),
        ("modules", {**DOCUMENT["modules"][0], "default": {"0": True, "soon": False}}),
        ("modules", {**DOCUMENT["modules"][0], "default": 1}),
    ],
)
def test_the_schema_refuses(list_name: str, row: dict[str, object]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid({list_name: [row]})
    if list_name in ("stores", "carriers"):
        return  # a team adds none of these: only the schema, in this test, looks at them so closely
    with pytest.raises(RowError, match=f"^{list_name} 1: "):
        rows_of([row], list_name, MAKERS[list_name])


def test_the_schema_and_the_reader_know_the_same_words() -> None:
    definitions = SCHEMA["$defs"]
    sink = definitions["sink"]["properties"]
    outputs = definitions["module"]["properties"]["outputs"]

    assert tuple(sink["category"]["enum"]) == CATEGORIES
    assert tuple(sink["alternative"]["enum"]) == tuple(TEMPLATES)
    assert tuple(sink["why_not"]["properties"]) == STEPS
    assert tuple(outputs["additionalProperties"]["enum"]) == OUTPUTS
    assert {carries.value for carries in Carries if carries is not Carries.OTHER} == set(OUTPUTS)


@pytest.mark.parametrize("line", SINKS.strip().splitlines())
def test_known_sink(catalogue: Catalogue, line: str) -> None:
    type, attribute, category, template = line.split()
    sink = catalogue.sink(type, attribute)
    assert sink is not None
    assert (sink.category, sink.template) == (category, template)


@pytest.mark.parametrize(
    ("type", "attribute"),
    [
        ("aws_instance", "tags.Name"),
        ("aws_s3_object", "content"),
        ("aws_iam_user", "name"),
        ("null_resource", "triggers.hash"),
        ("not_kubernetes_secret", "data"),
        ("", ""),
    ],
)
def test_what_is_no_sink(catalogue: Catalogue, type: str, attribute: str) -> None:
    assert catalogue.sink(type, attribute) is None


def test_no_row_hides_another(catalogue: Catalogue) -> None:
    for sink in catalogue.sinks:
        for type in sink.types:
            found = catalogue.sink(type.replace("*", "x"), sink.attribute.replace("*", ""))
            assert found is sink, f"{type}.{sink.attribute} is hidden by {found}"


def test_no_store_carrier_or_module_appears_twice(catalogue: Catalogue) -> None:
    stores = [type for store in catalogue.stores for type in store.types]
    carriers = [
        (kind, type) for row in catalogue.carriers for kind in row.kinds for type in row.types
    ]
    sources = [row.source for row in catalogue.modules]
    assert len(sources) == len(DOCUMENT["modules"])
    for names in (stores, carriers, sources):
        assert len(names) == len(set(names))


def test_a_store_is_no_sink(catalogue: Catalogue) -> None:
    for row in catalogue.stores:
        for type in row.types:
            for attribute in row.secret:
                assert catalogue.sink(type, attribute) is None


def test_the_template_fits_the_alternative(catalogue: Catalogue) -> None:
    for sink in catalogue.sinks:
        assert sink.template in TEMPLATES[sink.alternative], sink


@pytest.mark.skipif(not list(TEMPLATE_FILES.glob("*.tf.j2")), reason="no remediation templates yet")
def test_every_template_exists(catalogue: Catalogue) -> None:
    stems = {path.name.removesuffix(".tf.j2") for path in TEMPLATE_FILES.glob("*.tf.j2")}
    assert {sink.template for sink in catalogue.sinks} <= stems


def test_every_earlier_step_has_its_reason(catalogue: Catalogue) -> None:
    for sink in catalogue.sinks:
        steps = [item.step for item in sink.why_not]
        if sink.alternative in list(STEPS):
            assert steps == list(STEPS)[: STEPS.index(sink.alternative)], sink
        elif sink.alternative == "exception":
            assert steps == list(STEPS), sink
        else:
            assert steps == [], sink


def test_words_read_well() -> None:
    for sink in DOCUMENT["sinks"]:
        assert not sink["use"].endswith("."), sink["use"]
        for reason in sink.get("why_not", {}).values():
            assert reason[0].isupper(), reason
            assert reason.endswith("."), reason


def test_roles_on_aws_name_who_assumes_them(catalogue: Catalogue) -> None:
    for sink in catalogue.sinks:
        assert bool(sink.trust) == (sink.alternative in ("iam-role", "pod-identity-or-irsa")), sink


def test_only_federated_sinks_name_an_issuer(catalogue: Catalogue) -> None:
    for sink in catalogue.sinks:
        assert sink.oidc is None or sink.alternative == "oidc-federation", sink


@pytest.mark.parametrize("type", STORES)
def test_known_store(catalogue: Catalogue, type: str) -> None:
    store = catalogue.store(type)
    assert store is not None
    assert store.secret
    assert store.address
    assert bool(store.holder) == bool(store.holder_types)


def test_a_store_says_how_readers_find_it(catalogue: Catalogue) -> None:
    store = catalogue.store("aws_secretsmanager_secret_version")
    assert store is not None
    assert (store.holder, store.holder_types) == ("secret_id", ("aws_secretsmanager_secret",))
    assert store.address == ("arn", "id", "name")
    assert store.data[0].gives == ("secret_string", "secret_binary")
    assert store.grants == ("aws_secretsmanager_secret_policy",)
    assert not store.plain
    assert catalogue.store("aws_instance") is None


@pytest.mark.parametrize("type", ["aws_s3_object", "aws_dynamodb_table_item"])
def test_a_store_in_plain_sight(catalogue: Catalogue, type: str) -> None:
    store = catalogue.store(type)
    assert store is not None
    assert store.plain == ("*",)


@pytest.mark.parametrize(
    ("type", "attribute", "plain"),
    [
        ("aws_instance", "user_data", True),
        ("aws_instance", "connection.password", False),
        ("helm_release", "set.value", True),
        ("helm_release", "set_sensitive.value", False),
        ("local_file", "content", True),
        ("local_sensitive_file", "content", False),
        ("kubernetes_config_map", "data.KEY", True),
        ("kubernetes_secret", "data.KEY", False),
        ("github_actions_variable", "value", True),
        ("github_actions_secret", "plaintext_value", False),
        ("azurerm_container_group", "container.environment_variables.KEY", True),
        ("azurerm_container_group", "container.secure_environment_variables.KEY", False),
    ],
)
def test_a_sink_in_plain_sight(
    catalogue: Catalogue, type: str, attribute: str, plain: bool
) -> None:
    sink = catalogue.sink(type, attribute)
    assert sink is not None
    assert any(fnmatchcase(attribute, pattern) for pattern in sink.plain) is plain


def test_what_closes_a_place_in_plain_sight(catalogue: Catalogue) -> None:
    store, sink = catalogue.store("aws_ssm_parameter"), catalogue.sink("tfe_variable", "value")
    assert store is not None
    assert sink is not None
    assert store.plain_unless == {"type": "SecureString"}
    assert sink.plain_unless == {"sensitive": "true"}


@pytest.mark.parametrize("row", [*DOCUMENT["sinks"], *DOCUMENT["stores"]])
def test_only_a_place_in_plain_sight_can_be_closed(row: dict[str, object]) -> None:
    assert "plain" in row or "plain_unless" not in row


@pytest.mark.parametrize("row", [row for row in DOCUMENT["stores"] if "modules" in row])
def test_known_store_module(catalogue: Catalogue, row: dict[str, list[str]]) -> None:
    store = catalogue.store_module(str(row["example"]))
    assert store is not None
    assert list(store.secret) == row["secret"]
    assert catalogue.store_module("./modules/secrets") is None


@pytest.mark.parametrize(("kind", "type", "attribute", "gives"), CARRIERS)
def test_known_carrier(
    catalogue: Catalogue, kind: str, type: str, attribute: str, gives: tuple[str, ...]
) -> None:
    carrier = catalogue.carrier(kind, type)
    assert carrier is not None
    assert carrier.gives(attribute) == gives
    assert carrier.gives("count") == ()


def test_the_kind_of_a_carrier_counts(catalogue: Catalogue) -> None:
    assert catalogue.carrier("data", "terraform_data") is None
    assert catalogue.carrier("resource", "local_file") is None


def spellings(row: dict[str, str]) -> list[str]:
    """A module's source in every form that Terraform understands."""
    address, _, directory = normalise(row["source"]).partition("//")
    host, owner, repository = address.split("/")
    tail = f"//{directory}" if directory else ""
    found = [
        row["source"],
        f"git::https://{address}.git{tail}?ref=v1.0.0",
        f"git@{host}:{owner}/{repository}.git{tail}",
        f"git::ssh://git@{address}.git{tail}?ref=main",
        f"{address}{tail}",
        f"https://{address}{tail}",
    ]
    if repository.startswith("terraform-"):
        _, provider, name = repository.split("-", 2)
        found += [
            f"{owner}/{name}/{provider}{tail}",
            f"registry.terraform.io/{owner}/{name}/{provider}{tail}",
            f"registry.opentofu.org/{owner}/{name}/{provider}{tail}",
        ]
    return found


@pytest.mark.parametrize("row", DOCUMENT["modules"], ids=lambda row: row["source"])
def test_every_spelling_of_a_module_is_known_and_has_a_hint(
    catalogue: Catalogue, row: dict[str, str]
) -> None:
    for source in spellings(row):
        assert module_row(catalogue, source).source == normalise(row["source"]), source
        assert any(hint in source.encode() for hint in KEY_MODULE_HINTS), source


def test_hints_are_distinct_and_needed() -> None:
    assert len(set(KEY_MODULE_HINTS)) == len(KEY_MODULE_HINTS)
    for hint in KEY_MODULE_HINTS:
        others = [other for other in KEY_MODULE_HINTS if other != hint]
        assert not any(other in hint for other in others), hint


@pytest.mark.parametrize(
    "source",
    [
        "./modules/iam-user",
        "../iam-system-user",
        "terraform-aws-modules/iam/aws//modules/iam-role",
        "terraform-aws-modules/s3-bucket/aws",
        "github.com/someone/terraform-aws-ses",
        "evil.example/github.com/cloudposse/terraform-aws-ses",
        "github.com/cloudposse/terraform-aws-ses-lambda-forwarder",
        "",
        "?" * 5000,
        "/" * 5000,
        "a:" * 5000,
        "a/b/" + "-" * 5000 + "!",
        "github.com/a/\ud800",
    ],
)
def test_unknown_module(catalogue: Catalogue, source: str) -> None:
    assert catalogue.known_module(source) is None
    assert module.known_module(Project(), source) is None


IAM_USER = "terraform-aws-modules/iam/aws//modules/iam-user"
SYSTEM_USER = "cloudposse/iam-system-user/aws"
BUCKET = "cloudposse/s3-bucket/aws"
ECR = "github.com/ministryofjustice/cloud-platform-terraform-ecr-credentials"
RDS = "github.com/ministryofjustice/cloud-platform-terraform-rds-instance"
MESH = "meshcloud/meshplatform/aws"


@pytest.mark.parametrize(
    ("source", "version", "settings", "creates"),
    [
        (IAM_USER, "6.5.0", {}, True),
        (IAM_USER, "6.5.0", {"create_access_key": False}, False),
        (IAM_USER, "6.5.0", {"create": False}, False),
        (IAM_USER, "5.60.0", {"create_iam_access_key": False}, False),
        (IAM_USER, "5.60.0", {"create_user": False}, False),
        (IAM_USER, "", {"create_access_key": None}, None),
        (IAM_USER, "", {"create_access_key": None, "create": False}, False),
        (SYSTEM_USER, "1.2.1", {}, True),
        (SYSTEM_USER, "1.2.1", {"create_iam_access_key": False}, False),
        (SYSTEM_USER, "1.2.1", {"enabled": False}, False),
        (BUCKET, "4.14.0", {}, False),
        (BUCKET, "4.14.0", {"user_enabled": True}, True),
        (BUCKET, "4.14.0", {"user_enabled": None}, None),
        (BUCKET, "4.14.0", {"user_enabled": True, "access_key_enabled": False}, False),
        (f"{ECR}?ref=5.3.0", "", {}, True),
        (f"{ECR}?ref=4.0", "", {}, True),
        (f"{ECR}?ref=6.0.0", "", {}, False),
        (f"{ECR}?ref=10.0", "", {}, False),
        (ECR, "", {}, False),
        (f"{ECR}?ref=main", "", {}, False),
        (f"{ECR}?ref=0123456789abcdef", "", {}, None),
        (MESH, "0.7.0", {}, True),
        (MESH, "= 0.5.1", {}, True),
        (MESH, "~> 0.7", {}, True),
        (MESH, "", {}, True),
        (MESH, "", {"create_access_keys": False}, False),
        (RDS, "", {}, False),
        (f"{RDS}?ref=1.0", "", {}, True),
        (f"{RDS}?ref=4.6", "", {}, False),
        (f"{RDS}?ref=4.7", "", {}, True),
        (f"{RDS}?ref=5.20.0", "", {}, True),
        (f"{RDS}?ref=6.0.0", "", {}, False),
        ("github.com/meshcloud/terraform-aws-meshplatform", "", {}, False),
        ("github.com/codingones-terraform-modules/aws-iam-deployer", "", {}, True),
    ],
)
def test_whether_a_call_makes_a_key(
    catalogue: Catalogue,
    source: str,
    version: str,
    settings: dict[str, bool | None],
    creates: bool | None,
) -> None:
    row = module_row(catalogue, source)
    assert row.creates(settings, release_of(source, version)) is creates


@pytest.mark.parametrize(
    ("arguments", "doubt"),
    [
        (f'source = "{MESH}"', "its release: the call names none, so the newest is assumed"),
        (f'source = "{MESH}"\n  version = "0.7.0"', ""),
        (f'source = "{ECR}?ref=0123456789abcdef"', "its release, which is not known"),
        (f'source = "{ECR}"', None),
    ],
)
def test_a_finding_says_that_the_newest_release_is_assumed(
    estate: Callable[[Mapping[str, str]], Project], arguments: str, doubt: str | None
) -> None:
    found = keys(estate({"main.tf": f'module "m" {{\n  {arguments}\n}}\n'}))

    assert [key.doubt for key in found] == ([] if doubt is None else [doubt])


@pytest.mark.parametrize(
    ("source", "version", "release"),
    [
        ("cloudposse/ses/aws", "0.25.0", (0, 25, 0, 0)),
        ("cloudposse/ses/aws", "= 0.25", (0, 25, 0, 0)),
        ("cloudposse/ses/aws", "", NEWEST),
        ("cloudposse/ses/aws", "latest", None),
        ("cloudposse/ses/aws", ",", None),
        ("registry.terraform.io/cloudposse/ses/aws", "", NEWEST),
        ("cloudposse/ses/aws//modules/user", "", NEWEST),
        ("cloudposse/ses/aws", ">= 1.0", NEWEST),
        ("cloudposse/ses/aws", "> 1.0, != 2.0", NEWEST),
        ("cloudposse/ses/aws", "~> 5", NEWEST),
        ("cloudposse/ses/aws", "~> 5.1", (6, 0, 0, -1)),
        ("cloudposse/ses/aws", "~> v5.1.2", (5, 2, 0, -1)),
        ("cloudposse/ses/aws", ">= 5.0, < 6.0", (6, 0, 0, -1)),
        ("cloudposse/ses/aws", ">= 5.0,<=6.1", (6, 1, 0, 0)),
        ("github.com/a/b", "", BRANCH),
        ("github.com/a/b?depth=1", "", BRANCH),
        ("github.com/a/b?depth=1&ref=v2", "", (2, 0, 0, 0)),
        ("github.com/a/b?ref=refs/tags/v2.1", "", (2, 1, 0, 0)),
        ("github.com/a/b?ref=tags/0.4.1", "", (0, 4, 1, 0)),
        ("github.com/a/b?ref=master", "", BRANCH),
        ("github.com/a/b?ref=0123456789abcdef", "", None),
        ("github.com/a/b?ref=feature", "", None),
    ],
)
def test_release_of(source: str, version: str, release: tuple[int, ...] | None) -> None:
    assert release_of(source, version) == release


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("1", (1, 0, 0, 0)),
        ("v1.2.3.4", (1, 2, 3, 4)),
        ("v1.0.3-d2b51f4", (1, 0, 3, 0)),
        ("1.0.0+build", (1, 0, 0, 0)),
        ("2023-upgrade", None),
        ("1234567", None),
        ("1.2.3.4.5", None),
        ("", None),
    ],
)
def test_numbers(text: str, release: tuple[int, ...] | None) -> None:
    assert numbers(text) == release


# --- what a team adds ------------------------------------------------------------------------

SINK = {
    "types": ["aws_instance", "acme_*"],
    "category": "human",
    "alternative": "ask-owner",
    "template": "ask_owner",
    "use": "a word with the owner",
}
MODULE = {"source": "acme/keys/aws", "outputs": {"k": "secret"}, "default": True}


def own(*modules: dict[str, object]) -> Rows:
    made = rows_of([SINK], "[[sink]]", sinks)
    return Rows(made[0], rows_of(modules, "[[key-module]]", known_module))


def test_own_rows_win() -> None:
    catalogue = packaged().with_rows(own(MODULE, {**MODULE, "source": SYSTEM_USER}))
    found = catalogue.sink("acme_robot", "user_data")

    assert found is not None
    assert found.use == SINK["use"]
    assert catalogue.sink("aws_instance", "user_data") in catalogue.sinks[:2]
    assert module_row(catalogue, "acme/keys/aws").creates({}, None) is True
    assert module_row(catalogue, SYSTEM_USER).outputs == {"k": "secret"}
    assert len(catalogue.sinks) == len(packaged().sinks) + 2


def test_an_own_row_says_who_reads_a_store() -> None:
    row = {**SINK, "types": ["vault_kv_secret"], "attribute": "data_json"}
    made = rows_of([row], "[[sink]]", sinks)
    catalogue = packaged().with_rows(Rows(made[0]))

    assert catalogue.store("vault_kv_secret") is None
    assert catalogue.sink("vault_kv_secret", "data_json") is not None
    assert catalogue.store("vault_generic_secret") is not None, "of the same packaged row"


def test_own_rows_count_for_one_project_only() -> None:
    extended, other = Project(), Project()
    extend(extended, own(MODULE))
    extend(other, None)

    assert of(extended).known_module("acme/keys/aws")
    assert of(extended) is of(extended)
    assert of(other) is packaged()


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        (
            "acme/keys/aws",
            ["acme/keys/aws", "git::https://github.com/acme/terraform-aws-keys.git?ref=v1"],
        ),
        (
            "git::https://git.acme.example/infra/modules.git//iam/robot",
            [
                "git::ssh://git@git.acme.example/infra/modules.git//iam/robot?ref=v2",
                "git@git.acme.example:infra/modules.git//iam/robot",
            ],
        ),
        (
            "git.acme.example/modules//iam/*",
            ["git::https://git.acme.example/modules.git//iam/user"],
        ),
        ("app.terraform.io/acme/keys/aws", ["app.terraform.io/acme/keys/aws"]),
        ("github.com/acme/*-keys", ["git@github.com:acme/many-keys.git", "github.com/acme/a-keys"]),
        ("*", ["acme/keys/aws"]),
    ],
)
def test_the_first_pass_finds_calls_of_own_modules(source: str, calls: list[str]) -> None:
    modules = key_modules(own({**MODULE, "source": source}))

    for call in calls:
        assert any(hint in call.encode() for hint in modules.hints), call
        assert modules.makes_key(call), call
        assert not key_modules().makes_key(call)
    assert modules.makes_key(SYSTEM_USER)


def test_the_first_pass_lets_the_version_argument_decide() -> None:
    row = {**MODULE, "default": {"0": True, "2.0.0": False}}
    modules = key_modules(own(row))

    assert modules.makes_key("acme/keys/aws"), "version may name a release before 2.0.0"
    assert not modules.makes_key("github.com/acme/terraform-aws-keys?ref=v2.1.0")
    assert modules.makes_key("github.com/acme/terraform-aws-keys?ref=v1.9.0")


@pytest.mark.parametrize(
    ("list_name", "row", "said"),
    [
        ("sinks", "a word", "sinks 1 is not a table"),
        ("sinks", {}, "'types' is missing"),
        ("sinks", {**SINK, "use": 7}, "'use' is not a text"),
        ("sinks", {**SINK, "use": " "}, "'use' is not a text"),
        ("sinks", {**SINK, "types": 7}, "'types' is not a list of texts"),
        ("sinks", {**SINK, "types": [7]}, "'types' is not a list of texts"),
        ("sinks", {**SINK, "types": []}, "'types' is empty"),
        ("sinks", {**SINK, "types": ["AWS::Lambda::Function"]}, "is no resource type"),
        ("sinks", {**SINK, "typse": []}, "unknown key 'typse'"),
        ("sinks", {**SINK, "oidc": ["x"]}, "'oidc' is not a table"),
        ("sinks", {**SINK, "oidc": {}}, "'oidc': 'issuer' is missing"),
        ("sinks", {**SINK, "oidc": {"issuer": "x", "aud": "y"}}, "'oidc': unknown key 'aud'"),
        ("sinks", {**SINK, "why_not": {"hope": "x"}}, "'why_not': unknown key 'hope'"),
        ("sinks", {**SINK, "template": "eks_pod_identity"}, "cannot be 'eks_pod_identity'"),
        ("stores", {"types": ["a"], "secret": ["b"], "address": ["c"], "plain": 1}, "'plain'"),
        ("sinks", {**SINK, "plain": [7]}, "'plain' is not a list of texts"),
        ("sinks", {**SINK, "plain_unless": {"type": 7}}, "'type' is not a text"),
        ("stores", {"secret": ["b"], "address": ["c"], "data": [{}]}, "'data' 1: 'type' is miss"),
        ("carriers", {"kinds": ["data"], "types": ["a"], "hands": 1}, "'hands' is not a table"),
        ("modules", {**MODULE, "source": []}, "'source' is not a text"),
        ("modules", {**MODULE, "default": {"1": True}}, "'default': '0' is missing"),
        ("modules", {**MODULE, "default": {"x": True}}, "'default': 'x' is not a release"),
        ("modules", {**MODULE, "default": {0: True}}, "'default': a key is not a text"),
        ("modules", {**MODULE, "requires": {"on": "yes"}}, "'on' is not true or false"),
        ("modules", {**MODULE, "outputs": {"k": "password"}}, "'k' cannot be 'password'"),
    ],
)
def test_a_wrong_row_says_where(list_name: str, row: object, said: str) -> None:
    with pytest.raises(RowError) as caught:
        rows_of([row], list_name, MAKERS[list_name])
    assert str(caught.value).startswith(f"{list_name} 1")
    assert said in str(caught.value)


def test_a_list_that_is_none() -> None:
    with pytest.raises(RowError, match="sinks is not a list of tables"):
        rows_of({"types": []}, "sinks", sinks)


def test_loading_is_fast() -> None:
    best = min(_timed_load() for _ in range(5))
    assert best < 0.1, "the catalogue takes ten times as long to load as it should"


def _timed_load() -> float:
    packaged.cache_clear()
    start = time.perf_counter()
    packaged()
    return time.perf_counter() - start


def test_importing_it_reads_no_yaml() -> None:
    code = "import sys, rolefirst.decision.catalogue_rows; sys.exit('yaml' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_tree_without_keys_reads_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_iam_user" "u" {\n  name = "u"\n}\n'
        'module "r" {\n  source = "terraform-aws-modules/iam/aws//modules/iam-role"\n}\n',
        encoding="utf-8",
    )
    code = (
        "import sys; from rolefirst.cli import main; main(['scan', '.']); "
        "sys.exit('yaml' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=tmp_path)


def test_the_packaged_catalogue_is_read_once() -> None:
    assert packaged() is packaged()
