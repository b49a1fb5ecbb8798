# The old key stays beside the new one.
resource "aws_iam_access_key" "creates" { # expect: RF303
  user = "creates"
}

resource "aws_iam_role" "creates" {
  name               = "creates"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "creates" {
  role = aws_iam_role.creates.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:CreateAccessKey", "iam:UpdateAccessKey"]
      Resource = "arn:aws:iam::111122223333:user/creates"
    }]
  })
}

resource "aws_lambda_function" "creates" {
  function_name = "creates"
  role          = aws_iam_role.creates.arn
}

resource "aws_scheduler_schedule" "creates" {
  schedule_expression = "rate(30 days)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.creates.arn
    role_arn = "arn:aws:iam::111122223333:role/scheduler"
  }
}

# Nothing new comes.
resource "aws_iam_access_key" "deletes" {
  user = "deletes"
}

resource "aws_iam_role" "deletes" {
  name               = "deletes"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "deletes" {
  role = aws_iam_role.deletes.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:DeleteAccessKey"]
      Resource = "arn:aws:iam::111122223333:user/deletes"
    }]
  })
}

resource "aws_lambda_function" "deletes" {
  function_name = "deletes"
  role          = aws_iam_role.deletes.arn
}

resource "aws_scheduler_schedule" "deletes" {
  schedule_expression = "rate(30 days)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.deletes.arn
    role_arn = "arn:aws:iam::111122223333:role/scheduler"
  }
}

# Wildcards, and a path before the name.
resource "aws_iam_access_key" "wildcard" { # expect: RF303
  user = "wildcard"
}

resource "aws_iam_role" "wildcard" {
  name               = "wildcard"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "wildcard" {
  role = aws_iam_role.wildcard.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "iam:*AccessKey*"
      Resource = "arn:aws:iam::111122223333:user/robots/wild*"
    }]
  })
}

resource "aws_lambda_function" "wildcard" {
  function_name = "wildcard"
  role          = aws_iam_role.wildcard.arn
}

resource "aws_scheduler_schedule" "wildcard" {
  schedule_expression = "rate(30 days)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.wildcard.arn
    role_arn = "arn:aws:iam::111122223333:role/scheduler"
  }
}

# The function only looks.
resource "aws_iam_access_key" "watched" {
  user = "watched"
}

resource "aws_iam_role" "watched" {
  name               = "watched"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "watched" {
  role = aws_iam_role.watched.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"]
      Resource = "*"
    }]
  })
}

resource "aws_lambda_function" "watched" {
  function_name = "watched"
  role          = aws_iam_role.watched.arn
}

resource "aws_scheduler_schedule" "watched" {
  schedule_expression = "rate(30 days)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.watched.arn
    role_arn = "arn:aws:iam::111122223333:role/scheduler"
  }
}
