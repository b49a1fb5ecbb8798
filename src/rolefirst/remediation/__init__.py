"""What stands in place of an access key: rendered Terraform and the steps that avoid an outage.

The templates are ``templates/remediation/<Decision.template>.tf.j2``; those with a leading
underscore are parts of others, ``_steps`` holds the steps, one per line. Everything that comes
from a scanned repository is hostile, so a template cannot print a plain value: what it prints has
passed ``filters`` or ``expressions`` and is ``Safe``, and the environment refuses anything else.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from rolefirst.findings import Confidence, Decision, Remediation
from rolefirst.remediation import context, filters
from rolefirst.remediation.keyfacts import KeyFacts, Workload
from rolefirst.remediation.names import SUFFIXES, names_for, template_for
from rolefirst.remediation.policies import carry, left_out
from rolefirst.templates import directory

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["KeyFacts", "remediate"]

#: Templates that leave a question to somebody who knows more than the code says.
_FOR_REVIEW = ("ask_owner", "delete_unused", "existing_role", "store_only", "vault_role")


def remediate(decision: Decision, facts: KeyFacts) -> Remediation:
    """Render what ``decision`` asks for. Raises ValueError for a template that does not exist."""
    if decision.role:  # the consumer gets that role, whatever belongs to it today
        facts = replace(facts, workload=Workload(own_names=facts.workload.own_names))
    template = "existing_role" if decision.role else template_for(decision.template, facts)
    if template not in SUFFIXES:
        raise ValueError(f"there is no remediation template {template!r}")
    names = names_for(template, facts)
    out = left_out(template, facts.policies)
    carried = carry((p for p in facts.policies if p not in out), names.label, names.stem)
    values = context.of_code(template, facts, names, carried)
    values["existing_role"] = decision.role
    if template == "exception":
        values |= context.of_exception(decision, facts, names, carried)
    environment = templates()
    file = "_running_role" if facts.workload.role else template
    terraform = environment.get_template(f"remediation/{file}.tf.j2").render(values)
    values |= context.of_steps(decision, facts, names, carried, terraform)
    values |= context.of_networks(facts, out)
    if decision.role:
        values["template"] = decision.template  # how to switch depends on the consumer
    steps = environment.get_template("remediation/_steps.tf.j2").render(values)
    safe = (
        decision.confidence is Confidence.HIGH
        and template not in _FOR_REVIEW
        and not values["has_variables"]
        and context.is_safe(facts, names, carried)
    )
    return Remediation(
        template=template,
        terraform=terraform,
        steps=tuple(line for line in steps.splitlines() if line),
        applicability="safe" if safe else "review",
    )


@functools.cache
def templates() -> Environment:
    """The environment of all templates; made once, because it keeps them compiled."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(directory()),
        undefined=StrictUndefined,
        finalize=filters.only_safe,
        autoescape=False,  # Terraform is no HTML: the filters escape, and only_safe insists
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for each in filters.ALL:
        environment.filters[each.__name__] = each
    return environment
