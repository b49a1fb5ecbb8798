provider "aws" {
  region = "eu-central-1"
}

variable "policy" {
  type = string
}

variable "status" {
  type = string
}

resource "aws_iam_user" "policy" {
  name = "policy"
}

resource "aws_iam_access_key" "policy" { # undetermined: RF601
  user = aws_iam_user.policy.name
}

resource "aws_iam_user_policy" "policy" {
  user   = aws_iam_user.policy.name
  policy = var.policy
}

resource "aws_iam_user" "boundary" {
  name                 = "boundary"
  permissions_boundary = var.policy
}

resource "aws_iam_access_key" "boundary" { # undetermined: RF601
  user = aws_iam_user.boundary.name
}

resource "aws_iam_user_policy" "boundary" {
  user = aws_iam_user.boundary.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ]
  })
}

resource "aws_iam_access_key" "elsewhere" { # undetermined: RF601
  user = "declared-elsewhere"
}

resource "aws_iam_user" "status" {
  name = "status"
}

resource "aws_iam_access_key" "status" { # undetermined: RF601
  user   = aws_iam_user.status.name
  status = var.status
}

# What the user of a module has else is not in the tree.
module "user" { # undetermined: RF601
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "module"
}

module "attached" { # undetermined: RF601
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "attached"
}

resource "aws_iam_user_policy" "attached" {
  user = module.attached.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }]
  })
}

resource "null_resource" "script" { # undetermined: RF601
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name another-tree > key.json"
  }
}

resource "aws_iam_access_key" "allowed" { # undetermined: RF601
  user = "allowed-here-declared-elsewhere"
}

resource "aws_iam_user_policy" "allowed" {
  user = "allowed-here-declared-elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }]
  })
}
