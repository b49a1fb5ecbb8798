variable "policy_arn" {
  type = string
}

variable "actions" {
  type = list(string)
}

variable "boundary" {
  type = string
}

variable "admin" {
  type = bool
}

resource "aws_iam_user" "attached" { # undetermined: RF501
  name = "attached"
}

resource "aws_iam_user_policy_attachment" "attached" {
  user       = aws_iam_user.attached.name
  policy_arn = var.policy_arn
}

resource "aws_iam_user" "actions" { # undetermined: RF501
  name = "actions"
}

resource "aws_iam_user_policy" "actions" {
  user = aws_iam_user.actions.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = "*" }]
  })
}

resource "aws_iam_user" "bounded" { # undetermined: RF501
  name                 = "bounded"
  permissions_boundary = var.boundary
}

resource "aws_iam_user_policy_attachment" "bounded" {
  user       = aws_iam_user.bounded.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user" "member" { # undetermined: RF501
  name = "member"
}

resource "aws_iam_user_group_membership" "member" {
  user   = aws_iam_user.member.name
  groups = ["operators"]
}

# The finding stands and says on what it depends.
resource "aws_iam_user" "maybe" { # expect: RF501
  name = "maybe"
}

resource "aws_iam_user_policy_attachment" "maybe" {
  count      = var.admin ? 1 : 0
  user       = aws_iam_user.maybe.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# Users of another tree: whoever the variable names is an administrator.
variable "user" {
  type = string
}

variable "users" {
  type = list(string)
}

resource "aws_iam_user_policy_attachment" "whoever" { # undetermined: RF501
  user       = var.user
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_policy_attachment" "whoever" { # undetermined: RF501
  name       = "whoever"
  users      = var.users
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user_policy_attachment" "each" { # undetermined: RF501
  for_each   = toset(var.users)
  user       = each.value
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# Nor can a policy be told.
resource "aws_iam_user_policy" "unreadable" { # undetermined: RF501
  user   = "declared-elsewhere"
  policy = var.policy_arn
}

resource "aws_iam_user_policies_exclusive" "inline" { # undetermined: RF501
  user_name    = "has-inline-policies"
  policy_names = ["written-by-hand"]
}

resource "aws_iam_user_group_membership" "elsewhere" { # undetermined: RF501
  user   = "joins"
  groups = ["declared-elsewhere"]
}

# One expression for the names of declared users: these are judged, and no attachment.
resource "aws_iam_user" "listed" { # expect: RF501
  count = length(var.users)
  name  = element(var.users, count.index)
}

resource "aws_iam_user_policy_attachment" "listed" {
  count      = length(var.users)
  user       = element(var.users, count.index)
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# The user of a published module, with a policy that is not known.
module "user" { # undetermined: RF501
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  name     = "module"
  policies = { some = var.policy_arn }
}
