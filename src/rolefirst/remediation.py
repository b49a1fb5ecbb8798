"""What stands in place of an access key: rendered Terraform and the steps that avoid an outage.

The templates are ``templates/remediation/<Decision.template>.tf.j2``; those with a leading
underscore are parts of others, ``_steps`` holds the steps, one per line. Everything that comes
from a scanned repository is hostile, so a template cannot print a plain value: what it prints has
passed a filter of this module and is ``Safe``, and the environment refuses anything else.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rolefirst.findings import Confidence, Consumer, Decision, Remediation
from rolefirst.project import Carries

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class PolicySource:
    """One policy of the user. ``label`` is a short name for the resources that carry it over.

    ``kind`` says what ``value`` is: an ARN (``managed``), an expression of one
    (``managed-expression``), JSON text (``document``) or an expression of it
    (``document-expression``).
    """

    kind: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What the code tells about a key and its user; empty where it tells nothing."""

    key_address: str
    key_name: str
    user_name: str
    user_expression: str
    policies: tuple[PolicySource, ...]
    consumer: Consumer | None
    provider_alias: str
    tags: dict[str, str]


#: The templates there are, each with the suffix of the names it makes.
SUFFIXES = {
    "instance_profile": "instance",
    "ecs_task_role": "task",
    "lambda_role": "lambda",
    "service_role": "service",
    "eks_pod_identity": "pod",
    "oidc_github": "github",
    "oidc_gitlab": "gitlab",
    "oidc_generic": "oidc",
    "identity_center": "people",
    "cross_account_role": "external",
    "roles_anywhere": "anywhere",
    "exception": "exception",
    "delete_unused": "unused",
    "ask_owner": "unknown",
}


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a consumer takes its role: the argument, and the services that assume the role.

    ``has_role`` means that it cannot exist without one, so a role with rights is there already.
    """

    argument: str
    services: tuple[str, ...] = ()
    has_role: bool = False


#: By consumer type. What a template's own trust policy says is not repeated here.
SINKS = {
    "aws_instance": Sink("iam_instance_profile"),
    "aws_launch_template": Sink("the name in iam_instance_profile"),
    "aws_launch_configuration": Sink("iam_instance_profile"),
    "aws_spot_instance_request": Sink("iam_instance_profile"),
    "aws_spot_fleet_request": Sink("launch_specification.iam_instance_profile"),
    "aws_elastic_beanstalk_environment": Sink(
        "the setting IamInstanceProfile (namespace aws:autoscaling:launchconfiguration)"
    ),
    "aws_elastic_beanstalk_configuration_template": Sink(
        "the setting IamInstanceProfile (namespace aws:autoscaling:launchconfiguration)"
    ),
    "aws_ecs_task_definition": Sink("task_role_arn"),
    "aws_ecs_express_gateway_service": Sink("task_role_arn"),
    "aws_ecs_daemon_task_definition": Sink("task_role_arn"),
    "aws_batch_job_definition": Sink("jobRoleArn in container_properties", ("ecs-tasks",)),
    "aws_apprunner_service": Sink("instance_configuration.instance_role_arn", ("tasks.apprunner",)),
    "aws_amplify_app": Sink("compute_role_arn", ("amplify",)),
    "aws_amplify_branch": Sink("compute_role_arn of its app", ("amplify",)),
    "aws_lambda_function": Sink("role", ("lambda",), has_role=True),
    "aws_synthetics_canary": Sink("execution_role_arn", ("lambda",), has_role=True),
    "aws_codebuild_project": Sink("service_role", ("codebuild",), has_role=True),
    "aws_glue_job": Sink("role_arn", ("glue",), has_role=True),
    "aws_glue_connection": Sink("role_arn of its jobs", ("glue",), has_role=True),
    "aws_sagemaker_model": Sink("execution_role_arn", ("sagemaker",), has_role=True),
    "aws_sagemaker_notebook_instance": Sink("role_arn", ("sagemaker",), has_role=True),
    "aws_sagemaker_notebook_instance_lifecycle_configuration": Sink(
        "role_arn of its notebook instances", ("sagemaker",), has_role=True
    ),
    "aws_sagemaker_user_profile": Sink(
        "user_settings.execution_role", ("sagemaker",), has_role=True
    ),
    "aws_sagemaker_studio_lifecycle_config": Sink(
        "default_user_settings.execution_role of its domain", ("sagemaker",), has_role=True
    ),
    "aws_sagemaker_training_job": Sink("role_arn", ("sagemaker",), has_role=True),
    "aws_sagemaker_domain": Sink(
        "default_user_settings.execution_role", ("sagemaker",), has_role=True
    ),
    "aws_mwaa_environment": Sink("execution_role_arn", ("airflow", "airflow-env"), has_role=True),
    "aws_bedrockagentcore_agent_runtime": Sink("role_arn", ("bedrock-agentcore",), has_role=True),
    "aws_datasync_location_object_storage": Sink(
        "s3_config.bucket_access_role_arn of an aws_datasync_location_s3", ("datasync",)
    ),
    "fastly_service_vcl": Sink("s3_iam_role (logging_s3) or iam_role (logging_kinesis)"),
}
_ARGUMENTS = {
    "instance_profile": "iam_instance_profile",
    "ecs_task_role": "task_role_arn",
    "lambda_role": "role",
}


class Safe(str):
    """Text that is safe where it is printed. Only the filters below make it."""

    __slots__ = ()


_IDENTIFIER = r"[A-Za-z_][\w-]*"
_REFERENCE = re.compile(
    _IDENTIFIER + r"(\." + _IDENTIFIER + r'|\[(\d+|"[^"\\${}%]*")\])+', re.ASCII
)
_PROVIDER = re.compile(_IDENTIFIER + r"(\." + _IDENTIFIER + ")?", re.ASCII)
#: Names that mean something only inside the block where they were written, or no block at all.
_LOCAL_NAMES = ("each", "count", "self", "path", "terraform")


def is_reference(expression: str) -> bool:
    """True when ``expression`` is a plain traversal, which may be printed as it is."""
    return (
        len(expression) <= 500
        and expression.isprintable()
        and _REFERENCE.fullmatch(expression) is not None
        and re.split(r"[.\[]", expression, maxsplit=1)[0] not in _LOCAL_NAMES
    )


def is_provider(alias: str) -> bool:
    """True when ``alias`` names a provider configuration, such as ``aws.west``."""
    return len(alias) <= 200 and _PROVIDER.fullmatch(alias) is not None


def provider(alias: str) -> Safe:
    """A provider configuration, as it is. Raises ValueError: ask ``is_provider`` first."""
    if not is_provider(alias):
        raise ValueError("not the name of a provider configuration")
    return Safe(alias)


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def hcl(value: str, *, ascii_only: bool = False) -> Safe:
    """A quoted HCL string that means exactly ``value`` and evaluates nothing."""
    parts = []
    for character in value.encode("utf-8", "replace").decode():
        code = ord(character)
        if character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif character.isascii() if ascii_only else character.isprintable():
            parts.append(character if character.isprintable() else f"\\u{code:04x}")
        else:
            parts.append(f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
    return Safe('"' + _literal("".join(parts)) + '"')


def _literal(text: str) -> str:
    """Double what would start an interpolation or a directive."""
    return text.replace("${", "$${").replace("%{", "%%{")


def hcl_list(values: Iterable[str]) -> Safe:
    """A list of strings on one line."""
    return Safe("[" + ", ".join(hcl(value) for value in values) + "]")


def hcl_map(mapping: Mapping[str, str], indent: int = 2) -> Safe:
    """A map of strings, aligned as ``terraform fmt`` does.

    Keys are ASCII, because Terraform counts what a reader sees and not what Python counts.
    """
    keys = [hcl(key, ascii_only=True) for key in mapping]
    width = max(map(len, keys), default=0)
    pad = " " * indent
    members = zip(keys, mapping.values(), strict=True)
    lines = [f"{pad}  {key:<{width}} = {hcl(value)}\n" for key, value in members]
    return Safe("{\n" + "".join(lines) + pad + "}")


def hcl_json(text: str) -> Safe | None:
    """A policy's JSON as a heredoc that evaluates nothing; None when it is no JSON object."""
    try:
        data = json.loads(text)
        lines = json.dumps(data, indent=2, allow_nan=False).splitlines()
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    return Safe("<<-JSON\n" + _literal("".join(f"    {line}\n" for line in lines)) + "  JSON")


def label(value: str, limit: int = 64) -> Safe:
    """A Terraform identifier made of ``value``; a digest keeps shortened ones apart."""
    text = re.sub(r"[^a-z0-9_]+", "_", value.lower()).strip("_")
    if not text or not text[0].isalpha():
        text = f"key_{text}" if text else f"key_{_digest(value)}"
    return Safe(_bounded(text, value, limit, "_"))


def iam_name(value: str, limit: int) -> str:
    """A name that IAM accepts, at most ``limit`` characters long."""
    text = re.sub(r"[^A-Za-z0-9_+=,.@-]+", "-", value).strip("-")
    return _bounded(text or f"key-{_digest(value)}", value, limit, "-")


def _bounded(text: str, value: str, limit: int, joint: str) -> str:
    return text if len(text) <= limit else text[: limit - 9] + joint + _digest(value)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:8]


def plain(value: str, default: str = "", limit: int = 240) -> Safe:
    """One line for a comment or a step: nothing in it ends the line, hides or reorders text."""
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return Safe((text if len(text) <= limit else text[: limit - 1] + "…") or default)


def quoted(value: str) -> Safe:
    """One line in double quotes, as YAML and JSON read it."""
    return Safe(json.dumps(plain(value), ensure_ascii=False))


def number(value: int) -> Safe:
    """A whole number."""
    return Safe(f"{value:d}")


def _only_safe(value: object) -> Safe:
    """Refuse to print what passed no filter."""
    if isinstance(value, Safe):
        return value
    raise TypeError("a template prints a value that passed no filter")


def template_directory() -> Path:
    """``templates/``: inside the package when installed, at the top of a clone."""
    packaged = Path(__file__).parent / "_templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


@functools.cache
def _environment() -> Environment:
    """The environment of all templates; made once, because it keeps them compiled."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(template_directory()),
        undefined=StrictUndefined,
        finalize=_only_safe,
        autoescape=False,  # Terraform is no HTML: the filters escape, and _only_safe insists
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for each in (hcl, hcl_list, hcl_map, label, number, plain, provider, quoted):
        environment.filters[each.__name__] = each
    return environment


@dataclass(frozen=True, slots=True)
class _Policy:
    """A policy as a template prints it; ``customer_name`` is set for a customer managed one."""

    label: str
    expression: Safe
    customer_name: Safe | None = None
    customer_path: Safe | None = None


@dataclass(frozen=True, slots=True)
class _Carried:
    """The user's policies, and a variable (name → description) for what the code hides."""

    managed: tuple[_Policy, ...]
    documents: tuple[_Policy, ...]
    variables: dict[str, str]


_ARN = re.compile(
    r"arn:aws[a-z-]*:iam::(?P<owner>aws|\d{12}):policy(?P<path>/(?:[\w+=,.@-]+/)*)"
    r"(?P<name>[\w+=,.@-]+)",
    re.ASCII,
)
#: Labels that the templates use themselves.
_TAKEN = ("basic_execution", "instance", "merged", "source", "store")


def _carry(policies: tuple[PolicySource, ...], prefix: str) -> _Carried:
    """Turn the user's policies into what templates print; nothing is dropped in silence."""
    managed: list[_Policy] = []
    documents: list[_Policy] = []
    variables: dict[str, str] = {}
    taken = set(_TAKEN)
    for source in policies:
        name = base = label(source.label, 40)
        copy = 2
        while name in taken:
            name, copy = Safe(f"{base}_{copy}"), copy + 1
        taken.add(name)
        is_managed = source.kind.startswith("managed")
        policy = _managed(source, name) if is_managed else _document(source, name)
        if policy is None:
            variable = f"{prefix}_{name}_{'arn' if is_managed else 'json'}"
            what = "ARN of the managed policy" if is_managed else "JSON of the policy"
            variables[variable] = f"{what} {name} that the user has today."
            policy = _Policy(name, Safe(f"var.{label(variable, 200)}"))
        (managed if is_managed else documents).append(policy)
    if not policies:
        variable = f"{prefix}_policy_json"
        variables[variable] = "JSON policy with what the key is used for, and nothing else."
        documents.append(_Policy("policy", Safe(f"var.{label(variable, 200)}")))
    return _Carried(tuple(managed), tuple(documents), variables)


def _managed(source: PolicySource, name: str) -> _Policy | None:
    """A managed policy; None when the code does not name it in a way that can be repeated."""
    if source.kind == "managed":
        arn = _ARN.fullmatch(source.value)
        if arn is None:
            return None
        if arn["owner"] == "aws":
            return _Policy(name, hcl(source.value))
        return _Policy(name, hcl(source.value), hcl(arn["name"]), hcl(arn["path"]))
    if not is_reference(source.value):
        return None
    block = source.value.removesuffix(".arn")
    if block == source.value or not block.startswith("aws_iam_policy."):
        return _Policy(name, Safe(source.value))
    return _Policy(name, Safe(source.value), Safe(f"{block}.name"), Safe(f"{block}.path"))


def _document(source: PolicySource, name: str) -> _Policy | None:
    """A policy document; None when it cannot be repeated."""
    if source.kind == "document":
        text = hcl_json(source.value)
        return None if text is None else _Policy(name, text)
    return _Policy(name, Safe(source.value)) if is_reference(source.value) else None


def _stem(facts: KeyFacts) -> str:
    """What the names are made of: user and key, because one user may have several keys.

    ``this`` says nothing and, by convention, is the only one of its kind in its module.
    """
    user, key = facts.user_name, facts.key_name
    if not user or label(user) in label(key):
        return key
    return user if key == "this" else f"{user}-{key}"


def _name(stem: str, suffix: str, limit: int) -> str:
    return f"{iam_name(stem, limit - len(suffix) - 1)}-{suffix}"


def remediate(decision: Decision, facts: KeyFacts) -> Remediation:
    """Render what ``decision`` asks for. Raises ValueError for a template that does not exist."""
    template = decision.template
    if template not in SUFFIXES:
        raise ValueError(f"there is no remediation template {template!r}")
    suffix = SUFFIXES[template]
    stem = _stem(facts)
    prefix = f"{label(stem, 48)}_{suffix}"
    carried = _carry(facts.policies, prefix)
    consumer = facts.consumer or next(iter(decision.consumers), None)
    sink = SINKS.get(consumer.type if consumer else "")
    alias = facts.provider_alias if is_provider(facts.provider_alias) else ""
    values: dict[str, object] = {
        "template": template,
        "label": prefix,
        "name": _name(stem, suffix, 32 if template == "identity_center" else 64),
        "key_address": facts.key_address,
        "user": facts.user_expression or facts.user_name,
        "provider_alias": alias,
        "tags": facts.tags,
        "managed": carried.managed,
        "documents": carried.documents,
        "policy_variables": carried.variables,
        "services": [f"{name}.amazonaws.com" for name in sink.services] if sink else [],
        "consumer_type": consumer.type if consumer else "",
    }
    if template == "exception":
        values |= _exception(decision, facts, prefix, stem, carried)
    environment = _environment()
    terraform = environment.get_template(f"remediation/{template}.tf.j2").render(values)
    has_variables = "\nvariable " in terraform
    values |= {
        "has_variables": has_variables,
        "consumer": consumer.address if consumer else "",
        "attribute": consumer.attribute if consumer else "",
        "place": "in" if sink else "for the workload behind",
        "argument": sink.argument if sink else _ARGUMENTS.get(template, "its role"),
        "has_role": sink is not None and sink.has_role and template.endswith("_role"),
        "others": ", ".join(_others(decision, consumer)),
        "question": decision.question,
        "summary": decision.summary.rstrip("."),
        "cli_user": _cli_user(facts.user_name),
        "service_specific": "aws_iam_service_specific_credential." in facts.key_address,
        "new_user": template == "exception",
        "user_block": _user_block(facts),
        "moved": ", ".join(_of_the_user(facts)),
    }
    steps = environment.get_template("remediation/_steps.tf.j2").render(values)
    safe = (
        not has_variables
        and not values["has_role"]
        and alias == facts.provider_alias
        and decision.confidence is Confidence.HIGH
        and template not in ("delete_unused", "ask_owner")
    )
    return Remediation(
        template=template,
        terraform=terraform,
        steps=tuple(line for line in steps.splitlines() if line),
        applicability="safe" if safe else "review",
    )


def _others(decision: Decision, consumer: Consumer | None) -> list[str]:
    """The addresses of the other consumers, each once."""
    first = consumer.address if consumer else ""
    return [a for a in dict.fromkeys(c.address for c in decision.consumers) if a != first]


def _cli_user(name: str) -> str:
    """The user for a command line; a placeholder when the name is not known for sure."""
    ok = re.fullmatch(r"[\w+=,.@][\w+=,.@-]{0,63}", name, re.ASCII)
    return shlex.quote(name) if ok else "<USER_NAME>"


def _module(facts: KeyFacts) -> str:
    """The module instance of the key: ``module.ci.`` or nothing."""
    return facts.key_address[: max(facts.key_address.rfind("aws_iam_"), 0)]


def _user_block(facts: KeyFacts) -> str:
    """The address of the user's block, when the code has one."""
    block = re.match(r"aws_iam_user\.[\w-]+(\[[^\]]*\])?", facts.user_expression, re.ASCII)
    return _module(facts) + block[0] if block else ""


def _of_the_user(facts: KeyFacts) -> list[str]:
    """Expressions in the rendered code that read a block which goes away with the user."""
    expressions = [s.value for s in facts.policies if s.kind.endswith("-expression")]
    return [e for e in expressions if is_reference(e) and e.startswith("aws_iam_user")]


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


def _exception(
    decision: Decision, facts: KeyFacts, prefix: str, stem: str, carried: _Carried
) -> dict[str, object]:
    """What only the exception needs. 84 and 70 days: never within two weeks in one year."""
    name = _name(stem, "exception", 64)
    slots = [
        {
            "name": slot,
            "days": days,
            "id": f"{name}-{slot}",
            "key": f"{_module(facts)}aws_iam_access_key.{prefix}_{slot}",
            "how": f"{_module(facts)}time_rotating.{prefix}_{slot} and a daily apply",
        }
        for slot, days in (("a", 84), ("b", 70))
    ]
    reasons = {"iam_role": "", "identity_center": "", "temporary_credentials": ""}
    for passed in decision.passed_over:
        step = passed.step.replace("-", "_")
        step = step if step in reasons else "temporary_credentials"
        reasons[step] = f"{reasons[step]} {passed.reason}".strip()
    smtp = decision.category == "ses-smtp" or any(
        consumer.carries == Carries.SES_PASSWORD.value for consumer in decision.consumers
    )
    policies = (*carried.managed, *carried.documents)
    return {
        # IAM compares tag names without case and refuses the same name twice.
        "tags": {k: v for k, v in facts.tags.items() if k.casefold() not in _EXCEPTION_TAGS},
        "exception_id": name,
        "permissions": " ".join(policy.label for policy in policies)[:256],
        "slots": slots,
        "considered": {k: v or "why it cannot serve" for k, v in reasons.items()},
        "smtp": smtp,
        "source_policy_name": _name(stem, "exception-source", 128),
        "secret_name": f"access-key-exceptions/{name}",
    }
