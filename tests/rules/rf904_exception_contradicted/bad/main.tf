resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

resource "aws_iam_user" "rights" {
  name = "rights"
  tags = { Owner = "team-warehouse" }
}

resource "aws_iam_user_policy" "rights" {
  user = aws_iam_user.rights.name
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
        Condition = { NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.16/28"] } }
      },
    ]
  })
}

resource "aws_iam_access_key" "rights" {
  user = aws_iam_user.rights.name

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

resource "aws_iam_user" "everywhere" {
  name = "everywhere"
  tags = { Owner = "team-warehouse" }
}

resource "aws_iam_user_policy" "everywhere" {
  user = aws_iam_user.everywhere.name
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
        Condition = { NotIpAddressIfExists = { "aws:SourceIp" = ["0.0.0.0/0"] } }
      },
    ]
  })
}

resource "aws_iam_access_key" "everywhere" {
  user = aws_iam_user.everywhere.name

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

resource "aws_iam_user" "wider" {
  name = "wider"
  tags = { Owner = "team-warehouse" }
}

resource "aws_iam_user_policy" "wider" {
  user = aws_iam_user.wider.name
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
        Condition = { NotIpAddressIfExists = { "aws:SourceIp" = ["203.0.113.0/24"] } }
      },
    ]
  })
}

resource "aws_iam_access_key" "wider" {
  user = aws_iam_user.wider.name

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

resource "aws_iam_user" "slow" {
  name = "slow"
  tags = { Owner = "team-warehouse" }
}

resource "aws_iam_user_policy" "slow" {
  user = aws_iam_user.slow.name
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

resource "aws_iam_access_key" "slow" {
  user = aws_iam_user.slow.name

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

resource "aws_iam_user" "other" {
  name = "other"
  tags = { Owner = "team-warehouse" }
}

resource "aws_iam_user_policy" "other" {
  user = aws_iam_user.other.name
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

resource "aws_iam_access_key" "other" {
  user = aws_iam_user.other.name

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}
