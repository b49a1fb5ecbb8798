# fix: review
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}

output "key_id" {
  value = aws_iam_access_key.ci.id
}

output "secret" {
  value     = aws_iam_access_key.ci.secret
  sensitive = true
}
