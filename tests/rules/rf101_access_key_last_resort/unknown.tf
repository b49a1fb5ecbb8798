provider "aws" {
  region = "eu-central-1"
}

variable "create" {
  type = bool
}

variable "status" {
  type = string
}

variable "names" {
  type = set(string)
}

# What may exist is judged as if it did, and says on what it depends.
resource "aws_iam_access_key" "perhaps" { # expect: RF101
  count = var.create ? 1 : 0
  user  = "ci"
}

resource "aws_iam_access_key" "many" { # expect: RF101
  for_each = var.names
  user     = each.key
}

resource "aws_iam_access_key" "status" { # expect: RF101
  user   = "cd"
  status = var.status
}

# What only a default keeps from being made may be made elsewhere.
variable "users" {
  default = {}
}

variable "enabled" {
  default = false
}

locals {
  enabled = var.enabled && length(var.names) > 0
}

resource "aws_iam_access_key" "users" { # undetermined: RF101
  for_each = var.users
  user     = each.key
}

resource "aws_iam_access_key" "local" { # undetermined: RF101
  count = local.enabled ? 1 : 0
  user  = "ci"
}

resource "aws_iam_service_specific_credential" "local" { # undetermined: RF101
  count        = local.enabled ? 1 : 0
  service_name = "codecommit.amazonaws.com"
  user_name    = "ci"
}

module "console_user" { # undetermined: RF101
  source                = "terraform-aws-modules/iam/aws//modules/iam-user"
  version               = "~> 5.0"
  name                  = "console"
  create_iam_access_key = var.enabled
}
