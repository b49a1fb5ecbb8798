variable "status" {
  type = string
}

resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "aws_iam_access_key" "status" { # undetermined: RF303
  user   = "a"
  status = var.status

  lifecycle {
    replace_triggered_by = [time_rotating.clock]
  }
}

variable "start" {
  type = string
}

# Where the clock starts is up to the caller: RF301 says so.
resource "time_rotating" "start" {
  rotation_days = 60
  rfc3339       = var.start
}

resource "terraform_data" "start" {
  triggers_replace = [time_rotating.start.id]
}

resource "aws_iam_access_key" "start" {
  user = "b"

  lifecycle {
    replace_triggered_by = [terraform_data.start]
  }
}
