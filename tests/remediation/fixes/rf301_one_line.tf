# fix: review
resource "aws_iam_user" "ci" { name = "ci" }

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
  lifecycle { create_before_destroy = true }
}
