resource "aws_iam_access_key" "ci" {
  user = "ci"
}

resource "aws_iam_access_key" "ada" {
  user    = "ada"
  pgp_key = "keybase:ada"
}

# An id alone signs nothing, and an encrypted secret is no secret.
resource "aws_lambda_function" "id" {
  function_name = "id"

  environment {
    variables = {
      ID        = aws_iam_access_key.ci.id
      ENCRYPTED = aws_iam_access_key.ada.encrypted_secret
    }
  }
}

resource "aws_ssm_parameter" "sealed" {
  name  = "/ci/sealed"
  type  = "SecureString"
  value = aws_iam_access_key.ci.secret
}

# The address of a store is no secret.
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name    = "app"
    secrets = [{ name = "SECRET", valueFrom = aws_ssm_parameter.sealed.arn }]
  }])
}

resource "aws_secretsmanager_secret_version" "ci" {
  secret_id     = "ci"
  secret_string = aws_iam_access_key.ci.secret
}

# GitHub encrypts it.
resource "github_actions_secret" "ci" {
  repository      = "app"
  secret_name     = "SECRET"
  plaintext_value = aws_iam_access_key.ci.secret
}

resource "tfe_variable" "hidden" {
  key       = "AWS_SECRET_ACCESS_KEY"
  value     = aws_iam_access_key.ci.secret
  sensitive = true
}

resource "kubernetes_secret" "app" {
  data = { secret = aws_iam_access_key.ci.secret }
}

resource "helm_release" "app" {
  name = "app"

  set_sensitive {
    name  = "secret"
    value = aws_iam_access_key.ci.secret
  }
}

resource "local_sensitive_file" "credentials" {
  filename = "credentials"
  content  = aws_iam_access_key.ci.secret
}

# Not on the command line.
resource "null_resource" "command" {
  provisioner "local-exec" {
    command = "configure"

    environment = {
      SECRET = aws_iam_access_key.ci.secret
    }
  }
}

# It is never made.
resource "aws_sqs_queue" "none" {
  count = 0
  name  = "none"
  tags  = { secret = aws_iam_access_key.ci.secret }
}
