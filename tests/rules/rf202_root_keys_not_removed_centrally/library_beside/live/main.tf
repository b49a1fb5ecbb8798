# What is applied from here speaks for the organization.
resource "aws_organizations_policy" "tags" { # expect: RF202
  name    = "tags"
  content = "{}"
}
