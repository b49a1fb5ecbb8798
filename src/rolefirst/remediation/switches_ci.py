"""How a CI platform is switched: what held the key holds the ARN of the role.

One row per resource type, with its arguments from the documentation of each provider in the
Terraform registry: integrations/github, gitlabhq/gitlab, hashicorp/tfe, CircleCI-Public/circleci,
DrFaust92/bitbucket, buildkite/buildkite, microsoft/azuredevops, vercel/vercel, env0/env0 and
spacelift-io/spacelift. A block is written anew, so it must be plain: where it is not, the steps say
what to change by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rolefirst.decision.flow import exits
from rolefirst.remediation.edits import block_replaced, remove_block
from rolefirst.remediation.filters import label
from rolefirst.remediation.places import Body, body_of

if TYPE_CHECKING:
    from rolefirst.findings import Edit
    from rolefirst.project import Block, Project
    from rolefirst.remediation.keyfacts import KeyFacts

_STAGE = "switch"
_SECRET = re.compile(r"AWS_SECRET(?:_ACCESS)?(?:_KEY)?", re.IGNORECASE)
#: Arguments of every resource; those that come first stand apart from the others.
_FIRST = ("count", "for_each", "provider")
_LAST = ("depends_on", "lifecycle")


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of a block that holds a secret: ``name`` and ``secrets`` are its arguments.

    It becomes one of ``type``; ``becomes`` are the new names of arguments, ``gone`` those that go
    and ``sets`` those that are set (``{role}`` is the ARN). Blocks with the same ``scope`` are for
    the same job. ``fixed`` is the name that the platform looks for, and ``beside`` are the name
    and the value of what it wants beside the ARN. ``dropped``: the platform hands the role to
    its runs by itself, so the block goes.
    """

    name: str
    secrets: tuple[str, ...]
    scope: tuple[str, ...]
    type: str = ""
    becomes: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    fixed: str = ""
    beside: tuple[str, str] = ("", "")
    dropped: bool = False


_GITHUB = Row(
    "secret_name",
    ("plaintext_value", "encrypted_value", "value", "value_encrypted"),
    ("repository",),
    "github_actions_variable",
    {"secret_name": "variable_name"},
    ("key_id", "destroy_on_drift"),
)
#: A key in a variable, which everybody who reads the repository's settings sees.
_PLAIN_GITHUB = Row("variable_name", ("value",), ("repository",))
_GITLAB = Row("key", ("value",), ("project", "environment_scope"), gone=("masked",))
_CIRCLECI = Row("name", ("value",), ("project_slug", "project", "organization"))
_BITBUCKET = Row("key", ("value",), ("repository", "workspace"), gone=("secured",))
_VERCEL = Row("key", ("value",), ("project_id", "team_id", "target"))
ROWS: Mapping[str, Row] = {
    "github_actions_secret": _GITHUB,
    "github_actions_environment_secret": replace(
        _GITHUB, scope=("repository", "environment"), type="github_actions_environment_variable"
    ),
    "github_actions_organization_secret": replace(
        _GITHUB, scope=(), type="github_actions_organization_variable"
    ),
    "github_actions_variable": _PLAIN_GITHUB,
    "github_actions_environment_variable": replace(
        _PLAIN_GITHUB, scope=("repository", "environment")
    ),
    "github_actions_organization_variable": replace(_PLAIN_GITHUB, scope=()),
    "gitlab_project_variable": _GITLAB,
    "gitlab_group_variable": replace(_GITLAB, scope=("group", "environment_scope")),
    "gitlab_instance_variable": replace(_GITLAB, scope=()),
    "gitlab_pipeline_schedule_variable": replace(
        _GITLAB, scope=("project", "pipeline_schedule_id")
    ),
    "tfe_variable": Row(
        "key",
        ("value",),
        ("workspace_id", "variable_set_id"),
        gone=("sensitive", "hcl"),
        sets={"category": '"env"'},
        fixed="TFC_AWS_RUN_ROLE_ARN",
        beside=("TFC_AWS_PROVIDER_AUTH", "true"),
    ),
    "circleci_environment_variable": _CIRCLECI,
    "circleci_project_environment_variable": _CIRCLECI,
    "circleci_context_environment_variable": replace(_CIRCLECI, scope=("context_id",)),
    "bitbucket_repository_variable": _BITBUCKET,
    "bitbucket_workspace_variable": _BITBUCKET,
    "bitbucket_deployment_variable": replace(_BITBUCKET, scope=("deployment",)),
    "buildkite_cluster_secret": Row("key", ("value",), ("cluster_id",)),
    "vercel_project_environment_variable": _VERCEL,
    "vercel_shared_environment_variable": _VERCEL,
    "spacelift_environment_variable": Row(
        "name", ("value",), ("stack_id", "module_id", "context_id"), dropped=True
    ),
    "azuredevops_serviceendpoint_aws": Row(
        "",
        ("secret_access_key",),
        (),
        gone=("access_key_id",),
        sets={"role_to_assume": "{role}", "use_oidc": "true"},
    ),
    "env0_aws_credentials": Row(
        "",
        ("secret_access_key",),
        (),
        "env0_aws_oidc_credentials",
        gone=("access_key_id", "arn"),
        sets={"role_arn": "{role}"},
    ),
}


def is_ci(type: str) -> bool:
    """True when a row says how resources of a type come to hold a role's ARN."""
    return type in ROWS


def ci_edits(consumer: Block, attribute: str, role: str, facts: KeyFacts) -> list[Edit | None]:
    """The edits that let a consumer hold the role's ARN; None is one that would be a guess.

    As in ``switches.switch_edits``: ``attribute`` is where in the consumer the key ends, and
    ``role`` is the label of the new role.
    """
    row = ROWS[consumer.type]
    moved = row.dropped or row.type not in ("", consumer.type)
    ids = facts.tokens.ids.get(consumer.address, ())
    if attribute not in row.secrets or (moved and consumer.address in facts.tokens.referred):
        return [None]
    if row.dropped:
        return _as_one([remove_block(consumer, _STAGE), *ids])
    text = _anew(consumer, attribute, f"aws_iam_role.{role}.arn", row)
    if text is None:
        return [None]
    if row.beside[0]:
        name, value = row.beside
        beside = replace(row, fixed=name)
        also = _anew(consumer, attribute, f'"{value}"', beside, f"_{label(name)}")
        text = f"{text}\n\n{also}"
    return [block_replaced(consumer, text, _STAGE), *ids]


def _as_one(cuts: list[Edit | None]) -> list[Edit | None]:
    """The cuts, those as one that share the blank line between their blocks."""
    made: list[Edit] = []
    for cut in cuts:
        if cut is None:
            return [None]
        met = [each for each in made if each.path == cut.path and _meet(each, cut)]
        start = min([cut.start, *(each.start for each in met)])
        end = max([cut.end, *(each.end for each in met)])
        made = [each for each in made if each not in met]
        made.append(replace(cut, start=start, end=end))
    return list(made)


def _meet(one: Edit, other: Edit) -> bool:
    return one.start < other.end and other.start < one.end


def id_edits(consumer: Block, key: Block, project: Project) -> tuple[Edit | None, ...]:
    """The edits that take away what holds the id of the key for the job of ``consumer``."""
    row = ROWS.get(consumer.type)
    if row is None or not row.name:
        return ()
    taken = list(exits(key, project))
    secrets = {item.block.address for item in taken if item.carries.usable}
    found = {
        item.block.location: item.block
        for item in taken
        if item.block.address not in secrets and _same_job(item.block, consumer, row)
    }
    return tuple(remove_block(block, _STAGE) for block in found.values())


def _same_job(block: Block, consumer: Block, row: Row) -> bool:
    """True when a block holds its value for the same job, as a secret or as a variable."""
    other = ROWS.get(block.type)
    platform = block.type.partition("_")[0]
    return (
        other is not None
        and other.scope == row.scope
        and platform == consumer.type.partition("_")[0]
        and (block.root, block.call_chain) == (consumer.root, consumer.call_chain)
        and all(_said(block, name) == _said(consumer, name) for name in row.scope)
    )


def _anew(block: Block, attribute: str, value: str, row: Row, suffix: str = "") -> str | None:
    """The block with a value in place of its secret, as ``terraform fmt`` lays it out."""
    body = body_of(block)
    if body is None or not _is_plain(body) or (row.name and "each." in _said(block, attribute)):
        return None
    if any("{role}" in text and name in block.names() for name, text in row.sets.items()):
        return None  # it takes another role already
    written: dict[str, str] = {}
    first: list[str] = []
    last: list[str] = []
    for entry in body.entries:
        text = body.data[entry.value : entry.value_end].decode("utf-8", "replace")
        if entry.name in _LAST or entry.nested:
            whole = body.data[entry.start : entry.end].decode("utf-8", "replace")
            last.append("\n".join(["  " + whole.split("\n")[0], *whole.split("\n")[1:]]))
        elif entry.name in _FIRST:
            first.append(f"{entry.name} = {text}")
        elif entry.name == attribute:
            if row.name:
                written["value"] = value
        elif entry.name not in row.gone:
            if "\n" in text:
                return None
            named = text if entry.name != row.name else _renamed(text, row)
            if named is None:
                return None
            written[row.becomes.get(entry.name, entry.name)] = named
    written |= {name: text.replace("{role}", value) for name, text in row.sets.items()}
    header = f'resource "{row.type or block.type}" "{block.name}{suffix}" {{'
    groups = ["\n".join(f"  {line}" for line in first)] if len(first) == 1 else []
    if len(first) > 1:
        groups = [f"  {line}" for line in first]
    groups += ["\n".join(_aligned(written)), *last]
    return "\n".join([header, "\n\n".join(groups), "}"])


def _aligned(arguments: Mapping[str, str]) -> Iterator[str]:
    width = max(map(len, arguments))
    return (f"  {name:<{width}} = {text}" for name, text in arguments.items())


def _renamed(text: str, row: Row) -> str | None:
    """The name under which the ARN is found: that of the secret, with another end."""
    if row.fixed:
        return f'"{row.fixed}"'
    found = _SECRET.search(text)
    if found is None:
        return None
    new = "AWS_ROLE_ARN" if found[0].isupper() else "aws_role_arn"
    return text[: found.start()] + new + text[found.end() :]


def _is_plain(body: Body) -> bool:
    """True when nothing stands between the arguments, so that nothing is lost."""
    ends: Iterable[int] = (body.start, *(entry.end for entry in body.entries))
    starts = (*(entry.start for entry in body.entries), body.end)
    return all(not body.data[a:b].strip() for a, b in zip(ends, starts, strict=True))


def _said(block: Block, name: str) -> str:
    """An argument as it is written."""
    return " ".join(block.expression(name).split())
