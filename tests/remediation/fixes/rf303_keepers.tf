# fix: review
resource "time_rotating" "ci" {
  rotation_days = 180
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name

  keepers = {
    rotation = time_rotating.ci.id
  }
}
