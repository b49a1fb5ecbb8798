# fix: review
resource "time_rotating" "ci" {
  rotation_days = 60
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name

  lifecycle {
    replace_triggered_by = [time_rotating.ci]
  }
}
