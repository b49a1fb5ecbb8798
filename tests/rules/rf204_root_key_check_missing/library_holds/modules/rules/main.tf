# Nothing here calls it; whether it is applied from elsewhere is open.
resource "aws_config_organization_managed_rule" "root_key" {
  name            = "root-key"
  rule_identifier = "IAM_ROOT_ACCESS_KEY_CHECK"
}
