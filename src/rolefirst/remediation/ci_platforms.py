"""The CI platforms whose settings hold a key, by resource type: what holds a role's ARN there.

One row per resource type, with its arguments from the documentation of each provider in the
Terraform registry: integrations/github, gitlabhq/gitlab, hashicorp/tfe, CircleCI-Public/circleci,
DrFaust92/bitbucket, buildkite/buildkite, microsoft/azuredevops, vercel/vercel, env0/env0 and
spacelift-io/spacelift.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolefirst.remediation.keyfacts import KeyFacts


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of a block that holds a secret: ``name`` and ``secrets`` are its arguments.

    It becomes one of ``type``; ``becomes`` are the new names of arguments, ``gone`` those that go
    and ``sets`` those that are set (``{role}`` is the ARN). Blocks with the same ``scope`` are for
    the same job. ``in_place``: what holds the key becomes what holds the ARN, because the
    platform takes one of both by itself. ``fixed`` is the name that it looks for then, and
    ``also`` are the name and the value of what it wants beside the ARN. ``dropped``: the platform
    hands the role to its runs by itself, so the block goes.
    """

    name: str
    secrets: tuple[str, ...]
    scope: tuple[str, ...]
    type: str = ""
    becomes: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    in_place: bool = False
    fixed: str = ""
    also: tuple[str, str] = ("", "")
    dropped: bool = False

    @property
    def beside(self) -> bool:
        """The variable with the ARN comes beside what holds the key, which stays for now."""
        return not (self.in_place or self.dropped)


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
_GITLAB = Row("key", ("value",), ("project", "environment_scope"), gone=("masked", "hidden"))
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
        in_place=True,
        fixed="TFC_AWS_RUN_ROLE_ARN",
        also=("TFC_AWS_PROVIDER_AUTH", "true"),
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
        in_place=True,
    ),
    "env0_aws_credentials": Row(
        "",
        ("secret_access_key",),
        (),
        "env0_aws_oidc_credentials",
        gone=("access_key_id", "arn"),
        sets={"role_arn": "{role}"},
        in_place=True,
    ),
}


def stays_for_now(facts: KeyFacts) -> bool:
    """True when what holds the key stays beside a variable with the ARN until the key goes."""
    row = ROWS.get(facts.consumer.type) if facts.consumer and facts.sink else None
    return row is not None and row.beside
