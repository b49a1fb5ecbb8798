resource "time_rotating" "a" {
  rotation_days = 60
}

resource "terraform_data" "a" {
  triggers_replace = [time_rotating.a.id]
}

resource "time_rotating" "b" {
  rotation_days = 60
}

resource "terraform_data" "b" {
  triggers_replace = [time_rotating.b.id]
}

# Destroyed, then created.
resource "aws_iam_access_key" "first" { # expect: RF304
  user = "first"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

# The second key stays for ever and serves somebody else.
resource "aws_iam_access_key" "turns" { # expect: RF304
  user = "static"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "static" {
  user = "static"
}

# One clock replaces both at once.
resource "aws_iam_access_key" "twin_a" { # expect: RF304
  user = "twin"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "twin_b" { # expect: RF304
  user = "twin"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

# A third key is refused.
resource "aws_iam_access_key" "third_a" { # expect: RF304
  user = "third"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "third_b" { # expect: RF304
  user = "third"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.b]
  }
}

# AWS counts the inactive one, too.
resource "aws_iam_access_key" "counted" { # expect: RF304
  user = "counted"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "inactive" {
  user   = "counted"
  status = "Inactive"
}

# The other key cannot be used.
resource "aws_iam_access_key" "alone" { # expect: RF304
  user = "alone"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "alone_before" {
  status = "Inactive"
  user = "alone"

  lifecycle {
    replace_triggered_by = [terraform_data.b]
  }
}

# Someone copies it from the output.
resource "aws_iam_access_key" "copied" { # expect: RF304
  user = "copied"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

output "copied" {
  value     = aws_iam_access_key.copied.secret
  sensitive = true
}

# Whoever reads the parameter does so when it likes.
resource "aws_iam_access_key" "stored" { # expect: RF304
  user = "stored"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

resource "aws_ssm_parameter" "stored" {
  name  = "/app/key"
  type  = "SecureString"
  value = aws_iam_access_key.stored.secret
}

# The command has run once.
resource "aws_iam_access_key" "run" { # expect: RF304
  user = "run"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

resource "null_resource" "run" {
  provisioner "local-exec" {
    command = "install-key ${aws_iam_access_key.run.secret}"
  }
}

# The second clock is replaced whenever the first one turns.
resource "time_rotating" "later" {
  rotation_days = 60
  rfc3339       = timeadd(time_rotating.a.rfc3339, "720h")
}

resource "terraform_data" "later" {
  triggers_replace = [time_rotating.later.id]
}

resource "aws_iam_access_key" "now" { # expect: RF304
  user = "offset"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "later" { # expect: RF304
  user = "offset"

  lifecycle {
    replace_triggered_by = [terraform_data.later]
  }
}
