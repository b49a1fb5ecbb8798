provider "aws" {}

variable "central_root" {
  type = bool
}

resource "aws_organizations_organization" "main" { # undetermined: RF202
  feature_set = "ALL"
}

resource "aws_iam_organizations_features" "main" {
  count = var.central_root ? 1 : 0

  enabled_features = ["RootCredentialsManagement"]
}
