resource "aws_iam_access_key" "scales" {
  user = "scales"
}

resource "aws_iam_access_key" "b" {
  user = "b"
}
