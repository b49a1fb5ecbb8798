resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "trails"

  is_multi_region_trail      = true
  enable_log_file_validation = true
}

# A second trail may be about something else.
resource "aws_cloudtrail" "second" {
  name           = "second"
  s3_bucket_name = "trails"
}
