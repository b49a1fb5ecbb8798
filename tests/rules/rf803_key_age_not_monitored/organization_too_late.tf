resource "aws_config_organization_managed_rule" "keys" { # expect: RF803
  name             = "keys"
  rule_identifier  = "ACCESS_KEYS_ROTATED"
  input_parameters = jsonencode({ maxAccessKeyAge = 365 })
}
