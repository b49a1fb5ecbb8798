# fix: review
resource "aws_organizations_organization" "acme" {
  feature_set                   = "ALL"
  aws_service_access_principals = ["iam.amazonaws.com"]
}

resource "aws_iam_organizations_features" "acme" {
  enabled_features = ["RootSessions"]
}
