provider "aws" {}

variable "feature" {
  type = string
}

resource "aws_organizations_organization" "main" { # undetermined: RF202
  feature_set = "ALL"
}

resource "aws_iam_organizations_features" "main" {
  enabled_features = ["RootSessions", var.feature]
}
