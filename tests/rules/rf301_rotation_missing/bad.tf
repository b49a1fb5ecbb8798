resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "plain" { # expect: RF301
  user = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "each" { # expect: RF301
  for_each = toset(["a", "b"])
  user     = each.key
}

# A new user is not a clock.
resource "aws_iam_access_key" "with_user" { # expect: RF301
  user = aws_iam_user.ci.name

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [aws_iam_user.ci]
  }
}

# Never expires.
resource "aws_iam_service_specific_credential" "git" { # expect: RF301
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.ci.name
}

# A clock that drives something else says nothing about the key.
resource "time_rotating" "certificate" {
  rotation_days = 30
}

resource "terraform_data" "certificate" {
  triggers_replace = time_rotating.certificate.id
}

# Ends on its own, but lives longer than a key may.
resource "aws_iam_service_specific_credential" "late" { # expect: RF301
  service_name        = "bedrock.amazonaws.com"
  user_name           = aws_iam_user.ci.name
  credential_age_days = 91
}

# An access key has no such argument.
resource "aws_iam_access_key" "invented" { # expect: RF301
  user                = "invented"
  credential_age_days = 30
}
