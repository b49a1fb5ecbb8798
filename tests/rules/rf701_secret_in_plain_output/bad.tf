resource "aws_iam_access_key" "ci" {
  user = "ci"
}

resource "aws_iam_access_key" "cd" {
  user = "cd"
}

output "secret" { # expect: RF701
  value = aws_iam_access_key.ci.secret
}

output "opened" { # expect: RF701
  value     = nonsensitive(aws_iam_access_key.ci.secret)
  sensitive = false
}

output "smtp" { # expect: RF701
  value = aws_iam_access_key.ci.ses_smtp_password_v4
}

output "whole" { # expect: RF701
  value = aws_iam_access_key.ci
}

locals {
  pair = {
    id     = aws_iam_access_key.ci.id
    secret = aws_iam_access_key.ci.secret
  }
}

output "by_local" { # expect: RF701
  value = jsonencode(local.pair)
}

# Two secrets in one output are one finding.
output "both" { # expect: RF701
  value = [aws_iam_access_key.ci.secret, aws_iam_access_key.cd.secret]
}

resource "aws_iam_service_specific_credential" "git" {
  service_name = "codecommit.amazonaws.com"
  user_name    = "git"
}

output "git" { # expect: RF701
  value = aws_iam_service_specific_credential.git.service_password
}
