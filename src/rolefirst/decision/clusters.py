"""Which kind of Kubernetes a key goes to: that decides what a pod can have instead."""

from __future__ import annotations

import re

from rolefirst.findings import Evidence
from rolefirst.project import Block, Project

#: What a provider's configuration says about its cluster, the more telling first.
_PROVIDERS = (
    ("eks", r"aws_eks|module\.eks|\beks\b", "an EKS cluster"),
    ("gke", r"google_container|google_client|\bgke\b", "a GKE cluster"),
    (
        "other",
        r"config_path|azurerm_kubernetes|digitalocean_kubernetes|kubeconfig",
        "a cluster outside of EKS",
    ),
)
#: Modules that give pods of EKS their roles.
_ROLES_FOR_PODS = re.compile(
    r"irsa|iam-role-for-service-accounts|iam-assumable-role-with-oidc|pod-id"
)


def cluster(sink: Block, project: Project) -> tuple[str, Evidence | None]:
    """The kind behind a sink, ``eks``, ``gke``, ``other`` or empty, and how we know."""
    provider = sink.provider
    text = provider.source() if provider is not None else ""
    for kind, pattern, name in _PROVIDERS:
        if provider is not None and re.search(pattern, text):
            said = f"the {provider.type} provider speaks to {name}"
            return kind, Evidence("provider", said, provider.location)
    return _neighbour(sink, project)


def _neighbour(sink: Block, project: Project) -> tuple[str, Evidence | None]:
    """EKS, or roles for its pods, in the same module as the sink."""
    for type in ("aws_eks_cluster", "aws_eks_pod_identity_association"):
        for block in project.find(sink, "resource", type):
            said = f"{block.address} is declared beside it"
            return "eks", Evidence("neighbour", said, block.location)
    for call in project.find(sink, "module"):
        if _ROLES_FOR_PODS.search(call["source"].text or ""):
            said = f"{call.address} already gives pods of this cluster a role"
            return "eks", Evidence("neighbour", said, call.location)
    return "", None
