provider "aws" {}

variable "condition" {
  type = any
}

resource "aws_organizations_policy" "root" { # undetermined: RF203
  name = "root"

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = var.condition
    }]
  })
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.root.id
  target_id = "r-example"
}
