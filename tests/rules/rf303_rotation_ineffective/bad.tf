resource "time_rotating" "clock" {
  rotation_days = 60
}

resource "aws_iam_access_key" "direct" { # expect: RF303
  user = "a"

  lifecycle {
    replace_triggered_by = [time_rotating.clock]
  }
}

resource "aws_iam_access_key" "direct_id" { # expect: RF303
  user = "b"

  lifecycle {
    replace_triggered_by = [time_rotating.clock.id]
  }
}

resource "aws_iam_access_key" "depends" { # expect: RF303
  user       = "c"
  depends_on = [time_rotating.clock]
}

# The period is no clock.
resource "terraform_data" "period" {
  triggers_replace = [time_rotating.clock.rotation_days]
}

resource "aws_iam_access_key" "period" { # expect: RF303
  user = "d"

  lifecycle {
    replace_triggered_by = [terraform_data.period]
  }
}

resource "time_rotating" "fixed" {
  rotation_days = 60
  rfc3339       = "2026-01-01T00:00:00Z"
}

resource "terraform_data" "fixed" {
  triggers_replace = [time_rotating.fixed.id]
}

resource "aws_iam_access_key" "fixed" { # expect: RF303
  user = "e"

  lifecycle {
    replace_triggered_by = [terraform_data.fixed]
  }
}

resource "time_rotating" "once" {
  rotation_rfc3339 = "2026-06-01T00:00:00Z"
}

resource "null_resource" "once" {
  triggers = { turned = time_rotating.once.id }
}

resource "aws_iam_access_key" "once" { # expect: RF303
  user = "f"

  lifecycle {
    replace_triggered_by = [null_resource.once]
  }
}

# Somebody has to edit it.
resource "terraform_data" "edited" {
  triggers_replace = ["2026-02"]
}

resource "aws_iam_access_key" "edited" { # expect: RF303
  user = "g"

  lifecycle {
    replace_triggered_by = [terraform_data.edited]
  }
}

# The trigger does not look.
resource "terraform_data" "blind" {
  input = time_rotating.clock.id

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_iam_access_key" "blind" { # expect: RF303
  user = "h"

  lifecycle {
    replace_triggered_by = [terraform_data.blind]
  }
}

resource "aws_iam_access_key" "keepers" { # expect: RF303
  user    = "i"
  keepers = { turned = time_rotating.clock.id }
}

resource "aws_iam_access_key" "rotated_elsewhere" { # expect: RF303
  user = "j"

  lifecycle {
    ignore_changes = all
  }
}

# The date is only written down.
resource "aws_iam_user" "tagged" {
  name = "k"
  tags = { RotateBy = time_rotating.clock.rotation_rfc3339 }
}

resource "aws_iam_access_key" "tagged" { # expect: RF303
  user = aws_iam_user.tagged.name
}

# Secrets Manager rotates what Terraform writes.
resource "aws_iam_access_key" "stored" { # expect: RF303
  user = "l"
}

resource "aws_secretsmanager_secret" "stored" {
  name = "stored"
}

resource "aws_secretsmanager_secret_version" "stored" {
  secret_id     = aws_secretsmanager_secret.stored.id
  secret_string = jsonencode({ key = aws_iam_access_key.stored.secret })
}

resource "aws_secretsmanager_secret_rotation" "stored" {
  secret_id           = aws_secretsmanager_secret.stored.arn
  rotation_lambda_arn = "arn:aws:lambda:eu-central-1:111122223333:function:rotate"

  rotation_rules {
    automatically_after_days = 30
  }
}

# Vault rotates what is in the state.
resource "aws_iam_user" "vault" {
  name = "vault"
}

resource "aws_iam_access_key" "vault" { # expect: RF303
  user = aws_iam_user.vault.name
}

resource "vault_aws_secret_backend_static_role" "vault" {
  backend         = "aws"
  name            = "vault"
  username        = aws_iam_user.vault.name
  rotation_period = 86400
}

resource "aws_iam_access_key" "vault_root" { # expect: RF303
  user = "vault-root"
}

resource "vault_aws_secret_backend" "vault_root" {
  access_key      = aws_iam_access_key.vault_root.id
  secret_key      = aws_iam_access_key.vault_root.secret
  rotation_period = 86400
}

# Starts from a moment that never moves.
resource "time_static" "birth" {}

resource "time_rotating" "from_birth" {
  rotation_days = 60
  rfc3339       = time_static.birth.rfc3339
}

resource "terraform_data" "from_birth" {
  triggers_replace = [time_rotating.from_birth.id]
}

resource "aws_iam_access_key" "from_birth" { # expect: RF303
  user = "m"

  lifecycle {
    replace_triggered_by = [terraform_data.from_birth]
  }
}

# Neither the clock nor the user changes the key.
resource "aws_iam_access_key" "direct_and_user" { # expect: RF303
  user = aws_iam_user.vault_two.name

  lifecycle {
    replace_triggered_by = [time_rotating.clock, aws_iam_user.vault_two]
  }
}

resource "aws_iam_user" "vault_two" {
  name = "n"
}
