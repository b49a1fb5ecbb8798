resource "aws_organizations_policy" "root" {
  name = "root"

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      NotAction = ["sts:*", "support:*"]
      Resource  = "*"
      Condition = {
        StringLike    = { "aws:PrincipalArn" = ["arn:aws:iam::*:root"] }
        BoolIfExists  = { "aws:AssumedRoot" = false }
        StringNotLike = { "aws:PrincipalOrgPaths" = "o-1/r-1/ou-sandbox/*" }
      }
    }]
  })
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.root.id
  target_id = "r-example"
}

resource "aws_iam_organizations_features" "main" {
  enabled_features = ["RootSessions"]
}
