provider "aws" {}

resource "aws_config_config_rule" "keys" { # undetermined: RF803
  name             = "keys"
  input_parameters = "{\"maxAccessKeyAge\": \"soon\"}"

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}
