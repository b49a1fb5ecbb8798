locals {
  features = ["RootSessions", "RootCredentialsManagement"]
}

resource "aws_iam_organizations_features" "main" {
  enabled_features = local.features
}
