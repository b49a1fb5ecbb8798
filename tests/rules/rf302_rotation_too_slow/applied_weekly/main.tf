# The next apply may be a week away.
resource "time_rotating" "slow" {
  rotation_days = 84
}

resource "terraform_data" "slow" {
  triggers_replace = [time_rotating.slow.id]
}

resource "aws_iam_access_key" "slow" { # expect: RF302
  user = "slow"

  lifecycle {
    replace_triggered_by = [terraform_data.slow]
  }
}

resource "time_rotating" "fast" {
  rotation_days = 83
}

resource "terraform_data" "fast" {
  triggers_replace = [time_rotating.fast.id]
}

resource "aws_iam_access_key" "fast" {
  user = "fast"

  lifecycle {
    replace_triggered_by = [terraform_data.fast]
  }
}

