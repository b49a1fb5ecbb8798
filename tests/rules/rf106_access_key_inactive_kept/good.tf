resource "aws_iam_access_key" "default" {
  user = "ci"
}

resource "aws_iam_access_key" "active" {
  user   = "cd"
  status = "Active"
}

resource "aws_iam_access_key" "null" {
  user   = "cm"
  status = null
}

resource "aws_iam_access_key" "gone" {
  count  = 0
  user   = "old"
  status = "Inactive"
}

resource "aws_iam_access_key" "lower_case" {
  user   = "co"
  status = "active"
}
