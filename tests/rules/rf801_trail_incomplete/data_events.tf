resource "aws_cloudtrail" "objects" {
  name           = "objects"
  s3_bucket_name = "trails"

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
  }
}

# Not the trail of the account: it does not make up for the next one.
resource "aws_cloudtrail" "complete_objects" {
  name                       = "complete-objects"
  s3_bucket_name             = "trails"
  is_multi_region_trail      = true
  enable_log_file_validation = true

  event_selector {
    include_management_events = false
  }
}

resource "aws_cloudtrail" "management" { # expect: RF801
  name           = "management"
  s3_bucket_name = "trails"

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
}

resource "aws_cloudtrail" "both" { # expect: RF801
  name           = "both"
  s3_bucket_name = "trails"

  event_selector {
    read_write_type = "All"
  }
}
