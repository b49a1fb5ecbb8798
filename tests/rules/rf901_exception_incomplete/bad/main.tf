resource "aws_iam_access_key" "scales" {
  user = "scales"
}

resource "aws_iam_access_key" "b" {
  user = "b"
}

resource "aws_iam_access_key" "c" {
  user = "c"
}

resource "aws_iam_access_key" "d" {
  user = "d"
}

resource "aws_iam_access_key" "e" {
  user = "e"
}

resource "aws_iam_access_key" "f" {
  user = "f"
}

resource "aws_iam_access_key" "g" {
  user = "g"
}

resource "aws_iam_access_key" "h" {
  user = "h"
}
