resource "aws_iam_organizations_features" "main" { # expect: RF202
  enabled_features = ["RootSessions"]
}
