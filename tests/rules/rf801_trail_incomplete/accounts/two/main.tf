resource "aws_cloudtrail" "main" { # expect: RF801
  name           = "main"
  s3_bucket_name = "trails"
}
