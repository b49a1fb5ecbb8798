resource "aws_iam_user" "deep" {
  name = "deep"
}

resource "aws_iam_access_key" "deep" {
  user = aws_iam_user.deep.name
}

output "secret" {
  value = aws_iam_access_key.deep.secret
}
