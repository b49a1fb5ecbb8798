resource "aws_iam_access_key" "scales" {
  user = "scales"
}

resource "aws_iam_access_key" "b" {
  user = "b"
}

resource "aws_iam_access_key" "c" {
  user = "c"
}
