# One function; id and secret are one use.
resource "aws_iam_access_key" "one" {
  user = "one"
}

resource "aws_lambda_function" "one" {
  function_name = "one"
  role          = "arn:aws:iam::111122223333:role/one"

  environment {
    variables = {
      KEY    = aws_iam_access_key.one.id
      SECRET = aws_iam_access_key.one.secret
    }
  }
}

# One pipeline takes two secrets.
resource "aws_iam_access_key" "pipeline" {
  user = "pipeline"
}

resource "github_actions_secret" "id" {
  repository      = "app"
  secret_name     = "AWS_ACCESS_KEY_ID"
  plaintext_value = aws_iam_access_key.pipeline.id
}

resource "github_actions_secret" "secret" {
  repository      = "app"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.pipeline.secret
}

# Each function has its own key.
resource "aws_iam_access_key" "each" {
  for_each = toset(["a", "b"])
  user     = each.key
}

resource "aws_lambda_function" "each" {
  for_each      = toset(["a", "b"])
  function_name = each.key
  role          = "arn:aws:iam::111122223333:role/each"

  environment {
    variables = { SECRET = aws_iam_access_key.each[each.key].secret }
  }
}
