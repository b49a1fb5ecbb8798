# fix: review
resource "aws_organizations_policy" "root" {
  name = "deny-root"

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Deny"
      Action   = "*"
      Resource = "*"
      Condition = {
        ArnLike = { "aws:PrincipalArn" = ["arn:*:iam::*:root"] }
        Null    = { "aws:AssumedRoot" = "true" }
      }
    }]
  })
}
