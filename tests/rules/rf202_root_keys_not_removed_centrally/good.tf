# Somebody else manages the organization.
data "aws_organizations_organization" "current" {}

# The organization is managed by the account that is meant, not by this delegation.
resource "aws_organizations_delegated_administrator" "guardduty" {
  account_id        = "111122223333"
  service_principal = "guardduty.amazonaws.com"
}
