# A pipeline and a function.
resource "aws_iam_access_key" "mixed" { # expect: RF104
  user = "mixed"
}

resource "github_actions_secret" "mixed" {
  repository      = "app"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.mixed.secret
}

resource "aws_lambda_function" "mixed" {
  function_name = "mixed"
  role          = "arn:aws:iam::111122223333:role/mixed"

  environment {
    variables = { SECRET = aws_iam_access_key.mixed.secret }
  }
}

# Two functions, through a local.
resource "aws_iam_access_key" "twice" { # expect: RF104
  user = "twice"
}

locals {
  twice = aws_iam_access_key.twice.secret
}

resource "aws_lambda_function" "first" {
  function_name = "first"
  role          = "arn:aws:iam::111122223333:role/first"

  environment {
    variables = { SECRET = local.twice }
  }
}

resource "aws_lambda_function" "second" {
  function_name = "second"
  role          = "arn:aws:iam::111122223333:role/second"

  environment {
    variables = { SECRET = local.twice }
  }
}
