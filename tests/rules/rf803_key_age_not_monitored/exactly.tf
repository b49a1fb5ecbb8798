resource "aws_config_config_rule" "late" {
  name             = "late"
  input_parameters = jsonencode({ maxAccessKeyAge = "180" })

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}

# The strictest of them counts, and exactly 90 days pass.
resource "aws_config_config_rule" "keys" {
  name             = "keys"
  input_parameters = jsonencode({ maxAccessKeyAge = "90" })

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}
