resource "aws_iam_user" "protected" {
  name = "protected"
  tags = { Owner = "platform" }
}

resource "aws_iam_access_key" "protected" {
  #checkov:skip=RF101:because I say so
  user = aws_iam_user.protected.name
}

resource "aws_iam_user" "expired" {
  #checkov:skip=RF401:until=2020-01-01 the new team is being founded
  name = "expired"
}

resource "aws_iam_user" "valid" {
  #checkov:skip=RF401:until=2999-12-31 the new team is being founded
  name = "valid"
}

resource "aws_iam_user" "reasonless" {
  #checkov:skip=RF401
  name = "reasonless"
}

resource "aws_iam_user" "clean" {
  #checkov:skip=RF401:not needed, there is an owner
  name = "clean"
  tags = { Owner = "platform" }
}
