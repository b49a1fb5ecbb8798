# fix: review
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_iam_user" "ci" {
  provider = aws.west
  name     = "ci"
}

resource "aws_iam_user_policy" "ci" {
  provider = aws.west
  name     = "ci"
  user     = aws_iam_user.ci.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_user_policies_exclusive" "ci" {
  provider     = aws.west
  user_name    = aws_iam_user.ci.name
  policy_names = [aws_iam_user_policy.ci.name]
}

resource "aws_iam_access_key" "ci" {
  provider = aws.west
  user     = aws_iam_user.ci.name
}
