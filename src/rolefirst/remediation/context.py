"""What templates are given: the code's values, and what the steps say about them."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from rolefirst.project import Carries
from rolefirst.remediation import expressions
from rolefirst.remediation.ci_platforms import stays_for_now
from rolefirst.remediation.clusters import pods
from rolefirst.remediation.filters import Safe, hcl, hcl_map, is_provider
from rolefirst.remediation.identities import identity_trust
from rolefirst.remediation.keyfacts import Written
from rolefirst.remediation.policies import Carried, argument, is_fixed
from rolefirst.remediation.stated import USER_PATH
from rolefirst.remediation.tokens import trust_of
from rolefirst.remediation.vendors import of_vendor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rolefirst.findings import Decision
    from rolefirst.remediation.keyfacts import KeyFacts, PolicySource
    from rolefirst.remediation.names import Names

#: The tags that an exception sets by itself. IAM compares their names without case.
_EXCEPTION_TAGS = (
    "exceptionid",
    "owner",
    "purpose",
    "permissions",
    "source",
    "rotation",
    "audit",
    "deactivation",
)
#: What goes away with the user, so that nothing may read it any more.
_OF_THE_USER = re.compile(
    r"\baws_iam_user(?:_policy(?:_attachment)?)?\.[\w-]+(?:\[[^\]\n]*\])?(?:\.\w+)?", re.ASCII
)


def of_code(template: str, facts: KeyFacts, names: Names, carried: Carried) -> dict[str, object]:
    """The values that the Terraform is written with."""
    sink, cluster = facts.sink, facts.workload.cluster
    alias = facts.workload.role_alias if facts.workload.role else facts.provider_alias
    named, asked = pods(cluster, names.label, irsa=template == "irsa")
    boundary = argument(facts.boundary.source) if facts.boundary else None
    vendor = of_vendor(facts, names)
    path = facts.stated.get(USER_PATH, Written())
    return {
        "template": template,
        "module": facts.module,
        "label": names.label,
        "name": names.quoted(limit=32 if template == "identity_center" else 64),
        "key_address": facts.key_address,
        "key_here": facts.key_address.removeprefix(facts.module),
        "user": facts.user_address.removeprefix(facts.module) or facts.user_name.value,
        "provider_alias": alias if is_provider(alias) else "",
        "tags": _tags(facts),
        "managed": carried.managed,
        "documents": carried.documents,
        "shared": carried.shared,
        "boundary": boundary,
        "exclusive": facts.exclusive,
        "policy_variables": carried.variables,
        "services": list(sink.trust) if sink else [],
        "source_arn": _source_arn(sink.source_arn, names.label) if sink else None,
        "has_role": facts.has_role,
        "running_role": facts.workload.role,
        "role_name": facts.workload.role or Safe(f"aws_iam_role.{names.label}.name"),
        "role_sharers": ", ".join(facts.workload.sharers),
        "pods": named,
        "pod_variables": asked,
        "oidc": sink.oidc if sink else None,
        "trust": trust_of(template, facts, names)
        if template.startswith("oidc_")
        else identity_trust(template, facts, names),
        "vendor": vendor,
        "user_path": path.value or path.expression,
        "path": None if vendor["arn"] else argument(path),
    }


def of_exception(
    decision: Decision, facts: KeyFacts, names: Names, carried: Carried
) -> dict[str, object]:
    """What only the exception needs. 84 and 70 days: never within two weeks in one year."""
    name = names.plain()
    slots = [
        {
            "name": slot,
            "days": days,
            "id": f"{name}-{slot}",
            "key": f"{facts.module}aws_iam_access_key.{names.label}_{slot}",
            "how": f"{facts.module}time_rotating.{names.label}_{slot} and a daily apply",
        }
        for slot, days in (("a", 84), ("b", 70))
    ]
    reasons: dict[str, list[str]] = {"iam_role": [], "identity_center": []}
    for passed in decision.passed_over:
        step = passed.step.replace("-", "_")
        step = step if step in reasons else "temporary_credentials"
        reasons.setdefault(step, []).append(passed.reason)
    reasons.setdefault("temporary_credentials", [])
    smtp = decision.category == "ses-smtp" or any(
        consumer.carries == Carries.SES_PASSWORD.value for consumer in decision.consumers
    )
    policies = (*carried.managed, *carried.documents, *carried.shared)
    return {
        "own_tags": _own_tags(facts),
        "exception_name": name if names.prefix is None else names.label,
        "permissions": " ".join(policy.label for policy in policies)[:256],
        "slots": slots,
        "considered": {
            step: " ".join(dict.fromkeys(given)) or "why it cannot serve"
            for step, given in reasons.items()
        },
        "smtp": smtp,
        "source_policy_name": names.quoted("exception-source", 128),
        "secret_name": names.quoted(before="access-key-exceptions/"),
    }


def of_steps(
    decision: Decision, facts: KeyFacts, names: Names, carried: Carried, terraform: str
) -> dict[str, object]:
    """What the steps say beyond the code."""
    consumer, sink = facts.consumer, facts.sink
    address = consumer.address if consumer else ""
    memberships = [group.membership for group in facts.groups]
    holders = [policy.holder for policy in carried.shared]
    return {
        "has_variables": "\nvariable " in terraform,
        "is_code": "\nresource " in terraform,
        "file": f"{'' if facts.directory == '.' else f'{facts.directory}/'}{names.label}.tf",
        "calls": ", ".join(facts.calls),
        "several_calls": len(facts.calls) > 1,
        "fixed": ", ".join(fixed(facts, names, carried)),
        "repeated": facts.repeated,
        "origin": facts.origin,
        "switch": facts.switch,
        "consumer": address,
        "attribute": consumer.attribute if consumer else "",
        "outside": bool(facts.module) and not address.startswith(facts.module),
        "use": sink.use if sink else "",
        "stays": decision.template.startswith("oidc_") and stays_for_now(facts),
        "keys_win": "tfe_variable" in (sink.types if sink else ()),
        "has_role": facts.has_role and facts.workload.role is None,
        "role_address": facts.workload.role_address,
        "switched": facts.switched,
        "own_names": ", ".join(facts.workload.own_names),
        "same_consumer": ", ".join(facts.same_consumer),
        "category": decision.category,
        "readers": ", ".join(facts.readers),
        "others": ", ".join(_others(decision, address)),
        "question": decision.question,
        "cli_user": cli_user(facts.user_name.value),
        "service_specific": "aws_iam_service_specific_credential." in facts.key_address,
        "new_user": decision.template == "exception",
        "user_block": facts.user_address,
        "moved": ", ".join(_moved(terraform)),
        "unread": ", ".join(_unread(facts)),
        "groups": facts.groups,
        "memberships": ", ".join(dict.fromkeys((*memberships, *holders))),
        "own_mentions": _own_mentions(facts),
        "mentions": ", ".join(
            f"{m.address} (which names it by {m.what})" for m in facts.mentions if not m.own
        ),
    }


def of_networks(facts: KeyFacts, out: Sequence[PolicySource]) -> dict[str, object]:
    """What the steps say about policies that keep other networks out."""
    held = [policy for policy in facts.policies if policy.network and policy not in out]
    return {
        "left_out": ", ".join(dict.fromkeys(policy.address for policy in out)),
        "networks": ", ".join(dict.fromkeys(policy.address for policy in held)),
    }


def is_safe(facts: KeyFacts, names: Names, carried: Carried) -> bool:
    """True when nothing had to be assumed and nothing besides the new code has to be written."""
    by_hand = (
        _role_to_clear(facts)
        or facts.workload.own_names
        or facts.same_consumer
        or facts.mentions
        or facts.exclusive
        or _unread(facts)
        or facts.repeated
        or carried.shared
        or any(not group.complete or group.empty for group in facts.groups)
        or any(policy.network for policy in facts.policies)
    )
    several = len(facts.calls) > 1 or fixed(facts, names, carried)
    alias = facts.provider_alias
    return not (by_hand or several or (alias and not is_provider(alias)))


def _role_to_clear(facts: KeyFacts) -> bool:
    """True when somebody has to see what the consumer's own role is or may do."""
    running = facts.workload
    if running.role is None:
        return facts.has_role
    return bool(running.sharers or facts.boundary)


def fixed(facts: KeyFacts, names: Names, carried: Carried) -> list[str]:
    """What is the value of one instance of the code, because its expression cannot be repeated."""
    found = list(carried.fixed)
    if names.prefix is None and is_fixed(facts.user_name):
        found.insert(0, "the name")
    if facts.boundary and is_fixed(facts.boundary.source):
        found.append("the permissions boundary")
    if facts.tags and facts.tags_expression and not expressions.layout(facts.tags_expression):
        found.append("the tags")
    return found


def _source_arn(pattern: str, label: Safe) -> Safe | None:
    """An ARN in quotes, with this account where the pattern says so."""
    account = f"${{data.aws_caller_identity.{label}.account_id}}"
    parts = (hcl(part)[1:-1] for part in pattern.split("<account>"))
    return Safe(f'"{account.join(parts)}"') if pattern else None


def _tags(facts: KeyFacts) -> Safe | None:
    written = expressions.layout(facts.tags_expression)
    return written or (hcl_map(facts.tags) if facts.tags else None)


def _own_tags(facts: KeyFacts) -> Safe | None:
    """The user's tags without those that the exception sets, as an argument of ``merge``."""
    written = expressions.layout(facts.tags_expression, depth=2)
    if written is not None:
        names = ", ".join(f'"{name}"' for name in _EXCEPTION_TAGS)
        condition = f"!contains([{names}], lower(name))"
        return Safe(f"{{ for name, value in {written} : name => value if {condition} }}")
    kept = {k: v for k, v in facts.tags.items() if k.casefold() not in _EXCEPTION_TAGS}
    return hcl_map(kept, 4) if kept else None


def _unread(facts: KeyFacts) -> tuple[str, ...]:
    """What gives or takes rights and is not in the new code."""
    if facts.boundary is None or argument(facts.boundary.source):
        return facts.unread
    return (*facts.unread, f"the permissions boundary of {facts.user_address}")


def _own_mentions(facts: KeyFacts) -> dict[str, str]:
    """By policy, what in it means the user."""
    found: dict[str, list[str]] = {}
    for mention in facts.mentions:
        if mention.own:
            what = mention.what if mention.what.startswith("aws:") else f"its {mention.what}"
            found.setdefault(mention.address, []).append(what)
    return {address: ", ".join(means) for address, means in found.items()}


def _others(decision: Decision, first: str) -> list[str]:
    """The addresses of the other consumers, each once."""
    return [a for a in dict.fromkeys(c.address for c in decision.consumers) if a != first]


def cli_user(name: str) -> str:
    """The user for a command line; a placeholder when the name is not known for sure."""
    ok = re.fullmatch(r"[\w+=,.@][\w+=,.@-]{0,63}", name, re.ASCII)
    return shlex.quote(name) if ok else "<USER_NAME>"


def _moved(terraform: str) -> list[str]:
    """Expressions in the rendered code that read a block which goes away with the user."""
    written = {
        f"{kind}.{name}"
        for kind, name in re.findall(r'^resource "(\w+)" "(\w+)"', terraform, re.MULTILINE)
    }
    code = "\n".join(line for line in terraform.splitlines() if not line.startswith("#"))
    found = dict.fromkeys(match[0] for match in _OF_THE_USER.finditer(code))
    return [name for name in found if not any(f"{name}.".startswith(f"{w}.") for w in written)]
