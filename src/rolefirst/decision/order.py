"""The decision order: what should stand in place of a key, and why not something better.

IAM role → IAM Identity Center → temporary credentials from outside (OIDC federation, cross-account
role, IAM Roles Anywhere) → a key as a documented exception. The evidence is weighed in this order:
where the secret goes, what kind of platform takes it, what the user may do, and only then names,
tags and comments.
"""

from __future__ import annotations

from collections import defaultdict
from typing import cast

from rolefirst.decision import evidence as clues
from rolefirst.decision.consumers import Use, uses
from rolefirst.decision.evidence import Hint
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Key, Origin
from rolefirst.findings import Confidence, Decision, Evidence, PassedOver
from rolefirst.iam.policies import policies_of
from rolefirst.iam.users import user_of
from rolefirst.project import Block, Project

STEPS = (
    "iam-role",
    "identity-center",
    "oidc-federation",
    "cross-account-role",
    "roles-anywhere",
    "exception",
)
#: What a category gets when no catalogue row says it more exactly: alternative and template.
_DEFAULTS = {
    "aws-workload": ("iam-role", "service_role"),
    "vault-root": ("iam-role", "instance_profile"),
    "kubernetes": ("pod-identity-or-irsa", "eks_pod_identity"),
    "human": ("identity-center", "identity_center"),
    "ci": ("oidc-federation", "oidc_generic"),
    "saas": ("cross-account-role", "cross_account_role"),
    "external-workload": ("roles-anywhere", "roles_anywhere"),
    "ses-smtp": ("exception", "exception"),
    "test-fixture": ("iam-role", "service_role"),
    "secret-store-only": ("ask-owner", "ask_owner"),
    "unknown": ("ask-owner", "ask_owner"),
}
_SURE = {
    Confidence.HIGH: "The key is",
    Confidence.MEDIUM: "The key is probably",
    Confidence.LOW: "The key may be",
}
_WHO = {
    "aws-workload": "a workload on AWS",
    "vault-root": "Vault",
    "kubernetes": "pods of a Kubernetes cluster",
    "human": "a person",
    "ci": "a CI system",
    "saas": "a service outside of this account",
    "external-workload": "a workload outside of AWS",
    "ses-smtp": "a mail client that speaks SMTP to Amazon SES",
    "test-fixture": "a test or an example",
    "secret-store-only": "whoever reads the store it is kept in",
    "unknown": "somebody the code does not show",
}
_INSTEAD = {
    "iam-role": "an IAM role of the workload",
    "pod-identity-or-irsa": "EKS Pod Identity (or IRSA where its agent cannot run)",
    "identity-center": "IAM Identity Center",
    "oidc-federation": "a role that trusts the consumer's OIDC tokens",
    "cross-account-role": "a role for the vendor's account, with an external id",
    "roles-anywhere": "IAM Roles Anywhere with a certificate",
    "exception": "a key, as a documented exception",
    "delete-unused": "nothing: delete the key",
    "ask-owner": "ask the owner",
}
#: Why an earlier step does not serve a category.
_WHY_NOT = {
    "iam-role": {
        "human": "a person is no workload that could carry a role",
        "ci": "nothing in the code shows that its jobs run on AWS",
        "saas": "the vendor's machines are not in this account",
        "external-workload": "nothing in the code shows that AWS runs it",
        "ses-smtp": "SMTP sign-in takes a password derived from an IAM secret; role credentials "
        "do not work (they do with the SES API)",
    },
    "identity-center": {
        "": "no person signs in with this key",
    },
    "oidc-federation": {
        "saas": "no OIDC issuer of this consumer is known",
        "external-workload": "no OIDC issuer of this consumer is known",
        "ses-smtp": "SMTP does not accept temporary credentials",
    },
    "cross-account-role": {
        "external-workload": "the consumer has no AWS account of its own that the code shows",
        "ses-smtp": "SMTP does not accept temporary credentials",
    },
    "roles-anywhere": {
        "ses-smtp": "SMTP does not accept temporary credentials",
        "saas": "the consumer cannot hold a client certificate",
    },
}


def decide(key: Key, project: Project) -> Decision:
    """The decision for one key, worked out once per scan."""
    identity = ("decision", key.block.root, key.block.address)
    if identity not in project.memo:
        project.memo[identity] = _decide(key, project)
    return cast("Decision", project.memo[identity])


def _decide(key: Key, project: Project) -> Decision:
    block = key.block
    leaving = exits(block, project) if key.origin is not Origin.SCRIPT else ()
    found = uses(leaving, project)
    user = (
        user_of(block, project)
        if key.origin in (Origin.RESOURCE, Origin.SERVICE_CREDENTIAL)
        else None
    )
    policies = policies_of(user, project) if user is not None else ()
    hints = [
        *clues.of_class(leaving, policies),
        *clues.of_person(block, user, project),
        *clues.of_comments(block, user),
        *clues.of_policy(policies),
        *clues.of_tags(user),
        *clues.of_outputs(leaving),
        *clues.of_name(block, user),
    ]
    if key.origin is Origin.SCRIPT:
        return _ask(found, hints, "a command makes this key, where it goes cannot be followed")
    decided = [use for use in found if use.row and use.row.alternative != "ask-owner"]
    smtp = [hint for hint in hints if hint.category == "ses-smtp" and hint.weight >= 3]
    if any(hint.evidence.kind == "data-flow" for hint in smtp) or (smtp and not decided):
        confidence = _confidence({"ses-smtp"}, [use for use in decided if _elsewhere(use)], hints)
        return _conclude("ses-smtp", found, hints, confidence, None)
    if decided:
        return _by_sink(decided, found, hints, project)
    if not found and key.origin is Origin.RESOURCE and not project.is_library(block.root):
        return _unused(hints, block, bool(leaving))
    return _by_hints(found, hints, block)


def _by_sink(
    decided: list[Use], found: tuple[Use, ...], hints: list[Hint], project: Project
) -> Decision:
    """The catalogue knows where the secret ends."""
    first = decided[0]
    confidence = _confidence({first.consumer.category}, decided, hints)
    if first.consumer.category == "kubernetes":
        return _kubernetes(first, found, hints, project, confidence)
    return _conclude(first.consumer.category, found, hints, confidence, first)


def _confidence(chosen: set[str], uses: list[Use], hints: list[Hint]) -> Confidence:
    """High only when no consumer and nothing of weight speaks for another category."""
    said = {use.consumer.category for use in uses}
    said |= {hint.category for hint in hints if hint.weight >= 2}
    return Confidence.HIGH if said <= chosen else Confidence.MEDIUM


def _elsewhere(use: Use) -> bool:
    """False where a mail client may run, which takes its SMTP password there."""
    return use.consumer.category not in ("aws-workload", "kubernetes", "external-workload")


def _kubernetes(
    first: Use,
    found: tuple[Use, ...],
    hints: list[Hint],
    project: Project,
    agreed: Confidence,
) -> Decision:
    """The cluster behind the provider decides what a pod can have instead."""
    kind, proof = clues.cluster(first.block, project)
    if proof is not None:
        hints = [Hint("kubernetes", 3, proof), *hints]
    if kind == "other":
        return _conclude(
            "kubernetes", found, hints, Confidence.MEDIUM, None, "roles-anywhere", "roles_anywhere"
        )
    if kind == "gke":
        return _conclude(
            "kubernetes", found, hints, Confidence.MEDIUM, None, "oidc-federation", "oidc_generic"
        )
    confidence = min(agreed, Confidence.HIGH if kind == "eks" else Confidence.MEDIUM)
    return _conclude("kubernetes", found, hints, confidence, first)


def _unused(hints: list[Hint], block: Block, id_is_read: bool) -> Decision:
    """Nothing in the code reads the key, or nothing but its id."""
    category = _strongest(hints)[0] or "unknown"
    read = "its secret, only its id is read" if id_is_read else "its id or secret"
    proof = Evidence("data-flow", f"nothing in the code reads {read}", block.location)
    return Decision(
        category=category,
        alternative="delete-unused",
        confidence=Confidence.MEDIUM,
        summary="Nothing in the code uses this key: check when it was last used, then delete it.",
        template="delete_unused",
        evidence=(proof, *(hint.evidence for hint in hints)),
        question="Was the key handed over by hand? aws iam get-access-key-last-used tells whether "
        "anybody still uses it.",
    )


def _by_hints(found: tuple[Use, ...], hints: list[Hint], block: Block) -> Decision:
    """The flow ends in an output, a store or a place the catalogue does not know."""
    category, weight = _strongest(hints)
    if category and weight >= 2:
        confidence = Confidence.MEDIUM if weight >= 3 else Confidence.LOW
        return _conclude(category, found, hints, confidence, None)
    if clues.is_fixture(block):
        proof = Evidence("path", "the code is a test or an example", block.location)
        return _conclude(
            "test-fixture", found, [Hint("test-fixture", 2, proof), *hints], Confidence.LOW, None
        )
    return _ask(found, hints, _where(found))


def _where(found: tuple[Use, ...]) -> str:
    for use in found:
        if use.block.kind == "output":
            return f"the secret leaves in {use.consumer.address}; who reads it is not in the code"
        if use.consumer.category == "secret-store-only":
            return f"the secret is kept in {use.consumer.address}; who reads it is not in the code"
        return f"{use.consumer.address} takes the secret; what it does with it is not known"
    return "the callers of this module are not in the code"


def _ask(found: tuple[Use, ...], hints: list[Hint], why: str) -> Decision:
    category = next((use.consumer.category for use in found), "unknown")
    place = next((use.consumer.address for use in found), "")
    whom = f"the people who read {place}" if place else "the owner of the user"
    return Decision(
        category=category if category in _DEFAULTS else "unknown",
        alternative="ask-owner",
        confidence=Confidence.LOW,
        summary=f"The code does not show who uses this key: {why}.",
        template="ask_owner",
        consumers=tuple(use.consumer for use in found),
        evidence=_evidence(found, hints),
        question=f"Ask {whom}: which program signs in with this key, and where does it run?",
    )


def _strongest(hints: list[Hint]) -> tuple[str, int]:
    """The category with the most weight behind it; nothing when two are equal.

    A kind of evidence counts once: five outputs that say "deploy" are one word, said five times.
    """
    kinds: dict[tuple[str, str], int] = defaultdict(int)
    for hint in hints:
        kind = hint.category, hint.evidence.kind
        kinds[kind] = max(kinds[kind], hint.weight)
    weights: dict[str, int] = defaultdict(int)
    for (category, _), weight in kinds.items():
        weights[category] += weight
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return "", 0
    return ranked[0]


def _conclude(
    category: str,
    found: tuple[Use, ...],
    hints: list[Hint],
    confidence: Confidence,
    use: Use | None,
    alternative: str = "",
    template: str = "",
) -> Decision:
    default, default_template = _DEFAULTS[category]
    row = use.row if use else None
    alternative = alternative or (row.alternative if row else default)
    template = template or (row.template if row else default_template)
    summary = f"{_SURE[confidence]} used by {_WHO[category]}. Use {_INSTEAD[alternative]} instead"
    summary += f": {row.use}." if row else "."
    given = {item.step: item.reason for item in row.why_not} if row else {}
    return Decision(
        category=category,
        alternative=alternative,
        confidence=confidence,
        summary=summary,
        template=template,
        consumers=tuple(use.consumer for use in found),
        evidence=_evidence(found, hints),
        passed_over=_passed_over(alternative, category, given),
    )


def _evidence(found: tuple[Use, ...], hints: list[Hint]) -> tuple[Evidence, ...]:
    lines = [line for use in found for line in use.evidence]
    lines += [hint.evidence for hint in hints]
    return tuple(dict.fromkeys(lines))[:40]


def _passed_over(alternative: str, category: str, given: dict[str, str]) -> tuple[PassedOver, ...]:
    """A reason for every step that comes before the chosen one."""
    chosen = "iam-role" if alternative == "pod-identity-or-irsa" else alternative
    before = STEPS[: STEPS.index(chosen)] if chosen in STEPS else ()
    found = []
    for step in before:
        general = _WHY_NOT.get(step, {})
        reason = given.get(step) or general.get(category) or general.get("")
        found.append(PassedOver(step, reason or "nothing in the code shows that it would serve"))
    return tuple(found)
