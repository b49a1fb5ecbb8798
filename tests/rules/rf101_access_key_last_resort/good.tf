variable "issuer" {
  type = string
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.issuer]
    }
  }
}

resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

# An inactive key is RF106.
resource "aws_iam_access_key" "inactive" {
  user   = "old"
  status = "Inactive"
}

resource "aws_iam_service_specific_credential" "inactive" {
  service_name = "codecommit.amazonaws.com"
  user_name    = "old"
  status       = "Inactive"
}

resource "aws_iam_access_key" "none" {
  count = 0
  user  = "never"
}

resource "aws_iam_service_specific_credential" "expires" {
  service_name        = "bedrock.amazonaws.com"
  user_name           = "inference"
  credential_age_days = 30
}

module "console_user" {
  source                = "terraform-aws-modules/iam/aws//modules/iam-user"
  version               = "~> 5.0"
  name                  = "console"
  create_iam_access_key = false
}

variable "enabled" {
  default = false
}

# No deployment can change this.
resource "aws_iam_access_key" "never" {
  count = var.enabled && false ? 1 : 0
  user  = "never"
}
