terraform {
  backend "s3" {}
}

variable "hide" {
  type = bool
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}

output "secret" { # undetermined: RF701
  value     = aws_iam_access_key.ci.secret
  sensitive = var.hide
}
