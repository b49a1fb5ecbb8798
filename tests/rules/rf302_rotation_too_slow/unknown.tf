variable "days" {
  type = number
}

variable "status" {
  type = string
}

resource "time_rotating" "days" {
  rotation_days = var.days
}

resource "terraform_data" "days" {
  triggers_replace = [time_rotating.days.id]
}

resource "aws_iam_access_key" "days" { # undetermined: RF302
  user = "days"

  lifecycle {
    replace_triggered_by = [terraform_data.days]
  }
}

resource "time_rotating" "year" {
  rotation_years = 1
}

resource "terraform_data" "year" {
  triggers_replace = [time_rotating.year.id]
}

resource "aws_iam_access_key" "year" { # undetermined: RF302
  user = "year"
  status = var.status
  lifecycle {
    replace_triggered_by = [terraform_data.year]
  }
}

# The clock that is not known may be fast enough.
resource "aws_iam_access_key" "either" { # undetermined: RF302
  user = "either"

  lifecycle {
    replace_triggered_by = [terraform_data.year, terraform_data.days]
  }
}

variable "age" {
  type = number
}

resource "aws_iam_service_specific_credential" "age" { # undetermined: RF302
  service_name        = "bedrock.amazonaws.com"
  user_name           = "age"
  credential_age_days = var.age

  lifecycle {
    replace_triggered_by = [terraform_data.year]
  }
}
