# Roles that come close. Each may be what a key should give way to, none can be it as it stands.

resource "aws_iam_policy" "files" {
  name = "files"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "*" }]
  })
}

resource "aws_iam_user" "files" {
  name = "files"
}

resource "aws_iam_user_policy_attachment" "files" {
  user       = aws_iam_user.files.name
  policy_arn = aws_iam_policy.files.arn
}

resource "aws_iam_access_key" "files" {
  user = aws_iam_user.files.name
}

resource "aws_ecs_task_definition" "files" {
  family = "files"
  container_definitions = jsonencode([{
    name        = "files"
    environment = [{ name = "AWS_SECRET_ACCESS_KEY", value = aws_iam_access_key.files.secret }]
  }])
  # It pulls the image; the containers cannot sign in with it.
  execution_role_arn = aws_iam_role.of_another.arn
}

# It trusts another service.
resource "aws_iam_role" "unfit" {
  name               = "unfit"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy_attachment" "unfit" {
  role       = aws_iam_role.unfit.name
  policy_arn = aws_iam_policy.files.arn
}

# It may do a part of it.
resource "aws_iam_role" "partial" {
  name               = "partial"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
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

resource "aws_iam_role_policy" "partial" {
  role   = aws_iam_role.partial.name
  policy = data.aws_iam_policy_document.read.json
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

# It is denied what the user may do.
resource "aws_iam_role" "denied" {
  name               = "denied"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "denied" {
  role       = aws_iam_role.denied.name
  policy_arn = aws_iam_policy.files.arn
}

resource "aws_iam_role_policy" "denied" {
  role = aws_iam_role.denied.name
  policy = jsonencode({
    Statement = [{ Effect = "Deny", Action = "s3:PutObject", Resource = "*" }]
  })
}

# A boundary may take it away.
resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = data.aws_iam_policy_document.ecs.json
  permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
}

resource "aws_iam_role_policy_attachment" "bounded" {
  role       = aws_iam_role.bounded.name
  policy_arn = aws_iam_policy.files.arn
}

# Another workload runs as it.
resource "aws_iam_role" "of_another" {
  name               = "of-another"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "of_another" {
  role       = aws_iam_role.of_another.name
  policy_arn = aws_iam_policy.files.arn
}

resource "aws_ecs_task_definition" "another" {
  family                = "another"
  container_definitions = "[]"
  task_role_arn         = aws_iam_role.of_another.arn
}

# It is in another account.
provider "aws" {
  alias  = "other"
  region = "eu-central-1"
}

resource "aws_iam_role" "elsewhere" {
  provider           = aws.other
  name               = "elsewhere"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "elsewhere" {
  provider   = aws.other
  role       = aws_iam_role.elsewhere.name
  policy_arn = aws_iam_policy.files.arn
}

# A key that is off is no matter of this rule, although the function runs as its twin.
resource "aws_iam_user" "off" {
  name = "off"
}

resource "aws_iam_user_policy" "off" {
  user   = aws_iam_user.off.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_access_key" "off" {
  user   = aws_iam_user.off.name
  status = "Inactive"
}

resource "aws_iam_role" "off" {
  name               = "off"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

resource "aws_iam_role_policy" "off" {
  role   = aws_iam_role.off.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_lambda_function" "off" {
  function_name = "off"
  role          = aws_iam_role.off.arn
  environment {
    variables = { SECRET = aws_iam_access_key.off.secret }
  }
}

# The queue lets in the user by its name, and not the role that may do the same by its policy.
resource "aws_iam_user" "queue" {
  name = "queue"
}

resource "aws_iam_user_policy" "queue" {
  user   = aws_iam_user.queue.name
  policy = data.aws_iam_policy_document.queue.json
}

data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "queue" {
  name               = "queue"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

resource "aws_iam_role_policy" "queue" {
  role   = aws_iam_role.queue.name
  policy = data.aws_iam_policy_document.queue.json
}

resource "aws_iam_access_key" "queue" {
  user = aws_iam_user.queue.name
}

resource "aws_instance" "queue" {
  ami       = "ami-0"
  user_data = "export AWS_SECRET_ACCESS_KEY=${aws_iam_access_key.queue.secret}"
}

resource "aws_sqs_queue_policy" "queue" {
  queue_url = "https://sqs.eu-central-1.amazonaws.com/111122223333/queue"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { AWS = aws_iam_user.queue.arn }
    }]
  })
}

# A user without a policy of its own is like every role and like none.
resource "aws_iam_user" "empty" {
  name = "empty"
}

resource "aws_iam_access_key" "empty" {
  user = aws_iam_user.empty.name
}

resource "aws_lambda_function" "empty" {
  function_name = "empty"
  role          = aws_iam_role.empty.arn
  environment {
    variables = { SECRET = aws_iam_access_key.empty.secret }
  }
}

resource "aws_iam_role" "empty" {
  name = "empty"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
