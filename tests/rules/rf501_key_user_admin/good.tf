resource "aws_iam_user" "narrow" {
  name = "narrow"
}

resource "aws_iam_user_policy" "narrow" {
  user = aws_iam_user.narrow.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "*"
      Resource = ["arn:aws:s3:::acme-uploads", "arn:aws:s3:::acme-uploads/*"]
    }]
  })
}

# The boundary leaves reading.
resource "aws_iam_user" "capped" {
  name                 = "capped"
  permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_user_policy_attachment" "capped" {
  user       = aws_iam_user.capped.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# RF502 speaks about the rest.
resource "aws_iam_user" "no_iam" {
  name = "no-iam"
}

resource "aws_iam_user_policy_attachment" "no_iam" {
  user       = aws_iam_user.no_iam.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_user" "denied" {
  name = "denied"
}

resource "aws_iam_user_policy" "denied" {
  user = aws_iam_user.denied.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "*", Resource = "*" },
      { Effect = "Deny", Action = ["iam:*", "sts:*"], Resource = "*" },
    ]
  })
}

# Others have it, not this user.
resource "aws_iam_group" "admins" {
  name = "admins"
}

resource "aws_iam_group_policy_attachment" "admins" {
  group      = aws_iam_group.admins.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# Little is given to a user of another tree.
resource "aws_iam_user_policy" "elsewhere" {
  user = "declared-elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme/*" }]
  })
}

variable "whoever" {
  type = string
}

resource "aws_iam_user_policy" "whoever" {
  user = var.whoever
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme/*" }]
  })
}

# Nobody, and roles, which are not users.
resource "aws_iam_policy_attachment" "nobody" {
  name       = "nobody"
  users      = []
  roles      = ["admin"]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# The list allows what is declared here.
resource "aws_iam_user_policy" "listed" {
  name = "listed"
  user = "declared-elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme/*" }]
  })
}

resource "aws_iam_user_policies_exclusive" "listed" {
  user_name    = "declared-elsewhere"
  policy_names = ["listed", aws_iam_user_policy.elsewhere.name]
}

# The user of a published module that gets little, is held back, or is not made.
module "narrow" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  name     = "narrow"
  policies = { read = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
}

module "bounded" {
  source               = "cloudposse/iam-system-user/aws"
  name                 = "bounded"
  policy_arns          = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

module "off" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  name     = "off"
  create   = false
  policies = { admin = "arn:aws:iam::aws:policy/AdministratorAccess" }
}
