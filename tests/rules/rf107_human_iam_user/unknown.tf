variable "console" {
  type = bool
}

variable "names" {
  type = set(string)
}

resource "aws_iam_user" "maybe" { # undetermined: RF107
  name = "maybe"
}

resource "aws_iam_user_login_profile" "maybe" {
  count = var.console ? 1 : 0
  user  = aws_iam_user.maybe.name
}

# Who they are is not known, but that they sign in.
resource "aws_iam_user" "people" { # expect: RF107
  for_each = var.names
  name     = each.value
}

resource "aws_iam_user_login_profile" "people" {
  for_each = aws_iam_user.people
  user     = each.value.name
}

module "maybe" { # undetermined: RF107
  source = "terraform-aws-modules/iam/aws//modules/iam-user"

  name                 = "maybe"
  create_login_profile = var.console
}
