# fix: review
resource "time_rotating" "ci" {
  rotation_days = 60
}

resource "terraform_data" "ci" {
  triggers_replace = [time_rotating.ci.id]
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name

  lifecycle {
    replace_triggered_by = [terraform_data.ci]
  }
}
