"""The user's policies as templates print them: carried over, and nothing dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rolefirst.remediation import expressions
from rolefirst.remediation.filters import Safe, hcl, hcl_json, label
from rolefirst.remediation.keyfacts import PolicySource, Written


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as a template prints it; ``customer_name`` is set for a customer managed one.

    ``holder`` attaches it exclusively, so that nothing else may; ``roles`` and ``users`` are the
    lists that stand there.
    """

    label: str
    expression: Safe
    customer_name: Safe | None = None
    customer_path: Safe | None = None
    holder: str = ""
    roles: Safe | None = None
    users: Safe | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """The user's policies, and a variable (name → description) for what the code hides.

    ``fixed`` are the labels of those that are the values of one module call, not expressions.
    """

    managed: tuple[Policy, ...]
    documents: tuple[Policy, ...]
    shared: tuple[Policy, ...]
    variables: dict[str, str]
    fixed: tuple[str, ...]


_ARN = re.compile(
    r"arn:aws[a-z-]*:iam::(?P<owner>aws|\d{12}):policy(?P<path>/(?:[\w+=,.@-]+/)*)"
    r"(?P<name>[\w+=,.@-]+)",
    re.ASCII,
)
_CUSTOMER = re.compile(r'(aws_iam_policy\.[\w-]+(?:\[(?:\d+|"[^"]*")\])?)\.(?:arn|id)', re.ASCII)
#: Templates for vendors and people, whose network is not that of the key.
_ELSEWHERE = ("cross_account_role", "identity_center")
#: Labels that the templates use themselves.
_TAKEN = ("basic_execution", "instance", "merged", "source", "store")


def left_out(template: str, policies: Iterable[PolicySource]) -> list[PolicySource]:
    """The policies that only keep other networks out, where the role is used from another one."""
    elsewhere = template.startswith("oidc_") or template in _ELSEWHERE
    return [policy for policy in policies if elsewhere and policy.network == "only"]


def carry(policies: Iterable[PolicySource], prefix: str, stem: str) -> Carried:
    """Turn the user's policies into what templates print; names start with ``prefix``."""
    managed: list[Policy] = []
    documents: list[Policy] = []
    shared: list[Policy] = []
    variables: dict[str, str] = {}
    fixed: list[str] = []
    taken = set(_TAKEN)
    for policy in policies:
        name = _free(_short(label(policy.label, 40), stem), taken)
        made = _managed(policy, name) if policy.managed else _document(policy, name)
        if made is not None and is_fixed(policy.source, one_line=policy.managed):
            fixed.append(f"the policy {name}")
        if made is None:
            variable = f"{prefix}_{name}_{'arn' if policy.managed else 'json'}"
            what = "ARN of a managed policy" if policy.managed else "JSON of a policy"
            which = "" if name == "policy" else f" ({name})"
            variables[variable] = f"{what} that the user has today{which}."
            made = Policy(name, Safe(f"var.{label(variable, 200)}"))
        elif policy.holder:
            shared.append(_held(made, policy))
            continue
        (managed if policy.managed else documents).append(made)
    if not (managed or documents or shared):
        variable = f"{prefix}_policy_json"
        variables[variable] = "JSON policy with what the key is used for, and nothing else."
        documents.append(Policy("policy", Safe(f"var.{label(variable, 200)}")))
    return Carried(tuple(managed), tuple(documents), tuple(shared), variables, tuple(fixed))


def is_fixed(source: Written, *, one_line: bool = True) -> bool:
    """True when only the value can be printed although the code says more than that value."""
    text = source.expression
    means_more = bool(text) and not expressions.is_literal(text)
    return means_more and bool(source.value) and not expressions.layout(text, one_line=one_line)


def argument(source: Written) -> Safe | None:
    """An argument on one line: a literal as its value, else as written, else by reference."""
    if source.value and (not source.expression or expressions.is_literal(source.expression)):
        return hcl(source.value)
    return (
        expressions.layout(source.expression, one_line=True)
        or (hcl(source.value) if source.value else None)
        or _named(source)
    )


def _named(source: Written) -> Safe | None:
    return Safe(source.reference) if expressions.is_reference(source.reference) else None


def _managed(policy: PolicySource, name: str) -> Policy | None:
    """A managed policy; None when the code does not name it in a way that can be repeated."""
    source = policy.source
    arn = _ARN.fullmatch(source.value)
    if source.value and arn is None:
        source = Written("", source.expression, source.reference)
    printed = argument(source)
    if printed is None:
        return None
    block = _CUSTOMER.fullmatch(printed)
    if block is not None:
        return Policy(name, printed, Safe(f"{block[1]}.name"), Safe(f"{block[1]}.path"))
    if arn is not None and arn["owner"] != "aws":
        return Policy(name, printed, hcl(arn["name"]), hcl(arn["path"]))
    return Policy(name, printed)


def _document(policy: PolicySource, name: str) -> Policy | None:
    """A policy document; None when it cannot be repeated."""
    source = policy.source
    json = hcl_json(source.value) if source.value else None
    if json is not None and (not source.expression or expressions.is_literal(source.expression)):
        return Policy(name, json)
    printed = expressions.layout(source.expression) or json or _named(source)
    return None if printed is None else Policy(name, printed)


def _held(policy: Policy, source: PolicySource) -> Policy:
    return Policy(
        policy.label,
        policy.expression,
        policy.customer_name,
        policy.customer_path,
        source.holder,
        _list(source.roles),
        _list(source.users),
    )


def _list(listed: Written) -> Safe | None:
    """A list that stands in the code; None when there is none or it cannot be repeated."""
    written = expressions.layout(listed.expression, one_line=True)
    return None if written == "[]" else written


def _short(name: str, stem: str) -> str:
    """The label without the words that all names start with."""
    return name.removeprefix(f"{stem}_") if name != stem else "policy"


def _free(base: str, taken: set[str]) -> str:
    """A name that no other policy has."""
    name, copy = label(base, 40), 2
    while name in taken:
        name, copy = Safe(f"{base}_{copy}"), copy + 1
    taken.add(name)
    return name
