variable "name" {
  type = string
}

resource "aws_iam_access_key" "this" {
  user = var.name
}

# Not the root module: what matters is what the caller does with it.
output "keys" {
  value = {
    id     = aws_iam_access_key.this.id
    secret = aws_iam_access_key.this.secret
  }
}
