resource "aws_iam_user" "two_denies" {
  name = "two_denies"
}

resource "aws_iam_access_key" "two_denies" { # expect: RF603
  user = aws_iam_user.two_denies.name
}

resource "aws_iam_user_policy" "two_denies" {
  user = aws_iam_user.two_denies.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { StringNotEquals = { "aws:SourceVpc" = ["vpc-0abc"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "two_in_allow" {
  name = "two_in_allow"
}

resource "aws_iam_access_key" "two_in_allow" { # expect: RF603
  user = aws_iam_user.two_in_allow.name
}

resource "aws_iam_user_policy" "two_in_allow" {
  user = aws_iam_user.two_in_allow.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, StringEquals = { "aws:SourceVpc" = ["vpc-0abc"] } } },
    ]
  })
}

resource "aws_iam_user" "private" {
  name = "private"
}

resource "aws_iam_access_key" "private" { # expect: RF603
  user = aws_iam_user.private.name
}

resource "aws_iam_user_policy" "private" {
  user = aws_iam_user.private.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["10.0.0.0/8"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "private_allow" {
  name = "private_allow"
}

resource "aws_iam_access_key" "private_allow" { # expect: RF603
  user = aws_iam_user.private_allow.name
}

resource "aws_iam_user_policy" "private_allow" {
  user = aws_iam_user.private_allow.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "ses:SendRawEmail", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["10.0.0.0/8", "192.168.0.0/16"] } } },
    ]
  })
}

resource "aws_iam_user" "services" {
  name = "services"
}

resource "aws_iam_access_key" "services" { # expect: RF603
  user = aws_iam_user.services.name
}

resource "aws_iam_user_policy" "services" {
  user = aws_iam_user.services.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:PutObject", "kms:GenerateDataKey"], Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "no_network_keys" {
  name = "no_network_keys"
}

resource "aws_iam_access_key" "no_network_keys" { # expect: RF603
  user = aws_iam_user.no_network_keys.name
}

resource "aws_iam_user_policy" "no_network_keys" {
  user = aws_iam_user.no_network_keys.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "rds-db:connect", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

# The restriction of a user that a module declares.
module "user" { # expect: RF603
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "module"
}

resource "aws_iam_user_policy" "module" {
  user = module.user.name
  policy = jsonencode({
    Statement = [
      { Effect = "Deny", Action = "*", Resource = "*", Condition = {
        NotIpAddress = { "aws:SourceIp" = ["203.0.113.16/28"] }
      } },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = {
        StringNotEquals = { "aws:SourceVpc" = ["vpc-0abc"] }
      } },
    ]
  })
}
