resource "aws_config_config_rule" "volumes" { # undetermined: RF803
  name = "volumes"

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }
}
