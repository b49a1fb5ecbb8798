resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "terraform_data" "clock" {
  triggers_replace = [time_rotating.clock.id]
}

resource "aws_iam_access_key" "rotates" {
  user = "a"

  lifecycle {
    replace_triggered_by = [terraform_data.clock]
  }
}

# Both forms at once: the one that works counts.
resource "aws_iam_access_key" "both" {
  user       = "b"
  depends_on = [time_rotating.clock]

  lifecycle {
    replace_triggered_by = [time_rotating.clock, terraform_data.clock]
  }
}

# A name that turns with the clock forces a new user and a new key.
resource "aws_iam_user" "dated" {
  name = "dated-${time_rotating.clock.unix}"
}

resource "aws_iam_access_key" "dated" {
  user = aws_iam_user.dated.name
}

# Nothing looks like rotation: RF301 speaks.
resource "aws_iam_access_key" "plain" {
  user = "c"
}

resource "aws_iam_access_key" "inactive" {
  user       = "d"
  status     = "Inactive"
  depends_on = [time_rotating.clock]
}

# A secret that has nothing to do with a key may rotate.
resource "aws_secretsmanager_secret" "database" {
  name = "database"
}

resource "aws_secretsmanager_secret_rotation" "database" {
  secret_id           = aws_secretsmanager_secret.database.id
  rotation_lambda_arn = "arn:aws:lambda:eu-central-1:111122223333:function:database"

  rotation_rules {
    automatically_after_days = 30
  }
}

# Vault is told not to.
resource "aws_iam_access_key" "vault" {
  user = "e"
}

resource "vault_aws_secret_backend" "vault" {
  access_key                 = aws_iam_access_key.vault.id
  secret_key                 = aws_iam_access_key.vault.secret
  rotation_period            = 86400
  disable_automated_rotation = true
}

# A clock that starts from another one is replaced whenever that one turns.
resource "time_rotating" "later" {
  rotation_days = 60
  rfc3339       = timeadd(time_rotating.clock.rfc3339, "720h")
}

resource "terraform_data" "later" {
  triggers_replace = [time_rotating.later.id]
}

resource "aws_iam_access_key" "later" {
  user = "f"

  lifecycle {
    replace_triggered_by = [terraform_data.later]
  }
}
