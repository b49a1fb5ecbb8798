resource "aws_config_config_rule" "volumes" { # undetermined: RF204
  name = "volumes"

  source {
    owner             = "AWS"
    source_identifier = "ENCRYPTED_VOLUMES"
  }
}
