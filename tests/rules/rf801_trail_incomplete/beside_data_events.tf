# The trail of the account is complete; the other one is there for the data of a bucket.
resource "aws_cloudtrail" "account" {
  name                       = "account"
  s3_bucket_name             = "trails"
  is_multi_region_trail      = true
  enable_log_file_validation = true
}

resource "aws_cloudtrail" "objects" {
  name                          = "objects"
  s3_bucket_name                = "trails"
  include_global_service_events = false

  event_selector {
    include_management_events = false

    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::data/"]
    }
  }
}

resource "aws_cloudtrail" "advanced" {
  name           = "advanced"
  s3_bucket_name = "trails"

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
  }
}
