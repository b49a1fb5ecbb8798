resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

variable "office" {
  type = list(string)
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
        Condition = { NotIpAddressIfExists = { "aws:SourceIp" = var.office } }
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

resource "aws_iam_access_key" "elsewhere" {
  user = "elsewhere"

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}
