# fix: review
resource "aws_organizations_organization" "acme" {
  feature_set = "ALL"
}

resource "aws_organizations_policy" "regions" {
  name = "regions"

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-central-1"] } }
    }]
  })
}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = aws_organizations_organization.acme.roots[0].id
}
