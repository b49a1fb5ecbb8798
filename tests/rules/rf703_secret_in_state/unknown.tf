terraform {
  backend "s3" {}
}

variable "pgp_key" {
  type = string
}

variable "status" {
  type = string
}

resource "aws_iam_access_key" "key" { # undetermined: RF703
  user    = "ci"
  pgp_key = var.pgp_key
}

resource "aws_iam_access_key" "status" { # undetermined: RF703
  user   = "ci"
  status = var.status
}

# What is encrypted is encrypted whatever its status is.
resource "aws_iam_access_key" "both" {
  user    = "ci"
  status  = var.status
  pgp_key = "keybase:ada"
}

module "user" { # undetermined: RF703
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "6.2.1"
  name    = "ada"
  pgp_key = var.pgp_key
}
