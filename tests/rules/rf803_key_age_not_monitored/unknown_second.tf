provider "aws" {}

variable "days" {
  type = number
}

resource "aws_config_config_rule" "late" { # undetermined: RF803
  name             = "late"
  input_parameters = jsonencode({ maxAccessKeyAge = 180 })

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}

# It may be strict enough.
resource "aws_config_config_rule" "open" {
  name             = "open"
  input_parameters = jsonencode({ maxAccessKeyAge = var.days })

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}
