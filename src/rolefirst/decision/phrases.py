"""The words of a decision: who uses the key, what to use, why not less, what would change it."""

from __future__ import annotations

from rolefirst.findings import Confidence, Consumer

SURE = {
    Confidence.HIGH: "The key is",
    Confidence.MEDIUM: "The key is probably",
    Confidence.LOW: "The key may be",
}
WHO = {
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
INSTEAD = {
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
WHY_NOT = {
    "iam-role": {
        "human": "a person is no workload that could carry a role",
        "ci": "nothing in the code shows that its jobs run on AWS",
        "saas": "the vendor's machines are not in this account",
        "kubernetes": "the cluster is not EKS, so AWS does not hand its pods a role",
        "external-workload": "nothing in the code shows that AWS runs it",
        "ses-smtp": "SMTP sign-in takes a password derived from an IAM secret; role credentials "
        "do not work (they do with the SES API)",
    },
    "identity-center": {
        "": "no person signs in with this key",
    },
    "oidc-federation": {
        "saas": "no OIDC issuer of this consumer is known",
        "kubernetes": "the cluster's issuer would have to be published for AWS to trust it",
        "external-workload": "no OIDC issuer of this consumer is known",
        "ses-smtp": "SMTP does not accept temporary credentials",
    },
    "cross-account-role": {
        "kubernetes": "the cluster has no AWS account of its own that the code shows",
        "external-workload": "the consumer has no AWS account of its own that the code shows",
        "ses-smtp": "SMTP does not accept temporary credentials",
    },
    "roles-anywhere": {
        "ses-smtp": "SMTP does not accept temporary credentials",
        "saas": "the consumer cannot hold a client certificate",
    },
}
NOT_SHOWN = "nothing in the code shows that it would serve"
#: What would make another step the right one, by alternative.
UNLESS = {
    "iam-role": "it runs outside of AWS after all: then OIDC federation or IAM Roles Anywhere",
    "pod-identity-or-irsa": "the cluster only keeps the secret for somebody outside of it: then "
    "that reader decides",
    "identity-center": "a program signs in with it: then where that program runs decides",
    "oidc-federation": "its issuer cannot be reached by AWS: then IAM Roles Anywhere; jobs on EC2 "
    "runners take the instance's role",
    "cross-account-role": "the vendor offers OIDC (better) or no role at all (then an exception)",
    "roles-anywhere": "the machine runs on AWS (a role is simpler), has an OIDC token of its "
    "platform, or cannot keep a private key (then an exception)",
    "exception": "the client learns to sign requests with temporary credentials",
}
#: The same where the category says it better.
UNLESS_CATEGORY = {
    "ses-smtp": "the program can call the SES API instead of SMTP: then a role replaces the key",
    "test-fixture": "the code is deployed as it stands: then its consumer decides",
}
#: What to ask, by the kind of place the trail ends in, and of whom.
QUESTIONS = {
    "output": "Ask whoever runs terraform here: what reads {place}, and where does it run?",
    "store": "Ask the owner of {place}: which program reads it, and does it run on AWS?",
    "other": "Ask the owner of {place}: what signs in with the key, and where does it run?",
    "": "Ask the owner of the user: which program signs in with this key, and where does it run?",
}
HANDED_OVER = (
    "Was the key handed over by hand? aws iam get-access-key-last-used tells whether anybody still "
    "uses it."
)


def why_not(step: str, category: str) -> str:
    """Why a step of the order does not serve a category."""
    reasons = WHY_NOT.get(step, {})
    return reasons.get(category) or reasons.get("") or NOT_SHOWN


def unless(category: str, alternative: str) -> str:
    """What would make another step the right one; empty where nothing is decided."""
    return UNLESS_CATEGORY.get(category) or UNLESS.get(alternative, "")


def handed_on(name: str, otherwise: str) -> str:
    """What else would change a decision for CI, when a job gets the key under its own name."""
    short = name if len(name) <= 60 else f"{name[:59]}…"
    return (
        f"the workflow hands {short}, which is no name that AWS SDKs read, on to an application: "
        f"then where that runs decides; or {otherwise}"
    )


def question(consumer: Consumer | None) -> str:
    """What to ask, and whom, when the trail ends at ``consumer``."""
    if consumer is None:
        return QUESTIONS[""]
    kind = "output" if not consumer.type else "other"
    if consumer.category == "secret-store-only":
        kind = "store"
    return QUESTIONS[kind].format(place=consumer.address)
