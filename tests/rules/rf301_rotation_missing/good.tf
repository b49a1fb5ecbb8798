resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

resource "aws_iam_access_key" "terraform_data" {
  user = "a"

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

resource "aws_iam_access_key" "terraform_data_attribute" {
  user = "b"

  lifecycle {
    replace_triggered_by = [terraform_data.clock.id]
  }
}

resource "null_resource" "clock" {
  triggers = {
    turned = time_rotating.clock.rotation_rfc3339
  }
}

resource "aws_iam_access_key" "null_resource" {
  user = "c"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [null_resource.clock.id]
  }
}

resource "time_static" "clock" {
  rfc3339 = time_rotating.clock.rfc3339
}

resource "aws_iam_access_key" "time_static" {
  user = "d"

  lifecycle {
    replace_triggered_by = [time_static.clock]
  }
}

# Through a local and one more resource.
locals {
  turned = { at = time_rotating.clock.unix }
}

resource "terraform_data" "first" {
  input = local.turned.at
}

resource "random_id" "second" {
  byte_length = 4
  keepers     = { first = terraform_data.first.output }
}

resource "aws_iam_access_key" "chain" {
  user = "e"

  lifecycle {
    replace_triggered_by = [random_id.second.hex]
  }
}

resource "aws_iam_access_key" "inactive" {
  user   = "f"
  status = "Inactive"
}

resource "aws_iam_access_key" "none" {
  count = 0
  user  = "g"
}

resource "aws_iam_service_specific_credential" "expires" {
  service_name        = "bedrock.amazonaws.com"
  user_name           = "h"
  credential_age_days = 90
}

# Only looks like rotation: RF303 speaks.
resource "aws_iam_access_key" "direct" {
  user = "i"

  lifecycle {
    replace_triggered_by = [time_rotating.clock]
  }
}
