# Where the secret of a key goes.
resource "aws_iam_access_key" "app" {
  user = "app"
}

output "secret" {
  value = aws_iam_access_key.app.secret
}

resource "local_file" "secret" {
  filename = "secret.txt"
  content  = aws_iam_access_key.app.secret
}

resource "aws_ssm_parameter" "secret" {
  name  = "/app/secret"
  type  = "String"
  value = aws_iam_access_key.app.secret
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = "arn:aws:iam::111122223333:role/app"

  environment {
    variables = {
      SECRET = aws_iam_access_key.app.secret
    }
  }
}

resource "aws_iam_access_key" "encrypted" {
  user    = "ada"
  pgp_key = "keybase:ada"
}
