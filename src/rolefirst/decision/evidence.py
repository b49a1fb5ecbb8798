"""What the code says about a key beside the flow: names, comments, policies, neighbours.

Each function looks at one kind of evidence and says what it points to and where it stands.
Nothing here decides; ``order.py`` weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolefirst.decision.flow import Exit
from rolefirst.findings import Evidence
from rolefirst.iam.policies import Policy
from rolefirst.project import Block, Carries, Project

#: Words in names, paths, comments and descriptions, and the category they speak for.
_WORDS = (
    (
        "ci",
        re.compile(
            r"(?<![a-z])(?:ci|cd|cicd|deploy(?:er|ment|s)?|github|gitlab|jenkins|circle-?ci|travis|"
            r"bitbucket|buildkite|drone|concourse|pipelines?|terraform-cloud|actions)(?![a-z])"
        ),
    ),
    ("ses-smtp", re.compile(r"(?<![a-z])(?:smtp|ses|mailer|e-?mail)(?![a-z])")),
    ("kubernetes", re.compile(r"(?<![a-z])(?:k8s|kubernetes|velero|external-?dns)(?![a-z])")),
    (
        "external-workload",
        re.compile(
            r"(?<![a-z])(?:on-?prem(?:ises)?|heroku|azure|gcp|openstack|vmware|datacent(?:er|re)|"
            r"third-?party|vendor|partner)(?![a-z])"
        ),
    ),
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_FIXTURE = re.compile(r"(?:^|/)(?:tests?|testdata|fixtures?|examples?|samples?|scenarios?)(?:/|$)")
_HUMAN_SINKS = ("local_file", "local_sensitive_file")


@dataclass(frozen=True, slots=True)
class Hint:
    """A category that something speaks for; ``weight`` 3 is nearly proof, 1 a mere word."""

    category: str
    weight: int
    evidence: Evidence


def of_name(key: Block, user: Block | None) -> Iterator[Hint]:
    """Names and paths of the user and the key."""
    named = [(key.name, key, "the key's name"), *_module_names(key)]
    if user is not None:
        named.append((user["name"].text or user.name, user, "the user's name"))
        named.append((user["path"].text or "", user, "the user's path"))
    for text, block, what in named:
        for category in _speaks_for(text):
            evidence = Evidence("name", f'{what} is "{_short(text)}"', block.location)
            yield Hint(category, 1, evidence)
            break


def _module_names(key: Block) -> list[tuple[str, Block, str]]:
    return [(site.address, key, "the module call's name") for site in key.call_chain]


def of_comments(key: Block, user: Block | None) -> Iterator[Hint]:
    """Comments above the key and its user, and reasons given to other checkers."""
    for block in (key, user):
        if block is None:
            continue
        inside = re.findall(r"(?:checkov:skip|tfsec:ignore)[^\n]*", block.source())
        for text in (block.comment, *inside):
            for category in _speaks_for(text):
                evidence = Evidence("comment", f'a comment says "{_short(text)}"', block.location)
                yield Hint(category, 2, evidence)
                break


def of_tags(user: Block | None) -> Iterator[Hint]:
    """Tags of the user other than those that name an owner."""
    if user is None or not isinstance(user["tags"].data, dict):
        return
    for name, value in user["tags"].data.items():
        if name.casefold() in ("purpose", "usage", "description", "service", "application"):
            for category in _speaks_for(value.text or ""):
                text = f'the tag {name} is "{_short(value.text or "")}"'
                yield Hint(category, 1, Evidence("tag", text, user.at("tags")))


def of_outputs(exits: tuple[Exit, ...]) -> Iterator[Hint]:
    """Names and descriptions of the outputs that hand the key on."""
    for leaving in exits:
        if leaving.block.kind != "output":
            continue
        text = leaving.block["description"].text or ""
        for category in (*_speaks_for(text), *_speaks_for(leaving.block.name)):
            said = _short(text or leaving.block.name)
            evidence = Evidence("output", f'an output says "{said}"', leaving.block.location)
            yield Hint(category, 1, evidence)
            break


def of_person(key: Block, user: Block | None, project: Project) -> Iterator[Hint]:
    """Signs of a person: a console login, an MFA device, keybase encryption, an e-mail name."""
    pgp = key["pgp_key"]
    if not pgp.absent:
        who = "a keybase user" if (pgp.text or "").startswith("keybase:") else "one person's key"
        said = f"the secret is encrypted for {who} (pgp_key)"
        yield Hint("human", 1, Evidence("person", said, key.at("pgp_key")))
    if user is None:
        return
    for type in ("aws_iam_user_login_profile", "aws_iam_virtual_mfa_device"):
        for block in project.find(user, "resource", type):
            if any(ref.target is user for _, ref in block["user"].deep_references()):
                said = "the user signs in to the console" if "login" in type else "it has MFA"
                yield Hint("human", 3, Evidence("person", said, block.location))
    if _EMAIL.fullmatch(user["name"].text or ""):
        yield Hint("human", 3, Evidence("person", "the user's name is an address", user.location))
    tags = user["tags"].data
    for name, value in tags.items() if isinstance(tags, dict) else ():
        if name.casefold() in ("email", "e-mail", "full_name", "fullname", "keybase"):
            said = f"the tag {name} names a person"
            if value.text and not value.unknown:
                yield Hint("human", 2, Evidence("person", said, user.at("tags")))


def of_class(exits: tuple[Exit, ...], policies: tuple[Policy, ...]) -> Iterator[Hint]:
    """SES: the value class of what leaves, and policies that allow nothing but sending mail."""
    usable = [e for e in exits if e.carries.usable]
    passwords = [e for e in usable if e.carries is Carries.SES_PASSWORD]
    if passwords:
        at = passwords[0].reference.trail[-1].location if passwords[0].reference.trail else None
        said = "the SES SMTP password of the key is handed on"
        yield Hint(
            "ses-smtp", 3 if len(passwords) == len(usable) else 2, Evidence("data-flow", said, at)
        )
    actions = [action for policy in policies for action in policy.actions]
    sends = all(re.fullmatch(r"(?i)ses:send\w*\*?", action) for action in actions)
    if actions and sends and all(policy.complete for policy in policies):
        said = "the user may do nothing but send mail (" + ", ".join(sorted(set(actions))) + ")"
        yield Hint("ses-smtp", 3, Evidence("policy", said, policies[0].block.location))


def of_policy(policies: tuple[Policy, ...]) -> Iterator[Hint]:
    """Policies that only a deployment needs."""
    for policy in policies:
        pushes = [a for a in policy.actions if re.match(r"(?i)ecr:(Put|Upload|InitiateLayer)", a)]
        updates = [
            a
            for a in policy.actions
            if re.fullmatch(
                r"(?i)(lambda:Update\w+|ecs:Update\w+|cloudfront:CreateInvalidation)", a
            )
        ]
        if pushes or updates:
            said = f"its policy deploys: {(pushes + updates)[0]}"
            yield Hint("ci", 2, Evidence("policy", said, policy.block.location))


def cluster(sink: Block, project: Project) -> tuple[str, Evidence | None]:
    """Which kind of Kubernetes a sink's provider speaks to: eks, gke, other, or empty."""
    provider = sink.provider
    if provider is None:
        return "", None
    text = provider.source()
    for kind, pattern in (
        ("eks", r"aws_eks|module\.eks|\beks\b"),
        ("gke", r"google_container|google_client|\bgke\b"),
        ("other", r"config_path|azurerm_kubernetes|digitalocean_kubernetes|kubeconfig"),
    ):
        if re.search(pattern, text):
            names = {
                "eks": "an EKS cluster",
                "gke": "a GKE cluster",
                "other": "a cluster outside EKS",
            }
            said = f"the {provider.type} provider speaks to {names[kind]}"
            return kind, Evidence("provider", said, provider.location)
    return "", None


def is_fixture(key: Block) -> bool:
    """True in folders of tests and examples."""
    return _FIXTURE.search(key.location.path.rpartition("/")[0]) is not None


def _speaks_for(text: str) -> list[str]:
    lowered = re.sub(r"[_.\s/]+", "-", text.casefold())
    return [category for category, pattern in _WORDS if pattern.search(lowered)]


def _short(text: str) -> str:
    """A quotation for a report: one line, bounded."""
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"
