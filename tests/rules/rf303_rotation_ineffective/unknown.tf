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
