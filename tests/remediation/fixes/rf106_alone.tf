# fix: review
resource "aws_iam_user" "ci" {
  name = "ci"
}

# Switched off in May.
resource "aws_iam_access_key" "ci" {
  user   = aws_iam_user.ci.name
  status = "Inactive"
}
