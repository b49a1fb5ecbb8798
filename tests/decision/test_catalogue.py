"""The catalogue: its data is well-formed, complete and reachable, and its answers are right."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from rolefirst.decision import catalogue as module
from rolefirst.decision.catalogue import (
    Catalogue,
    KnownModule,
    load,
    normalise,
    release_of,
)
from rolefirst.decision.hints import KEY_MODULE_HINTS
from rolefirst.errors import ConfigError
from rolefirst.project import Carries

FOLDER = Path(module.__file__).parent
TEMPLATES = Path(__file__).parents[2] / "templates" / "remediation"
DOCUMENT = yaml.safe_load((FOLDER / "consumers.yaml").read_text("utf-8"))
SCHEMA = json.loads((FOLDER / "consumers.schema.json").read_text("utf-8"))

ORDER = ["iam-role", "identity-center", "oidc-federation", "cross-account-role", "roles-anywhere"]
TEMPLATES_OF = {
    "iam-role": {"instance_profile", "ecs_task_role", "lambda_role", "service_role"},
    "pod-identity-or-irsa": {"eks_pod_identity"},
    "identity-center": {"identity_center"},
    "oidc-federation": {"oidc_github", "oidc_gitlab", "oidc_generic"},
    "cross-account-role": {"cross_account_role"},
    "roles-anywhere": {"roles_anywhere"},
    "exception": {"exception"},
    "delete-unused": {"delete_unused"},
    "ask-owner": {"ask_owner"},
}

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
google_storage_transfer_job transfer_spec.0.aws_s3_data_source.0.x saas oidc_generic
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
vault_aws_secret_backend secret_key vault-root instance_profile
vault_aws_auth_backend_client secret_key vault-root instance_profile
vault_secrets_sync_aws_destination secret_access_key vault-root cross_account_role
openstack_compute_instance_v2 user_data external-workload roles_anywhere
vsphere_virtual_machine extra_config external-workload roles_anywhere
digitalocean_droplet user_data external-workload roles_anywhere
hcloud_server user_data external-workload roles_anywhere
proxmox_vm_qemu ciuser external-workload roles_anywhere
google_compute_instance metadata.startup external-workload oidc_generic
azurerm_linux_virtual_machine custom_data external-workload oidc_generic
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
]

CARRIERS = [
    ("data", "template_file", "vars.secret", ("rendered",)),
    ("data", "template_cloudinit_config", "part.0.content", ("rendered",)),
    ("data", "cloudinit_config", "part.0.content", ("rendered",)),
    ("resource", "terraform_data", "input", ("output", "input")),
    ("resource", "terraform_data", "triggers_replace.0", ("triggers_replace",)),
    ("resource", "null_resource", "triggers.secret", ("triggers",)),
    ("data", "null_data_source", "inputs.x", ("outputs", "inputs")),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The packaged catalogue."""
    return load()


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
        ("stores", {"secret": ["a"], "address": ["b"]}),
        ("carriers", {"kinds": ["module"], "types": ["a"], "hands": {"a": ["b"]}}),
        ("modules", {**DOCUMENT["modules"][0], "outputs": {"a": "password"}}),
        ("modules", {**DOCUMENT["modules"][0], "until": "1.0.0"}),
    ],
)
def test_the_schema_refuses(list_name: str, row: dict[str, object]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid({list_name: [row]})


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
    for names in (stores, carriers, sources):
        assert len(names) == len(set(names))


def test_a_store_is_no_sink(catalogue: Catalogue) -> None:
    for store in catalogue.stores:
        for type in store.types:
            for attribute in store.secret:
                assert catalogue.sink(type, attribute) is None


def test_the_template_fits_the_alternative(catalogue: Catalogue) -> None:
    for sink in catalogue.sinks:
        assert sink.template in TEMPLATES_OF[sink.alternative], sink


@pytest.mark.skipif(not list(TEMPLATES.glob("*.tf.j2")), reason="no remediation templates yet")
def test_every_template_exists(catalogue: Catalogue) -> None:
    stems = {path.name.removesuffix(".tf.j2") for path in TEMPLATES.glob("*.tf.j2")}
    assert {sink.template for sink in catalogue.sinks} <= stems


def test_every_earlier_step_has_its_reason(catalogue: Catalogue) -> None:
    for sink in catalogue.sinks:
        steps = [item.step for item in sink.why_not]
        if sink.alternative in ORDER:
            assert steps == ORDER[: ORDER.index(sink.alternative)], sink
        elif sink.alternative == "exception":
            assert steps == ORDER, sink
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
        assert sink.oidc is None or sink.template == "oidc_generic", sink


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
    assert store.plain


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


@pytest.mark.parametrize("row", DOCUMENT["modules"], ids=lambda row: row["example"])
def test_known_module(catalogue: Catalogue, row: dict[str, object]) -> None:
    example = str(row["example"])
    assert module_row(catalogue, example).source == row["source"]
    assert any(hint in example.encode() for hint in KEY_MODULE_HINTS)


@pytest.mark.parametrize("row", DOCUMENT["modules"], ids=lambda row: row["example"])
def test_every_spelling_of_a_module_has_a_hint(
    catalogue: Catalogue, row: dict[str, object]
) -> None:
    address, _, directory = normalise(str(row["example"])).partition("//")
    host, owner, repository = address.split("/")
    tail = f"//{directory}" if directory else ""
    spellings = [
        f"git::https://{address}.git{tail}?ref=v1.0.0",
        f"git@{host}:{owner}/{repository}.git{tail}",
        f"git::ssh://git@{address}.git{tail}?ref=main",
        f"{address}{tail}",
        f"https://{address}{tail}",
    ]
    found = repository.split("-", 2)
    if found[0] == "terraform":
        spellings += [
            f"{owner}/{found[2]}/{found[1]}{tail}",
            f"registry.terraform.io/{owner}/{found[2]}/{found[1]}{tail}",
            f"registry.opentofu.org/{owner}/{found[2]}/{found[1]}{tail}",
        ]
    for source in spellings:
        assert module_row(catalogue, source).source == row["source"], source
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
    ],
)
def test_unknown_module(catalogue: Catalogue, source: str) -> None:
    assert catalogue.known_module(source) is None


def test_outputs_are_value_classes(catalogue: Catalogue) -> None:
    words = {carries.value for carries in Carries if carries is not Carries.OTHER}
    for row in catalogue.modules:
        assert set(row.outputs.values()) <= words


IAM_USER = "terraform-aws-modules/iam/aws//modules/iam-user"
SYSTEM_USER = "cloudposse/iam-system-user/aws"
BUCKET = "cloudposse/s3-bucket/aws"
ECR = "github.com/ministryofjustice/cloud-platform-terraform-ecr-credentials"
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
        (MESH, "~> 0.7", {}, None),
        (MESH, "", {}, None),
        (MESH, "", {"create_access_keys": True}, True),
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
    ("source", "version", "release"),
    [
        ("cloudposse/ses/aws", "0.25.0", "0.25.0"),
        ("cloudposse/ses/aws", "", None),
        ("registry.terraform.io/cloudposse/ses/aws", "", None),
        ("github.com/a/b", "", ""),
        ("github.com/a/b?depth=1", "", ""),
        ("github.com/a/b?depth=1&ref=v2", "", "v2"),
        ("github.com/a/b?ref=refs/tags/v2", "", "v2"),
        ("github.com/a/b?ref=master", "", ""),
    ],
)
def test_release_of(source: str, version: str, release: str | None) -> None:
    assert release_of(source, version) == release


def test_modules_that_store_their_key(catalogue: Catalogue) -> None:
    assert module_row(catalogue, SYSTEM_USER).stored == ("ssm_enabled", True)
    assert module_row(catalogue, BUCKET).stored == ("store_access_key_in_ssm", False)
    assert module_row(catalogue, IAM_USER).stored is None


def test_extra_rows_win() -> None:
    sink = {
        "types": ["aws_instance", "acme_robot"],
        "attribute": "user_data*",
        "category": "human",
        "alternative": "ask-owner",
        "template": "ask_owner",
        "use": "a word with the owner",
    }
    extra = {
        "sinks": [sink],
        "modules": [{"source": "acme/keys", "outputs": {"k": "secret"}, "default": True}],
    }
    catalogue = load([extra])
    found = catalogue.sink("acme_robot", "user_data")
    assert found is not None
    assert found == catalogue.sink("aws_instance", "user_data")
    assert module_row(catalogue, "acme/keys").creates({}, None) is True
    assert len(catalogue.sinks) == len(load().sinks) + 1


@pytest.mark.parametrize(
    ("list_name", "row"),
    [
        ("sinks", "a word"),
        ("sinks", {}),
        ("sinks", {**DOCUMENT["sinks"][0], "use": 7}),
        ("sinks", {**DOCUMENT["sinks"][0], "types": 7}),
        ("sinks", {**DOCUMENT["sinks"][0], "types": [7]}),
        ("sinks", {**DOCUMENT["sinks"][0], "oidc": ["x"]}),
        ("stores", {"types": ["a"], "secret": ["b"], "address": ["c"], "plain": "yes"}),
        ("carriers", {"kinds": ["data"], "types": ["a"]}),
        ("modules", {"source": "(", "outputs": {}, "default": True}),
        ("modules", {"source": [], "outputs": {}}),
    ],
)
def test_a_wrong_extra_row_says_where(list_name: str, row: object) -> None:
    with pytest.raises(ConfigError, match=f"row 1 of '{list_name}'") as caught:
        load([{list_name: [row]}])
    assert caught.value.hint


def test_an_empty_extra_list_is_fine() -> None:
    assert load([{"sinks": None}, {}]) == load()


def test_loading_is_fast() -> None:
    best = min(_timed_load() for _ in range(5))
    assert best < 0.1, "the catalogue takes ten times as long to load as it should"


def _timed_load() -> float:
    start = time.perf_counter()
    load()
    return time.perf_counter() - start


def test_importing_it_reads_no_yaml() -> None:
    code = "import sys, rolefirst.decision.catalogue; sys.exit('yaml' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_packaged_catalogue_is_read_once() -> None:
    assert module.packaged() is module.packaged()
    assert module.packaged() == load()
