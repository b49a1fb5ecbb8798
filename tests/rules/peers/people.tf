# A user for a person and one for a machine.
resource "aws_iam_user" "anna" {
  name = "anna.berg"
}

resource "aws_iam_user_login_profile" "anna" {
  user = aws_iam_user.anna.name
}

resource "aws_iam_user" "machine" {
  name = "smtp-relay"
}
