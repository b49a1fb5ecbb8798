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
