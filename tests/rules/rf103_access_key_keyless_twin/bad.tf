# The same managed policy, and the task already runs as the role.
resource "aws_iam_policy" "files" {
  name = "files"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::files/*" }]
  })
}

resource "aws_iam_user" "files" {
  name = "files"
}

resource "aws_iam_user_policy_attachment" "files" {
  user       = aws_iam_user.files.name
  policy_arn = aws_iam_policy.files.arn
}

resource "aws_iam_access_key" "files" { # expect: RF103
  user = aws_iam_user.files.name
}

resource "aws_iam_role" "files" {
  name               = "files"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "files" {
  role       = aws_iam_role.files.name
  policy_arn = aws_iam_policy.files.arn
}

data "aws_iam_policy_document" "ecs" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_ecs_task_definition" "files" {
  family        = "files"
  task_role_arn = aws_iam_role.files.arn
  container_definitions = jsonencode([{
    name        = "files"
    environment = [{ name = "AWS_SECRET_ACCESS_KEY", value = aws_iam_access_key.files.secret }]
  }])
}

# The same rights, written in another way, on a bucket that has no name yet. Nobody has the role.
variable "bucket" {
  type = string
}

resource "aws_iam_user" "queue" {
  name = "queue"
}

resource "aws_iam_user_policy" "queue" {
  user = aws_iam_user.queue.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = ["S3:GetObject", "s3:ListBucket"]
        Resource = ["arn:aws:s3:::${var.bucket}", "arn:aws:s3:::${var.bucket}/*"]
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.jobs.arn },
    ]
  })
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_iam_access_key" "queue" { # expect: RF103
  user = aws_iam_user.queue.name
}

resource "aws_instance" "queue" {
  ami       = "ami-0"
  user_data = "export AWS_SECRET_ACCESS_KEY=${aws_iam_access_key.queue.secret}"
}

data "aws_iam_policy_document" "queue" {
  statement {
    sid       = "Jobs"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.jobs.arn]
  }
  statement {
    actions   = ["s3:ListBucket", "s3:GetObject"]
    resources = ["arn:aws:s3:::${var.bucket}/*", "arn:aws:s3:::${var.bucket}"]
  }
}

resource "aws_iam_role" "queue" {
  name               = "queue"
  assume_role_policy = <<-EOT
    {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
     "Principal": {"Service": ["ec2.amazonaws.com"]}}}
  EOT
}

resource "aws_iam_role_policy" "queue" {
  role   = aws_iam_role.queue.id
  policy = data.aws_iam_policy_document.queue.json
}

# A local with a part that nobody can tell, in both places: whatever it is, it is the same.
locals {
  deploy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "lambda:UpdateFunctionCode"
      Resource = format("%s:*", aws_lambda_function.api.arn)
    }]
  })
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::111122223333:role/api"
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_user_policy" "deploy" {
  user   = aws_iam_user.deploy.name
  policy = local.deploy
}

resource "aws_iam_access_key" "deploy" { # expect: RF103
  user = aws_iam_user.deploy.name
}

resource "github_actions_secret" "deploy" {
  repository      = "api"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.deploy.secret
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "github" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.github.json

  inline_policy {
    name   = "deploy"
    policy = data.aws_iam_policy_document.nothing_of_it.json
  }
}

data "aws_iam_policy_document" "nothing_of_it" {
  statement {
    actions   = ["sts:GetCallerIdentity"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "deploy" {
  role   = aws_iam_role.deploy.name
  policy = local.deploy
}

# A published module makes the role of the pods. The user has its policy through a group.
resource "aws_iam_group" "reports" {
  name = "reports"
}

resource "aws_iam_group_policy_attachment" "reports" {
  group      = aws_iam_group.reports.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_user" "reports" {
  name = "reports"
}

resource "aws_iam_user_group_membership" "reports" {
  user   = aws_iam_user.reports.name
  groups = [aws_iam_group.reports.name]
}

resource "aws_iam_access_key" "reports" { # expect: RF103
  user = aws_iam_user.reports.name
}

provider "kubernetes" {
  host = data.aws_eks_cluster.main.endpoint
}

data "aws_eks_cluster" "main" {
  name = "main"
}

resource "kubernetes_secret" "reports" {
  metadata {
    name = "reports"
  }
  data = {
    secret = aws_iam_access_key.reports.secret
  }
}

module "reports" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version = "5.60.0"

  role_name        = "reports"
  role_policy_arns = { read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
}
