# Whom the role trusts is not in the code, but the task runs as it.
variable "trust" {
  type = string
}

variable "policy" {
  type = string
}

resource "aws_iam_user" "files" {
  name = "files"
}

resource "aws_iam_user_policy" "files" {
  user   = aws_iam_user.files.name
  policy = var.policy
}

resource "aws_iam_access_key" "files" { # expect: RF103
  user = aws_iam_user.files.name
}

resource "aws_ecs_task_definition" "files" {
  family        = "files"
  task_role_arn = aws_iam_role.files.arn
  container_definitions = jsonencode([{
    name        = "files"
    environment = [{ name = "AWS_SECRET_ACCESS_KEY", value = aws_iam_access_key.files.secret }]
  }])
}

resource "aws_iam_role" "files" {
  name               = "files"
  assume_role_policy = var.trust
}

resource "aws_iam_role_policy" "files" {
  role   = aws_iam_role.files.name
  policy = var.policy
}

# The policies look alike and are not known to be: no claim.
variable "mails" {
  type = object({ user = string, role = string })
}

resource "aws_iam_user" "mails" {
  name = "mails"
}

resource "aws_iam_user_policy" "mails" {
  user   = aws_iam_user.mails.name
  policy = var.mails.user
}

resource "aws_iam_access_key" "mails" {
  user = aws_iam_user.mails.name
}

resource "aws_lambda_function" "mails" {
  function_name = "mails"
  role          = aws_iam_role.mails.arn
  environment {
    variables = { SECRET = aws_iam_access_key.mails.secret }
  }
}

resource "aws_iam_role" "mails" {
  name               = "mails"
  assume_role_policy = var.trust
}

resource "aws_iam_role_policy" "mails" {
  role   = aws_iam_role.mails.name
  policy = var.mails.role
}

# Nor is it known what the group gives.
resource "aws_iam_user" "grouped" {
  name = "grouped"
}

resource "aws_iam_user_group_membership" "grouped" {
  user   = aws_iam_user.grouped.name
  groups = ["somewhere-else"]
}

resource "aws_iam_user_policy" "grouped" {
  user   = aws_iam_user.grouped.name
  policy = var.policy
}

resource "aws_iam_access_key" "grouped" {
  user = aws_iam_user.grouped.name
}

resource "aws_ecs_task_definition" "grouped" {
  family        = "grouped"
  task_role_arn = aws_iam_role.files.arn
  container_definitions = jsonencode([{
    name        = "grouped"
    environment = [{ name = "AWS_SECRET_ACCESS_KEY", value = aws_iam_access_key.grouped.secret }]
  }])
}
