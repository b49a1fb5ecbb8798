resource "aws_iam_user" "deny" {
  name = "deny"
}

resource "aws_iam_access_key" "deny" {
  user = aws_iam_user.deny.name
}

resource "aws_iam_user_policy" "deny" {
  user = aws_iam_user.deny.name
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
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, StringNotEquals = { "aws:SourceVpc" = ["vpc-0abc"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "allow" {
  name = "allow"
}

resource "aws_iam_access_key" "allow" {
  user = aws_iam_user.allow.name
}

resource "aws_iam_user_policy" "allow" {
  user = aws_iam_user.allow.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "if_exists" {
  name = "if_exists"
}

resource "aws_iam_access_key" "if_exists" {
  user = aws_iam_user.if_exists.name
}

resource "aws_iam_user_policy" "if_exists" {
  user = aws_iam_user.if_exists.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "unrestricted" {
  name = "unrestricted"
}

resource "aws_iam_access_key" "unrestricted" {
  user = aws_iam_user.unrestricted.name
}

resource "aws_iam_user_policy" "unrestricted" {
  user = aws_iam_user.unrestricted.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ]
  })
}

resource "aws_iam_user" "covers_what_there_is" {
  name = "covers_what_there_is"
}

resource "aws_iam_access_key" "covers_what_there_is" {
  user = aws_iam_user.covers_what_there_is.name
}

resource "aws_iam_user_policy" "covers_what_there_is" {
  user = aws_iam_user.covers_what_there_is.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "s3:*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

# One flawed statement beside one that binds.
resource "aws_iam_user" "beside" {
  name = "beside"
}

resource "aws_iam_access_key" "beside" {
  user = aws_iam_user.beside.name
}

resource "aws_iam_user_policy" "beside" {
  user = aws_iam_user.beside.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_user.assumes.arn } }]
  })
}

resource "aws_iam_role_policy" "deploy" {
  role = aws_iam_role.deploy.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "assumes" {
  name = "assumes"
}

resource "aws_iam_access_key" "assumes" {
  user = aws_iam_user.assumes.name
}

resource "aws_iam_user_policy" "assumes" {
  user = aws_iam_user.assumes.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.deploy.arn },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}
