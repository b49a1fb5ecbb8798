resource "aws_iam_user" "no_tags" { # expect: RF401
  name = "no-tags"
}

resource "aws_iam_user" "other_tags" { # expect: RF401
  name = "other-tags"

  tags = {
    Name       = "other-tags"
    CostCenter = "4711"
    ManagedBy  = "terraform"
    CreatedBy  = "ada"
    OwnerCost  = "4711"
  }
}

resource "aws_iam_user" "null_owner" { # expect: RF401
  name = "null-owner"
  tags = { Owner = null }
}

# The default tags of another provider do not count.
provider "aws" {
  alias = "audit"

  default_tags {
    tags = { Owner = "audit-team@corp.example" }
  }
}

resource "aws_iam_user" "wrong_provider" { # expect: RF401
  name = "wrong-provider"
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = { CostCenter = "4711" }
  }
}

# A key for an operator's keybase account does not make persons of all users.
resource "aws_iam_user" "one" { # expect: RF401
  name = "one"
}

resource "aws_iam_access_key" "one" {
  user    = aws_iam_user.one.name
  pgp_key = "keybase:operator"
}

resource "aws_iam_user" "other" { # expect: RF401
  name = "other"
}

resource "aws_iam_access_key" "other" {
  user    = aws_iam_user.other.name
  pgp_key = "keybase:operator"
}
