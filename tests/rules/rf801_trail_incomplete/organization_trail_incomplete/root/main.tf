resource "aws_cloudtrail" "organization" { # expect: RF801
  name                  = "organization"
  s3_bucket_name        = "trails"
  is_organization_trail = true
}
