provider "aws" {}

variable "identifier" {
  type = string
}

resource "aws_config_config_rule" "any" { # undetermined: RF204
  name = "any"

  source {
    owner             = "AWS"
    source_identifier = var.identifier
  }
}
