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
