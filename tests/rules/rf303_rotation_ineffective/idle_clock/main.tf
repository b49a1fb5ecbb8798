resource "time_rotating" "forgotten" {
  rotation_days = 60
}

resource "aws_iam_access_key" "ci" { # expect: RF303
  user = "ci"
}
