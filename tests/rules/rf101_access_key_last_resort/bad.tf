resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" { # expect: RF101
  user = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "each" { # expect: RF101
  for_each = toset(["a", "b"])
  user     = each.key
  status   = "Active"
}

# Never expires.
resource "aws_iam_service_specific_credential" "git" { # expect: RF101
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.ci.name
}

resource "aws_iam_service_specific_credential" "slow" { # expect: RF101
  service_name        = "bedrock.amazonaws.com"
  user_name           = aws_iam_user.ci.name
  credential_age_days = 365
}

# Made by a command.
resource "null_resource" "script" { # expect: RF101
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name ${aws_iam_user.ci.name}"
  }
}

# Made by a module that is not in this tree.
module "mailer" { # expect: RF101
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "~> 5.0"
  name    = "mailer"
}
