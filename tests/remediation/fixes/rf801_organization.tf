# fix: review
resource "aws_cloudtrail" "organization" {
  name                       = "organization"
  s3_bucket_name             = "acme-trail"
  is_organization_trail      = true
  is_multi_region_trail      = false
  enable_log_file_validation = true
}
