data "aws_partition" "current" {}

data "aws_iam_policy_document" "everything" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}

resource "aws_iam_user" "inline" { # expect: RF501
  name = "inline"
}

resource "aws_iam_user_policy" "inline" {
  user   = aws_iam_user.inline.name
  policy = data.aws_iam_policy_document.everything.json
}

resource "aws_iam_access_key" "inline" {
  user = aws_iam_user.inline.name
}

# No key here, which is less bad, but one command away.
resource "aws_iam_user" "without_key" { # expect: RF501
  name = "without-key"
}

resource "aws_iam_user_policy_attachment" "without_key" {
  user       = aws_iam_user.without_key.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AdministratorAccess"
}

# Whoever the condition lets in is an administrator.
resource "aws_iam_user" "conditional" { # expect: RF501
  name = "conditional"
}

resource "aws_iam_user_policy" "conditional" {
  user = aws_iam_user.conditional.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "*:*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = "0.0.0.0/0" } }
    }]
  })
}

resource "aws_iam_group" "admins" {
  name = "admins"
}

resource "aws_iam_policy" "almost_everything" {
  name = "almost-everything"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotAction = ["aws-portal:*"]
      Resource  = "*"
    }]
  })
}

resource "aws_iam_group_policy_attachment" "admins" {
  group      = aws_iam_group.admins.name
  policy_arn = aws_iam_policy.almost_everything.arn
}

resource "aws_iam_user" "member" { # expect: RF501
  for_each = toset(["anna", "bo"])
  name     = each.key
}

resource "aws_iam_user_group_membership" "member" {
  for_each = aws_iam_user.member
  user     = each.value.name
  groups   = [aws_iam_group.admins.name]
}

# Users of another tree, by every argument that names one. Each is judged once, where it is named.
resource "aws_iam_user_policy_attachment" "literal" { # expect: RF501
  user       = "declared-elsewhere"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user_policy" "literal" {
  user = "Declared-Elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}

data "aws_iam_user" "found" {
  user_name = "found"
}

resource "aws_iam_user_policy" "found" { # expect: RF501
  user = data.aws_iam_user.found.user_name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_policy_attachment" "several" { # expect: RF501
  name       = "several"
  users      = ["anna", "otto"]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user_policy_attachments_exclusive" "exclusive" { # expect: RF501
  user_name   = "exclusive"
  policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}

resource "aws_iam_group_policy_attachment" "admins" {
  group      = "admins"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user_group_membership" "admins" { # expect: RF501
  user   = "joins"
  groups = ["admins"]
}

resource "aws_iam_group_membership" "admins" { # expect: RF501
  name  = "admins"
  group = "admins"
  users = ["joined"]
}

module "user" {
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "module"
}

resource "aws_iam_user_policy_attachment" "module" { # expect: RF501
  user       = module.user.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# A group that one block names and another refers to.
resource "aws_iam_group" "operators" {
  name = "operators"
}

resource "aws_iam_group_policy_attachment" "operators" {
  group      = "operators"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user" "operator" { # expect: RF501
  name = "operator"
}

resource "aws_iam_user_group_membership" "operator" {
  user   = aws_iam_user.operator.name
  groups = [aws_iam_group.operators.name]
}

resource "aws_iam_group" "owners" {
  name = "owners"
}

resource "aws_iam_group_policy_attachment" "owners" {
  group      = aws_iam_group.owners.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user" "owner" { # expect: RF501
  name = "owner"
}

resource "aws_iam_user_group_membership" "owner" {
  user   = aws_iam_user.owner.name
  groups = ["owners"]
}

# The user of a published module, by the arguments of its call.
module "policies" { # expect: RF501
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  name     = "policies"
  policies = { admin = "arn:aws:iam::aws:policy/AdministratorAccess" }
}

module "inline" { # expect: RF501
  source = "cloudposse/iam-system-user/aws"
  name   = "inline"
  inline_policies_map = {
    admin = jsonencode({
      Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    })
  }
}
