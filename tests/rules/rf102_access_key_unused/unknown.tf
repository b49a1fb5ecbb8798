terraform {
  backend "s3" {}
}

variable "create" {
  type = bool
}

variable "choose" {
  type = bool
}

# If it exists, nothing reads it.
resource "aws_iam_access_key" "perhaps" { # expect: RF102
  count = var.create ? 1 : 0
  user  = "perhaps"
}

# Perhaps read is read.
resource "aws_iam_access_key" "chosen" {
  user = "chosen"
}

resource "aws_ssm_parameter" "chosen" {
  name  = "chosen"
  type  = "SecureString"
  value = var.choose ? aws_iam_access_key.chosen.secret : "none"
}
