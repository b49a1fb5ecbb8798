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

# The execution role and the task role of one service may read the secret: that is one consumer.
resource "aws_iam_access_key" "one_service" {
  user = "one-service"
}

resource "aws_secretsmanager_secret" "one_service" {
  name = "one-service"
}

resource "aws_secretsmanager_secret_version" "one_service" {
  secret_id     = aws_secretsmanager_secret.one_service.id
  secret_string = aws_iam_access_key.one_service.secret
}

resource "aws_iam_policy" "one_service" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = aws_secretsmanager_secret.one_service.arn
    }]
  })
}

resource "aws_iam_role" "task" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role" "execution" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "task" {
  role       = aws_iam_role.task.name
  policy_arn = aws_iam_policy.one_service.arn
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = aws_iam_policy.one_service.arn
}
