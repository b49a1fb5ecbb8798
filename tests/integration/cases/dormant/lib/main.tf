variable "create" {
  default = true
}

resource "aws_iam_access_key" "this" {
  count = var.create ? 1 : 0
  user  = "ci"
}
