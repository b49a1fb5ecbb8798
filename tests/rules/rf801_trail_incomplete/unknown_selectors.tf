provider "aws" {}

variable "management" {
  type = bool
}

variable "category" {
  type = string
}

resource "aws_cloudtrail" "basic" { # expect: RF801
  name           = "basic"
  s3_bucket_name = "trails"

  event_selector {
    include_management_events = var.management
  }
}

resource "aws_cloudtrail" "advanced" { # expect: RF801
  name           = "advanced"
  s3_bucket_name = "trails"

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = [var.category]
    }
  }
}
