variable "owner" {
  type = string
}

resource "aws_iam_user" "scales" {
  name = "scales"
  tags = { Owner = var.owner }
}

resource "aws_iam_access_key" "scales" {
  user = aws_iam_user.scales.name
}
