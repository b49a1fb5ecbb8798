# The file applies another directory.
resource "time_rotating" "clock" {
  rotation_days = 90
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

resource "aws_iam_access_key" "clock" {
  user = "clock"

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

