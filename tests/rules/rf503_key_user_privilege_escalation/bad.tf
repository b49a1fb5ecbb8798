data "aws_caller_identity" "current" {}

resource "aws_iam_user" "itself" { # expect: RF503
  name = "itself"
}

resource "aws_iam_user_policy" "itself" {
  user = aws_iam_user.itself.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "iam:Put*Policy"
      Resource = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:user/$${aws:username}"
    }]
  })
}

resource "aws_iam_access_key" "itself" {
  user = aws_iam_user.itself.name
}

resource "aws_iam_user" "others" { # expect: RF503
  name = "others"
}

resource "aws_iam_user_policy" "others" {
  user = aws_iam_user.others.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "iam:Create*"
      Resource  = "arn:aws:iam::*:user/*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

resource "aws_iam_policy" "own" {
  name = "own"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme/*" }]
  })
}

resource "aws_iam_user" "version" { # expect: RF503
  name = "version"
}

resource "aws_iam_user_policy_attachment" "version" {
  user       = aws_iam_user.version.name
  policy_arn = aws_iam_policy.own.arn
}

resource "aws_iam_user_policy" "version" {
  user = aws_iam_user.version.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = aws_iam_policy.own.arn }]
  })
}

resource "aws_iam_user" "passes" { # expect: RF503
  name = "passes"
}

data "aws_iam_policy_document" "passes" {
  statement {
    actions   = ["iam:PassRole"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
  statement {
    actions   = ["ecs:RegisterTaskDefinition", "ecs:UpdateService", "ecs:RunTask"]
    resources = ["*"]
  }
}

resource "aws_iam_user_policy" "passes" {
  user   = aws_iam_user.passes.name
  policy = data.aws_iam_policy_document.passes.json
}

resource "aws_iam_user" "code" { # expect: RF503
  name = "code"
}

resource "aws_iam_user_policy" "code" {
  user = aws_iam_user.code.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunction*", Resource = "*" }]
  })
}

resource "aws_iam_user" "iam" { # expect: RF503
  name = "iam"
}

resource "aws_iam_user_policy_attachment" "iam" {
  user       = aws_iam_user.iam.name
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}

# PassRole on everything is wide by itself, and hides no other way in its statement.
resource "aws_iam_user" "passes_and_updates" { # expect: RF503
  name = "passes-and-updates"
}

resource "aws_iam_user_policy" "passes_and_updates" {
  user = aws_iam_user.passes_and_updates.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:PassRole", "lambda:UpdateFunctionCode", "ssm:SendCommand"]
      Resource = "*"
    }]
  })
}

# A user of another tree, with two policies that only together are a way.
resource "aws_iam_user_policy" "passes" { # expect: RF503
  user = "declared-elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*",
    Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } } }]
  })
}

resource "aws_iam_user_policy" "runs" {
  user = "declared-elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }]
  })
}
