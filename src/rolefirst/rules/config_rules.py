"""Which AWS managed Config rules the code turns on, and with which age of a key.

They come one by one, for a whole organization, in conformance packs, and with the standards of
Security Hub, which bring their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from rolefirst.project import ABSENT, Block, Project, Value, known, unknown
from rolefirst.rules.managed import Held

CONFIG_RULE = "aws_config_config_rule"
_ORGANIZATION_RULE = "aws_config_organization_managed_rule"
_ORGANIZATION_PACK = "aws_config_organization_conformance_pack"
_PACKS = ("aws_config_conformance_pack", _ORGANIZATION_PACK)
_WIDE = (_ORGANIZATION_RULE, _ORGANIZATION_PACK)
_CUSTOM = ("aws_config_organization_custom_rule", "aws_config_organization_custom_policy_rule")
#: What shows that Config rules are managed.
TYPES = (CONFIG_RULE, _ORGANIZATION_RULE, *_PACKS, *_CUSTOM)
#: Remote modules that may bring the rules along.
MODULES = r"config|conformance|baseline|\bcis\b|guardrail|security[-_]?hub"
#: Standards of Security Hub with the controls IAM.3 (ACCESS_KEYS_ROTATED, 90 days) and IAM.4
#: (IAM_ROOT_ACCESS_KEY_CHECK).
_STANDARDS = re.compile(r"aws-foundational-security-best-practices|cis-aws-foundations-benchmark")
_STANDARD = "aws_securityhub_standards_subscription"
AGE = "maxAccessKeyAge"
_DEFAULT_AGE = known(90)
_NUMBER = re.compile(r"\d{1,6}")
#: In a template the age stands in a rule or is the default of a parameter that is named after it.
_PACKED_AGE = re.compile(
    rf"{AGE}\w{{0,80}}[\"']?\s{{0,9}}:\s{{0,80}}(?:\{{\s{{0,80}})?"
    r"(?:[\"']?Default[\"']?\s{0,9}:\s{0,80})?[\"']?(\d{1,6})\b",
    re.IGNORECASE,
)


def holding(identifier: str, project: Project) -> Iterator[Held]:
    """The blocks that turn a managed rule on, or may do so."""
    for block in project.resources(CONFIG_RULE, _ORGANIZATION_RULE, *_PACKS):
        why = _runs(block, identifier)
        if why is not None:
            yield Held(block, why, wide=block.type in _WIDE)
    for block in project.resources(_STANDARD):
        if _STANDARDS.search(block["standards_arn"].text or ""):
            yield Held(block)


def _runs(block: Block, identifier: str) -> str | None:
    """Empty when the block turns the rule on, why it may do so, None when it does not."""
    if block.type in _PACKS:
        return _packed(block, identifier)
    if block.type == CONFIG_RULE:
        owner = block.get("source", 0, "owner").text or ""
        if owner.startswith("CUSTOM"):
            return None
        value = block.get("source", 0, "source_identifier")
    else:
        value = block["rule_identifier"]
    if value.unknown:
        return value.why
    return "" if value.text == identifier else None


def _packed(block: Block, identifier: str) -> str | None:
    template = block["template_body"]
    if template.absent:
        return "its template is not in this tree"
    text = template.data if isinstance(template.data, str) else ""
    # What stands behind a # is a comment of YAML.
    named = rf"^(?![ \t]*#).*SourceIdentifier[\"']?\s*:\s*[\"']?{identifier}\b"
    if re.search(named, text, re.MULTILINE):
        return ""
    return template.why if template.unknown else None


def key_age(block: Block) -> Value:
    """The days after which a block that turns on ACCESS_KEYS_ROTATED complains."""
    if block.type in _PACKS:
        return _packed_age(block)
    parameters = block["input_parameters"]
    if parameters.text is None:
        return _days(parameters.get_partial(AGE))
    try:
        written = json.loads(parameters.text)
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict):
        return unknown("input_parameters is no JSON object")
    return _days(known(str(written[AGE])) if AGE in written else ABSENT)


def _packed_age(block: Block) -> Value:
    """A parameter given to the pack goes before the template's own."""
    for given in block["input_parameter"].members():
        if AGE.lower() in (given.get("parameter_name").text or "").lower():
            return _days(given.get("parameter_value"))
    template = block["template_body"].data
    found = _PACKED_AGE.findall(template) if isinstance(template, str) else []
    return known(max(map(int, found))) if found else _DEFAULT_AGE


def _days(written: Value) -> Value:
    """The parameter as a number; Config takes it as text, too."""
    if written.absent:
        return _DEFAULT_AGE
    if written.unknown:
        return written
    text = str(written.data)
    return known(int(text)) if _NUMBER.fullmatch(text) else unknown(f"{AGE} is no number of days")
