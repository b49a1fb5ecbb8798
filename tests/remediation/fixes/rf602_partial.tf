# fix: review
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_user_policy" "ci" {
  user = aws_iam_user.ci.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "s3:*Object"
        Resource  = "*"
        Condition = { IpAddress = { "aws:SourceIp" = ["198.51.100.0/24"] } }
      },
      { Effect = "Allow", Action = "ec2:DescribeInstances", Resource = "*" },
    ]
  })
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}
