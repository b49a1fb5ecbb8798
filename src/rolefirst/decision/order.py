"""The decision order: what should stand in place of a key, and why not something better.

IAM role → IAM Identity Center → temporary credentials from outside (OIDC federation, cross-account
role, IAM Roles Anywhere) → a key as a documented exception. The evidence is weighed in this order:
where the secret goes, what kind of platform takes it, what the user may do, and only then names,
tags and comments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from rolefirst.decision import evidence, phrases
from rolefirst.decision.clues import Better, Hint, strongest
from rolefirst.decision.clusters import cluster
from rolefirst.decision.consumers import Use, uses
from rolefirst.decision.documents import platform_in_tree
from rolefirst.decision.flow import exits
from rolefirst.decision.keys import Key, Origin
from rolefirst.decision.names import name_for_application
from rolefirst.decision.partitions import apart
from rolefirst.decision.twins import Twin, settle, twins_of
from rolefirst.findings import Confidence, Decision, Evidence, PassedOver
from rolefirst.iam.users import user_of
from rolefirst.project import Project

STEPS = (
    "iam-role",
    "identity-center",
    "oidc-federation",
    "cross-account-role",
    "roles-anywhere",
    "exception",
)
#: What a category gets when nothing says it more exactly: alternative and template.
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
#: Clusters that are not EKS: what their pods can have.
_OTHER_CLUSTERS = {
    "gke": Better("oidc-federation", "oidc_generic", ""),
    "other": Better("roles-anywhere", "roles_anywhere", ""),
}
#: What a workload of another partition can have: its certificate is good everywhere.
_ACROSS_PARTITIONS = Better("roles-anywhere", "roles_anywhere", "")
#: A secret of a cluster is also where a key is left for somebody outside of it; of 26 that were
#: looked at one by one, 11 were for pods of the cluster.
_MAILBOXES = ("kubernetes_secret", "kubernetes_secret_v1")
#: Lines of evidence that a decision carries.
MAX_EVIDENCE = 40


@dataclass(frozen=True, slots=True)
class _Case:
    """A key with all that is known of who uses it."""

    key: Key
    uses: tuple[Use, ...]
    hints: tuple[Hint, ...]

    @property
    def decided(self) -> list[Use]:
        """The uses that the catalogue has a keyless way for."""
        return [use for use in self.uses if use.row and use.row.alternative != "ask-owner"]


def decide(key: Key, project: Project) -> Decision:
    """The decision for one key, worked out once per scan."""
    identity = ("decision", key.block.root, key.block.address)
    if identity not in project.memo:
        first = _decide(key, project)
        project.memo[identity] = settle(first, _twins(key, first, project))
    return cast("Decision", project.memo[identity])


def twin(key: Key, project: Project) -> Twin | None:
    """The role that makes the key needless, when there is one."""
    decide(key, project)
    found = _twins(key, None, project)
    return next((role for role in found if not role.near), None)


def _twins(key: Key, decision: Decision | None, project: Project) -> tuple[Twin, ...]:
    identity = ("twins", key.block.root, key.block.address)
    if decision is not None:
        project.memo[identity] = twins_of(key, decision, project)
    return cast("tuple[Twin, ...]", project.memo[identity])


def _decide(key: Key, project: Project) -> Decision:
    block = key.block
    if key.origin is Origin.SCRIPT:
        case = _Case(key, (), tuple(evidence.of_comments(block, None, project)))
        return _ask(case, "a command makes this key, where it goes cannot be followed")
    leaving = exits(block, project)
    user = None if key.origin is Origin.MODULE else user_of(block, project)
    hints = tuple(evidence.of_key(block, user, leaving, project))
    case = _Case(key, uses(leaving, project), hints)
    smtp = [hint for hint in hints if hint.category == "ses-smtp" and hint.weight >= 3]
    handed_on = any(hint.evidence.kind == "data-flow" for hint in smtp)
    if handed_on or (smtp and case.uses and not case.decided):
        elsewhere = [use for use in case.decided if _elsewhere(use)]
        return _conclude(case, "ses-smtp", _confidence({"ses-smtp"}, elsewhere, hints))
    if case.decided:
        return _by_sink(case, project)
    if not case.uses and key.origin is Origin.RESOURCE:
        return _unused(case, bool(leaving))
    return _by_hints(case, project)


def _by_sink(case: _Case, project: Project) -> Decision:
    """The catalogue knows where the secret ends."""
    first = case.decided[0]
    category = first.consumer.category
    if first.block.type in _MAILBOXES:
        said = strongest(case.hints)
        if said is not None and said.weight >= 3 and said.category != category:
            return _conclude(case, said.category, Confidence.LOW, said.better)
    confidence = _confidence({category}, case.decided, case.hints)
    if divided := apart(case.key.block, first.block):
        proof, why_not = divided
        case = replace(case, hints=(Hint(category, 3, proof), *case.hints))
        return _conclude(case, category, confidence, _ACROSS_PARTITIONS, why_not=why_not)
    if category == "kubernetes":
        return _kubernetes(case, first, project, confidence)
    if category == "ci" and (name := name_for_application(case.decided)):
        made = _conclude(case, category, Confidence.MEDIUM, use=first)
        return replace(made, unless=phrases.handed_on(name, made.unless))
    return _conclude(case, category, confidence, use=first)


def _confidence(chosen: set[str], found: Sequence[Use], hints: Sequence[Hint]) -> Confidence:
    """High only when no consumer and nothing of weight speaks for another category."""
    said = {use.consumer.category for use in found}
    said |= {hint.category for hint in hints if hint.weight >= 2}
    return Confidence.HIGH if said <= chosen else Confidence.MEDIUM


def _elsewhere(use: Use) -> bool:
    """False where a mail client may run, which takes its SMTP password there."""
    return use.consumer.category not in ("aws-workload", "kubernetes", "external-workload")


def _kubernetes(case: _Case, first: Use, project: Project, agreed: Confidence) -> Decision:
    """The cluster behind the provider decides what a pod can have instead."""
    kind, proof = cluster(first.block, project)
    if proof is not None:
        case = replace(case, hints=(Hint("kubernetes", 3, proof), *case.hints))
    if kind in _OTHER_CLUSTERS:
        return _conclude(case, "kubernetes", Confidence.MEDIUM, _OTHER_CLUSTERS[kind])
    confidence = min(agreed, Confidence.HIGH if kind == "eks" else Confidence.MEDIUM)
    return _conclude(case, "kubernetes", confidence, use=first)


def _unused(case: _Case, id_is_read: bool) -> Decision:
    """Nothing in the code reads the key, or nothing but its id."""
    said = strongest(case.hints)
    read = "its secret, only its id is read" if id_is_read else "its id or secret"
    proof = Evidence("data-flow", f"nothing in the code reads {read}", case.key.block.location)
    summary = "Nothing in the code uses this key: check when it was last used, then delete it."
    if said is not None and said.weight >= 2:
        alternative = said.better.alternative if said.better else _DEFAULTS[said.category][0]
        summary += (
            f" If it was handed over by hand, probably to {phrases.WHO[said.category]}, and is in "
            f"use, the way is {phrases.INSTEAD[alternative]}."
        )
    return Decision(
        category=said.category if said else "unknown",
        alternative="delete-unused",
        confidence=Confidence.MEDIUM,
        summary=summary,
        template="delete_unused",
        evidence=(proof, *_evidence(case)),
        question=phrases.HANDED_OVER,
    )


def _by_hints(case: _Case, project: Project) -> Decision:
    """The flow ends in an output, a store or a place the catalogue does not know."""
    said = strongest(case.hints)
    if said is not None and said.weight >= 2:
        confidence = Confidence.MEDIUM if said.weight >= 3 else Confidence.LOW
        platform = platform_in_tree(case.hints, project) if said.category == "ci" else None
        if platform is not None and said.better is None:
            case = replace(case, hints=(*case.hints, platform))
            said = platform
        return _conclude(case, said.category, confidence, said.better)
    block = case.key.block
    if evidence.is_fixture(block):
        proof = Evidence("path", "the code is a test or an example", block.location)
        case = replace(case, hints=(Hint("test-fixture", 2, proof), *case.hints))
        return _conclude(case, "test-fixture", Confidence.LOW)
    return _ask(case, _where(case.uses))


def _where(found: Sequence[Use]) -> str:
    reader = "no Terraform code says who reads it"
    for use in found:
        if use.block.kind == "output":
            return f"the secret leaves in {use.consumer.address}; {reader}"
        if use.consumer.category == "secret-store-only":
            return f"the secret is kept in {use.consumer.address}; {reader}"
        return f"{use.consumer.address} takes the secret; what it does with it is not known"
    return "the callers of this module are not in the code"


def _ask(case: _Case, why: str) -> Decision:
    first = case.uses[0] if case.uses else None
    category = first.consumer.category if first else "unknown"
    # What reads a store on AWS has a role there; of another store nothing is known.
    read_on_aws = category == "secret-store-only" and first and first.block.type.startswith("aws_")
    return Decision(
        category=category if category in _DEFAULTS else "unknown",
        alternative="ask-owner",
        confidence=Confidence.LOW,
        summary=f"The code does not show who uses this key: {why}.",
        template="store_only" if read_on_aws else "ask_owner",
        consumers=tuple(use.consumer for use in case.uses),
        evidence=_evidence(case),
        question=phrases.question(first.consumer if first else None),
    )


def _conclude(
    case: _Case,
    category: str,
    confidence: Confidence,
    better: Better | None = None,
    use: Use | None = None,
    why_not: Sequence[PassedOver] = (),
) -> Decision:
    """The decision for a category; what a use or a hint says more exactly goes first."""
    row = use.row if use else None
    alternative, template = _DEFAULTS[category]
    how = ""
    if row is not None:
        alternative, template, how = row.alternative, row.template, row.use
    elif better is not None:
        alternative, template, how = better.alternative, better.template, better.use
    instead = f"Use {phrases.INSTEAD[alternative]} instead"
    summary = f"{phrases.SURE[confidence]} used by {phrases.WHO[category]}. {instead}"
    return Decision(
        category=category,
        alternative=alternative,
        confidence=confidence,
        summary=f"{summary}: {how}." if how else f"{summary}.",
        template=template,
        consumers=tuple(use.consumer for use in case.uses),
        evidence=_evidence(case),
        passed_over=_passed_over(alternative, category, row.why_not if row else why_not),
        unless=phrases.unless(category, alternative),
    )


def _evidence(case: _Case) -> tuple[Evidence, ...]:
    lines = [line for use in case.uses for line in use.evidence]
    lines += [hint.evidence for hint in case.hints]
    return tuple(dict.fromkeys(lines))[:MAX_EVIDENCE]


def _passed_over(
    alternative: str, category: str, given: Sequence[PassedOver]
) -> tuple[PassedOver, ...]:
    """A reason for every step that comes before the chosen one."""
    chosen = "iam-role" if alternative == "pod-identity-or-irsa" else alternative
    before = STEPS[: STEPS.index(chosen)] if chosen in STEPS else ()
    reasons = {item.step: item.reason for item in given}
    return tuple(
        PassedOver(step, reasons.get(step) or phrases.why_not(step, category)) for step in before
    )
