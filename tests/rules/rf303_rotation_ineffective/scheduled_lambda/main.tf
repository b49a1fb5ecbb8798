resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" { # expect: RF303
  user = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "other" {
  user = "not-the-business-of-the-function"
}

resource "aws_iam_role" "rotate" {
  name               = "rotate"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "rotate" {
  role = aws_iam_role.rotate.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"]
      Resource = aws_iam_user.ci.arn
    }]
  })
}

resource "aws_lambda_function" "rotate" {
  function_name = "rotate"
  role          = aws_iam_role.rotate.arn
}

resource "aws_scheduler_schedule" "rotate" {
  schedule_expression = "rate(30 days)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.rotate.arn
    role_arn = "arn:aws:iam::111122223333:role/scheduler"
  }
}
