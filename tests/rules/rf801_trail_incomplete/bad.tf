resource "aws_cloudtrail" "one_region" { # expect: RF801
  name           = "one_region"
  s3_bucket_name = "trails"

  enable_log_file_validation = true
}

resource "aws_cloudtrail" "not_validated" { # expect: RF801
  name           = "not_validated"
  s3_bucket_name = "trails"

  is_multi_region_trail = true
}

resource "aws_cloudtrail" "stopped" { # expect: RF801
  name           = "stopped"
  s3_bucket_name = "trails"

  is_multi_region_trail      = true
  enable_log_file_validation = true
  enable_logging             = false
}

resource "aws_cloudtrail" "no_iam" { # expect: RF801
  name           = "no_iam"
  s3_bucket_name = "trails"

  is_multi_region_trail         = true
  enable_log_file_validation    = true
  include_global_service_events = "false"
}

resource "aws_cloudtrail" "plain" { # expect: RF801
  name           = "plain"
  s3_bucket_name = "trails"
}
