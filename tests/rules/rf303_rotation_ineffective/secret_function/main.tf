resource "aws_iam_access_key" "stored" { # expect: RF303
  user = "stored"
}

resource "aws_secretsmanager_secret" "stored" {
  name = "stored"
}

resource "aws_secretsmanager_secret_version" "stored" {
  secret_id     = aws_secretsmanager_secret.stored.id
  secret_string = aws_iam_access_key.stored.secret
}

resource "aws_secretsmanager_secret_rotation" "stored" {
  secret_id           = aws_secretsmanager_secret.stored.id
  rotation_lambda_arn = aws_lambda_function.database.arn

  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_iam_role" "database" {
  name               = "database"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "database" {
  role = aws_iam_role.database.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["secretsmanager:PutSecretValue"]
      Resource = "*"
    }]
  })
}

resource "aws_lambda_function" "database" {
  function_name = "database"
  role          = aws_iam_role.database.arn
}
