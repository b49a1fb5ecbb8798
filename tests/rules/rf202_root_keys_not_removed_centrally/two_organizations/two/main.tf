resource "aws_organizations_organization" "main" { # expect: RF202
  feature_set = "ALL"
}

# The next apply turns off what the other directory may have turned on.
resource "aws_iam_organizations_features" "main" {
  enabled_features = ["RootSessions"]
}
