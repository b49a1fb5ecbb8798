# fix: steps
resource "aws_iam_access_key" "ci" {
  count = 2

  user = "ci"
}
