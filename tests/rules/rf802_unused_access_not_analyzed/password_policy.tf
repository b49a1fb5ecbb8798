resource "aws_iam_account_password_policy" "strict" { # expect: RF802
  minimum_password_length = 14
}
