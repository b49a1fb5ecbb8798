# fix: review
variable "create" {
  type    = bool
  default = true
}

resource "aws_iam_user" "ci" {
  count = var.create ? 1 : 0
  name  = "ci"
}

resource "aws_iam_access_key" "ci" {
  count = var.create ? 1 : 0
  user  = aws_iam_user.ci[0].name

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_secretsmanager_secret" "ci" {
  name = "ci"
}

resource "aws_secretsmanager_secret_version" "ci" {
  secret_id = aws_secretsmanager_secret.ci.id

  secret_string = jsonencode({
    id     = aws_iam_access_key.ci[0].id
    secret = aws_iam_access_key.ci[0].secret
  })
}
