provider "aws" {}

variable "all_regions" {
  type = bool
}

resource "aws_cloudtrail" "main" { # undetermined: RF801
  name                       = "main"
  s3_bucket_name             = "trails"
  is_multi_region_trail      = var.all_regions
  enable_log_file_validation = true
}

# What is known to be missing is missing.
resource "aws_cloudtrail" "second" { # expect: RF801
  name                  = "second"
  s3_bucket_name        = "trails"
  is_multi_region_trail = var.all_regions
}
