data "aws_organizations_organization" "current" {}

resource "aws_organizations_organizational_unit" "apps" {
  name      = "apps"
  parent_id = aws_organizations_organization.main.roots[0].id
}

# One finding for the root module, on the block that shows it best.
resource "aws_organizations_organization" "main" { # expect: RF202
  feature_set = "ALL"
}

resource "aws_organizations_account" "app" {
  name      = "app"
  email     = "app@example.com"
  parent_id = aws_organizations_organizational_unit.apps.id
}
