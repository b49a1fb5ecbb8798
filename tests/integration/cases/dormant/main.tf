# Keys that only the defaults of this root module keep from being made: undetermined at both doors.
variable "users" {
  default = {}
}

variable "create" {
  default = true
}

variable "create_key" {
  default = false
}

variable "teams" {
  default = 0
}

locals {
  create_key = var.create && var.create_key
}

resource "aws_iam_access_key" "real" {
  user = "someone"
}

resource "aws_iam_access_key" "each" {
  for_each = var.users
  user     = each.key
}

resource "aws_iam_access_key" "local" {
  count = local.create_key ? 1 : 0
  user  = "ci"
}

module "passed" {
  source = "./lib"
  create = var.create_key
}

module "call" {
  source = "./lib"
  count  = var.teams
}

module "nested" {
  source = "./outer"
  create = local.create_key
}

# Off, whatever is deployed.
resource "aws_iam_access_key" "zero" {
  count = 0
  user  = "ci"
}

module "fixed" {
  source = "./lib"
  create = false
}

module "none" {
  source = "./lib"
  count  = 0
}

module "nested_none" {
  source = "./outer"
  create = false
}
