"""What stands in place of an access key: rendered Terraform and the steps that avoid an outage.

The templates are ``templates/remediation/<Decision.template>.tf.j2``; those with a leading
underscore are parts of others, ``_steps`` holds the steps, one per line. Everything that comes
from a scanned repository is hostile, so a template cannot print a plain value: what it prints has
passed ``filters`` or ``expressions`` and is ``Safe``, and the environment refuses anything else.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from rolefirst.findings import Confidence, Decision, Remediation
from rolefirst.remediation import context, filters
from rolefirst.remediation.keyfacts import KeyFacts
from rolefirst.remediation.names import SUFFIXES, names_for
from rolefirst.remediation.policies import carry

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["KeyFacts", "remediate", "template_directory"]


def remediate(decision: Decision, facts: KeyFacts) -> Remediation:
    """Render what ``decision`` asks for. Raises ValueError for a template that does not exist."""
    template = "existing_role" if decision.role else decision.template
    if template not in SUFFIXES:
        raise ValueError(f"there is no remediation template {template!r}")
    names = names_for(template, facts)
    carried = carry(facts.policies, names.label, names.stem)
    values = context.of_code(template, facts, names, carried)
    values["existing_role"] = decision.role
    if template == "exception":
        values |= context.of_exception(decision, facts, names, carried)
    environment = _environment()
    terraform = environment.get_template(f"remediation/{template}.tf.j2").render(values)
    values |= context.of_steps(decision, facts, names, carried, terraform)
    values["template"] = decision.template  # how to switch depends on the consumer
    steps = environment.get_template("remediation/_steps.tf.j2").render(values)
    safe = (
        decision.confidence is Confidence.HIGH
        and template not in ("delete_unused", "existing_role", "ask_owner")
        and not values["has_variables"]
        and context.is_safe(facts, names, carried)
    )
    return Remediation(
        template=template,
        terraform=terraform,
        steps=tuple(line for line in steps.splitlines() if line),
        applicability="safe" if safe else "review",
    )


def template_directory() -> Path:
    """``templates/``: inside the package when installed, at the top of a clone."""
    here = Path(__file__)
    packaged = here.parents[1] / "_templates"
    return packaged if packaged.is_dir() else here.parents[3] / "templates"


@functools.cache
def _environment() -> Environment:
    """The environment of all templates; made once, because it keeps them compiled."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(template_directory()),
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
