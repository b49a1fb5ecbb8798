variable "generation" {
  type = string
}

variable "status" {
  type = string
}

variable "start" {
  type = string
}

# The caller may or may not count it up by a clock.
resource "terraform_data" "generation" {
  triggers_replace = [var.generation]
}

resource "aws_iam_access_key" "generation" { # undetermined: RF301
  user = "a"

  lifecycle {
    replace_triggered_by = [terraform_data.generation]
  }
}

resource "aws_iam_access_key" "status" { # undetermined: RF301
  user   = "b"
  status = var.status
}

resource "time_rotating" "start" {
  rotation_days = 30
  rfc3339       = var.start
}

resource "terraform_data" "start" {
  triggers_replace = [time_rotating.start.id]
}

resource "aws_iam_access_key" "start" { # undetermined: RF301
  user = "c"

  lifecycle {
    replace_triggered_by = [terraform_data.start]
  }
}

data "http" "clock" {
  url = "https://clock.corp.example/generation"
}

resource "null_resource" "outside" {
  triggers = { generation = data.http.clock.response_body }
}

resource "aws_iam_access_key" "outside" { # undetermined: RF301
  user = "d"

  lifecycle {
    replace_triggered_by = [null_resource.outside]
  }
}

variable "age" {
  type = number
}

resource "aws_iam_service_specific_credential" "age" { # undetermined: RF301
  service_name        = "bedrock.amazonaws.com"
  user_name           = "e"
  credential_age_days = var.age
}
