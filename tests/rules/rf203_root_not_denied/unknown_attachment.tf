provider "aws" {}

variable "policy_id" {
  type = string
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

resource "aws_organizations_policy_attachment" "any" {
  policy_id = var.policy_id
  target_id = "r-example"
}
