provider "aws" {}

variable "is_management_account" {
  type = bool
}

# The finding stands and says on what it depends.
resource "aws_organizations_organization" "main" { # expect: RF202
  count = var.is_management_account ? 1 : 0

  feature_set = "ALL"
}
