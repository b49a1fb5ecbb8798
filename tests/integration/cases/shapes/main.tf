# The same names in a module and in its caller, chains through both, and what checkov misreads.

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "owned"
  region = "eu-central-1"

  default_tags {
    tags = { Owner = "platform" }
  }
}

variable "tags" {
  type = map(string)
}

variable "owner" {
  default = null
}

locals {
  handed = { secret = aws_iam_access_key.k.secret, plain = "text" }
}

resource "aws_iam_user" "u" {
  name = "root-module"
  tags = var.tags
}

resource "aws_iam_access_key" "k" {
  user = aws_iam_user.u.name
}

resource "aws_iam_user" "owned" {
  provider = aws.owned
  name     = "owned"
}

resource "aws_iam_user" "merged" {
  name = "merged"
  tags = merge({ Team = "shop" }, { Stage = "test" })
}

module "lib" {
  for_each = toset(["a", "b"])
  source   = "./lib"

  secret = local.handed["secret"]
  name   = each.key

  providers = {
    aws = aws.owned
  }
}

module "nested" {
  source = "./nested"
  count  = 2
}

resource "aws_ssm_parameter" "from_module" {
  name  = "b"
  type  = "String"
  value = jsonencode({ secret = module.lib["b"].secret })
}

output "nested" {
  value     = module.nested[*].secret
  sensitive = false
}
