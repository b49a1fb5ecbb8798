# fix: review
resource "aws_iam_user" "anna" {
  name = "anna.berg"

  tags = {
    Owner = "platform-team"
  }
}

# She reads.
resource "aws_iam_user_policy_attachment" "anna" {
  user       = aws_iam_user.anna.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_user_login_profile" "anna" {
  user = aws_iam_user.anna.name
}
