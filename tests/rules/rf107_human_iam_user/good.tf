# A name of a person is no proof: programs are called after people, too.
resource "aws_iam_user" "name" {
  name = "anna.berg"
}

resource "aws_iam_access_key" "name" {
  user = aws_iam_user.name.name
}

# A shared mailbox and the address of an owner.
resource "aws_iam_user" "mailbox" {
  name = "no-reply@corp.example"
}

resource "aws_iam_user" "owned" {
  name = "backup"

  tags = {
    Email = "storage-team@corp.example"
  }
}

resource "aws_iam_user" "dotted" {
  name = "data.backup"

  tags = {
    Email = "hugo.lind@corp.example"
  }
}

# One operator took the keys of two programs.
resource "aws_iam_user" "packer" {
  name = "packer"
}

resource "aws_iam_access_key" "packer" {
  user    = aws_iam_user.packer.name
  pgp_key = "keybase:operator"
}

resource "aws_iam_user" "monitor" {
  name = "monitor"
}

resource "aws_iam_access_key" "monitor" {
  user    = aws_iam_user.monitor.name
  pgp_key = "keybase:operator"
}

# The password of somebody else, and one that is not made.
resource "aws_iam_user_login_profile" "other" {
  user = "somebody-else"
}

resource "aws_iam_user_login_profile" "none" {
  count = 0
  user  = aws_iam_user.packer.name
}

module "program" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.60.0"

  name                          = "program"
  create_iam_user_login_profile = false
}
