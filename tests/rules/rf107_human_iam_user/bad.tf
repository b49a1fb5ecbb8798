resource "aws_iam_user" "anna" { # expect: RF107
  name = "anna.berg"
}

resource "aws_iam_user_login_profile" "anna" {
  user = aws_iam_user.anna.name
}

# One resource for several people.
resource "aws_iam_user" "people" { # expect: RF107
  for_each = toset(["bruno", "carla"])
  name     = each.key
}

resource "aws_iam_user_login_profile" "people" {
  for_each = aws_iam_user.people
  user     = each.value.name
}

# The device has no argument for its user: it is named after it.
resource "aws_iam_user" "dora" { # expect: RF107
  name = "dora"
}

resource "aws_iam_virtual_mfa_device" "dora" {
  virtual_mfa_device_name = aws_iam_user.dora.name
}

resource "aws_iam_user" "emil" { # expect: RF107
  name = "emil"
}

resource "aws_iam_access_key" "emil" {
  user    = aws_iam_user.emil.name
  pgp_key = "keybase:emil"
}

# No program answers when it is asked for MFA.
resource "aws_iam_user" "frida" { # expect: RF107
  name = "frida"
}

resource "aws_iam_group" "operators" {
  name = "operators"
}

resource "aws_iam_group_membership" "operators" {
  name  = "operators"
  group = aws_iam_group.operators.name
  users = [aws_iam_user.frida.name]
}

resource "aws_iam_group_policy" "operators" {
  group = aws_iam_group.operators.name
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      NotAction = "iam:*"
      Resource  = "*"
      Condition = { BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" } }
    }]
  })
}

resource "aws_iam_user" "greta" { # expect: RF107
  name = "greta.holm@corp.example"
}

resource "aws_iam_user" "hugo" { # expect: RF107
  name = "hugo.lind"

  tags = {
    Email = "Hugo.Lind@corp.example"
  }
}

module "ines" { # expect: RF107
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.60.0"

  name = "ines"
}
