variable "name" {
  type = string
}

# Only in module.inherits: there the default provider names no owner.
resource "aws_iam_user" "this" { # expect: RF401
  name = var.name
}
