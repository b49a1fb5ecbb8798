# Rotation: two keys that take turns. A key lives 60 days; while one is replaced the other still opens the door.
# Key b was added 30 days after key a, so the two are never replaced by the same apply. The pipeline applies
# every week.

resource "time_rotating" "a" {
  rotation_days = 60
}

resource "time_rotating" "b" {
  rotation_days = 60
}

# time_rotating leaves the state when its time has come, which replace_triggered_by alone does not see.
resource "terraform_data" "a" {
  triggers_replace = [time_rotating.a.id]
}

resource "terraform_data" "b" {
  triggers_replace = [time_rotating.b.id]
}

resource "aws_iam_access_key" "a" {
  user = aws_iam_user.scales.name

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "b" {
  user = aws_iam_user.scales.name

  lifecycle {
    replace_triggered_by = [terraform_data.b]
  }
}

# The device management reads both keys from here every night and hands the scales the younger one.
resource "aws_secretsmanager_secret" "scales" {
  name = "warehouse/scales"
}

resource "aws_secretsmanager_secret_version" "scales" {
  secret_id = aws_secretsmanager_secret.scales.id

  secret_string_wo = jsonencode({
    a = { since = time_rotating.a.rfc3339, id = aws_iam_access_key.a.id, secret = aws_iam_access_key.a.secret }
    b = { since = time_rotating.b.rfc3339, id = aws_iam_access_key.b.id, secret = aws_iam_access_key.b.secret }
  })
  secret_string_wo_version = max(time_rotating.a.unix, time_rotating.b.unix)
}
