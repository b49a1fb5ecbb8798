# The function deactivates old keys and makes no new ones.
resource "aws_iam_access_key" "deletes" { # expect: RF301
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
      Action   = ["iam:UpdateAccessKey", "iam:DeleteAccessKey"]
      Resource = "*"
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
