resource "aws_config_config_rule" "root" {
  name = "root"

  source {
    owner             = "AWS"
    source_identifier = "IAM_ROOT_ACCESS_KEY_CHECK"
  }
}
