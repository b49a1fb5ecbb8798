variable "status" {
  type = string
}

variable "other" {
  type = string
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "a" {
  user = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "b" { # undetermined: RF105
  user   = aws_iam_user.ci.name
  status = var.status
}

# The unknown one stands first.
resource "aws_iam_user" "cd" {
  name = "cd"
}

resource "aws_iam_access_key" "c" {
  user   = aws_iam_user.cd.name
  status = var.status
}

resource "aws_iam_access_key" "d" { # undetermined: RF105
  user = aws_iam_user.cd.name
}

# Nothing says that these two belong to one user.
resource "aws_iam_access_key" "e" {
  user = var.other
}

resource "aws_iam_access_key" "f" {
  user = "${var.other}-f"
}

# Perhaps only one of the two exists.
variable "old" {
  type = bool
}

resource "aws_iam_user" "cm" {
  name = "cm"
}

resource "aws_iam_access_key" "g" {
  count = var.old ? 1 : 0
  user  = aws_iam_user.cm.name
}

resource "aws_iam_access_key" "h" { # undetermined: RF105
  count = var.old ? 0 : 1
  user  = aws_iam_user.cm.name
}

# One of the two rotates, the other one perhaps.
variable "serial" {
  type = string
}

resource "time_rotating" "turn" {
  rotation_days = 60
}

resource "terraform_data" "turn" {
  triggers_replace = time_rotating.turn.id
}

resource "terraform_data" "serial" {
  triggers_replace = var.serial
}

resource "aws_iam_user" "turns" {
  name = "turns"
}

resource "aws_iam_access_key" "i" {
  user = aws_iam_user.turns.name

  lifecycle {
    replace_triggered_by = [terraform_data.turn]
  }
}

resource "aws_iam_access_key" "j" { # undetermined: RF105
  user = aws_iam_user.turns.name

  lifecycle {
    replace_triggered_by = [terraform_data.serial]
  }
}
