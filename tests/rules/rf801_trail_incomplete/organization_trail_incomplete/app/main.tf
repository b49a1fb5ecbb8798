resource "aws_cloudtrail" "app" { # expect: RF801
  name           = "app"
  s3_bucket_name = "trails"
}
