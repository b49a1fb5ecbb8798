resource "aws_iam_organizations_features" "main" {
  enabled_features = ["RootCredentialsManagement"]
}
