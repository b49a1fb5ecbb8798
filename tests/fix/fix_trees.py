"""Code with keys to fix."""

from __future__ import annotations

#: A task whose key can be replaced by a role without a question.
TASK = """\
resource "aws_iam_user" "app" {
  name = "app"
  tags = { Owner = "platform-team@example.com" }
}

resource "aws_iam_user_policy" "app" {
  name   = "app"
  user   = aws_iam_user.app.name
  policy = data.aws_iam_policy_document.app.json
}

data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::bucket/*"]
  }
}

resource "aws_iam_access_key" "app" {
  user = aws_iam_user.app.name
}

resource "aws_ecs_task_definition" "app" {
  family = "app"

  container_definitions = jsonencode([{
    name  = "app"
    image = "app:1"
    environment = [
      { name = "REGION", value = "eu-west-1" },
      { name = "AWS_ACCESS_KEY_ID", value = aws_iam_access_key.app.id },
      { name = "AWS_SECRET_ACCESS_KEY", value = aws_iam_access_key.app.secret },
    ]
  }])
}
"""
#: Nobody reads it: that needs a look.
UNUSED = """\
resource "aws_iam_user" "old" {
  name = "old"
  tags = { Owner = "platform-team@example.com" }
}

resource "aws_iam_access_key" "old" {
  user = aws_iam_user.old.name
}
"""
