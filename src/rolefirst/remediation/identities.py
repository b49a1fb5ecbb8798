"""Whose tokens a role trusts when the issuer depends on the tenant: Azure and Vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rolefirst.remediation.filters import Safe
from rolefirst.remediation.policies import argument
from rolefirst.remediation.tokens import Trust, Variable

if TYPE_CHECKING:
    from rolefirst.remediation.keyfacts import KeyFacts
    from rolefirst.remediation.names import Names

_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def identity_trust(template: str, facts: KeyFacts, names: Names) -> Trust | None:
    """The trust in a managed identity of Azure or in a mount of Vault; else None."""
    if template == "azure_workload":
        return _azure(facts, names)
    if template == "vault_role" and "enterprise" in facts.stated:
        return _vault(names)
    return None


def _azure(facts: KeyFacts, names: Names) -> Trust:
    tenant = _stated("tenant_id", facts)
    subject = _stated("subject", facts)
    variables = [
        Variable(
            f"{names.label}_application",
            "Application ID URI (api://…) of the app that the workload asks a token for.",
            "^[^*?]+$",
            "The audience is one application, without wildcards.",
        )
    ]
    if tenant is None:
        variables.append(
            Variable(
                f"{names.label}_tenant_id",
                "Id of the Microsoft Entra tenant that the workload's managed identity belongs to.",
                _UUID,
                "The id of a tenant is a UUID in lower case.",
            )
        )
    if subject is None:
        variables.append(
            Variable(
                f"{names.label}_object_id",
                "Object (principal) id of the managed identity, not its client id.",
                _UUID,
                "The id of an object is a UUID in lower case.",
            )
        )
    host = f"sts.windows.net/${{{tenant or f'var.{names.label}_tenant_id'}}}/"
    return Trust(
        platform="Azure",
        issuer=Safe(f'"https://{host}"'),
        host=Safe(host),
        audience=Safe(f"var.{names.label}_application"),
        test="StringEquals",
        subjects={"": (subject or Safe(f"var.{names.label}_object_id"),)},
        variables=tuple(variables),
    )


def _vault(names: Names) -> Trust:
    """Vault Enterprise: Plugin workload identity federation of the secrets engine and the login."""
    label = names.label
    variables = (
        Variable(
            f"{label}_host",
            "Issuer of Vault's plugin tokens without https://: <address of Vault>/v1/identity/oidc/"
            "plugins, with the path of the namespace behind v1 unless it is root.",
            "^[^/*?]+/v1/([^*?]+/)?identity/oidc/plugins$",
            "The issuer ends in /identity/oidc/plugins.",
        ),
        Variable(
            f"{label}_audience",
            "Audience of the tokens: identity_token_audience of the backend.",
            "^[^*?]+$",
            "Name one audience, without wildcards.",
        ),
        Variable(
            f"{label}_subject",
            "Subject of the tokens: plugin-identity:<id of the namespace>:<secret or auth>:"
            "<accessor of the mount>, which vault secrets list and vault auth list show.",
            "^plugin-identity:[^:*?]+:(secret|auth):[^:*?]+$",
            "Name one mount: plugin-identity:root:secret:aws_1234abcd.",
        ),
    )
    return Trust(
        platform="Vault",
        issuer=Safe(f'"https://${{var.{label}_host}}"'),
        host=Safe(f"${{var.{label}_host}}"),
        audience=Safe(f"var.{label}_audience"),
        test="StringEquals",
        subjects={"": (Safe(f"var.{label}_subject"),)},
        variables=variables,
    )


def _stated(name: str, facts: KeyFacts) -> Safe | None:
    return argument(facts.stated[name]) if name in facts.stated else None
