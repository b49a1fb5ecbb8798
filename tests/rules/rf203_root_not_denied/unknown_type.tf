provider "aws" {}

variable "type" {
  type = string
}

resource "aws_organizations_policy" "any" { # undetermined: RF203
  name    = "any"
  type    = var.type
  content = "{}"
}
