# Findings that checkov has no place for, beside blocks that can stand in for them.

terraform {
  backend "s3" {
    bucket     = "state"
    key        = "state"
    region     = "eu-central-1"
    access_key = "AKIAQ4RT7WX2KJ5ZB3LM"
    secret_key = "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"
  }
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias      = "west"
  region     = "us-west-2"
  access_key = "AKIAQ4RT7WX2KJ5ZB3LN"
}

variable "fallback" {
  default = "AKIAQ4RT7WX2KJ5ZB3LP"
}

locals {
  leaked = "AKIAQ4RT7WX2KJ5ZB3LQ"
}

resource "aws_s3_bucket" "other" {
  bucket = "other"
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}

# checkov does not expand this for_each.
resource "aws_iam_access_key" "many" {
  for_each = { for name in ["a", "b"] : name => name }
  user     = each.key
}

# checkov takes a list that nobody has set for an empty one, and drops the key.
variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "dropped" {
  count = length(var.names)
  user  = var.names[count.index]
}

output "secret" {
  value = aws_iam_access_key.ci.secret
}
