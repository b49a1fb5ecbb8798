"""The roles of an estate: whom each trusts and what it may do.

A role is an ``aws_iam_role`` or the call of a published module that makes one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from rolefirst.iam.documents import document_of, stands_for
from rolefirst.iam.grants import ROLE, Grant, grants_of, policies_in, resources_in
from rolefirst.iam.statements import Document, Principal, Statement
from rolefirst.project import Block, Project, Value

PROVIDER = "aws_iam_openid_connect_provider"
GITHUB = "token.actions.githubusercontent.com"
#: What ``Role.trusts`` says of the OIDC issuer of a Kubernetes cluster, of SAML sign-in and of
#: another account that has to name an external id.
KUBERNETES = "the OIDC issuer of a Kubernetes cluster"
SAML = "a SAML provider"
VENDOR = "another account with an external id"
_EXTERNAL_ID = "sts:externalid"
_SERVICE_ACCOUNT = "system:serviceaccount:"
_CLUSTER = re.compile(r"oidc\.eks\.|(?<![a-z])eks(?![a-z])|\.oidc\[\d\]|cluster_oidc")


@dataclass(frozen=True, slots=True)
class Role:
    """One role. ``trusts`` names services, OIDC issuers (without ``https://``) and the kinds above;
    of principals of AWS it has the ARN or the address.

    ``why`` says why it may trust others, too. ``bounded`` is true when a permissions boundary
    may take rights away. ``subjects`` are the patterns that the ``sub`` of an OIDC token has to
    fit; empty when any does.
    """

    block: Block
    trusts: tuple[str, ...]
    grants: tuple[Grant, ...]
    why: str = ""
    bounded: bool = False
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Module:
    """A published module: its source, the inputs with policy ARNs, and whom its role trusts.

    Without ``trusts`` the inputs decide.
    """

    source: re.Pattern[str]
    inputs: tuple[str, ...]
    trusts: str = ""


#: Inputs that keep such a module from making its role.
_SWITCHES = ("create", "create_role")
_IAM = r"terraform-aws-(?:modules/)?iam(?:/aws|\.git)?//modules/"
_MODULES = (
    _Module(
        re.compile(_IAM + r"iam-role-for-service-accounts(?:-eks)?\b"),
        ("role_policy_arns", "policies"),
        KUBERNETES,
    ),
    _Module(re.compile(_IAM + r"iam-assumable-role-with-oidc\b"), ("role_policy_arns",)),
    _Module(re.compile(_IAM + r"iam-github-oidc-role\b"), ("policies",), GITHUB),
    _Module(
        re.compile(r"terraform-aws-(?:modules/)?eks-pod-identity\b"),
        ("additional_policy_arns",),
        "pods.eks.amazonaws.com",
    ),
    _Module(re.compile(r"/cloud-platform-terraform-irsa\b"), ("role_policy_arns",), KUBERNETES),
)


def roles_in(root: str, project: Project) -> tuple[Role, ...]:
    """Every role of one root module, in a stable order."""
    memo = ("roles", root, "")
    if memo not in project.memo:
        project.memo[memo] = (*_declared(root, project), *_by_modules(root, project))
    return cast("tuple[Role, ...]", project.memo[memo])


def _declared(root: str, project: Project) -> Iterator[Role]:
    for block in resources_in(root, project, ROLE):
        trust = document_of(block["assume_role_policy"])
        trusts, why = _trusted(trust, block, project)
        bounded = not block["permissions_boundary"].absent
        subjects = tuple(_subjects(trust))
        yield Role(block, trusts, grants_of(block, project), why, bounded, subjects)


def _by_modules(root: str, project: Project) -> Iterator[Role]:
    for call, row in _calls(project).get(root, ()):
        grants = [g for name in row.inputs for g in policies_in(call, name, project)]
        trusts = (row.trusts,) if row.trusts else tuple(_of_inputs(call))
        yield Role(call, trusts, tuple(grants), "" if trusts else "its inputs do not say it")


def _calls(project: Project) -> dict[str, list[tuple[Block, _Module]]]:
    """The calls of known modules by root module, worked out once per scan."""
    memo = ("role modules", "", "")
    if memo not in project.memo:
        found: dict[str, list[tuple[Block, _Module]]] = defaultdict(list)
        for call in project.modules():
            source = call["source"].text or ""
            row = next((row for row in _MODULES if row.source.search(source)), None)
            if row is not None and not any(_is_false(call[name]) for name in _SWITCHES):
                found[call.root].append((call, row))
        project.memo[memo] = found
    return cast("dict[str, list[tuple[Block, _Module]]]", project.memo[memo])


def _is_false(value: Value) -> bool:
    return value.known and str(value.data).casefold() == "false"


def _of_inputs(call: Block) -> Iterator[str]:
    """Whom the role of ``iam-assumable-role-with-oidc`` trusts."""
    for name in call.names():
        for _, member in call[name].walk():
            text = member.text or (member.data if isinstance(member.data, str) else "")
            if name.startswith("provider_url") and member.text:
                yield _issuer(text)
            elif _SERVICE_ACCOUNT in text:
                yield KUBERNETES


def _trusted(trust: Document, role: Block, project: Project) -> tuple[tuple[str, ...], str]:
    """Whom a trust policy names, and why that may not be all."""
    found: list[str] = []
    why = trust.why
    for statement in trust.statements:
        if not statement.allows:
            continue
        for principal in statement.principals:
            for identifier in principal.identifiers:
                said = _word(principal, identifier.text, statement, role, project)
                found += [said] if said else []
                why = why or (identifier.why if not said else "")
    return tuple(dict.fromkeys(found)), why


def _subjects(trust: Document) -> Iterator[str]:
    for statement in trust.statements:
        for condition in statement.conditions:
            if statement.allows and condition.variable.casefold().endswith(":sub"):
                yield from (value.text for value in condition.values)


def _word(
    principal: Principal, text: str, statement: Statement, role: Block, project: Project
) -> str:
    if principal.type == "Service":
        return text if text.endswith((".amazonaws.com", ".amazonaws.com.cn")) else ""
    if principal.type == "AWS":
        tests = (condition.variable.casefold() for condition in statement.conditions)
        return VENDOR if _EXTERNAL_ID in tests else text.removeprefix("${").removesuffix("}")
    if principal.type != "Federated":
        return ""
    if "saml" in text:
        return SAML
    values = [value.text for c in statement.conditions for value in c.values]
    variables = [c.variable for c in statement.conditions]
    if any(value.startswith(_SERVICE_ACCOUNT) for value in values):
        return KUBERNETES
    issuer = _issuer(text) or _url(text, role, project)
    if not issuer:
        issuer = next((v.rpartition(":")[0] for v in variables if "." in v and "$" not in v), "")
    return KUBERNETES if _CLUSTER.search(issuer or text) else issuer


def _issuer(text: str) -> str:
    """The issuer in the ARN of an OIDC provider or in its URL; empty when it is unknown."""
    name = text.rpartition("oidc-provider/")[2] if "oidc-provider/" in text else text
    name = name.removeprefix("https://").rstrip("/")
    return name if "." in name and "${" not in name and not name.startswith("arn:") else ""


def _url(text: str, role: Block, project: Project) -> str:
    """The URL of the provider that ``${aws_iam_openid_connect_provider.x.arn}`` names."""
    name = text.removeprefix("${").removesuffix("}").removesuffix(".arn")
    if PROVIDER not in name:
        return ""
    for block in (*project.resources(PROVIDER), *project.find(role, "data", PROVIDER)):
        if block.root == role.root and block.address.replace('"', "'") == name:
            url = block["url"]
            return _issuer(url.text) if url.text is not None else stands_for(url)
    return ""
