provider "aws" {}

variable "targets" {
  type = set(string)
}

resource "aws_organizations_policy" "root" { # undetermined: RF203
  name = "root"

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { ArnLike = { "aws:PrincipalArn" = "arn:*:iam::*:root" } }
    }]
  })
}

resource "aws_organizations_policy_attachment" "root" {
  for_each = var.targets

  policy_id = aws_organizations_policy.root.id
  target_id = each.key
}
