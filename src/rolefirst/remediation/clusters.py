"""What the code has already for pods: the cluster, its identity provider, the service account."""

from __future__ import annotations

import re

from rolefirst.project import Block, Project
from rolefirst.remediation import expressions
from rolefirst.remediation.attachments import reference_to
from rolefirst.remediation.filters import Safe, hcl
from rolefirst.remediation.keyfacts import Cluster
from rolefirst.remediation.nested import repeated, value_at, written_at

_CLUSTER = "aws_eks_cluster"
_PROVIDER = "aws_iam_openid_connect_provider"
_AGENT = "eks-pod-identity-agent"
#: The public module, in a registry or in git; its outputs are these since release 18.
_MODULE = re.compile(r"(?:^|[/:])terraform-aws-(?:modules/eks/aws|eks)(?:\.git)?(?:\?[^/]*)?$")
#: Before it the name of the cluster was the output cluster_id, since then it is cluster_name.
_RENAMED = 19
_DECLARED = re.compile(r"(kubernetes_service_account(?:_v1)?)\.([\w-]+)\.")
#: Where a resource that runs pods names their service account.
_ACCOUNTS = (
    "spec.template.spec.service_account_name",
    "spec.job_template.spec.template.spec.service_account_name",
    "spec.service_account_name",
)

#: What has to be asked for where the code does not say it.
_ASKED = {
    "cluster_name": "Name of the EKS cluster the pods run in.",
    "provider_arn": "ARN of the IAM identity provider of the EKS cluster.",
    "namespace": "Kubernetes namespace of the pods.",
    "service_account": (
        "Kubernetes service account of the pods; give the workload one of its own, not default."
    ),
}


def cluster_of(consumer: Block, home: Block, project: Project) -> Cluster:
    """The cluster beside ``home``, and who the pods are that take the key."""
    call = _call(home, project)
    accounts = _accounts(consumer, project)
    return Cluster(
        name=_name(home, call, project),
        provider=_provider(home, call, project),
        agent=_has_agent(home, call, project),
        fargate=any(True for _ in project.find(home, "resource", "aws_eks_fargate_profile")),
        namespace=_namespace(consumer, home),
        service_account=_service_account(consumer, accounts, home),
        account=_declared(accounts, home, project),
    )


def pods(cluster: Cluster, label: str, *, irsa: bool) -> tuple[dict[str, object], dict[str, str]]:
    """What the templates print of the pods, and a variable for each of what the code hides."""
    written = {
        "namespace": cluster.namespace,
        "service_account": cluster.service_account,
        **({"provider_arn": cluster.provider} if irsa else {"cluster_name": cluster.name}),
    }
    asked = {name: _ASKED[name] for name, known in written.items() if known is None}
    named = {name: known or Safe(f"var.{label}_{name}") for name, known in written.items()}
    return {**named, "agent": cluster.agent}, asked


def _name(home: Block, call: Block | None, project: Project) -> Safe | None:
    """The name of the cluster, when the module has one cluster."""
    for kind in ("resource", "data"):
        declared = list(project.find(home, kind, _CLUSTER))
        if declared:
            return _safe(reference_to(declared[0], "name", home)) if len(declared) == 1 else None
    if call is None:
        return None
    return _safe(reference_to(call, "cluster_id" if _is_old(call) else "cluster_name", home))


def _call(home: Block, project: Project) -> Block | None:
    """The only call of the public module that makes a cluster."""
    calls = [b for b in project.find(home, "module") if _MODULE.search(b["source"].text or "")]
    return calls[0] if len(calls) == 1 else None


def _is_old(call: Block) -> bool:
    release = re.search(r"\d+", call["version"].text or "")
    return release is not None and int(release[0]) < _RENAMED


def _provider(home: Block, call: Block | None, project: Project) -> Safe | None:
    """The ARN of the cluster's identity provider."""
    for kind in ("resource", "data"):
        found = [b for b in project.find(home, kind, _PROVIDER) if _is_of_cluster(b)]
        if len(found) == 1:
            return _safe(reference_to(found[0], "arn", home))
    if call is None or call["enable_irsa"].data is False or (_is_old(call) and _no_irsa(call)):
        return None
    return _safe(reference_to(call, "oidc_provider_arn", home))


def _no_irsa(call: Block) -> bool:
    """Old releases made no identity provider unless asked to."""
    return call["enable_irsa"].data is not True


def _is_of_cluster(provider: Block) -> bool:
    """True when the URL is that of an EKS cluster."""
    targets = {reference.target.type for _, reference in provider["url"].deep_references()}
    return _CLUSTER in targets or re.search(r"\beks\b|eks_", provider.expression("url")) is not None


def _has_agent(home: Block, call: Block | None, project: Project) -> bool:
    """True when the code shows that Pod Identity works in the cluster."""
    addons = project.find(home, "resource", "aws_eks_addon")
    clusters = project.find(home, "resource", _CLUSTER)
    return (
        any(addon["addon_name"].text == _AGENT for addon in addons)
        or any(True for _ in project.find(home, "resource", "aws_eks_pod_identity_association"))
        # Auto Mode brings the agent along.
        or any(value_at(each, "compute_config.enabled").data is True for each in clusters)
        or (
            call is not None
            and any(_AGENT in _keys(call, name) for name in ("addons", "cluster_addons"))
        )
    )


def _keys(call: Block, name: str) -> tuple[str, ...]:
    data = call[name].data
    return tuple(data) if isinstance(data, dict) else ()


def _namespace(consumer: Block, home: Block) -> Safe | None:
    if consumer.type.startswith("helm_"):
        path = "namespace"
    elif consumer.type.startswith("kubernetes_"):
        path = "metadata.namespace"
        if consumer["metadata"].absent or consumer["metadata"].unknown:
            return None
    else:
        return None
    # Terraform's providers take the namespace "default" when none is given.
    return hcl("default") if value_at(consumer, path).absent else repeated(consumer, path, home)


def _accounts(consumer: Block, project: Project) -> list[tuple[Block, str | None]]:
    """The blocks that run the consumer's pods, each with where it names their service account."""
    if consumer.type.startswith("kubernetes_"):
        own = _account_path(consumer)
        runs = [consumer] if own else [b for b in project.readers(consumer) if b["spec"].data]
        return [(block, _account_path(block)) for block in runs]
    return []


def _service_account(
    consumer: Block, accounts: list[tuple[Block, str | None]], home: Block
) -> Safe | None:
    """The service account of the pods, when they all have the same."""
    if consumer.type.startswith("helm_"):
        return _of_release(consumer)
    found = {repeated(block, path, home) if path else None for block, path in accounts}
    return next(iter(found)) if len(found) == 1 else None


def _declared(
    accounts: list[tuple[Block, str | None]], home: Block, project: Project
) -> Block | None:
    """The block beside ``home`` that declares the service account which the pods refer to."""
    found = {
        (match[1], match[2])
        for block, path in accounts
        if (match := _DECLARED.match(written_at(block, path) if path else ""))
    }
    if len(found) != 1:
        return None
    (type, name), *_ = found
    return next((b for b in project.find(home, "resource", type) if b.name == name), None)


def _account_path(block: Block) -> str | None:
    """Where a block names the service account of its pods; None when it runs none, or default."""
    return next((path for path in _ACCOUNTS if not value_at(block, path).absent), None)


def _of_release(release: Block) -> Safe | None:
    """The service account that a Helm release sets, by the name that charts agree on."""
    settings = release["set"].members()
    named = (each for each in settings if each.get("name").text == "serviceAccount.name")
    name = next((each.get("value").text for each in named), None)
    return hcl(name) if name else None


def _safe(reference: str) -> Safe | None:
    return Safe(reference) if expressions.is_reference(reference) else None
