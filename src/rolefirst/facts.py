"""From a finding to its remediation: what the code tells about the key, handed to the templates."""

from __future__ import annotations

import re
from dataclasses import replace

from rolefirst.decision.keys import keys
from rolefirst.errors import CRASHES
from rolefirst.findings import Decision, Finding, Remediation, ScanError, ScanResult
from rolefirst.iam.policies import Policy, policies_of
from rolefirst.iam.users import user_of
from rolefirst.project import Block, Project
from rolefirst.remediation import KeyFacts, PolicySource, remediate


def with_remediation(result: ScanResult, project: Project) -> ScanResult:
    """The same result with the Terraform that should stand in place of each key.

    What cannot be written is an error of the scan; the finding stands.
    """
    if all(finding.decision is None for finding in result.findings):
        return result
    errors: list[ScanError] = []
    blocks = {(key.block.root, key.block.address): key.block for key in keys(project)}

    def remedied(finding: Finding) -> Finding:
        block = blocks.get((finding.root, finding.address))
        if finding.decision is None or block is None:
            return finding
        return replace(
            finding, remediation=_written(finding, finding.decision, block, project, errors)
        )

    findings = tuple(remedied(finding) for finding in result.findings)
    return replace(result, findings=findings, errors=(*result.errors, *dict.fromkeys(errors)))


def _written(
    finding: Finding, decision: Decision, block: Block, project: Project, errors: list[ScanError]
) -> Remediation | None:
    """The remediation of one finding, or an error when its template crashes."""
    from jinja2 import TemplateError

    try:
        written = remediate(decision, facts_of(block, decision, project))
        return _in_module(written, block) if block.call_chain else written
    except (TemplateError, *CRASHES) as error:
        where = finding.location
        message = (
            f"no remediation for {finding.address} ({type(error).__name__}): please report this "
            "as a bug"
        )
        errors.append(ScanError(where.path, where.line, message))
        return None


def _in_module(written: Remediation, block: Block) -> Remediation:
    """Code for a module serves all its calls: its literal names are those of one of them."""
    call = block.call_chain[-1]
    note = (
        f"Read the Terraform as that of {call.address} alone ({call.location}): its names and "
        f"policies are the values of this call. In {block.location.path} write them with the "
        "module's variables, or every call makes the same role; new variables are passed by "
        "every call."
    )
    return replace(written, applicability="review", steps=(note, *written.steps))


def facts_of(key: Block, decision: Decision, project: Project) -> KeyFacts:
    """The facts about a key, from the code alone."""
    user = user_of(key, project) if key.kind == "resource" else None
    policies = policies_of(user, project) if user is not None else ()
    return KeyFacts(
        key_address=key.address,
        key_name=key.name,
        user_name=_name(key, user),
        user_expression=f"aws_iam_user.{user.name}.name" if user is not None else "",
        policies=tuple(_source(policy) for policy in policies),
        consumer=decision.consumers[0] if decision.consumers else None,
        provider_alias=_alias(key),
        tags=_tags(user),
    )


def _name(key: Block, user: Block | None) -> str:
    if user is not None:
        return user["name"].text or ""
    return key["user"].text or "" if key.kind == "resource" else ""


def _source(policy: Policy) -> PolicySource:
    return PolicySource(policy.kind, policy.value, policy.label)


def _alias(key: Block) -> str:
    """The provider alias the key itself names; one that a module was given stays there."""
    found = re.search(r"^\s*provider\s*=\s*\"?(aws\.[\w-]+)\"?\s*$", key.source(), re.MULTILINE)
    return found[1] if found else ""


def _tags(user: Block | None) -> dict[str, str]:
    tags = user["tags"].data if user is not None else None
    if not isinstance(tags, dict):
        return {}
    return {name: value.text for name, value in tags.items() if value.text and value.known}
