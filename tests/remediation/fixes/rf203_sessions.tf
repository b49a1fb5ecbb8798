# fix: steps
resource "aws_iam_organizations_features" "acme" {
  enabled_features = ["RootCredentialsManagement", "RootSessions"]
}

resource "aws_organizations_policy" "root" {
  name = "deny-root"

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { ArnLike = { "aws:PrincipalArn" = ["arn:*:iam::*:root"] } }
    }]
  })
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.root.id
  target_id = "r-ab12"
}
