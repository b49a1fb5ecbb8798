resource "aws_cloudtrail" "app" {
  name           = "app"
  s3_bucket_name = "trails"

  event_selector {
    read_write_type = "WriteOnly"
  }
}
