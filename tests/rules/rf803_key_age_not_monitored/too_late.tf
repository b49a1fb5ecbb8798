resource "aws_config_config_rule" "a_volumes" {
  name = "volumes"

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }
}

# The rule that is about keys carries the finding.
resource "aws_config_config_rule" "keys" { # expect: RF803
  name             = "keys"
  input_parameters = "{\"maxAccessKeyAge\": 91}"

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}
