provider "aws" {}

variable "trail" {
  type = bool
}

resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "trails"

  count = var.trail ? 1 : 0

  is_multi_region_trail      = true
  enable_log_file_validation = true
}

resource "aws_cloudtrail" "second" { # expect: RF801
  name           = "second"
  s3_bucket_name = "trails"
}
