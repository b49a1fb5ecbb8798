variable "status" {
  type = string
}

resource "aws_iam_access_key" "ci" { # undetermined: RF106
  user   = "ci"
  status = var.status
}
