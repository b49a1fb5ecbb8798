# What the users may do, spelled in every way.
variable "partition" {
  type    = string
  default = "aws"
}

# --- administrators ---

resource "aws_iam_user" "all_of_all" {
  name = "all-of-all"
}

resource "aws_iam_user_policy" "all_of_all" {
  user   = aws_iam_user.all_of_all.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*:*", Resource = "*" }] })
}

data "aws_iam_policy_document" "all" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}

resource "aws_iam_user" "by_document" {
  name = "by-document"
}

resource "aws_iam_user_policy" "by_document" {
  user   = aws_iam_user.by_document.name
  policy = data.aws_iam_policy_document.all.json
}

# One text and a list of one are the same.
resource "aws_iam_user" "text_and_list" {
  name = "text-and-list"
}

resource "aws_iam_user_policy" "text_and_list" {
  user   = aws_iam_user.text_and_list.name
  policy = jsonencode({ Statement = { Effect = "Allow", Action = "*", Resource = ["*"] } })
}

resource "aws_iam_user" "heredoc" {
  name = "heredoc"
}

resource "aws_iam_user_policy" "heredoc" {
  user   = aws_iam_user.heredoc.name
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]
    }
  EOT
}

# A Deny of something else takes nothing away.
resource "aws_iam_user" "beside_deny" {
  name = "beside-deny"
}

resource "aws_iam_user_policy" "beside_deny" {
  user = aws_iam_user.beside_deny.name
  policy = jsonencode({
    Statement = [
      { Effect = "Deny", Action = "ec2:*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } },
      { Effect = "Allow", Action = "*", Resource = "*" },
    ]
  })
}

resource "aws_iam_user" "gov" {
  name = "gov"
}

resource "aws_iam_user_policy_attachment" "gov" {
  user       = aws_iam_user.gov.name
  policy_arn = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"
}

data "aws_iam_policy" "admin" {
  arn = "arn:${var.partition}:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user" "by_data_source" {
  name = "by-data-source"
}

resource "aws_iam_user_policy_attachment" "by_data_source" {
  user       = aws_iam_user.by_data_source.name
  policy_arn = data.aws_iam_policy.admin.arn
}

resource "aws_iam_user" "exclusive" {
  name = "exclusive"
}

resource "aws_iam_user_policy_attachments_exclusive" "exclusive" {
  user_name   = aws_iam_user.exclusive.name
  policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}

resource "aws_iam_user" "attached" {
  name = "attached"
}

resource "aws_iam_user_policy_attachment" "attached" {
  user       = aws_iam_user.attached.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_user" "listed" {
  name = "listed"
}

resource "aws_iam_policy_attachment" "listed" {
  name       = "listed"
  users      = [aws_iam_user.listed.name]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# The first of the policies is harmless.
resource "aws_iam_user" "second_policy" {
  name = "second-policy"
}

resource "aws_iam_user_policy" "first" {
  user   = aws_iam_user.second_policy.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" }] })
}

resource "aws_iam_user_policy" "second" {
  user   = aws_iam_user.second_policy.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

# Label and name differ, and the policy says the name.
resource "aws_iam_user" "lb" {
  name = "loadbalancer"
}

resource "aws_iam_user_policy" "lb" {
  user   = "loadbalancer"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_group" "admins" {
  name = "admins"
}

resource "aws_iam_group_policy" "admins" {
  group  = aws_iam_group.admins.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_user" "member" {
  name = "member"
}

resource "aws_iam_user_group_membership" "member" {
  user   = aws_iam_user.member.name
  groups = [aws_iam_group.admins.name]
}

resource "aws_iam_user" "literal_member" {
  name = "literal-member"
}

resource "aws_iam_group_membership" "literal_member" {
  name  = "admins"
  group = aws_iam_group.admins.name
  users = ["literal-member"]
}

# --- whole services ---

resource "aws_iam_user" "all_but" {
  name = "all-but"
}

resource "aws_iam_user_policy" "all_but" {
  user   = aws_iam_user.all_but.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", NotAction = ["iam:*", "organizations:*"], Resource = "*" }] })
}

resource "aws_iam_user" "bucket_service" {
  name = "bucket-service"
}

resource "aws_iam_user_policy" "bucket_service" {
  user   = aws_iam_user.bucket_service.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_user" "pass_role" {
  name = "pass-role"
}

resource "aws_iam_user_policy" "pass_role" {
  user   = aws_iam_user.pass_role.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
}

resource "aws_iam_user" "power" {
  name = "power"
}

resource "aws_iam_user_policy_attachment" "power" {
  user       = aws_iam_user.power.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

# --- ways to more rights ---

data "aws_iam_policy" "iam" {
  name = "IAMFullAccess"
}

resource "aws_iam_user" "iam_by_data_source" {
  name = "iam-by-data-source"
}

resource "aws_iam_user_policy_attachment" "iam_by_data_source" {
  user       = aws_iam_user.iam_by_data_source.name
  policy_arn = data.aws_iam_policy.iam.arn
}

resource "aws_iam_user" "creator" {
  name = "creator"
}

resource "aws_iam_user_policy" "creator" {
  user   = aws_iam_user.creator.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:Create*", Resource = "arn:aws:iam::*:user/*" }] })
}

# --- conditions ---

resource "aws_iam_user" "from_anywhere" {
  name = "from-anywhere"
}

resource "aws_iam_user_policy" "from_anywhere" {
  user = aws_iam_user.from_anywhere.name
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "iam:*"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = "0.0.0.0/0" } }
    }]
  })
}

resource "aws_iam_access_key" "from_anywhere" {
  user = aws_iam_user.from_anywhere.name
}

resource "aws_iam_user" "over_tls" {
  name = "over-tls"
}

resource "aws_iam_user_policy" "over_tls" {
  user = aws_iam_user.over_tls.name
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "iam:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

resource "aws_iam_access_key" "over_tls" {
  user = aws_iam_user.over_tls.name
}

resource "aws_iam_user" "from_office" {
  name = "from-office"
}

resource "aws_iam_user_policy" "from_office" {
  user = aws_iam_user.from_office.name
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::logs/*" },
      {
        Effect   = "Deny"
        Action   = "*"
        Resource = "*"
        Condition = {
          NotIpAddressIfExists = { "aws:SourceIp" = "203.0.113.16/28" }
          BoolIfExists         = { "aws:ViaAWSService" = "false" }
        }
      },
    ]
  })
}

resource "aws_iam_access_key" "from_office" {
  user = aws_iam_user.from_office.name
}

# --- nothing to say ---

# Describe knows no resources.
resource "aws_iam_user" "describer" {
  name = "describer"
}

resource "aws_iam_user_policy" "describer" {
  user   = aws_iam_user.describer.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ec2:Describe*", Resource = "*" }] })
}

# The right of an administrator, but not a user's.
resource "aws_iam_role" "admin" {
  name               = "admin"
  assume_role_policy = jsonencode({})
}

resource "aws_iam_role_policy" "admin" {
  role   = aws_iam_role.admin.name
  policy = data.aws_iam_policy_document.all.json
}

resource "aws_iam_user" "narrow" {
  name = "narrow"
}

resource "aws_iam_policy" "narrow" {
  name   = "narrow"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" }] })
}

resource "aws_iam_user_policy_attachment" "narrow" {
  user       = aws_iam_user.narrow.name
  policy_arn = aws_iam_policy.narrow.arn
}

# The name alone gives nothing.
resource "aws_iam_user" "big_name" {
  name = "big-name"
}

resource "aws_iam_policy" "big_name" {
  name   = "AdministratorAccess"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" }] })
}

resource "aws_iam_user_policy_attachment" "big_name" {
  user       = aws_iam_user.big_name.name
  policy_arn = aws_iam_policy.big_name.arn
}
