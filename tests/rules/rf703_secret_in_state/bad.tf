resource "aws_iam_access_key" "plain" { # expect: RF703
  user = "ci"
}

# An empty text is no PGP key.
resource "aws_iam_access_key" "empty" { # expect: RF703
  user    = "ci"
  pgp_key = ""
}

resource "aws_iam_access_key" "null" { # expect: RF703
  user    = "ci"
  pgp_key = null
}

# Hidden on the screen, and still in the state.
resource "aws_iam_access_key" "hidden" { # expect: RF703
  user = "ci"
}

output "hidden" {
  value     = aws_iam_access_key.hidden.secret
  sensitive = true
}

# A write-only argument keeps the secret out of the version's record, not out of the key's.
resource "aws_iam_access_key" "write_only" { # expect: RF703
  user   = "mail"
  status = "Active"
}

resource "aws_secretsmanager_secret_version" "write_only" {
  secret_id                = "mail"
  secret_string_wo         = aws_iam_access_key.write_only.ses_smtp_password_v4
  secret_string_wo_version = 1
}

resource "aws_iam_access_key" "each" { # expect: RF703
  for_each = toset(["blue", "green"])
  user     = each.key
}

resource "aws_iam_service_specific_credential" "git" { # expect: RF703
  service_name = "codecommit.amazonaws.com"
  user_name    = "git"
}

module "user" { # expect: RF703
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "6.2.1"
  name    = "ci"
}
