resource "aws_organizations_organization" "main" { # expect: RF802
  feature_set = "ALL"
}
