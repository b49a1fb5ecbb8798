"""What the code says about a key that an exception has to say, too."""

from __future__ import annotations

import math

from rolefirst.decision.keys import Key
from rolefirst.decision.order import decide
from rolefirst.exceptions.entries import STEPS
from rolefirst.findings import Decision
from rolefirst.iam.sources import Standing
from rolefirst.iam.users import user_of
from rolefirst.project import Block, Project
from rolefirst.rules.exception_claims import days_of
from rolefirst.rules.exception_permissions import granted
from rolefirst.rules.exception_sources import allowed
from rolefirst.rules.owners import Standing as Ownership
from rolefirst.rules.owners import owner_of, owner_tags_of, squeezed, tags_in_force
from rolefirst.rules.rotation import Verdict, rotation_of
from rolefirst.rules.sources import holder, restriction_of_key


def draft_values(key: Key, project: Project) -> tuple[dict[str, str], dict[str, str]]:
    """Values by element, and hints for elements that somebody has to write.

    Only what is certain is a value: an entry is a promise.
    """
    block = key.block
    decision = decide(key, project)
    values = {
        **_alternatives(decision),
        "permissions": _permissions(block, project),
        "source": _source(block, project),
        **_rotation(block, project),
        **_tags(block, project),
    }
    hints = {
        f"alternatives_considered.{step}": f"why it cannot serve{_recommended(step, decision)}"
        for step in STEPS
    }
    return {name: value for name, value in values.items() if value}, hints


def step_of(name: str) -> str:
    """The step of an entry that an alternative belongs to."""
    words = name.replace("-", "_")
    if words in STEPS:
        return words
    return "iam_role" if name == "pod-identity-or-irsa" else "temporary_credentials"


def _alternatives(decision: Decision) -> dict[str, str]:
    """The reasons for which earlier steps were passed over, but for the one that can serve."""
    found: dict[str, dict[str, None]] = {}
    for passed in decision.passed_over:
        found.setdefault(step_of(passed.step), {})[passed.reason] = None
    return {
        f"alternatives_considered.{step}": " ".join(reasons)
        for step, reasons in found.items()
        if step != step_of(decision.alternative) or decision.alternative == "exception"
    }


def recommended(decision: Decision) -> str:
    """The step of an entry that a decision recommends; empty when it is none of them."""
    steps = ("iam-role", "pod-identity-or-irsa", "identity-center", "oidc-federation")
    served = (*steps, "cross-account-role", "roles-anywhere")
    return step_of(decision.alternative) if decision.alternative in served else ""


def _recommended(step: str, decision: Decision) -> str:
    if recommended(decision) != step:
        return ""
    return f", though rolefirst proposes {decision.alternative}"


def _permissions(block: Block, project: Project) -> str:
    found, _ = granted(holder(block, project), project)
    return ",".join(dict.fromkeys(item.action for item in found if not item.why))


def _source(block: Block, project: Project) -> str:
    """What the condition that binds leaves: of several the one that leaves least."""
    if restriction_of_key(block, project).standing is not Standing.BINDS:
        return ""
    known = [item for item in allowed(holder(block, project), project) if not item.why]
    lists = sorted((item.listed for item in known if item.listed), key=len)
    return ",".join(lists[0]) if lists else ""


def _rotation(block: Block, project: Project) -> dict[str, str]:
    rotation = rotation_of(block, project)
    if block.kind != "resource" or rotation.verdict is not Verdict.ROTATES:
        return {}
    days, _ = days_of(block, project)
    how = f"{rotation.source.label} and a regular apply" if rotation.source else ""
    return {"rotation.days": str(math.ceil(days)) if days is not None else "", "rotation.how": how}


def _tags(block: Block, project: Project) -> dict[str, str]:
    user = user_of(block, project) if block.kind == "resource" else None
    if user is None:
        return {}
    named = owner_of(user, project).standing is Ownership.NAMED
    owners = [tag.value.text for tag in owner_tags_of(user, project) if tag.value.text]
    purposes = (
        tag.value.text
        for tag in tags_in_force(user, project)[0]
        if squeezed(tag.key).endswith("purpose") and tag.value.text
    )
    return {
        "owner": owners[-1] if named and owners else "",
        "purpose": next(purposes, ""),
    }
