variable "number" {
  type = number
}

resource "aws_iam_access_key" "scales" {
  count = var.number
  user  = "scales"
}
