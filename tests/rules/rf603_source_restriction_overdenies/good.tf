resource "aws_iam_user" "one_statement" {
  name = "one_statement"
}

resource "aws_iam_access_key" "one_statement" {
  user = aws_iam_user.one_statement.name
}

resource "aws_iam_user_policy" "one_statement" {
  user = aws_iam_user.one_statement.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, StringNotEquals = { "aws:SourceVpc" = ["vpc-0abc"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "leave_out_each_other" {
  name = "leave_out_each_other"
}

resource "aws_iam_access_key" "leave_out_each_other" {
  user = aws_iam_user.leave_out_each_other.name
}

resource "aws_iam_user_policy" "leave_out_each_other" {
  user = aws_iam_user.leave_out_each_other.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, Null = { "aws:SourceVpc" = "true" }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { StringNotEquals = { "aws:SourceVpc" = ["vpc-0abc"] }, Null = { "aws:SourceVpc" = "false" }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "private_beside_vpc" {
  name = "private_beside_vpc"
}

resource "aws_iam_access_key" "private_beside_vpc" {
  user = aws_iam_user.private_beside_vpc.name
}

resource "aws_iam_user_policy" "private_beside_vpc" {
  user = aws_iam_user.private_beside_vpc.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["10.0.0.0/8"] }, StringNotEquals = { "aws:SourceVpc" = ["vpc-0abc"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "documentation_ranges" {
  name = "documentation_ranges"
}

resource "aws_iam_access_key" "documentation_ranges" {
  user = aws_iam_user.documentation_ranges.name
}

resource "aws_iam_user_policy" "documentation_ranges" {
  user = aws_iam_user.documentation_ranges.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "services" {
  name = "services"
}

resource "aws_iam_access_key" "services" {
  user = aws_iam_user.services.name
}

resource "aws_iam_user_policy" "services" {
  user = aws_iam_user.services.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:PutObject", "kms:GenerateDataKey"], Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

resource "aws_iam_user" "nobody_calls_for_it" {
  name = "nobody_calls_for_it"
}

resource "aws_iam_access_key" "nobody_calls_for_it" {
  user = aws_iam_user.nobody_calls_for_it.name
}

resource "aws_iam_user_policy" "nobody_calls_for_it" {
  user = aws_iam_user.nobody_calls_for_it.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "no_network_keys" {
  name = "no_network_keys"
}

resource "aws_iam_access_key" "no_network_keys" {
  user = aws_iam_user.no_network_keys.name
}

resource "aws_iam_user_policy" "no_network_keys" {
  user = aws_iam_user.no_network_keys.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "rds-db:connect", Resource = "*" },
      { Effect = "Deny", NotAction = "rds-db:connect", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
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

# What does not bind is RF602.
resource "aws_iam_user" "ineffective" {
  name = "ineffective"
}

resource "aws_iam_access_key" "ineffective" {
  user = aws_iam_user.ineffective.name
}

resource "aws_iam_user_policy" "ineffective" {
  user = aws_iam_user.ineffective.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:PutObject", "kms:GenerateDataKey"], Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

# Nobody can use it.
resource "aws_iam_user" "inactive" {
  name = "inactive"
}

resource "aws_iam_access_key" "inactive" {
  user   = aws_iam_user.inactive.name
  status = "Inactive"
}

resource "aws_iam_user_policy" "inactive" {
  user = aws_iam_user.inactive.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["10.0.0.0/8"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}
