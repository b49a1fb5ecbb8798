provider "aws" {
  region = "eu-central-1"
}

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
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*", Condition = { IpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } },
    ]
  })
}

# The list is known when it is applied; its shape is right.
variable "allowed_ips" {
  type = list(string)
}

resource "aws_iam_user" "variable" {
  name = "variable"
}

resource "aws_iam_access_key" "variable" {
  user = aws_iam_user.variable.name
}

resource "aws_iam_user_policy" "variable" {
  user = aws_iam_user.variable.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = var.allowed_ips } } },
    ]
  })
}

resource "aws_iam_user" "boundary" {
  name                 = "boundary"
  permissions_boundary = aws_iam_policy.source.arn
}

resource "aws_iam_access_key" "boundary" {
  user = aws_iam_user.boundary.name
}

resource "aws_iam_user_policy" "boundary" {
  user = aws_iam_user.boundary.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ]
  })
}

resource "aws_iam_policy" "source" {
  name = "source"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { StringNotEquals = { "aws:SourceVpce" = ["vpce-0abc"] } } },
    ]
  })
}

resource "aws_iam_group" "source" {
  name = "source"
}

resource "aws_iam_group_policy_attachment" "source" {
  group      = aws_iam_group.source.name
  policy_arn = aws_iam_policy.source.arn
}

resource "aws_iam_user_group_membership" "group" {
  user   = aws_iam_user.group.name
  groups = [aws_iam_group.source.name]
}

resource "aws_iam_user" "group" {
  name = "group"
}

resource "aws_iam_access_key" "group" {
  user = aws_iam_user.group.name
}

# What does not bind is RF602.
resource "aws_iam_user" "everybody" {
  name = "everybody"
}

resource "aws_iam_access_key" "everybody" {
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

# Nobody can use it.
resource "aws_iam_user" "inactive" {
  name = "inactive"
}

resource "aws_iam_access_key" "inactive" {
  user   = aws_iam_user.inactive.name
  status = "Inactive"
}

# Users of another tree that this one restricts: a Deny holds whatever else they have.
resource "aws_iam_access_key" "elsewhere" {
  user = "declared-elsewhere"
}

resource "aws_iam_user_policy" "elsewhere" {
  user = "declared-elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Deny", Action = "*", Resource = "*", Condition = {
      NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] }
    } }]
  })
}

module "restricted" {
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "restricted"
}

resource "aws_iam_user_policy" "restricted" {
  user = module.restricted.name
  policy = jsonencode({
    Statement = [{ Effect = "Deny", Action = "*", Resource = "*", Condition = {
      NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] }
    } }]
  })
}

# Whose key it is, only the caller knows: RF101 and RF201 speak about it.
resource "null_resource" "caller" {
  provisioner "local-exec" {
    command = "aws iam create-access-key > key.json"
  }
}
