resource "aws_config_organization_managed_rule" "root_key" {
  name            = "iam-root-access-key-check"
  rule_identifier = "IAM_ROOT_ACCESS_KEY_CHECK"
}
