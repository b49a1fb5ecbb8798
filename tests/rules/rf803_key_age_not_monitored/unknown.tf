provider "aws" {}

variable "days" {
  type = number
}

resource "aws_config_config_rule" "keys" { # undetermined: RF803
  name             = "keys"
  input_parameters = jsonencode({ maxAccessKeyAge = var.days })

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}
