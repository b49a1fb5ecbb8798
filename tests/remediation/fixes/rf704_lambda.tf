# fix: steps
resource "aws_lambda_function" "job" {
  function_name = "job"
  role          = "arn:aws:iam::111122223333:role/job"

  environment {
    variables = {
      AWS_ACCESS_KEY_ID     = "AKIAQ4RT7WX2KJ5ZB3LM"
      AWS_SECRET_ACCESS_KEY = "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"
      STAGE                 = "prod"
    }
  }
}
