# Terragrunt calls this, and its files are not read: what else it calls is open.
resource "aws_organizations_organization" "this" { # undetermined: RF202
  feature_set = "ALL"
}

resource "aws_organizations_account" "this" {
  name  = "app"
  email = "app@example.com"
}
