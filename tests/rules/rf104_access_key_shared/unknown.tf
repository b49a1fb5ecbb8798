variable "create" {
  type = bool
}

# Both may exist, and then they share the key.
resource "aws_iam_access_key" "shared" { # expect: RF104
  count = var.create ? 1 : 0
  user  = "shared"
}

resource "aws_lambda_function" "first" {
  count         = var.create ? 1 : 0
  function_name = "first"
  role          = "arn:aws:iam::111122223333:role/first"

  environment {
    variables = { SECRET = aws_iam_access_key.shared[0].secret }
  }
}

resource "aws_lambda_function" "second" {
  count         = var.create ? 1 : 0
  function_name = "second"
  role          = "arn:aws:iam::111122223333:role/second"

  environment {
    variables = { SECRET = one(aws_iam_access_key.shared[*].secret) }
  }
}
