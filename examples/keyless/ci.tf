# The pipeline presents a token that GitHub signs for one repository and one branch; AWS answers with
# credentials that last an hour.

variable "github_owner_id" {
  description = "Numeric id of the GitHub organisation; part of the subject in repositories created since July 2026"
  type        = number
  default     = 48213377
}

variable "github_repository_id" {
  description = "Numeric id of the repository"
  type        = number
  default     = 731904552
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "ci_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:northwind-shop@${var.github_owner_id}/shop@${var.github_repository_id}:ref:refs/heads/main"]
    }
  }
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "SignInToRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # the action knows no resource
  }

  statement {
    sid = "PushImages"

    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:CompleteLayerUpload",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]

    resources = ["arn:aws:ecr:eu-central-1:${data.aws_caller_identity.current.account_id}:repository/shop/*"]
  }

  statement {
    sid       = "RollOut"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = ["arn:aws:ecs:eu-central-1:${data.aws_caller_identity.current.account_id}:service/shop/*"]
  }
}

resource "aws_iam_role" "ci" {
  name                 = "shop-ci"
  assume_role_policy   = data.aws_iam_policy_document.ci_trust.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "ci" {
  name   = "deploy"
  role   = aws_iam_role.ci.name
  policy = data.aws_iam_policy_document.deploy.json
}

# The name of a role is no secret: a variable is the right place for it.
resource "github_actions_variable" "role" {
  repository    = "shop"
  variable_name = "AWS_ROLE_ARN"
  value         = aws_iam_role.ci.arn
}
