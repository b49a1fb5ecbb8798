"""What a service outside of the account takes in place of a key: one row per resource type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolefirst.remediation.places import Path

_ROLE = "{role}.arn"


@dataclass(frozen=True, slots=True)
class Swap:
    """What changes inside ``under``, a path of nested blocks.

    ``instead`` says what stands in the place of an argument: a name and an expression, or without a
    name code that may stand for a nested block. ``gone`` are arguments that go, and ``sets`` are
    set, each by its whole path. ``{role}`` is the address of the role,
    ``{label}`` starts the names of all new blocks, and ``{own}`` is the vendor's resource.
    ``federated`` is true for whoever signs in with tokens of its own, false for who does not.
    """

    instead: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    sets: Mapping[Path, str] = field(default_factory=dict)
    under: str = ""
    federated: bool | None = None

    @property
    def needs_more(self) -> bool:
        """True when the role alone does not do: the switch names other new blocks."""
        texts = (*(text for _, text in self.instead.values()), *self.sets.values())
        return any("{label}" in text or "{own}" in text for text in texts)

    def takes(self, use: str) -> bool:
        """True when nothing of the key is left in an argument."""
        under = f"{self.under}." if self.under else ""
        return any(f"{use}.".startswith(f"{under}{name}.") for name in (*self.instead, *self.gone))


def _role_for(key: str, secret: str, argument: str, under: str = "") -> Swap:
    """The role's ARN in place of a key's two arguments."""
    return Swap({key: (argument, _ROLE)}, (secret,), under=under)


_FASTLY = (
    _role_for("s3_access_key", "s3_secret_key", "s3_iam_role", "logging_s3"),
    _role_for("access_key", "secret_key", "iam_role", "logging_kinesis"),
)
_VAULT = (
    Swap(gone=("access_key", "secret_key"), federated=False),
    Swap(
        {
            "access_key": ("role_arn", _ROLE),
            "secret_key": ("identity_token_audience", "var.{label}_audience"),
        },
        federated=True,
    ),
)
_SNOWFLAKE = (
    Swap(
        {"credentials": ("storage_integration", "snowflake_storage_integration.{label}.name")},
    ),
)
#: By resource type. Arguments from the documentation of each provider in the Terraform registry.
SWAPS: Mapping[str, tuple[Swap, ...]] = {
    "fastly_service_vcl": _FASTLY,
    "fastly_service_compute": _FASTLY,
    "datadog_integration_aws": (
        Swap({"access_key_id": ("role_name", "{role}.name")}, ("secret_access_key",)),
    ),
    "datadog_integration_aws_account": (
        Swap(
            {
                "aws_auth_config_keys": (
                    "",
                    "aws_auth_config_role {\n"
                    "  role_name   = {role}.name\n"
                    "  external_id = {own}.id\n"
                    "}",
                )
            },
            under="auth_config",
        ),
    ),
    "snowflake_stage": _SNOWFLAKE,
    "snowflake_stage_external_s3": _SNOWFLAKE,
    "mongodbatlas_encryption_at_rest": (
        Swap(
            {
                "access_key_id": (
                    "role_id",
                    "mongodbatlas_cloud_provider_access_authorization.{label}.role_id",
                )
            },
            ("secret_access_key",),
            under="aws_kms_config",
        ),
    ),
    "confluent_connector": (
        Swap(
            gone=("aws.access.key.id", "aws.secret.access.key"),
            under="config_sensitive",
            sets={
                ("config_nonsensitive", "authentication.method"): '"IAM Roles"',
                ("config_nonsensitive", "provider.integration.id"): (
                    "confluent_provider_integration.{label}.id"
                ),
            },
        ),
    ),
    "google_storage_transfer_job": (
        Swap(
            {"aws_access_key": ("", "role_arn = {role}.arn")},
            under="transfer_spec.aws_s3_data_source",
        ),
    ),
    "sumologic_*": (
        Swap(
            {
                "type": ("type", '"AWSRoleBasedAuthentication"'),
                "access_key": ("role_arn", _ROLE),
            },
            ("secret_key",),
            under="authentication",
        ),
    ),
    "vault_aws_secret_backend": _VAULT,
    "vault_aws_auth_backend_client": _VAULT,
    "vault_secrets_sync_aws_destination": (
        Swap(
            {
                "access_key_id": ("role_arn", _ROLE),
                "secret_access_key": ("external_id", "var.{label}_id"),
            }
        ),
    ),
    "scalr_provider_configuration": (
        Swap(
            {
                "credentials_type": ("credentials_type", '"oidc"'),
                "access_key": ("role_arn", _ROLE),
                "secret_key": ("audience", '"aws.scalr-run-workload"'),
            },
            under="aws",
        ),
    ),
    "cloudamqp_integration_metric": (
        Swap(
            {
                "access_key_id": ("iam_role", _ROLE),
                "secret_access_key": ("iam_external_id", "var.{label}_id"),
            }
        ),
    ),
}
