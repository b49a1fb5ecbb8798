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
