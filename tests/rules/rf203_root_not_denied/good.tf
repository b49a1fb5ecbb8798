data "aws_iam_policy_document" "root" {
  statement {
    sid       = "DenyRoot"
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]

    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:*:iam::*:root"]
    }

    condition {
      test     = "Null"
      variable = "aws:AssumedRoot"
      values   = ["true"]
    }
  }
}

resource "aws_organizations_policy" "root" {
  name    = "deny-root"
  type    = "SERVICE_CONTROL_POLICY"
  content = data.aws_iam_policy_document.root.minified_json
}

resource "aws_organizations_policy_attachment" "root" {
  for_each = toset(["ou-a", "ou-b"])

  policy_id = aws_organizations_policy.root.id
  target_id = each.key
}

# One that denies root is enough.
resource "aws_organizations_policy" "regions" {
  name = "regions"

  content = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "ec2:*", Resource = "*" }]
  })
}

resource "aws_iam_organizations_features" "main" {
  enabled_features = ["RootCredentialsManagement", "RootSessions"]
}
