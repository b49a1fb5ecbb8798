# fix: review
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}

resource "aws_ssm_parameter" "ci" {
  name  = "/ci/secret"
  type  = "String"
  value = aws_iam_access_key.ci.secret
}
