resource "aws_organizations_organization" "this" {
  aws_service_access_principals = ["iam.amazonaws.com"]
  feature_set                   = "ALL"
}

resource "aws_iam_organizations_features" "this" {
  enabled_features = ["RootCredentialsManagement"]
}
