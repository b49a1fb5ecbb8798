resource "aws_iam_user" "everybody" {
  name = "everybody"
}

resource "aws_iam_access_key" "everybody" { # expect: RF602
  user = aws_iam_user.everybody.name
}

resource "aws_iam_user_policy" "everybody" {
  user = aws_iam_user.everybody.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["0.0.0.0/0"] } } },
    ]
  })
}

resource "aws_iam_user" "halves" {
  name = "halves"
}

resource "aws_iam_access_key" "halves" { # expect: RF602
  user = aws_iam_user.halves.name
}

resource "aws_iam_user_policy" "halves" {
  user = aws_iam_user.halves.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["0.0.0.0/1", "128.0.0.0/1"] } } },
    ]
  })
}

resource "aws_iam_user" "ipv6" {
  name = "ipv6"
}

resource "aws_iam_access_key" "ipv6" { # expect: RF602
  user = aws_iam_user.ipv6.name
}

resource "aws_iam_user_policy" "ipv6" {
  user = aws_iam_user.ipv6.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24", "::/0"] } } },
    ]
  })
}

resource "aws_iam_user" "inverted" {
  name = "inverted"
}

resource "aws_iam_access_key" "inverted" { # expect: RF602
  user = aws_iam_user.inverted.name
}

resource "aws_iam_user_policy" "inverted" {
  user = aws_iam_user.inverted.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "inverted_allow" {
  name = "inverted_allow"
}

resource "aws_iam_access_key" "inverted_allow" { # expect: RF602
  user = aws_iam_user.inverted_allow.name
}

resource "aws_iam_user_policy" "inverted_allow" {
  user = aws_iam_user.inverted_allow.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "fail_open" {
  name = "fail_open"
}

resource "aws_iam_access_key" "fail_open" { # expect: RF602
  user = aws_iam_user.fail_open.name
}

resource "aws_iam_user_policy" "fail_open" {
  user = aws_iam_user.fail_open.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*", Resource = "*", Condition = { IpAddressIfExists = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "fail_open_vpc" {
  name = "fail_open_vpc"
}

resource "aws_iam_access_key" "fail_open_vpc" { # expect: RF602
  user = aws_iam_user.fail_open_vpc.name
}

resource "aws_iam_user_policy" "fail_open_vpc" {
  user = aws_iam_user.fail_open_vpc.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*", Resource = "*", Condition = { StringEqualsIfExists = { "aws:SourceVpc" = ["vpc-0abc"] } } },
    ]
  })
}

resource "aws_iam_user" "text" {
  name = "text"
}

resource "aws_iam_access_key" "text" { # expect: RF602
  user = aws_iam_user.text.name
}

resource "aws_iam_user_policy" "text" {
  user = aws_iam_user.text.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { StringNotEquals = { "aws:SourceIp" = ["203.0.113.7"] } } },
    ]
  })
}

resource "aws_iam_user" "look_alike" {
  name = "look_alike"
}

resource "aws_iam_access_key" "look_alike" { # expect: RF602
  user = aws_iam_user.look_alike.name
}

resource "aws_iam_user_policy" "look_alike" {
  user = aws_iam_user.look_alike.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { ArnNotLike = { "aws:SourceArn" = ["arn:aws:ec2:*:123456789012:vpc/vpc-0abc"] } } },
    ]
  })
}

resource "aws_iam_user" "private_address" {
  name = "private_address"
}

resource "aws_iam_access_key" "private_address" { # expect: RF602
  user = aws_iam_user.private_address.name
}

resource "aws_iam_user_policy" "private_address" {
  user = aws_iam_user.private_address.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:VpcSourceIp" = ["10.0.0.0/8"] } } },
    ]
  })
}

resource "aws_iam_user" "some_actions" {
  name = "some_actions"
}

resource "aws_iam_access_key" "some_actions" { # expect: RF602
  user = aws_iam_user.some_actions.name
}

resource "aws_iam_user_policy" "some_actions" {
  user = aws_iam_user.some_actions.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Allow", Action = "ses:*", Resource = "*" },
      { Effect = "Deny", Action = "s3:*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

resource "aws_iam_user" "one_open" {
  name = "one_open"
}

resource "aws_iam_access_key" "one_open" { # expect: RF602
  user = aws_iam_user.one_open.name
}

resource "aws_iam_user_policy" "one_open" {
  user = aws_iam_user.one_open.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
    ]
  })
}

resource "aws_iam_user" "editable" {
  name = "editable"
}

resource "aws_iam_access_key" "editable" { # expect: RF602
  user = aws_iam_user.editable.name
}

resource "aws_iam_user_policy" "editable" {
  user = aws_iam_user.editable.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:*", "iam:*"], Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

# The Deny on the user stays behind when it becomes a role.
resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_user.assumes.arn } }]
  })
}

resource "aws_iam_user" "assumes" {
  name = "assumes"
}

resource "aws_iam_access_key" "assumes" { # expect: RF602
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

# The restriction of a user that a module declares.
module "user" { # expect: RF602
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "module"
}

resource "aws_iam_user_policy" "module" {
  user = module.user.name
  policy = jsonencode({
    Statement = [{ Effect = "Deny", Action = "*", Resource = "*", Condition = {
      NotIpAddress = { "aws:SourceIp" = ["0.0.0.0/0"] }
    } }]
  })
}
