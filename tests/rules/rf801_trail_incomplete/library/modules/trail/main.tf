variable "name" {
  type = string
}

resource "aws_cloudtrail" "this" {
  name           = "this"
  s3_bucket_name = "trails"
}
