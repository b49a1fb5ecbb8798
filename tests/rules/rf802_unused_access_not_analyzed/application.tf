# An application has a trail of its own, and does not set up the account.
resource "aws_cloudtrail" "app" {
  name           = "app"
  s3_bucket_name = "trails"
}

data "aws_organizations_organization" "current" {}
