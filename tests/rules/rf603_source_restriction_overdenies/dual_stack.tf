provider "aws" {
  use_dualstack_endpoint = true
}

resource "aws_iam_user" "four" {
  name = "four"
}

resource "aws_iam_access_key" "four" { # expect: RF603
  user = aws_iam_user.four.name
}

resource "aws_iam_user_policy" "four" {
  user = aws_iam_user.four.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "both" {
  name = "both"
}

resource "aws_iam_access_key" "both" {
  user = aws_iam_user.both.name
}

resource "aws_iam_user_policy" "both" {
  user = aws_iam_user.both.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24", "2001:db8:1::/48"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}
