resource "aws_iam_user" "rotates" {
  name = "rotates"
}

resource "aws_iam_user_policy" "rotates" {
  user = aws_iam_user.rotates.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"]
      Resource = "arn:aws:iam::*:user/$${aws:username}"
    }]
  })
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}

resource "aws_iam_user" "deploys" {
  name = "deploys"
}

resource "aws_iam_user_policy" "deploys" {
  user = aws_iam_user.deploys.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:PassRole", Resource = aws_iam_role.app.arn },
      { Effect = "Allow", Action = ["ecs:RegisterTaskDefinition", "ecs:RunTask"], Resource = "*" },
      {
        Effect   = "Allow"
        Action   = "lambda:UpdateFunctionCode"
        Resource = "arn:aws:lambda:eu-central-1:111122223333:function:shop"
      },
      { Effect = "Allow", Action = "iam:PutRolePolicy", Resource = "arn:aws:iam::111122223333:role/app" },
    ]
  })
}

# Whom it makes has no more than the boundary.
resource "aws_iam_user" "delegated" {
  name = "delegated"
}

resource "aws_iam_user_policy" "delegated" {
  user = aws_iam_user.delegated.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["iam:CreateUser", "iam:PutUserPolicy", "iam:AttachUserPolicy"]
      Resource  = "*"
      Condition = { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::111122223333:policy/b" } }
    }]
  })
}

# Whole services and administrators are for RF502 and RF501.
resource "aws_iam_user" "service" {
  name = "service"
}

resource "aws_iam_user_policy" "service" {
  user = aws_iam_user.service.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:*", Resource = "*" }]
  })
}

resource "aws_iam_user" "admin" {
  name = "admin"
}

resource "aws_iam_user_policy_attachment" "admin" {
  user       = aws_iam_user.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
