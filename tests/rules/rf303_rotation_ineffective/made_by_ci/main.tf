resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" { # expect: RF303
  user = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
