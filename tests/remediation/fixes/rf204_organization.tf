# fix: safe
resource "aws_organizations_organization" "acme" {
  feature_set = "ALL"
}

resource "aws_config_organization_managed_rule" "encrypted_volumes" {
  name            = "encrypted-volumes"
  rule_identifier = "ENCRYPTED_VOLUMES"
}
