resource "aws_config_configuration_recorder" "main" { # expect: RF802
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/config"
}
