variable "ips" {
  type = list(string)
}

variable "vpcs" {
  type = list(string)
}

variable "status" {
  type = string
}

# Whatever the lists hold: no request has both.
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
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = var.ips } } },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { StringNotEquals = { "aws:SourceVpc" = var.vpcs } } },
    ]
  })
}

resource "aws_iam_user" "status" {
  name = "status"
}

resource "aws_iam_access_key" "status" { # undetermined: RF603
  user   = aws_iam_user.status.name
  status = var.status
}

resource "aws_iam_user_policy" "status" {
  user = aws_iam_user.status.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["10.0.0.0/8"] }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}

# May hold public addresses.
resource "aws_iam_user" "ranges" {
  name = "ranges"
}

resource "aws_iam_access_key" "ranges" {
  user = aws_iam_user.ranges.name
}

resource "aws_iam_user_policy" "ranges" {
  user = aws_iam_user.ranges.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = concat(["10.0.0.0/8"], var.ips) }, BoolIfExists = { "aws:ViaAWSService" = "false" } } },
    ]
  })
}
