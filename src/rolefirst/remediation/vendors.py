"""Who assumes a role from outside of the account, and what its trust policy pins.

One row per service. What a vendor publishes in its own documentation (the account it comes from)
is a hint in the description of a variable, never a default: it differs between the regions and
editions of a service. What one of the vendor's resources exports is taken from there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rolefirst.remediation.filters import Safe, is_provider
from rolefirst.remediation.policies import argument

if TYPE_CHECKING:
    from rolefirst.remediation.keyfacts import KeyFacts
    from rolefirst.remediation.names import Names

#: What templates ask for by name.
_STATED = (
    "subject",
    "tenant_id",
    "project",
    "aws_rolesanywhere_trust_anchor",
    "aws_acmpca_certificate_authority",
    "aws_ssoadmin_instances",
    "vault_aws_secret_backend",
)
_TRANSFER_JOB = "google_storage_transfer_job"
#: As the clues have it (clues.yaml).
_TRANSFER = re.compile(r"storage[-_]transfer", re.IGNORECASE)
_PRINCIPAL = (
    "ARN of the role in the other account that uses this one, as its operator documents it; a role "
    "rather than the whole account (:root)."
)
_EXTERNAL_ID = "External id that the other side sends; let it be issued by them, one per customer."


@dataclass(frozen=True, slots=True)
class Vendor:
    """A service that assumes a role.

    ``part`` is the template of the resources that the vendor's provider needs beside the role, and
    ``needs`` are their arguments, each with the description of the variable that stands for it
    where the code does not say it. ``principal`` and ``external_id`` are descriptions of variables,
    or expressions when they start with ``=``; ``{own}`` in them is the address of the resource of
    type ``own``. ``composed``: the vendor wants the role's ARN before there is a role, so that
    the trust policy can pin what it exports. ``self_assuming``: the role has to trust itself.
    """

    who: str
    principal: str = _PRINCIPAL
    external_id: str = _EXTERNAL_ID
    part: str = ""
    own: str = ""
    needs: Mapping[str, str] = field(default_factory=dict)
    composed: bool = False
    self_assuming: bool = False


_ANYBODY = Vendor("the other account")
_FASTLY = Vendor(
    "Fastly",
    # fastly.com/documentation: Creating an AWS IAM role for Fastly logging.
    "ARN of the account that Fastly's logging comes from, as its documentation names it "
    "(arn:aws:iam::717331877981:root).",
    "Your Fastly customer account id, which Fastly sends as the external id.",
)
_SNOWFLAKE = Vendor(
    "Snowflake",
    "={own}.storage_aws_iam_user_arn",
    "={own}.storage_aws_external_id",
    part="snowflake",
    own="snowflake_storage_integration",
    needs={"url": "Location of the stage (s3://bucket/path/)."},
    composed=True,
)
_DATABRICKS = Vendor(
    "Databricks",
    # registry.terraform.io, databricks/databricks: storage_credential exports both.
    "={own}.aws_iam_role[0].unity_catalog_iam_arn",
    "={own}.aws_iam_role[0].external_id",
    part="databricks",
    own="databricks_storage_credential",
    composed=True,
    self_assuming=True,
)
_SPACELIFT = Vendor(
    "Spacelift",
    "ARN of the account that Spacelift's runs come from, as its documentation names it.",
    # registry.terraform.io, spacelift-io/spacelift: one external id for planning, one for applying.
    "={own}_read.external_id, {own}_write.external_id",
    part="spacelift",
    own="data.spacelift_aws_integration_attachment_external_id",
    needs={"stack_id": "Id of the stack whose runs may use the role."},
    composed=True,
)
#: By the type of the consumer.
VENDORS: Mapping[str, Vendor] = {
    "fastly_service_vcl": _FASTLY,
    "fastly_service_compute": _FASTLY,
    "fastly_service_v1": _FASTLY,
    "datadog_integration_aws_account": Vendor(
        "Datadog",
        # docs.datadoghq.com: Error: Datadog is not authorized to perform sts:AssumeRole.
        "ARN of the account that your Datadog site comes from, as its documentation names it "
        "(arn:aws:iam::464622532012:root for the site US1).",
        "={own}.id",
        part="datadog",
        own="datadog_integration_aws_external_id",
    ),
    "datadog_integration_aws": Vendor(
        "Datadog",
        "ARN of the account that your Datadog site comes from, as its documentation names it "
        "(arn:aws:iam::464622532012:root for the site US1).",
        "External id that Datadog has made for this AWS account (its AWS integration page).",
    ),
    "newrelic_cloud_aws_link_account": Vendor(
        "New Relic", external_id="Your New Relic account id, which New Relic sends as external id."
    ),
    "snowflake_stage": _SNOWFLAKE,
    "snowflake_stage_external_s3": _SNOWFLAKE,
    "databricks_secret": _DATABRICKS,
    "databricks_mount": _DATABRICKS,
    "mongodbatlas_encryption_at_rest": Vendor(
        "MongoDB Atlas",
        "={own}.aws_config[0].atlas_aws_account_arn",
        "={own}.aws_config[0].atlas_assumed_role_external_id",
        part="mongodbatlas",
        own="mongodbatlas_cloud_provider_access_setup",
        needs={"project_id": "Id of the Atlas project."},
    ),
    "confluent_connector": Vendor(
        "Confluent Cloud",
        "={own}.aws[0].iam_role_arn",
        "={own}.aws[0].external_id",
        part="confluent",
        own="confluent_provider_integration",
        needs={"environment.id": "Id of the Confluent environment of the connector."},
        composed=True,
    ),
    "vault_secrets_sync_aws_destination": Vendor(
        "Vault",
        "ARN of the role that the Vault server runs with (its instance, task or pod).",
        "External id that Vault sends; any value that nobody else uses.",
    ),
    "spacelift_environment_variable": _SPACELIFT,
    "spacelift_mounted_file": _SPACELIFT,
}


#: Words in the names of a key or its user, where the code does not show the consumer.
_NAMED = {
    "fastly": _FASTLY,
    "datadog": VENDORS["datadog_integration_aws"],
    "new[-_]?relic": VENDORS["newrelic_cloud_aws_link_account"],
    "snowflake": _SNOWFLAKE,
    "databricks": _DATABRICKS,
    "mongodb": VENDORS["mongodbatlas_encryption_at_rest"],
    "confluent": VENDORS["confluent_connector"],
}


def vendor_of(facts: KeyFacts) -> Vendor:
    """The service that takes the role; one that only a name tells has no resources of its own."""
    type = facts.consumer.type if facts.consumer else ""
    if type in VENDORS:
        return VENDORS[type]
    names = f"{facts.key_address} {facts.user_name.value}"
    found = [each for word, each in _NAMED.items() if re.search(word, names, re.IGNORECASE)]
    return replace(found[0], part="", own="") if len(found) == 1 else _ANYBODY


def own_address(facts: KeyFacts, label: str) -> str:
    """The vendor's resource that the role's trust policy reads: the one that is there, or ours."""
    own = vendor_of(facts).own
    existing = argument(facts.stated[own]) if own in facts.stated else None
    return existing or f"{own}.{label}"


def of_vendor(facts: KeyFacts, names: Names) -> dict[str, object]:
    """What the templates are told about the other side.

    A vendor's own resources belong beside the consumer: where that stands in another module, the
    values they export are variables.
    """
    vendor = vendor_of(facts)
    type = facts.consumer.type if facts.consumer else ""
    stated = {key: argument(value) for key, value in facts.stated.items()}
    beside = "consumer" in stated
    part = vendor.part if beside else ""
    values: dict[str, Safe] = {}
    variables: dict[str, str] = {}
    for path, description in vendor.needs.items() if part else ():
        key = path.replace(".", "_")
        written = stated.get(path)
        if written is None:
            variables[key] = description
        values[key] = written or Safe(f"var.{names.label}_{key}")
    existing = stated.get(vendor.own)
    own = Safe(own_address(facts, names.label))
    composed = (vendor.composed and part) or vendor.self_assuming
    return {
        "who": vendor.who,
        "beside": beside,
        "part": part,
        "principal": _exported(vendor.principal, own, part),
        "principal_says": _PRINCIPAL if vendor.principal[:1] == "=" else vendor.principal,
        "external_id": _exported(vendor.external_id, own, part),
        "external_id_says": _EXTERNAL_ID if vendor.external_id[:1] == "=" else vendor.external_id,
        "existing": existing is not None,
        "own": own,
        "needs": values,
        "variables": variables,
        "arn": _arn(names) if composed else None,
        "self_assuming": vendor.self_assuming,
        "provider": _provider(facts),
        "stated": {name: stated.get(name) for name in _STATED},
        "transfer": _is_transfer(facts),
        "job": beside and type == _TRANSFER_JOB,
        "enterprise": "enterprise" in facts.stated,
        "reader": Safe(f"var.{names.label}_role"),
    }


def _is_transfer(facts: KeyFacts) -> bool:
    """True for Google's Storage Transfer Service: a job of it, or a key that is named after it."""
    type = facts.consumer.type if facts.consumer else ""
    named = _TRANSFER.search(f"{facts.key_address} {facts.user_name.value}") is not None
    return type == _TRANSFER_JOB or (named and not type.startswith("google_"))


def _exported(text: str, own: str, part: str) -> Safe | None:
    """An expression that a resource of the vendor exports; None where a variable stands for it."""
    return Safe(text[1:].format(own=own)) if part and text.startswith("=") else None


def _arn(names: Names) -> Safe:
    """The ARN that the role will have, made of its name."""
    partition = f"${{data.aws_partition.{names.label}.partition}}"
    account = f"${{data.aws_caller_identity.{names.label}.account_id}}"
    return Safe(f'"arn:{partition}:iam::{account}:role/{names.quoted(limit=64)[1:-1]}"')


def _provider(facts: KeyFacts) -> str:
    """The provider configuration that the consumer names."""
    named = facts.stated["provider"].expression if "provider" in facts.stated else ""
    return named if is_provider(named) else ""
