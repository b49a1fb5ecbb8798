locals {
  retired = "Inactive"
}

resource "aws_iam_access_key" "literal" { # expect: RF106
  user   = "ci"
  status = "Inactive"
}

resource "aws_iam_access_key" "by_local" { # expect: RF106
  user   = "cd"
  status = local.retired
}

resource "aws_iam_service_specific_credential" "git" { # expect: RF106
  service_name = "codecommit.amazonaws.com"
  user_name    = "git"
  status       = "Inactive"
}

resource "aws_iam_access_key" "root" { # expect: RF106
  user   = "root"
  status = "Inactive"
}
