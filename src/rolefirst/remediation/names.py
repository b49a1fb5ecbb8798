"""The names of what is written: Terraform's labels, and names in AWS made from the user's."""

from __future__ import annotations

from dataclasses import dataclass

from rolefirst.remediation import expressions
from rolefirst.remediation.filters import Safe, hcl, iam_name, joined, label
from rolefirst.remediation.keyfacts import KeyFacts

#: The templates there are, each with the suffix of the names it makes.
SUFFIXES = {
    "instance_profile": "instance",
    "ecs_task_role": "task",
    "lambda_role": "lambda",
    "service_role": "service",
    "eks_pod_identity": "pod",
    "irsa": "pods",
    "iot_role_alias": "device",
    "oidc_github": "github",
    "oidc_gitlab": "gitlab",
    "oidc_generic": "oidc",
    "identity_center": "people",
    "cross_account_role": "external",
    "roles_anywhere": "anywhere",
    "exception": "exception",
    "delete_unused": "unused",
    "existing_role": "existing",
    "ask_owner": "unknown",
    "google_workload": "google",
    "azure_workload": "azure",
    "vault_role": "vault",
    "vault_issued": "issued",
    "store_only": "reader",
}
#: Labels that say nothing: by convention, the only block of its kind in its module.
EMPTY = ("this", "main", "default")


@dataclass(frozen=True, slots=True)
class Names:
    """``label`` starts every Terraform name and ``stem`` is its first part.

    ``prefix`` is the user's name as a part of a template when it is an expression, else empty, and
    ``text`` the same as plain text; ``key`` tells the keys of one user apart.
    """

    label: Safe
    stem: Safe
    prefix: Safe | None
    text: str
    key: str
    suffix: str

    def plain(self, suffix: str = "", limit: int = 64) -> str:
        """A name in AWS as far as the code tells it."""
        stem = joined("-", self.text, self.key)
        tail = self._tail(stem, suffix or self.suffix)
        return iam_name(stem, limit - len(tail)) + tail

    def quoted(self, suffix: str = "", limit: int = 64, before: str = "") -> Safe:
        """The same in quotes, with the user's name as the code writes it."""
        if self.prefix is None:
            return hcl(before + self.plain(suffix, limit))
        key = f"-{iam_name(self.key, limit)}" if self.key else ""
        return Safe(f'"{before}{self.prefix}{key}{self._tail(key, suffix or self.suffix)}"')

    def _tail(self, stem: str, suffix: str) -> str:
        """The suffix, unless the name ends with it; a new user never has the name of the old."""
        new_user = self.suffix == SUFFIXES["exception"]
        return f"-{suffix}" if new_user else joined("-", stem, suffix)[len(stem) :]


def template_for(template: str, facts: KeyFacts) -> str:
    """The template for that of a decision: what the code has already may ask for another."""
    if template == "ask_owner" and "vault_aws_secret_backend" in facts.stated:
        return "vault_issued"
    if template == "eks_pod_identity" and facts.workload.cluster.irsa:
        return "irsa"
    return template


def names_for(template: str, facts: KeyFacts) -> Names:
    """What the new blocks are called."""
    suffix = SUFFIXES[template]
    name = facts.user_name
    prefix = None
    if name.expression and not expressions.is_literal(name.expression):
        prefix = expressions.in_template(name.expression)
    text = name.value or facts.user_label or facts.key_name
    key = "" if facts.only_key or facts.key_name in EMPTY else facts.key_name
    base = facts.user_label if prefix is not None or not name.value else name.value
    folder = "" if facts.directory == "." else facts.directory.rpartition("/")[2]
    speaking = (each for each in (base, facts.key_name, folder) if each not in ("", *EMPTY))
    stem = label(joined("_", label(next(speaking, facts.key_name), 48), key), 48)
    whole = f"{stem}_{suffix}" if template == "exception" else joined("_", stem, suffix)
    return Names(label(whole), stem, prefix, text, key, suffix)
