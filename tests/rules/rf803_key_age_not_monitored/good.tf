resource "aws_config_config_rule" "keys" {
  name = "keys"

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }
}

# A rule about something else takes nothing away.
resource "aws_config_config_rule" "volumes" {
  name = "a-volumes"

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }
}
