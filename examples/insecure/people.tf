# A person with a password and a key, both in IAM.

resource "aws_iam_user" "anna" {
  name = "anna.berg"
}

resource "aws_iam_user_login_profile" "anna" {
  user    = aws_iam_user.anna.name
  pgp_key = "keybase:annaberg"
}

resource "aws_iam_user_policy_attachment" "anna" {
  user       = aws_iam_user.anna.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_access_key" "anna" {
  user    = aws_iam_user.anna.name
  pgp_key = "keybase:annaberg"
}
