# fix: steps
resource "aws_iam_access_key" "ci" {
  user = "ci"
}

resource "null_resource" "publish" {
  depends_on = [aws_iam_access_key.ci]

  triggers = {
    key = aws_iam_access_key.ci.id
  }
}

output "secret" {
  value     = aws_iam_access_key.ci.secret
  sensitive = true
}
