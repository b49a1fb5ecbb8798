# fix: review
resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "acme-trail"
}

resource "aws_cloudtrail" "other" {
  name                          = "other"
  s3_bucket_name                = "acme-trail"
  include_global_service_events = false
  enable_logging                = false
  is_multi_region_trail         = true

  event_selector {
    read_write_type = "All"
  }
}
