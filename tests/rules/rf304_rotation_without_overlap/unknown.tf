variable "status" {
  type = string
}

variable "spare" {
  type = bool
}

variable "generation" {
  type = string
}

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

resource "aws_iam_access_key" "status" { # undetermined: RF304
  status = var.status
  user = "status"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

# The other key may be there.
resource "aws_iam_access_key" "spare_a" { # undetermined: RF304
  user = "spare"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "spare_b" {
  count = var.spare ? 1 : 0
  user = "spare"

  lifecycle {
    replace_triggered_by = [terraform_data.b]
  }
}

# It may be the third.
resource "aws_iam_access_key" "third" { # undetermined: RF304
  user = "third"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "second" {
  count = var.spare ? 1 : 0
  user  = "third"
}

# Whether the other key ever turns is up to the caller.
resource "terraform_data" "generation" {
  triggers_replace = [var.generation]
}

resource "aws_iam_access_key" "known" { # undetermined: RF304
  user = "either"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "open" {
  user = "either"

  lifecycle {
    replace_triggered_by = [terraform_data.generation]
  }
}

# Whoever wrote the module knows.
resource "aws_iam_access_key" "module" { # undetermined: RF304
  user = "module"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

module "consumer" {
  source = "git::https://git.example.com/modules.git//consumer"
  secret = aws_iam_access_key.module.secret
}
