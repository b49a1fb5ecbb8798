"""What the code beside the user says about the other side, so that nothing is asked or made twice.

Arguments of the consumer that the new blocks repeat, and blocks that are there already: a trust
anchor, the instance of IAM Identity Center, the identity of a workload in another cloud.
"""

from __future__ import annotations

from rolefirst.findings import Consumer
from rolefirst.iam.users import USER
from rolefirst.project import Block, Project
from rolefirst.remediation.attachments import reference_to, written
from rolefirst.remediation.keyfacts import Written
from rolefirst.remediation.nested import block_of, written_at
from rolefirst.remediation.vendors import VENDORS

#: The name of the user's path, which its role has as well.
USER_PATH = "path of the user"
#: By template: what it need not make when the code has exactly one, and the attribute it takes.
_THERE = {
    "roles_anywhere": {
        "resource aws_rolesanywhere_trust_anchor": "arn",
        "resource aws_acmpca_certificate_authority": "arn",
    },
    "identity_center": {"data aws_ssoadmin_instances": ""},
}
_VAULT_STORES = ("vault_kv_secret", "vault_kv_secret_v2", "vault_generic_secret")
#: What a secrets engine or login has only in Vault Enterprise and HCP Vault.
_ENTERPRISE = (
    "namespace",
    "identity_token_audience",
    "identity_token_key",
    "rotation_period",
    "rotation_schedule",
)


def stated_beside(
    template: str, consumer: Consumer | None, home: Block, project: Project
) -> dict[str, Written]:
    """By name, what the code that stands where the new code belongs says."""
    found: dict[str, Written] = {}
    if home.type == USER and home["path"].text != "/" and not home["path"].absent:
        found[USER_PATH] = written(home, "path")
    for kind_and_type, attribute in _THERE.get(template, {}).items():
        kind, _, type = kind_and_type.partition(" ")
        if there := _only(home, kind, type, attribute, project):
            found[type] = Written(reference=there)
    sink = _block_of(consumer, home, project)
    if sink is None:
        return {name: value for name, value in found.items() if value != Written()}
    found["consumer"] = Written(value="beside")
    found["provider"] = _argument(sink, "provider")
    if sink.type in _VAULT_STORES:
        engine = _only(home, "resource", "vault_aws_secret_backend", "path", project)
        found["vault_aws_secret_backend"] = Written(reference=engine)
    vendor = VENDORS.get(sink.type)
    if vendor is not None:
        found |= {path: _argument(sink, path) for path in vendor.needs}
        if vendor.own and (there := _unused(vendor.own, home, project)):
            found[vendor.own] = Written(reference=there)
    if sink.type == "google_storage_transfer_job":
        found["project"] = _argument(sink, "project")
    elif sink.type.startswith("google_"):
        found |= _referred(sink, home, "google_service_account", {"subject": "unique_id"})
    elif sink.type.startswith("azurerm_"):
        found |= _azure(sink, home)
    elif sink.type.startswith("vault_") and _is_enterprise(sink):
        found["enterprise"] = Written(value="yes")
    return {name: value for name, value in found.items() if value != Written()}


def _argument(block: Block, path: str) -> Written:
    return Written(expression=written_at(block, path))


def _named(block: Block, attribute: str, home: Block) -> str:
    return reference_to(block, attribute, home).rstrip(".")


def _block_of(consumer: Consumer | None, home: Block, project: Project) -> Block | None:
    """The consumer, when it stands in the same module instance as the new code."""
    block = block_of(consumer, home.root, project) if consumer is not None else None
    return block if block is not None and block.call_chain == home.call_chain else None


def _only(home: Block, kind: str, type: str, attribute: str, project: Project) -> str:
    """How code beside ``home`` names the one block of a type; empty when there are none or more."""
    found = list(project.find(home, kind, type))
    return _named(found[0], attribute, home) if len(found) == 1 else ""


def _unused(type: str, home: Block, project: Project) -> str:
    """The one block of a vendor that nothing reads yet: what is read belongs to another role."""
    found = list(project.find(home, "resource", type))
    if len(found) != 1 or any(True for _ in project.readers(found[0])):
        return ""
    return _named(found[0], "", home)


def _referred(
    sink: Block, home: Block, type: str, attributes: dict[str, str]
) -> dict[str, Written]:
    """Attributes of the one block of a type that the consumer refers to."""
    targets = {
        reference.target.address: reference.target
        for name in sink.names()
        for _, reference in sink[name].deep_references()
        if reference.target.type == type and reference.target.kind == "resource"
    }
    if len(targets) != 1:
        return {}
    (target,) = targets.values()
    return {
        name: Written(reference=_named(target, attribute, home))
        for name, attribute in attributes.items()
    }


def _azure(sink: Block, home: Block) -> dict[str, Written]:
    """The managed identity of a workload: one of its own, or the only one it is given."""
    kind = sink.get("identity", 0, "type").text
    own = _named(sink, "", home)
    if kind == "SystemAssigned" and own:
        return {
            "subject": Written(reference=f"{own}.identity[0].principal_id"),
            "tenant_id": Written(reference=f"{own}.identity[0].tenant_id"),
        }
    if kind == "UserAssigned":
        attributes = {"subject": "principal_id", "tenant_id": "tenant_id"}
        return _referred(sink, home, "azurerm_user_assigned_identity", attributes)
    return {}


def _is_enterprise(sink: Block) -> bool:
    """True when the code uses what only Vault Enterprise and HCP Vault have."""
    provider = sink.provider
    return any(not sink[name].absent for name in _ENTERPRISE) or (
        provider is not None and not provider["namespace"].absent
    )
