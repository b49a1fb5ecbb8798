variable "pgp_key" {
  type    = string
  default = "keybase:ada"
}

resource "aws_iam_access_key" "ada" {
  user    = "ada"
  pgp_key = var.pgp_key
}

# The SMTP password is encrypted with the same key.
resource "aws_iam_access_key" "mail" {
  user    = "mail"
  pgp_key = "keybase:ada"
}

output "smtp" {
  value = aws_iam_access_key.mail.encrypted_ses_smtp_password_v4
}

resource "aws_iam_access_key" "inactive" {
  user   = "old"
  status = "Inactive"
}

resource "aws_iam_access_key" "none" {
  count = 0
  user  = "none"
}

# It ends before a key would have to be rotated.
resource "aws_iam_service_specific_credential" "short" {
  service_name        = "bedrock.amazonaws.com"
  user_name           = "short"
  credential_age_days = 30
}

module "user" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "6.2.1"
  name    = "ada"
  pgp_key = "keybase:ada"
}

module "no_key" {
  source            = "terraform-aws-modules/iam/aws//modules/iam-user"
  version           = "6.2.1"
  name              = "ada"
  create_access_key = false
}

# What a command makes is in no state.
resource "null_resource" "script" {
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name ci > /dev/null"
  }
}

# Modules have names of their own for it.
module "other_name" {
  source       = "cloudposse/iam-system-user/aws"
  version      = "1.2.1"
  name         = "ada"
  user_pgp_key = "keybase:ada"
}
