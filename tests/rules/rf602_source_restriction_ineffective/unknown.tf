variable "actions" {
  type = list(string)
}

variable "enabled" {
  type = bool
}

variable "status" {
  type = string
}

resource "aws_iam_user" "actions" {
  name = "actions"
}

resource "aws_iam_access_key" "actions" { # undetermined: RF602
  user = aws_iam_user.actions.name
}

resource "aws_iam_user_policy" "actions" {
  user = aws_iam_user.actions.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = var.actions, Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "switched" {
  name = "switched"
}

resource "aws_iam_access_key" "switched" { # undetermined: RF602
  user = aws_iam_user.switched.name
}

resource "aws_iam_user_policy" "switched" {
  user = aws_iam_user.switched.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ]
  })
}

resource "aws_iam_user_policy" "source" {
  count = var.enabled ? 1 : 0
  user  = aws_iam_user.switched.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "status" {
  name = "status"
}

resource "aws_iam_access_key" "status" { # undetermined: RF602
  user   = aws_iam_user.status.name
  status = var.status
}

resource "aws_iam_user_policy" "status" {
  user = aws_iam_user.status.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "role_elsewhere" {
  name = "role_elsewhere"
}

resource "aws_iam_access_key" "role_elsewhere" { # undetermined: RF602
  user = aws_iam_user.role_elsewhere.name
}

resource "aws_iam_user_policy" "role_elsewhere" {
  user = aws_iam_user.role_elsewhere.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::123456789012:role/deploy" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}
