# fix: review
resource "aws_config_config_rule" "keys" {
  name             = "keys"
  input_parameters = "{\"maxAccessKeyAge\": \"365\"}"

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}
