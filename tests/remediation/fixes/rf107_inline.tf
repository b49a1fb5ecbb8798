# fix: code
resource "aws_iam_user" "anna" {
  name = "anna.berg"

  tags = {
    Owner = "platform-team"
  }
}

resource "aws_iam_user_policy" "anna" {
  user = aws_iam_user.anna.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_user_login_profile" "anna" {
  user = aws_iam_user.anna.name
}

output "anna" {
  value = aws_iam_user.anna.arn
}
