resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

resource "aws_iam_user" "scales" {
  name = "scales"
  tags = { Owner = "team-warehouse" }
}

resource "aws_iam_user_policy" "scales" {
  user = aws_iam_user.scales.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "arn:aws:s3:::records/*"
      },
      {
        Effect    = "Deny"
        Action    = "*"
        Resource  = "*"
        Condition = { NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] } }
      },
    ]
  })
}

resource "aws_iam_access_key" "scales" {
  user = aws_iam_user.scales.name

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

resource "aws_iam_user" "many" {
  name = "many"
  tags = { Owner = "Team Warehouse" }
}

resource "aws_iam_user_policy" "many" {
  user = aws_iam_user.many.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:GetObject"]
        Resource = "arn:aws:s3:::records/*"
      },
      {
        Effect    = "Deny"
        Action    = "*"
        Resource  = "*"
        Condition = { NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28", "198.51.100.0/24"] } }
      },
    ]
  })
}

resource "aws_iam_access_key" "many" {
  user = aws_iam_user.many.name

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

resource "aws_iam_access_key" "off" {
  user   = "off"
  status = "Inactive"
}
