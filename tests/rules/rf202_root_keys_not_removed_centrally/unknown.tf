provider "aws" {}

variable "features" {
  type = list(string)
}

resource "aws_organizations_organization" "main" { # undetermined: RF202
  feature_set = "ALL"
}

resource "aws_iam_organizations_features" "main" {
  enabled_features = var.features
}
