resource "aws_iam_access_key" "ci" { # expect: RF303
  user = "ci"
}

data "aws_iam_policy_document" "rotate" {
  statement {
    actions   = ["iam:CreateAccessKey", "iam:DeleteAccessKey"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "rotate" {
  name   = "rotate"
  policy = data.aws_iam_policy_document.rotate.json
}

resource "aws_iam_role" "rotate" {
  name               = "rotate"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy_attachment" "rotate" {
  role       = aws_iam_role.rotate.name
  policy_arn = aws_iam_policy.rotate.arn
}

resource "aws_lambda_function" "rotate" {
  function_name = "rotate"
  role          = aws_iam_role.rotate.arn
}

resource "aws_cloudwatch_event_rule" "monthly" {
  schedule_expression = "rate(30 days)"
}

resource "aws_cloudwatch_event_target" "monthly" {
  rule = aws_cloudwatch_event_rule.monthly.name
  arn  = aws_lambda_function.rotate.arn
}
