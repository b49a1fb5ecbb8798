provider "aws" {
  region = "eu-central-1"
}

resource "aws_iam_user" "bare" {
  name = "bare"
}

resource "aws_iam_access_key" "bare" { # expect: RF601
  user = aws_iam_user.bare.name
}

resource "aws_iam_user" "allow" {
  name = "allow"
}

resource "aws_iam_access_key" "allow" { # expect: RF601
  user = aws_iam_user.allow.name
}

resource "aws_iam_user_policy" "allow" {
  user = aws_iam_user.allow.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ]
  })
}

# A second factor says nothing of where from.
resource "aws_iam_user" "mfa" {
  name = "mfa"
}

resource "aws_iam_access_key" "mfa" { # expect: RF601
  user = aws_iam_user.mfa.name
}

resource "aws_iam_user_policy" "mfa" {
  user = aws_iam_user.mfa.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" } } },
    ]
  })
}

# Neither does the region that is called.
resource "aws_iam_user" "region" {
  name = "region"
}

resource "aws_iam_access_key" "region" { # expect: RF601
  user = aws_iam_user.region.name
}

resource "aws_iam_user_policy" "region" {
  user = aws_iam_user.region.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { StringNotEquals = { "aws:RequestedRegion" = "eu-central-1" } } },
    ]
  })
}

# A key that never expires, of another kind.
resource "aws_iam_service_specific_credential" "git" { # expect: RF601
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.bare.name
}

# A condition in a policy that nobody has.
resource "aws_iam_user" "beside" {
  name = "beside"
}

resource "aws_iam_access_key" "beside" { # expect: RF601
  user = aws_iam_user.beside.name
}

resource "aws_iam_policy" "unattached" {
  name = "unattached"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24"] } } }]
  })
}

# A key that a script makes for a declared user.
resource "aws_iam_user" "script" {
  name = "script"
}

resource "aws_iam_user_policy" "script" {
  user = aws_iam_user.script.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }]
  })
}

resource "null_resource" "script" { # expect: RF601
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name script > key.json"
  }
}

# Whoever has the key is this user: that limits nothing.
resource "aws_iam_user" "named" {
  name = "named-${var.stage}"
}

variable "stage" {
  type = string
}

resource "aws_iam_access_key" "named" { # expect: RF601
  user = aws_iam_user.named.name
}

data "aws_iam_policy_document" "named" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalArn"
      values   = [aws_iam_user.named.arn]
    }
  }
}

resource "aws_iam_user_policy" "named" {
  user   = aws_iam_user.named.name
  policy = data.aws_iam_policy_document.named.json
}
