resource "aws_iam_user" "service" { # expect: RF502
  name = "service"
}

resource "aws_iam_user_policy" "service" {
  user = aws_iam_user.service.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:*", "logs:PutLogEvents"]
      Resource = ["arn:aws:s3:::*", "arn:aws:s3:::*/*"]
    }]
  })
}

resource "aws_iam_access_key" "service" {
  user = aws_iam_user.service.name
}

resource "aws_iam_user" "all_but" { # expect: RF502
  name = "all-but"
}

resource "aws_iam_user_policy" "all_but" {
  user = aws_iam_user.all_but.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotAction = ["iam:*", "organizations:*"]
      Resource  = "*"
    }]
  })
}

resource "aws_iam_user" "managed" { # expect: RF502
  name = "managed"
}

resource "aws_iam_user_policy_attachments_exclusive" "managed" {
  user_name = aws_iam_user.managed.name
  policy_arns = [
    "arn:aws-us-gov:iam::aws:policy/AmazonDynamoDBFullAccess",
    "arn:aws-us-gov:iam::aws:policy/AmazonS3ReadOnlyAccess",
  ]
}

resource "aws_iam_user" "power" { # expect: RF502
  name = "power"
}

resource "aws_iam_policy_attachment" "power" {
  name       = "power"
  users      = [aws_iam_user.power.name]
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_user" "roles" { # expect: RF502
  name = "roles"
}

resource "aws_iam_user_policy" "roles" {
  user = aws_iam_user.roles.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" },
      { Effect = "Allow", Action = "iam:PassRole", Resource = "*" },
    ]
  })
}

# What the boundary leaves of everything is still a whole service.
resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }]
  })
}

resource "aws_iam_user" "capped" { # expect: RF502
  name                 = "capped"
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_user_policy_attachment" "capped" {
  user       = aws_iam_user.capped.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# A user of another tree.
resource "aws_iam_user_policy_attachment" "elsewhere" { # expect: RF502
  user       = "declared-elsewhere"
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
