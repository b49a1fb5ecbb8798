"""Terraform as people write it for the platforms whose jobs can sign in with a token."""

from __future__ import annotations

USER = """
resource "aws_iam_user" "ci" {
  name = "shop-ci"
}

resource "aws_iam_user_policy" "ci" {
  user   = aws_iam_user.ci.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::shop/*" }]
  })
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}
"""
GITHUB_PROVIDER = """
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}
"""

#: By name: the code beside the user, and what the role has to trust: issuer, audience, subjects
#: (with ``…`` for what is a variable) and the variables that are asked for.
SHAPES: dict[str, tuple[str, str, str, tuple[str, ...], tuple[str, ...]]] = {
    "github, all by reference": (
        GITHUB_PROVIDER
        + """
provider "github" {
  owner = "acme"
}

resource "github_repository" "shop" {
  name = "shop"
}

resource "github_actions_secret" "id" {
  repository      = github_repository.shop.name
  secret_name     = "AWS_ACCESS_KEY_ID"
  plaintext_value = aws_iam_access_key.ci.id
}

resource "github_actions_secret" "secret" {
  repository      = github_repository.shop.name
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.ci.secret
}
""",
        "token.actions.githubusercontent.com",
        '"sts.amazonaws.com"',
        (
            "repo:acme@${var.shop_ci_github_owner_id}/${github_repository.shop.name}"
            "@${github_repository.shop.repo_id}:${var.shop_ci_github_context}",
            "repo:acme/${github_repository.shop.name}:${var.shop_ci_github_context}",
        ),
        ("subject_format", "owner_id", "context"),
    ),
    "github, an environment and a provider that is read": (
        """
data "aws_iam_openid_connect_provider" "actions" {
  url = "https://token.actions.githubusercontent.com"
}

resource "github_actions_environment_secret" "secret" {
  repository      = "shop"
  environment     = "production"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.ci.secret
}
""",
        "token.actions.githubusercontent.com",
        '"sts.amazonaws.com"',
        (
            "repo:${var.shop_ci_github_owner}@${var.shop_ci_github_owner_id}/shop"
            "@${var.shop_ci_github_repository_id}:environment:production",
            "repo:${var.shop_ci_github_owner}/shop:environment:production",
        ),
        ("subject_format", "owner", "owner_id", "repository_id"),
    ),
    "github, several repositories and the provider's ARN": (
        """
variable "github_oidc_provider_arn" {}

provider "github" {
  owner = "acme"
}

resource "github_actions_secret" "secret" {
  for_each        = toset(["shop", "blog"])
  repository      = each.key
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.ci.secret
}
""",
        "token.actions.githubusercontent.com",
        '"sts.amazonaws.com"',
        (
            "repo:acme@${var.shop_ci_github_owner_id}/shop"
            "@${var.shop_ci_github_repository_id_shop}:${var.shop_ci_github_context}",
            "repo:acme@${var.shop_ci_github_owner_id}/blog"
            "@${var.shop_ci_github_repository_id_blog}:${var.shop_ci_github_context}",
            "repo:acme/shop:${var.shop_ci_github_context}",
            "repo:acme/blog:${var.shop_ci_github_context}",
        ),
        ("subject_format", "owner_id", "repository_id_blog", "repository_id_shop", "context"),
    ),
    "gitlab, its own host": (
        """
provider "gitlab" {
  base_url = "https://git.acme.example/api/v4/"
}

resource "gitlab_project" "shop" {
  name = "shop"
}

resource "gitlab_project_variable" "secret" {
  project   = gitlab_project.shop.id
  key       = "AWS_SECRET_ACCESS_KEY"
  value     = aws_iam_access_key.ci.secret
  protected = true
  masked    = true
}
""",
        "git.acme.example",
        "var.shop_ci_gitlab_audience",
        (
            "project_path:${gitlab_project.shop.path_with_namespace}"
            ":ref_type:branch:ref:${var.shop_ci_gitlab_branch}",
        ),
        ("create_provider", "audience", "branch"),
    ),
    "gitlab.com, a provider that is there": (
        """
resource "aws_iam_openid_connect_provider" "gitlab" {
  url            = "https://gitlab.com"
  client_id_list = ["https://gitlab.com"]
}

resource "gitlab_project_variable" "secret" {
  project = "acme/shop"
  key     = "AWS_SECRET_ACCESS_KEY"
  value   = aws_iam_access_key.ci.secret
}
""",
        "gitlab.com",
        '"https://gitlab.com"',
        ("project_path:acme/shop:ref_type:branch:ref:${var.shop_ci_gitlab_branch}",),
        ("branch",),
    ),
    "hcp terraform, a workspace of a project": (
        """
resource "tfe_project" "apps" {
  name = "Apps"
}

resource "tfe_workspace" "shop" {
  name         = "shop"
  organization = "acme"
  project_id   = tfe_project.apps.id
}

resource "tfe_variable" "secret" {
  key          = "AWS_SECRET_ACCESS_KEY"
  value        = aws_iam_access_key.ci.secret
  category     = "env"
  sensitive    = true
  workspace_id = tfe_workspace.shop.id
}
""",
        "app.terraform.io",
        '"aws.workload.identity"',
        tuple(
            "organization:${tfe_workspace.shop.organization}:project:${tfe_project.apps.name}"
            f":workspace:${{tfe_workspace.shop.name}}:run_phase:{phase}"
            for phase in ("plan", "apply")
        ),
        ("create_provider",),
    ),
    "hcp terraform, a variable set": (
        """
resource "tfe_variable_set" "aws" {
  name         = "aws"
  organization = "acme"
}

resource "tfe_variable" "secret" {
  key             = "AWS_SECRET_ACCESS_KEY"
  value           = aws_iam_access_key.ci.secret
  category        = "env"
  variable_set_id = tfe_variable_set.aws.id
}
""",
        "app.terraform.io",
        '"aws.workload.identity"',
        tuple(
            "organization:${tfe_variable_set.aws.organization}:project:${var.shop_ci_oidc_project}"
            f":workspace:${{var.shop_ci_oidc_workspace}}:run_phase:{phase}"
            for phase in ("plan", "apply")
        ),
        ("create_provider", "project", "workspace"),
    ),
    "circleci, a context": (
        """
resource "circleci_context" "aws" {
  name            = "aws"
  organization_id = "0b8e5bb2-7a5f-4b8e-9d5a-1c2d3e4f5a6b"
}

resource "circleci_context_environment_variable" "secret" {
  context_id = circleci_context.aws.id
  name       = "AWS_SECRET_ACCESS_KEY"
  value      = aws_iam_access_key.ci.secret
}
""",
        "oidc.circleci.com/org/${circleci_context.aws.organization_id}",
        "circleci_context.aws.organization_id",
        (
            "org/${circleci_context.aws.organization_id}/project/${var.shop_ci_oidc_project_id}"
            "/user/*",
        ),
        ("create_provider", "project_id"),
    ),
    "circleci, the organization in the provider's URL": (
        """
resource "aws_iam_openid_connect_provider" "circleci" {
  url            = "https://oidc.circleci.com/org/0b8e5bb2-7a5f-4b8e-9d5a-1c2d3e4f5a6b"
  client_id_list = ["0b8e5bb2-7a5f-4b8e-9d5a-1c2d3e4f5a6b"]
}

resource "circleci_environment_variable" "secret" {
  project = "shop"
  name    = "AWS_SECRET_ACCESS_KEY"
  value   = aws_iam_access_key.ci.secret
}
""",
        "oidc.circleci.com/org/0b8e5bb2-7a5f-4b8e-9d5a-1c2d3e4f5a6b",
        '"0b8e5bb2-7a5f-4b8e-9d5a-1c2d3e4f5a6b"',
        ("org/0b8e5bb2-7a5f-4b8e-9d5a-1c2d3e4f5a6b/project/${var.shop_ci_oidc_project_id}/user/*",),
        ("project_id",),
    ),
    "bitbucket, a repository": (
        """
resource "bitbucket_repository" "shop" {
  owner = "acme"
  name  = "shop"
}

resource "bitbucket_repository_variable" "secret" {
  repository = bitbucket_repository.shop.id
  key        = "AWS_SECRET_ACCESS_KEY"
  value      = aws_iam_access_key.ci.secret
  secured    = true
}
""",
        "api.bitbucket.org/2.0/workspaces/${bitbucket_repository.shop.owner}"
        "/pipelines-config/identity/oidc",
        '"ari:cloud:bitbucket::workspace/${var.shop_ci_oidc_workspace_uuid}"',
        ("${bitbucket_repository.shop.uuid}:*",),
        ("create_provider", "workspace_uuid"),
    ),
    "bitbucket, a deployment environment": (
        """
resource "bitbucket_repository" "shop" {
  owner = "acme"
  name  = "shop"
}

resource "bitbucket_deployment" "production" {
  name       = "production"
  stage      = "Production"
  repository = bitbucket_repository.shop.id
}

resource "bitbucket_deployment_variable" "secret" {
  deployment = bitbucket_deployment.production.id
  key        = "AWS_SECRET_ACCESS_KEY"
  value      = aws_iam_access_key.ci.secret
  secured    = true
}
""",
        "api.bitbucket.org/2.0/workspaces/${bitbucket_repository.shop.owner}"
        "/pipelines-config/identity/oidc",
        '"ari:cloud:bitbucket::workspace/${var.shop_ci_oidc_workspace_uuid}"',
        ("${bitbucket_repository.shop.uuid}:${bitbucket_deployment.production.uuid}:*",),
        ("create_provider", "workspace_uuid"),
    ),
    "buildkite, a schedule": (
        """
provider "buildkite" {
  organization = "acme"
}

resource "buildkite_pipeline" "shop" {
  name = "shop"
}

resource "buildkite_pipeline_schedule" "nightly" {
  pipeline_id = buildkite_pipeline.shop.id
  branch      = "main"
  env         = { AWS_SECRET_ACCESS_KEY = aws_iam_access_key.ci.secret }
}
""",
        "agent.buildkite.com",
        '"sts.amazonaws.com"',
        (
            "organization:acme:pipeline:${buildkite_pipeline.shop.slug}:ref:refs/heads/main"
            ":commit:*:step:*",
        ),
        ("create_provider",),
    ),
    "buildkite, a secret of a cluster": (
        """
resource "buildkite_cluster_secret" "secret" {
  cluster_id = "01234567-89ab-cdef-0123-456789abcdef"
  key        = "AWS_SECRET_ACCESS_KEY"
  value      = aws_iam_access_key.ci.secret
}
""",
        "agent.buildkite.com",
        '"sts.amazonaws.com"',
        (
            "organization:${var.shop_ci_oidc_organization}:pipeline:${var.shop_ci_oidc_pipeline}"
            ":ref:refs/heads/${var.shop_ci_oidc_branch}:commit:*:step:*",
        ),
        ("create_provider", "organization", "pipeline", "branch"),
    ),
    "azure devops, a service connection": (
        """
provider "azuredevops" {
  org_service_url = "https://dev.azure.com/acme"
}

resource "azuredevops_project" "shop" {
  name = "shop"
}

resource "azuredevops_serviceendpoint_aws" "aws" {
  project_id            = azuredevops_project.shop.id
  service_endpoint_name = "aws"
  access_key_id         = aws_iam_access_key.ci.id
  secret_access_key     = aws_iam_access_key.ci.secret
}
""",
        "vstoken.dev.azure.com/${var.shop_ci_oidc_organization_guid}",
        '"api://AzureADTokenExchange"',
        ("sc://acme/${azuredevops_project.shop.name}/aws",),
        ("create_provider", "organization_guid"),
    ),
    "azure devops, a variable group": (
        """
resource "azuredevops_variable_group" "aws" {
  project_id = "9b8f1a6e-0000-4000-8000-000000000000"
  name       = "aws"

  variable {
    name         = "AWS_SECRET_ACCESS_KEY"
    secret_value = aws_iam_access_key.ci.secret
    is_secret    = true
  }
}
""",
        "vstoken.dev.azure.com/${var.shop_ci_oidc_organization_guid}",
        '"api://AzureADTokenExchange"',
        (
            "sc://${var.shop_ci_oidc_organization}/${var.shop_ci_oidc_project}"
            "/${var.shop_ci_oidc_service_connection}",
        ),
        (
            "create_provider",
            "organization_guid",
            "organization",
            "project",
            "service_connection",
        ),
    ),
    "vercel, a variable for two environments": (
        """
resource "vercel_project" "shop" {
  name = "shop"
}

resource "vercel_project_environment_variable" "secret" {
  project_id = vercel_project.shop.id
  key        = "AWS_SECRET_ACCESS_KEY"
  value      = aws_iam_access_key.ci.secret
  target     = ["production", "preview"]
  sensitive  = true
}
""",
        "oidc.vercel.com/${var.shop_ci_oidc_team}",
        '"https://vercel.com/${var.shop_ci_oidc_team}"',
        tuple(
            f"owner:${{var.shop_ci_oidc_team}}:project:${{vercel_project.shop.name}}:environment:{e}"
            for e in ("production", "preview")
        ),
        ("create_provider", "team"),
    ),
    "vercel, in the project": (
        """
resource "vercel_project" "shop" {
  name        = "shop"
  environment = [{
    key    = "AWS_SECRET_ACCESS_KEY"
    value  = aws_iam_access_key.ci.secret
    target = ["production"]
  }]
}
""",
        "oidc.vercel.com/${var.shop_ci_oidc_team}",
        '"https://vercel.com/${var.shop_ci_oidc_team}"',
        (
            "owner:${var.shop_ci_oidc_team}:project:shop"
            ":environment:${var.shop_ci_oidc_environment}",
        ),
        ("create_provider", "team", "environment"),
    ),
    "env0, credentials": (
        """
resource "env0_aws_credentials" "aws" {
  name              = "aws"
  access_key_id     = aws_iam_access_key.ci.id
  secret_access_key = aws_iam_access_key.ci.secret
}
""",
        "${var.shop_ci_oidc_host}",
        "var.shop_ci_oidc_audience",
        ("${var.shop_ci_oidc_subject}",),
        ("create_provider", "host", "audience", "subject"),
    ),
    "env0, a configuration variable": (
        """
resource "env0_configuration_variable" "secret" {
  name         = "AWS_SECRET_ACCESS_KEY"
  value        = aws_iam_access_key.ci.secret
  is_sensitive = true
}
""",
        "${var.shop_ci_oidc_host}",
        "var.shop_ci_oidc_audience",
        ("${var.shop_ci_oidc_subject}",),
        ("create_provider", "host", "audience", "subject"),
    ),
    "scalr, a provider configuration": (
        """
resource "scalr_provider_configuration" "aws" {
  name = "aws"

  aws {
    credentials_type = "access_keys"
    access_key       = aws_iam_access_key.ci.id
    secret_key       = aws_iam_access_key.ci.secret
  }
}
""",
        "scalr.io",
        '"aws.scalr-run-workload"',
        ("${var.shop_ci_oidc_subject}",),
        ("create_provider", "subject"),
    ),
    "scalr, a variable, the provider's URL an expression": (
        """
variable "scalr_url" {}

resource "aws_iam_openid_connect_provider" "scalr" {
  url            = var.scalr_url
  client_id_list = ["aws.scalr-run-workload"]
}

resource "scalr_variable" "secret" {
  key          = "AWS_SECRET_ACCESS_KEY"
  value        = aws_iam_access_key.ci.secret
  category     = "shell"
  workspace_id = "ws-1"
}
""",
        "scalr.io",
        '"aws.scalr-run-workload"',
        ("${var.shop_ci_oidc_subject}",),
        ("subject",),
    ),
}
