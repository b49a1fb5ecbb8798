variable "name" {
  type = string
}

resource "aws_iam_access_key" "this" {
  user = var.name
}

output "secret" {
  value = aws_iam_access_key.this.secret
}
