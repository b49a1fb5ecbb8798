variable "users" {
  type = string
}

variable "services" {
  type = list(string)
}

variable "boundary" {
  type = string
}

resource "aws_iam_user" "keys" { # undetermined: RF503
  name = "keys"
}

resource "aws_iam_user_policy" "keys" {
  user = aws_iam_user.keys.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:CreateAccessKey", Resource = var.users }]
  })
}

resource "aws_iam_user" "passes" { # undetermined: RF503
  name = "passes"
}

resource "aws_iam_user_policy" "passes" {
  user = aws_iam_user.passes.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = "*"
        Condition = { StringEquals = { "iam:PassedToService" = var.services } }
      },
      { Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" },
    ]
  })
}

resource "aws_iam_user" "bounded" { # undetermined: RF503
  name                 = "bounded"
  permissions_boundary = var.boundary
}

resource "aws_iam_user_policy" "bounded" {
  user = aws_iam_user.bounded.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:AttachUserPolicy", Resource = "*" }]
  })
}
