variable "name" {
  type = string
}

# Whoever calls this has other rules beside it.
resource "aws_config_config_rule" "volumes" {
  name = "volumes"

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }
}
