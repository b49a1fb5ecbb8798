resource "aws_config_config_rule" "keys" { # expect: RF803
  name             = "keys"
  input_parameters = jsonencode({ maxAccessKeyAge = 180 })

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}
